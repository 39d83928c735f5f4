"""What applicants see of the selection of their application: of reviews the words written for them, of reviewers nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

from khaneh.domains.programmes import queries as programmes
from khaneh.domains.programmes.types import ApplicationState, Part
from khaneh.domains.selection.models import Contract, Letter, Review, Round, Slot
from khaneh.domains.selection.queries.boards import appeals_of, contract_row, last_decisions
from khaneh.domains.selection.queries.rounds import slot_row
from khaneh.domains.selection.types.lists import ContractState, DecisionKind, LetterKind, ReviewState
from khaneh.domains.selection.types.rows import LetterRow, OutcomeRow
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import NotFound


def outcomes(application_ids: list[int]) -> set[int]:
    """Of these applications, those about which there is a letter. One statement."""
    return set(Letter.objects.filter(application_id__in=application_ids).values_list("application_id", flat=True))


def outcome(application_id: int, *, actor: Actor, now: datetime) -> OutcomeRow:
    """What came of an application, for its team. A fixed number of statements. Raises NotFound."""
    part = programmes.part_of(application_id, actor)
    if part is None:
        raise NotFound(what="application")
    row = programmes.application(application_id)
    call = programmes.call(row.call_id)
    found = Round.objects.filter(call_id=row.call_id).first()
    decision = last_decisions([application_id]).get(application_id)
    appeal = appeals_of([application_id]).get(decision.id) if decision else None
    letters = Letter.objects.filter(application_id=application_id).order_by("-written_at", "-pk")
    invited = row.state is ApplicationState.INTERVIEW
    slots = list(Slot.objects.filter(round=found).order_by("starts_at", "place")) if found and invited else []
    mine = next((one for one in slots if one.application_id == application_id), None)
    contract = (
        Contract.objects.filter(application_id=application_id).exclude(state=ContractState.TAKEN_BACK.value).first()
    )
    declined = (
        row.state is ApplicationState.DECLINED and decision is not None and decision.kind is DecisionKind.DECLINED
    )
    until = decision.decided_at + timedelta(days=found.appeal_days) if declined and decision and found else None
    told = decision is not None and row.state is not ApplicationState.UNDER_REVIEW
    comments = Review.objects.filter(application_id=application_id, state=ReviewState.SUBMITTED.value).exclude(
        comment=""
    )
    return OutcomeRow(
        application_id=application_id,
        title=row.title,
        call=call.names,
        house=call.house,
        state=row.state,
        letters=tuple(_letter(one) for one in letters),
        decision=decision if told else None,
        appeal=appeal,
        may_appeal_until=until if until is not None and until >= now and appeal is None else None,
        slots=tuple(slot_row(one) for one in slots if one.application_id is None and one.starts_at > now),
        slot=slot_row(mine) if mine else None,
        contract=contract_row(contract) if contract else None,
        # In no order that says who wrote which.
        comments=tuple(sorted(comments.values_list("comment", flat=True))) if told else (),
        may_act=part is not Part.READER,
    )


def letter(letter_id: int, *, actor: Actor) -> LetterRow:
    """One letter, for the team of its application. Two statements. Raises NotFound."""
    found = Letter.objects.filter(pk=letter_id).first()
    if found is None or programmes.part_of(found.application_id, actor) is None:
        raise NotFound(what="letter")
    return _letter(found)


def _letter(one: Letter) -> LetterRow:
    return LetterRow(one.pk, LetterKind(one.kind), one.language, one.subject, one.body, one.written_at)
