"""Renewing loans. Spec: CIRC-RENEW."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from khaneh.domains.catalogue import queries as catalogue
from khaneh.domains.circulation import permissions
from khaneh.domains.circulation.errors import LoanEnded
from khaneh.domains.circulation.models import Loan
from khaneh.domains.circulation.queries.situation import situation, waiting
from khaneh.domains.circulation.rules import acts, due
from khaneh.domains.circulation.services import asking, witness
from khaneh.domains.circulation.services.counting import count
from khaneh.domains.circulation.types import Act, Channel, LoanState, Override, Renewed
from khaneh.domains.network import queries as network
from khaneh.domains.people import queries as people
from khaneh.domains.policies.types import Question
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import NotAllowed, NotFound, Refusal


def renew(
    *,
    actor: Actor,
    loan_id: int,
    now: datetime,
    channel: Channel = Channel.DESK,
    override: Override | None = None,
    for_member_id: int | None = None,
    times_seen: int | None = None,
) -> Renewed:
    """Renew one loan, from today or from when it is due, whichever is later; it never becomes due earlier than it was (CIRC-RENEW-2).

    `times_seen` is how often it had been renewed when whoever asks looked: renewed since, in another window or by a second press, it stays
    as it is and the answer says so (CIRC-RENEW-3).
    Staff of the house that lent it may, and the member (`for_member_id`: whom the caller has identified). About nine statements. Raises
    NotFound, NotAllowed, LoanEnded, PolicyRefused.
    """
    with asking.asked() as ask, db.transaction():
        seen = Loan.objects.filter(pk=loan_id).values_list("member_id", "house_id", "copy_id", "state").first()
        if seen is None:
            raise NotFound(what="loan")
        member_id, house_id, copy_id, state = seen
        place = network.house_facts(house_id).place
        if (for_member_id is None or for_member_id != member_id) and not actor.holds(permissions.DESK, place):
            raise NotFound(what="loan") if for_member_id is not None else NotAllowed(act="circulation.renew")
        rights = override.rights if override else frozenset()
        permissions.require_rights(actor, place, rights)
        member = people.standing(now=now, member_id=member_id, lock=True) if member_id is not None else None
        copy = catalogue.lending_copy(copy_id=copy_id, lock=True)
        loan = Loan.objects.filter(pk=loan_id, state=LoanState.OPEN.value).first()
        if member is None or copy is None or loan is None:
            raise LoanEnded(loan_id=loan_id, state=state)
        if times_seen is not None and loan.renewals > times_seen:
            return Renewed(loan_id=loan_id, due_at=loan.due_at, renewals=loan.renewals)
        house = network.house_facts(house_id)
        found = situation(
            copy_id=copy.id, record_id=copy.record_id, work_id=copy.work_id, item_type=loan.item_type,
            member_id=member.member_id, currency=house.currency, now=now,
        )  # fmt: skip
        facts = {
            **asking.member_facts(member, house, now),
            **asking.counts(found),
            "copy.type": loan.item_type,
            "copy.location": copy.location,
            "copy.owner": asking.nearness(house, copy.house_id),
            "loan.renewals": loan.renewals,
            "loan.waiting": waiting(copy_id=copy.id, record_id=copy.record_id, work_id=copy.work_id),
            **asking.door(channel),
        }
        answer = ask(Question(acts.RENEW, house_id, facts, now), rights)
        fresh = due.due_at(house.calendar, now=now, days=int(answer.terms.get("loan_days") or 0))  # type: ignore[arg-type]
        loan.due_at, loan.renewed_at, loan.renewals = max(fresh, loan.due_at), now, loan.renewals + 1
        loan.save(update_fields=["due_at", "renewed_at", "renewals"])
        count(Act.RENEWAL, house=house, member=member, item_type=loan.item_type, channel=channel, now=now)
        passed = {"override": witness.rights(override)} if override and answer.refusals else {}
        own = for_member_id == member_id
        journal.record("circulation.loan.renewed", actor=witness.by(actor, own=own), house_id=house_id, **passed)
    return Renewed(loan_id=loan_id, due_at=loan.due_at, renewals=loan.renewals)


@dataclass(frozen=True, slots=True)
class RenewedAll:
    """What came of renewing everything: the loans that were, and for each other one why not."""

    renewed: tuple[Renewed, ...]
    refused: tuple[tuple[int, Refusal], ...]


def renew_all(
    *,
    actor: Actor,
    member_id: int,
    now: datetime,
    channel: Channel = Channel.DESK,
    for_member_id: int | None = None,
    times_seen: Mapping[int, int] | None = None,
) -> RenewedAll:
    """Renew each open loan of a member that may be, soonest due first; one that may not stops none of the others.

    `times_seen` has, by loan, how often it had been renewed when whoever asks looked; as with `renew`.
    """
    loans = Loan.objects.filter(member_id=member_id, state=LoanState.OPEN.value).order_by("due_at", "pk")
    renewed, refused = [], []
    for number in list(loans.values_list("pk", flat=True)):
        try:
            before = times_seen.get(number) if times_seen else None
            one = renew(
                actor=actor, loan_id=number, now=now, channel=channel, for_member_id=for_member_id, times_seen=before
            )
            renewed.append(one)
        except Refusal as refusal:
            refused.append((number, refusal))
    return RenewedAll(tuple(renewed), tuple(refused))
