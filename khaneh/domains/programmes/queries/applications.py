"""Applications: one's own, those of a call, and what the domains above look at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Count, F, Q, QuerySet

from khaneh.domains.network import queries as network
from khaneh.domains.people import queries as people
from khaneh.domains.programmes import permissions
from khaneh.domains.programmes.models import (
    Application,
    ApplicationFile,
    ApplicationMember,
    Call,
    Step,
    Submission,
)
from khaneh.domains.programmes.queries.calls import calls_by_ids
from khaneh.domains.programmes.types import (
    SENT,
    ApplicationDraft,
    ApplicationRow,
    ApplicationState,
    Eligibility,
    FileRow,
    MemberRow,
    OwnRow,
    Part,
    SentFilter,
    SentPage,
    StepRow,
    SubmissionRow,
)
from khaneh.infrastructure.blobs import BlobMissing, BlobStore
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import NotFound

_SENT = [state.value for state in SENT]


def application(application_id: int) -> ApplicationRow:
    """One application, whoever asks: for the domains above. Six statements. Raises NotFound."""
    found = rows(Application.objects.filter(pk=application_id))
    if not found:
        raise NotFound(what="application")
    return found[0]


def applications_of(call_id: int, states: Iterable[ApplicationState] = SENT) -> list[ApplicationRow]:
    """Those of a call in some states, in the order of their numbers, whoever asks: for the domains above. Six statements."""
    wanted = [state.value for state in states]
    return rows(Application.objects.filter(call_id=call_id, state__in=wanted).order_by("pk"))


def applications_by_ids(application_ids: Iterable[int]) -> dict[int, ApplicationRow]:
    """Those that exist, whoever asks: for the domains above. Six statements."""
    return {row.id: row for row in rows(Application.objects.filter(pk__in=set(application_ids)))}


def seen_application(application_id: int, *, actor: Actor) -> tuple[ApplicationRow, Part | None]:
    """One application with the actor's part in it: of its team, or of who keeps the call, who has none and sees what was sent in alone.

    Eight statements. Raises NotFound.
    """
    row = application(application_id)
    part = part_of(application_id, actor)
    manages = row.state in SENT and row.version > 0 and permissions.may_manage(actor, house_id=row.house_id)
    if part is None and not manages and not actor.is_system:
        raise NotFound(what="application")
    return row, part


def sent_page(
    call_id: int,
    *,
    actor: Actor,
    wanted: SentFilter = SentFilter(),  # noqa: B008 - frozen
    after: str = "",
    before: str = "",
    limit: int = 50,
) -> SentPage:
    """What was handed in to a call, the latest first; nothing for who does not keep it. `after` and `before` are keys that a page gave; what is none
    begins anew. About twelve statements, read from the key on and never counted off.
    """
    found = _sent(call_id, actor, wanted)
    if found is None:
        return SentPage(0, ())
    total, key = found.count(), _page_key(after or before)
    back = bool(before and not after and key)
    if key is None:
        part = found.order_by("-submitted_at", "-pk")
    elif back:
        later = Q(submitted_at__gt=key[0]) | Q(submitted_at=key[0], pk__gt=key[1])
        part = found.filter(later).order_by("submitted_at", "pk")
    else:
        earlier = Q(submitted_at__lt=key[0]) | Q(submitted_at=key[0], pk__lt=key[1])
        part = found.filter(earlier).order_by("-submitted_at", "-pk")
    found_rows = rows(part[: limit + 1])
    more, shown = len(found_rows) > limit, found_rows[:limit]
    if back:
        shown.reverse()
    first, last = (_key_of(shown[0]), _key_of(shown[-1])) if shown else ("", "")
    has_before = more if back else bool(after and key)
    return SentPage(total, tuple(shown), first if has_before else "", last if more or back else "")


def sent_pages(call_id: int, *, actor: Actor, wanted: SentFilter) -> Iterator[tuple[ApplicationRow, ...]]:
    """All of them for a file, in pages of 500. About twelve statements each."""
    after = ""
    while page := sent_page(call_id, actor=actor, wanted=wanted, after=after, limit=500):
        yield page.rows
        if not page.after:
            return
        after = page.after


def counts_of(call_ids: Iterable[int]) -> dict[int, Counter[str]]:
    """How many of each call are in each state. One statement."""
    found: dict[int, Counter[str]] = {}
    grouped = Application.objects.filter(call_id__in=set(call_ids)).values_list("call_id", "state")
    for call_id, state, number in grouped.annotate(number=Count("pk")):
        found.setdefault(call_id, Counter())[state] = number
    return found


def own(actor: Actor, *, email: str = "", limit: int = 100) -> list[OwnRow]:
    """What one writes or is invited to (by an address that is one's own), the latest change first. About twelve statements."""
    if actor.account_id is None:
        return []
    mine = Q(account_id=actor.account_id)
    if email:
        mine |= Q(account__isnull=True, email=email.strip().lower())
    parts = {
        one.application_id: one for one in ApplicationMember.objects.filter(mine).order_by("-application_id")[:limit]
    }
    found = rows(Application.objects.filter(pk__in=parts).order_by("-changed_at", "-pk"))
    calls = calls_by_ids(row.call_id for row in found)
    return [
        OwnRow(
            row,
            calls[row.call_id].names,
            calls[row.call_id].house,
            calls[row.call_id].closes_at,
            Part(parts[row.id].part),
            parts[row.id].account_id is not None,
        )
        for row in found
    ]


def part_of(application_id: int, actor: Actor) -> Part | None:
    """What the actor may do with an application as one of its team. One statement."""
    if actor.account_id is None:
        return None
    found = ApplicationMember.objects.filter(application_id=application_id, account_id=actor.account_id)
    part = found.values_list("part", flat=True).first()
    return Part(part) if part else None


def draft_of(application_id: int) -> ApplicationDraft:
    """What is being written, as it was typed. One statement. Raises NotFound."""
    typed = Application.objects.filter(pk=application_id).values_list("typed", flat=True).first()
    if typed is None:
        raise NotFound(what="application")
    return draft_from(typed)


def draft_from(typed: Mapping[str, Any]) -> ApplicationDraft:
    """A draft from its stored form."""
    return ApplicationDraft(
        typed.get("title", ""), typed.get("summary", ""), typed.get("region", ""), typed.get("answers", {})
    )


def team(application_id: int) -> list[MemberRow]:
    """Who writes and reads it, who answers for it first, then in the order of invitation. Three statements."""
    found = list(ApplicationMember.objects.filter(application_id=application_id).order_by("pk"))
    names = people.account_names(one.account_id for one in found)
    emails = people.account_emails(one.account_id for one in found)
    rows_ = [
        MemberRow(
            one.pk,
            one.account_id,
            names.get(one.account_id or 0, ""),
            emails.get(one.account_id or 0, one.email),
            Part(one.part),
            one.joined_at,
        )
        for one in found
    ]
    return sorted(rows_, key=lambda row: row.part is not Part.LEAD)


def files_of(application_id: int) -> list[FileRow]:
    """The documents of what is being written, by question, in the order in which they came. One statement."""
    found = ApplicationFile.objects.filter(application_id=application_id, removed_at__isnull=True)
    return [_file(one) for one in found.order_by("question", "pk")]


def document(application_id: int, digest: str, *, actor: Actor) -> tuple[FileRow, bytes]:
    """A document with its content, for the team, and for who keeps the call if it was submitted. About ten statements. Raises NotFound."""
    row, part = seen_application(application_id, actor=actor)
    found = ApplicationFile.objects.filter(application_id=application_id, digest=digest).order_by("pk").first()
    if found is None or (part is None and digest not in _submitted_digests(row.id)):
        raise NotFound(what="document")
    try:
        with store().open(digest) as content:
            return _file(found), content.read()
    except (BlobMissing, ValueError):
        raise NotFound(what="document") from None


def submissions_of(application_id: int) -> list[SubmissionRow]:
    """What was handed in, the last first. One statement."""
    found = Submission.objects.filter(application_id=application_id).order_by("-version")
    return [
        SubmissionRow(one.version, one.receipt, one.digest, one.form_id, one.submitted_at, one.content) for one in found
    ]


def steps_of(application_id: int) -> list[StepRow]:
    """The steps of its life, the first first. Two statements."""
    found = list(Step.objects.filter(application_id=application_id).order_by("at", "pk"))
    names = people.account_names(one.account_id for one in found)
    return [
        StepRow(
            ApplicationState(one.before),
            ApplicationState(one.after),
            names.get(one.account_id or 0, ""),
            one.reason,
            one.at,
        )
        for one in found
    ]


def store() -> BlobStore:
    """Where the documents lie."""
    return BlobStore(Path(settings.KHANEH_HOME) / "files" / "applications")


def rows(found: QuerySet[Application]) -> list[ApplicationRow]:
    """Rows in the order of the query. Six statements, whatever their number (one more for each version of a deprivation index)."""
    applications = list(found.select_related("call", "region"))
    last = {
        one.application_id: one
        for one in Submission.objects.filter(
            application_id__in=[one.pk for one in applications], version=F("application__version")
        )
    }
    organisations = network.organisation_refs(
        one.organisation_id for one in applications if one.organisation_id is not None
    )
    paths = {one.pk: tuple(one.region.path) if one.region else () for one in applications}
    regions = network.region_refs(number for path in paths.values() for number in path)
    indexes = {one.call.deprivation_index_id for one in applications}
    deciles = {index: network.deciles_of(regions, index_id=index) for index in indexes}
    return [
        ApplicationRow(
            id=one.pk,
            call_id=one.call_id,
            house_id=one.call.house_id,
            account_id=one.account_id,
            organisation=organisations.get(one.organisation_id) if one.organisation_id is not None else None,
            regions=tuple(regions[number] for number in paths[one.pk] if number in regions),
            decile=network.decile_on_path(paths[one.pk], deciles[one.call.deprivation_index_id]),
            rural=one.region.rural if one.region else None,
            title=one.title,
            summary=one.summary,
            language=one.language,
            state=ApplicationState(one.state),
            version=one.version,
            revision=one.revision,
            form_id=one.form_id,
            answers=(last[one.pk].content or {}).get("answers", {}) if one.pk in last else {},
            eligibility=Eligibility.from_dict(one.eligibility) if one.eligibility else None,
            submitted_at=one.submitted_at,
            changed_at=one.changed_at,
            receipt=last[one.pk].receipt if one.pk in last else "",
        )
        for one in applications
    ]


def _sent(call_id: int, actor: Actor, wanted: SentFilter) -> QuerySet[Application] | None:
    """What the filter finds of what was handed in to a call; None for who does not keep it."""
    house_id = Call.objects.filter(pk=call_id).values_list("house_id", flat=True).first()
    if house_id is None or not permissions.may_manage(actor, house_id=house_id):
        return None
    states = [wanted.state] if wanted.state in _SENT else _SENT
    found = Application.objects.filter(call_id=call_id, state__in=states, version__gte=1)
    if wanted.region_code:
        found = found.filter(region__in=[row.id for row in network.regions(below=wanted.region_code)])
    for word in wanted.text.split()[:6]:
        found = found.filter(Q(title__icontains=word) | Q(summary__icontains=word))
    return found


def _key_of(row: ApplicationRow) -> str:
    return f"{row.submitted_at.isoformat() if row.submitted_at else ''}_{row.id}"


def _page_key(text: str) -> tuple[datetime, int] | None:
    """An instant and a number, from what a page gave."""
    instant, _, number = text.partition("_")
    try:
        at = datetime.fromisoformat(instant)
    except ValueError:
        return None
    return (at, int(number)) if at.tzinfo and number.isdecimal() and len(number) < 19 else None


def _file(one: ApplicationFile) -> FileRow:
    return FileRow(one.pk, one.question, one.name, one.media_type, one.digest, one.size, one.added_at)


def _submitted_digests(application_id: int) -> set[str]:
    contents = Submission.objects.filter(application_id=application_id).values_list("content", flat=True)
    return {
        file["digest"] for content in contents for files in (content or {}).get("files", {}).values() for file in files
    }
