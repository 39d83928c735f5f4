"""An application by who writes it: begun, saved as it is typed, handed in, corrected until the deadline, withdrawn."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from khaneh.domains.network import queries as network
from khaneh.domains.network.types import RegionRow
from khaneh.domains.programmes import notices, permissions, queries
from khaneh.domains.programmes.errors import (
    ApplicationStateRefused,
    CallNotOpen,
    ChangedMeanwhile,
    NotComplete,
)
from khaneh.domains.programmes.models import Application, ApplicationFile, ApplicationMember, Call, Submission
from khaneh.domains.programmes.rules import answers, drafts, forms, receipts
from khaneh.domains.programmes.services import holding, judging
from khaneh.domains.programmes.types import (
    STEPS,
    ApplicationDraft,
    ApplicationRow,
    ApplicationState,
    CallState,
    Eligibility,
    FormRow,
    Part,
    SubmissionRow,
)
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import NotAllowed, NotFound

_WRITERS = (Part.LEAD, Part.WRITER)
# Until the deadline these are written: handed in already or not.
_WRITABLE = (ApplicationState.DRAFT, ApplicationState.SUBMITTED)


def begin(
    *, actor: Actor, call_id: int, now: datetime, organisation_id: int | None = None, title: str = "", key: str = ""
) -> ApplicationRow:
    """Begin an application, for oneself or for an organisation that one speaks for; with a `key` that has begun one already, gives that.

    Raises NotAllowed, NotFound, CallNotOpen.
    """
    account_id = permissions.require_account(actor)
    call = queries.seen_call(call_id, actor=actor)
    if organisation_id is not None and organisation_id not in permissions.represented(actor):
        raise NotAllowed(act="programmes.apply_for_organisation")
    with db.transaction():
        found = holding.shared_call(call_id)
        refuse_closed(found, now, early=False)
        if call.form is None:
            raise CallNotOpen(why="state", at=now.isoformat())
        made, is_fresh = Application.objects.get_or_create(
            made_key=f"{account_id}:{call_id}:{key}" if key else secrets.token_hex(8),
            defaults={
                "call_id": call_id,
                "account_id": account_id,
                "organisation_id": organisation_id,
                "form_id": call.form.id,
                "title": title.strip()[: drafts.LONGEST_NAME],
                "typed": {"title": title.strip()[: drafts.LONGEST_NAME]},
                "language": actor.language[:2],
                "made_at": now,
                "changed_at": now,
            },
        )
        if is_fresh:
            ApplicationMember.objects.create(
                application_id=made.pk, account_id=account_id, part=Part.LEAD.value, invited_at=now, joined_at=now
            )
            journal.record(
                "programmes.application.begun",
                actor=actor,
                house_id=found.house_id,
                application_id=made.pk,
                call_id=call_id,
            )
    return queries.application(made.pk)


def save(
    *, actor: Actor, application_id: int, draft: ApplicationDraft, revision: int, now: datetime, language: str = ""
) -> ApplicationRow:
    """Keep what was typed, right or wrong. What was handed in before stays what counts until it is handed in again.

    `revision` is of what was read. Raises NotFound, NotAllowed, ChangedMeanwhile, ApplicationStateRefused, CallNotOpen.
    """
    with db.transaction():
        found, call = writing(actor, application_id)
        refuse_closed(call, now, early=False)
        if found.revision != revision:
            raise ChangedMeanwhile(revision=found.revision)
        form = queries.form(found.form_id)
        typed: dict[str, Any] = {
            "title": _line(draft.title, drafts.LONGEST_NAME),
            "summary": _line(draft.summary, drafts.LONGEST_SUMMARY),
            "region": draft.region_code[:80],
            "answers": answers.kept(form.questions, draft.answers),
        }
        columns: dict[str, Any] = {"typed": typed, "revision": revision + 1, "changed_at": now}
        if language:
            columns["language"] = language[:2]
        if found.version == 0:
            region = _region(typed["region"])
            columns |= {
                "title": typed["title"][: drafts.LONGEST_NAME],
                "summary": typed["summary"][: drafts.LONGEST_SUMMARY],
                "region_id": region.id if region else None,
            }
        Application.objects.filter(pk=application_id).update(**columns)
    return queries.application(application_id)


def take_new_form(*, actor: Actor, application_id: int, now: datetime) -> ApplicationRow:
    """Go on writing on the form that is in force; answers to questions that are gone are dropped. Raises as `save`."""
    with db.transaction():
        found, call = writing(actor, application_id)
        refuse_closed(call, now, early=False)
        if call.form_id is not None and call.form_id != found.form_id:
            form = queries.form(call.form_id)
            typed = {**found.typed, "answers": answers.kept(form.questions, found.typed.get("answers", {}))}
            Application.objects.filter(pk=application_id).update(
                form_id=call.form_id, typed=typed, revision=found.revision + 1, changed_at=now
            )
    return queries.application(application_id)


def wanting(application_id: int) -> dict[str, str]:
    """What is missing or does not count yet: a field's name or a question's key with a stable reason. At most eight statements."""
    found = Application.objects.filter(pk=application_id).first()
    if found is None:
        raise NotFound(what="application")
    _, wrong, _ = _judged(found, queries.form(found.form_id))
    return wrong


def would_be(application_id: int, *, now: datetime) -> Eligibility:
    """Whether the conditions would be met, as it is written now. Nothing is kept. About fifteen statements. Raises NotFound."""
    found = Application.objects.filter(pk=application_id).first()
    if found is None:
        raise NotFound(what="application")
    call = Call.objects.select_related("programme").get(pk=found.call_id)
    region = _region(found.typed.get("region", ""))
    return _eligibility(found, call, region, now, keep=False)[0]


def submit(
    *, actor: Actor, application_id: int, revision: int, now: datetime | None = None, key: str = ""
) -> SubmissionRow:
    """Hand in what is written, for the first time or again: the last one counts. Gives the receipt.

    Without `now` the instant is PostgreSQL's, read when the call's row is held: in the last second all are judged by one clock, and whoever is
    told that it was in time is in. The conditions are judged as well; who does not meet them is told so and may correct it until the deadline.
    Sent again without anything changed it gives the receipt that there is. About forty statements.

    Raises NotFound, NotAllowed, ChangedMeanwhile, ApplicationStateRefused, CallNotOpen, NotComplete.
    """
    with db.transaction():
        before = _own(actor, application_id)
        holding.hold_applicant(account_id=before.account_id, organisation_id=before.organisation_id)
        found, call = writing(actor, application_id, lead=True)
        at = holding.clock() if now is None else now
        again = queries.submissions_of(application_id)[:1]
        if found.revision != revision:
            raise ChangedMeanwhile(revision=found.revision)
        form = queries.form(found.form_id)
        content, wrong, region = _judged(found, form)
        digest = receipts.digest(content)
        if again and again[0].digest == digest:
            return again[0]
        refuse_closed(call, at)
        if wrong:
            raise NotComplete(fields=wrong)
        version = found.version + 1
        told, decision_id = _eligibility(found, call, region, at, keep=True)
        Submission.objects.create(
            application_id=application_id,
            version=version,
            form_id=form.id,
            content=content,
            digest=digest,
            receipt=receipts.receipt(application_id, version, digest),
            submitted_by_id=actor.account_id,
            submitted_at=at,
        )
        Application.objects.filter(pk=application_id).update(
            version=version,
            submitted_at=at,
            changed_at=at,
            title=content["title"],
            summary=content["summary"],
            region_id=region.id if region else None,
            eligibility=told.to_dict(),
            decision_id=decision_id,
            **({"state": ApplicationState.SUBMITTED.value} if version == 1 else {}),
        )
        if version == 1:
            holding.note_step(found, ApplicationState.SUBMITTED, actor=actor, now=at)
        journal.record(
            "programmes.application.submitted",
            actor=actor,
            house_id=call.house_id,
            application_id=application_id,
            call_id=call.pk,
            version=version,
        )
        notices.tell_team("programmes.submitted", application_id, key=str(version), now=at)
        return queries.submissions_of(application_id)[0]


def withdraw(*, actor: Actor, application_id: int, now: datetime, reason: str = "") -> ApplicationRow:
    """Take part no more, by who answers for it; at any time before a contract. Raises NotFound, NotAllowed, ApplicationStateRefused."""
    with db.transaction():
        found, call = _held(actor, application_id, (Part.LEAD,))
        holding.move(
            found,
            ApplicationState.WITHDRAWN,
            actor=actor,
            house_id=call.house_id,
            now=now,
            reason=reason.strip()[: drafts.LONGEST_REASON],
        )
        notices.tell_team("programmes.withdrawn", application_id, key="withdrawn", now=now)
    return queries.application(application_id)


def withdraw_organisation(*, organisation_id: int, actor: Actor, now: datetime) -> None:
    """An organisation withdraws from the network: what it has under way, drafts too, takes part no more; contracts stay. Six statements each."""
    ends = [state.value for state, after in STEPS.items() if ApplicationState.WITHDRAWN in after]
    waiting = Application.objects.filter(organisation_id=organisation_id, state__in=ends)
    for call_id in sorted(set(waiting.values_list("call_id", flat=True))):
        call = holding.shared_call(call_id)
        for found in waiting.filter(call_id=call_id).select_for_update(no_key=True, of=("self",)).order_by("pk"):
            holding.move(found, ApplicationState.WITHDRAWN, actor=actor, house_id=call.house_id, now=now)
            notices.tell_team("programmes.withdrawn", found.pk, key="withdrawn", now=now)


def _own(actor: Actor, application_id: int) -> Application:
    """An application of whose team the actor is. Others are told that there is none."""
    found = Application.objects.filter(pk=application_id).first()
    if found is None or (queries.part_of(application_id, actor) is None and not actor.is_system):
        raise NotFound(what="application")
    return found


def _held(actor: Actor, application_id: int, parts: tuple[Part, ...]) -> tuple[Application, Call]:
    """The call shared and the application held, by one of the team who may. Raises NotFound, NotAllowed."""
    before = _own(actor, application_id)
    if not actor.is_system and queries.part_of(application_id, actor) not in parts:
        raise NotAllowed(act="programmes.write")
    call = holding.shared_call(before.call_id)
    return holding.held_application(application_id), call


def writing(actor: Actor, application_id: int, *, lead: bool = False) -> tuple[Application, Call]:
    """As `_held`, of one that is still written. Raises ApplicationStateRefused as well."""
    found, call = _held(actor, application_id, (Part.LEAD,) if lead else _WRITERS)
    if ApplicationState(found.state) not in _WRITABLE:
        raise ApplicationStateRefused(application_id=application_id, state=found.state, wanted="written")
    return found, call


def refuse_closed(call: Call, at: datetime, *, early: bool = True) -> None:
    """Raises CallNotOpen. Drafts may be written before a call opens where `early` is false."""
    dates = {
        "opens_at": call.opens_at.isoformat() if call.opens_at else None,
        "closes_at": call.closes_at.isoformat() if call.closes_at else None,
        "at": at.isoformat(),
    }
    if call.state != CallState.PUBLISHED.value or call.opens_at is None or call.closes_at is None:
        raise CallNotOpen(why="state", **dates)
    if at >= call.closes_at or call.checked_at is not None:
        raise CallNotOpen(why="late", **dates)
    if early and at < call.opens_at:
        raise CallNotOpen(why="early", **dates)


def _judged(found: Application, form: FormRow) -> tuple[dict[str, Any], dict[str, str], RegionRow | None]:
    """What would be handed in, what is wrong with it, and the region where it shall be."""
    draft = queries.draft_of(found.pk)
    region = _region(draft.region_code)
    files = _files(found.pk, forms.asked(form.questions, draft.answers))
    counts = {key: len(named) for key, named in files.items()}
    values, wrong = answers.judged(form.questions, draft.answers, counts)
    wrong = {**drafts.application_problems(draft), **wrong}
    if draft.region_code and region is None:
        wrong["region_code"] = "not_in_list"
    content = {
        "call": found.call_id,
        "form": form.number,
        "title": draft.title,
        "summary": draft.summary,
        "language": found.language,
        "organisation": found.organisation_id,
        "region": region.code if region else "",
        "answers": values,
        "files": files,
    }
    return content, wrong, region


def _files(application_id: int, questions: list[Any]) -> dict[str, list[Mapping[str, Any]]]:
    asked = {one.key for one in questions}
    found: dict[str, list[Mapping[str, Any]]] = {}
    rows = ApplicationFile.objects.filter(application_id=application_id, removed_at__isnull=True)
    for one in rows.order_by("question", "pk"):
        if one.question in asked:
            found.setdefault(one.question, []).append(
                {"name": one.name, "digest": one.digest, "size": one.size, "media_type": one.media_type}
            )
    return found


def _eligibility(
    found: Application, call: Call, region: RegionRow | None, now: datetime, *, keep: bool
) -> tuple[Eligibility, int | None]:
    path = (*(one.id for one in region.ancestors), region.id) if region else ()
    return judging.eligibility(
        call,
        account_id=found.account_id,
        organisation_id=found.organisation_id,
        region_path=path,
        rural=region.rural if region else None,
        but=found.pk,
        now=now,
        keep=keep,
    )


def _region(code: str) -> RegionRow | None:
    if not code:
        return None
    try:
        return network.region(code)
    except NotFound:
        return None


def _line(text: str, longest: int) -> str:
    # One more than counts, so that what is too long is told when it is handed in.
    return text.replace("\x00", "").strip()[: longest + 1]
