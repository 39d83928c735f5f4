"""Lending a copy. Spec: CIRC-OUT."""

from __future__ import annotations

import json
from datetime import datetime

from khaneh.domains.catalogue import queries as catalogue
from khaneh.domains.catalogue import services as catalogue_services
from khaneh.domains.catalogue.queries import LendingCopy
from khaneh.domains.catalogue.types import CopyState
from khaneh.domains.circulation import permissions
from khaneh.domains.circulation.errors import CardUnknown, CopyHasNoHouse, CopyOnLoan, CopyUnknown
from khaneh.domains.circulation.models import Request, Target, Transfer
from khaneh.domains.circulation.queries.situation import Situation, situation
from khaneh.domains.circulation.rules import acts, due
from khaneh.domains.circulation.services import asking, capturing, ending
from khaneh.domains.circulation.services.counting import counted
from khaneh.domains.circulation.services.witness import rights as rights_passed
from khaneh.domains.circulation.types import Act, Channel, Lent, Override, RequestState, TargetState, TransferState
from khaneh.domains.discovery import services as discovery
from khaneh.domains.network import queries as network
from khaneh.domains.network.queries import HouseFacts
from khaneh.domains.people import queries as people
from khaneh.domains.people.queries import Standing
from khaneh.domains.policies import services as policies
from khaneh.domains.policies.types import Answer, Question, TermValue, Value
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import Actor
from khaneh.kernel.money import Money

# What a loan keeps of the answer: what its later life depends on.
_KEPT_TERMS = (
    "loan_days", "renewals_max", "grace_days", "fee_per_day", "fee_cap", "lost_after_days", "lost_fee", "damage_fee"
)  # fmt: skip

_OPEN = """
INSERT INTO circulation_loan
    (copy_id, member_id, house_id, item_type, state, channel, lent_at, due_at, renewals, request_id, decision_id, terms, override)
VALUES (%(copy)s, %(member)s, %(house)s, %(item_type)s, 'open', %(channel)s, %(now)s, %(due_at)s, 0, %(request)s::bigint,
        (SELECT id FROM decision), %(terms)s::jsonb, %(override)s::jsonb)
RETURNING id
"""


def check_out(
    *,
    actor: Actor,
    house_id: int,
    barcode: str,
    now: datetime,
    card: str = "",
    member_id: int | None = None,
    channel: Channel = Channel.DESK,
    override: Override | None = None,
    promised_due: datetime | None = None,
) -> Lent:
    """Lend one copy to one member at a house. About ten statements.

    `now` is when it left the house: earlier, for what happened without a line; `promised_due` is what its reader was told then, and holds.
    A copy that was missing is found by this; one that travelled has arrived; the member's own request is fulfilled. Raises NotAllowed,
    CardUnknown, CopyUnknown, CopyOnLoan, CopyHasNoHouse, PolicyRefused.
    """
    place = permissions.require_desk(actor, house_id=house_id)
    rights = override.rights if override else frozenset()
    permissions.require_rights(actor, place, rights)
    house = network.house_facts(house_id)
    with asking.asked() as ask, db.refusing_first():
        # The member first, then the copy: two desks could each see one loan free (CIRC-OUT-3).
        member = people.standing(now=now, member_id=member_id, card=card, lock=True)
        if member is None:
            raise CardUnknown(card=card[-4:])
        copy = catalogue.lending_copy(barcode=barcode, lock=True)
        if copy is None:
            raise CopyUnknown(barcode=barcode)
        if copy.house_id is None:
            raise CopyHasNoHouse(barcode=barcode)
        found = situation(
            copy_id=copy.id,
            record_id=copy.record_id,
            work_id=copy.work_id,
            item_type=copy.item_type.value,
            member_id=member.member_id,
            currency=house.currency,
            now=now,
        )
        if found.loan_id is not None:
            raise CopyOnLoan(barcode=barcode, loan_id=found.loan_id, to_same_member=found.lent_to == member.member_id)
        question = Question(acts.LEND, house_id, _facts(member, copy, found, house, channel, now), now)
        answer = ask.unkept(question, rights)
        decision = policies.decision(question, answer)
        return _lend(actor, member, copy, found, house, channel, now, answer, decision, override, promised_due)


def _facts(
    member: Standing, copy: LendingCopy, found: Situation, house: HouseFacts, channel: Channel, now: datetime
) -> dict[str, Value]:
    held_for_another = found.held_for is not None and found.held_for != member.member_id
    return {
        **asking.member_facts(member, house, now),
        **asking.counts(found),
        "copy.type": copy.item_type.value,
        "copy.location": copy.location,
        "copy.state": copy.state.value,
        "copy.owner": asking.nearness(house, copy.house_id),
        "copy.reserved": held_for_another or found.asked_for_another,
        **asking.door(channel),
    }


def _lend(
    actor: Actor,
    member: Standing,
    copy: LendingCopy,
    found: Situation,
    house: HouseFacts,
    channel: Channel,
    now: datetime,
    answer: Answer,
    decision: db.Write,
    override: Override | None,
    promised_due: datetime | None,
) -> Lent:
    """Free the copy of what holds it, and write the loan with everything that goes with it."""
    _release(copy, found, member, now)
    terms = {name: _stored(answer.terms.get(name)) for name in _KEPT_TERMS}
    days = answer.terms.get("loan_days")
    due_at = due.promised(promised_due, lent=now) or due.due_at(
        house.calendar, now=now, days=days if isinstance(days, int) else 0
    )
    passed_over = override.to_facts() if override and answer.refusals else None
    loan = db.Write(
        _OPEN,
        {
            "copy": copy.id, "member": member.member_id, "house": house.id, "item_type": copy.item_type.value,
            "channel": channel.value, "now": now, "due_at": due_at, "request": found.own_request_id, "terms": json.dumps(terms),
            "override": json.dumps(passed_over) if passed_over else None,
        },
    )  # fmt: skip
    statistic = counted(Act.LOAN, house=house, member=member, item_type=copy.item_type.value, channel=channel, now=now)
    entry = journal.entry(
        "circulation.loan.opened",
        actor=actor,
        house_id=house.id,
        **({"override": rights_passed(override)} if override and answer.refusals else {}),
    )
    document = discovery.touching("record", [copy.record_id])
    written = db.write(decision=decision, loan=loan, statistic=statistic, entry=entry, document=document)
    return Lent(
        loan_id=written["loan"],
        copy_id=copy.id,
        member_id=member.member_id,
        due_at=due_at,
        decision_id=written["decision"],
    )


def _release(copy: LendingCopy, found: Situation, member: Standing, now: datetime) -> None:
    """End what stands between the copy and the loan: a transfer that arrived with it, a place on the shelf, the member's own request."""
    if found.transfer_id is not None:
        Transfer.objects.filter(pk=found.transfer_id).update(state=TransferState.RECEIVED.value, ended_at=now)
    if found.held_request_id is not None and found.held_for != member.member_id:
        # Passed over by right: the other reader waits again, in the old place of the queue.
        Request.objects.filter(pk=found.held_request_id).update(
            state=RequestState.PLACED.value, captured_copy=None, captured_at=None, shelf_until=None
        )
    if found.own_request_id is not None:
        # The request before what was asked for it, as for everybody; it may have been cancelled while this waited.
        Request.objects.filter(pk=found.own_request_id, ended_at=None).update(
            state=RequestState.FULFILLED.value, ended_at=now, **ending.forgotten(keeps=member.keep_history)
        )
        Target.objects.filter(request_id=found.own_request_id, state=TargetState.ASKED.value).update(
            state=TargetState.WITHDRAWN.value, ended_at=now
        )
    if found.asked_for_another or found.own_request_id is not None:
        # It may have been asked for another of the member's own requests, too.
        capturing.withdraw_copy(copy_id=copy.id, now=now)
    if copy.state in (CopyState.MISSING, CopyState.LOST):
        catalogue_services.set_copy_state(copy_id=copy.id, state=CopyState.AVAILABLE)


def _stored(value: TermValue) -> int | str | bool | list[int | str] | None:
    return [value.amount, value.currency] if isinstance(value, Money) else value
