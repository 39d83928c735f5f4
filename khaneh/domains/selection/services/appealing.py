"""Appeals: made by the applicants in time, answered once by another officer than who decided."""

from __future__ import annotations

from datetime import datetime, timedelta

from khaneh.domains.programmes import queries as programmes
from khaneh.domains.programmes.types import ApplicationState, Part
from khaneh.domains.selection import notices
from khaneh.domains.selection.errors import (
    AppealedAlready,
    AppealTooLate,
    ApplicationStateRefused,
    OwnMatter,
)
from khaneh.domains.selection.models import Appeal, Round
from khaneh.domains.selection.queries.parties import ties_of
from khaneh.domains.selection.services import deciding, holding, writing
from khaneh.domains.selection.types.lists import AppealState, DecisionKind, LetterKind
from khaneh.infrastructure import db
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import Invalid, NotFound

LONGEST = 6000


def appeal(*, actor: Actor, application_id: int, text: str, now: datetime) -> int:
    """Ask that the decision be looked at again: whoever was declined, until the time to appeal is over. Gives the appeal's number.

    Raises NotFound, Invalid, ApplicationStateRefused, AppealTooLate, AppealedAlready.
    """
    if wrong := _problems("text", text):
        raise Invalid(fields=wrong)
    with db.transaction():
        row = programmes.application(application_id)
        if programmes.part_of(application_id, actor) not in (Part.LEAD, Part.WRITER):
            raise NotFound(what="application")
        number = deciding.round_of(row.call_id)
        holding.hold(rounds=[number], applications=[application_id])
        found = Round.objects.get(pk=number)
        row = programmes.application(application_id)
        last = deciding.last_decision(application_id)
        if row.state is not ApplicationState.DECLINED or last is None or last.kind != DecisionKind.DECLINED:
            raise ApplicationStateRefused(application_id=application_id, state=row.state.value)
        before = Appeal.objects.filter(decision=last).first()
        if before is not None:
            raise AppealedAlready(appeal_id=before.pk, state=before.state)
        until = last.decided_at + timedelta(days=found.appeal_days)
        if now > until:
            raise AppealTooLate(until=until.isoformat())
        made = Appeal.objects.create(
            decision=last, decided_by_id=last.decided_by_id, text=text.strip(), made_by_id=actor.account_id, made_at=now
        )
        holding.note("appeal.made", actor=actor, of=found, now=now, application_id=application_id, appeal_id=made.pk)
        notices.tell_officers_of_application(
            "selection.appealed", found, application_id, now=now, key=f"appeal:{made.pk}"
        )
    return made.pk


def answer_appeal(*, actor: Actor, appeal_id: int, upheld: bool, answer: str, now: datetime) -> None:
    """Answer an appeal: upheld the application is under review again, else the decision stands. Never by who decided, nor by who is tied to them.

    Raises NotFound, Invalid, AppealedAlready, OwnMatter.
    """
    if wrong := _problems("answer", answer):
        raise Invalid(fields=wrong)
    with db.transaction():
        one = Appeal.objects.filter(pk=appeal_id).select_related("decision").first()
        if one is None:
            raise NotFound(what="appeal")
        application_id = one.decision.application_id
        found = holding.held_round(one.decision.round_id, actor=actor, applications=[application_id])
        one.refresh_from_db()
        if one.state != AppealState.OPEN:
            raise AppealedAlready(appeal_id=appeal_id, state=one.state)
        if actor.account_id is not None and actor.account_id == one.decided_by_id:
            raise OwnMatter(why="decided")
        if actor.account_id is not None and (kinds := ties_of(actor.account_id, application_id, now=now)):
            raise OwnMatter(why=kinds[0].value)
        state = AppealState.UPHELD if upheld else AppealState.REJECTED
        Appeal.objects.filter(pk=appeal_id).update(
            state=state.value, answer=answer.strip(), answered_by_id=actor.account_id, answered_at=now
        )
        row = programmes.application(application_id)
        if upheld:
            deciding.reopen(found, row, answer.strip(), actor=actor, now=now)
        kind = LetterKind.APPEAL_UPHELD if upheld else LetterKind.APPEAL_REJECTED
        writing.write(found, row, kind, reason=answer.strip(), now=now)
        holding.note(
            "appeal.answered", actor=actor, of=found, now=now, application_id=application_id, appeal_id=appeal_id,
            state=state.value,
        )  # fmt: skip
        notices.tell_applicants("selection.letter", found, row, now=now, key=f"appeal:{appeal_id}")


def _problems(name: str, text: str) -> dict[str, str]:
    if not text.strip():
        return {name: "required"}
    return {name: "too_long"} if len(text) > LONGEST else {}
