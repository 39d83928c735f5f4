"""When a loan is over nothing leads from its reader to it: no number, instant or transaction in any table. Spec: CIRC-KEEP-3.

The same search finds the way while the loan is open, and before the round of the night, so that it can be believed when it finds none.
"""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from khaneh.domains.catalogue.models import Copy
from khaneh.domains.circulation import services
from khaneh.domains.circulation.models import Conflict, FeeEntry, Loan, Request, Target
from khaneh.domains.circulation.services import blurring, reminding
from khaneh.domains.circulation.types import (
    ConflictKind,
    ConflictSource,
    ConflictState,
    EntryAct,
    FeeKind,
    PaymentMethod,
    RequestLevel,
)
from khaneh.domains.notices import services as notices
from khaneh.domains.notices.models import InboxItem, Message, Notice
from khaneh.domains.notices.services.finishing import finish_messages
from khaneh.domains.people.models import Account, Member
from khaneh.kernel.actor import SYSTEM, Actor, Grant
from khaneh.kernel.money import Money
from tests.domains.circulation.linking import path
from tests.domains.circulation.shelves import NOW, Shelves, make_shelves

pytestmark = pytest.mark.django_db(transaction=True)
DAY, READERS = timedelta(days=1), 6
LEAKS = (
    (
        "UPDATE circulation_loan SET lost_at = (SELECT max(at) FROM circulation_fee_entry WHERE kind = 'payment') WHERE id ="
        " (SELECT max(id) FROM circulation_loan WHERE lost_at IS NOT NULL)"
    ),
    (
        "UPDATE circulation_target SET asked_at = (SELECT max(at) FROM circulation_fee_entry WHERE kind = 'payment')"
        " WHERE id = (SELECT max(id) FROM circulation_target)"
    ),
    (
        "INSERT INTO journal_entry (kind, account_id, facts) SELECT 'x', (SELECT min(account_id) FROM people_member),"
        " jsonb_build_object('loan_id', (SELECT min(id) FROM circulation_loan))"
    ),
)


@pytest.fixture
def shelves(transactional_db: None) -> Shelves:
    """Three houses, empty, under the rules that ship."""
    services.ensure_policies()
    return make_shelves()


class Reader:
    """A member with an account, whose every act happens at an instant of its own."""

    def __init__(self, shelves: Shelves, number: int) -> None:
        self.shelves = shelves
        account = Account.objects.create_user(f"reader{number}@example.org")
        self.actor = Actor(account_id=account.pk)
        self.member: Member = shelves.member(account=account, email=f"reader{number}@example.org")
        self.copies = [shelves.copy(price_amount=90_000) for _ in range(4)]
        self.now = NOW + timedelta(minutes=number, microseconds=number * 7 + 3)

    def lend(self, copy: Copy, **facts: Any) -> int:
        lent = services.check_out(
            actor=SYSTEM, house_id=self.shelves.central.pk, barcode=str(copy.barcode), member_id=self.member.pk,
            now=self.later(1), **facts,
        )  # fmt: skip
        Loan.objects.filter(pk=lent.loan_id).update(terms={"fee_per_day": [1_000, "IRR"], "lost_fee": [500, "IRR"]})
        return lent.loan_id

    def take_back(self, copy: Copy, days: int) -> Any:
        return services.check_in(
            actor=SYSTEM, house_id=self.shelves.branch.pk, barcode=str(copy.barcode), now=self.later(days)
        )

    def later(self, days: int) -> Any:
        self.now += days * DAY + timedelta(seconds=11, microseconds=13)
        return self.now

    def live(self) -> None:
        """Late with a fee, lost, paid for and found, asked for and collected, asked for and given up, renewed at home."""
        late, lost, wanted, dropped = self.copies
        own: dict[str, Any] = {"actor": self.actor, "for_member_id": self.member.pk}
        loan = self.lend(late)
        services.renew(loan_id=loan, now=self.later(1), **own)
        for days in (30, 7):
            reminding.remind(house_id=self.shelves.central.pk, now=self.later(days))
        assert self.take_back(late, 1).fee > 0
        loan = self.lend(lost)
        services.claim_returned(loan_id=loan, now=self.later(1), **own)
        services.declare_lost(actor=SYSTEM, loan_id=loan, now=self.later(1))
        owed = sum(FeeEntry.objects.filter(member=self.member).values_list("amount", flat=True))
        services.pay(
            actor=SYSTEM, house_id=self.shelves.central.pk, member_id=self.member.pk, amount=Money(owed, "IRR"),
            method=PaymentMethod.CASH, now=self.later(0),
        )  # fmt: skip
        assert self.take_back(lost, 3).refunded
        ask: dict[str, Any] = {
            "member_id": self.member.pk, "level": RequestLevel.RECORD, "pickup_house_id": self.shelves.branch.pk,
        }  # fmt: skip
        services.place_request(**own, **ask, target_id=wanted.record_id, now=self.later(1))
        number = services.place_request(**own, **ask, target_id=dropped.record_id, now=self.later(0)).request_id
        services.suspend_request(**own, request_id=number, until=self.now + 5 * DAY, now=self.later(0))
        services.cancel_request(**own, request_id=number, now=self.later(1))
        self.take_back(wanted, 1)
        assert Request.objects.filter(member=self.member, state="on_shelf").count() == 1
        services.check_out(
            actor=SYSTEM, house_id=self.shelves.branch.pk, barcode=str(wanted.barcode), member_id=self.member.pk,
            now=self.later(1),
        )  # fmt: skip
        self.take_back(wanted, 2)
        self.send()

    def send(self) -> None:
        """What was told is gathered and goes out, each letter by itself."""
        while notices.gather(now=self.later(0)):
            pass
        for message in Message.objects.filter(state="waiting"):
            with transaction.atomic():
                now = self.later(0)
                Message.objects.filter(pk=message.pk).update(state="sent", claimed_at=now, sent_at=now)
                finish_messages([message.pk], now=now)


def nights(last: Any) -> tuple[int, int]:
    """The rounds of the nights up to the last one: how many loans and requests were made vague."""
    done = [blurring.blur(now=last - days * DAY) for days in range(100, -1, -20)]
    return sum(one.loans for one in done), sum(one.requests for one in done)


def ways(readers: list[Reader]) -> list[Any]:
    return [way for one in readers if (way := path(("people_member", one.member.pk), "catalogue_copy", crowd=READERS))]


def test_circ_keep_3_nothing_leads_from_a_reader_to_what_they_read(shelves: Shelves) -> None:
    readers = [Reader(shelves, number) for number in range(READERS)]
    for one in readers:
        one.live()
    assert not Loan.objects.filter(member__isnull=False).exists()
    kinds = set(FeeEntry.objects.values_list("kind", flat=True))
    assert kinds == {FeeKind.OVERDUE, FeeKind.LOST, FeeKind.PROCESSING, FeeKind.PAYMENT, FeeKind.REFUND}
    assert Notice.objects.filter(event="circulation.fee", member=None).exists()
    assert ways(readers), "by the transactions, until the night"
    night = readers[-1].later(1)
    notices.tidy(now=night)
    assert not InboxItem.objects.exclude(event="circulation.fee").exists()
    assert nights(night) == (3 * READERS, 2 * READERS)
    assert blurring.blur(now=night)[:2] == (0, 0)
    assert {one.placed_at.time() for one in Request.objects.all()} == {time(0)}
    assert {one.asked_at.minute for one in Target.objects.all()} == {0}
    assert ways(readers) == []
    for leak in LEAKS:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(leak)
            assert ways(readers), leak
            transaction.set_rollback(True)
    # Whoever holds a copy is found by it, as they must be.
    readers[0].lend(readers[0].copies[0])
    assert len(ways(readers)) == 1


def test_circ_keep_3_how_late_loans_come_back_can_still_be_measured(shelves: Shelves) -> None:
    late = {}
    for days in (0, 3, 8, 20):
        copy, member = shelves.copy(), shelves.member()
        lent = services.check_out(
            actor=SYSTEM, house_id=shelves.central.pk, barcode=str(copy.barcode), member_id=member.pk, now=NOW
        )
        back = lent.due_at - timedelta(hours=1) + days * DAY
        services.check_in(actor=SYSTEM, house_id=shelves.far.pk, barcode=str(copy.barcode), now=back)
        late[lent.loan_id] = days
    last = Loan.objects.latest("ended_at").ended_at
    assert last is not None
    assert blurring.blur(now=last).loans == 3, "one that may still be undone is left as it is"
    blurring.blur(now=last + DAY)
    loans = Loan.objects.all()
    assert sorted((one.ended_at - one.due_at).days for one in loans if one.ended_at) == sorted(late.values())
    assert {one.lent_at.hour for one in loans} == {0}


def test_circ_keep_1_why_something_was_settled_is_for_the_next_days_colleagues(shelves: Shelves) -> None:
    """The words may name the reader, and the loan's number leads to the copy: both go, and the hours with them. Whose it was to settle stays."""
    copy, member = shelves.copy(), shelves.member()
    clerk = Account.objects.create_user("clerk@example.org")
    loan = services.check_out(
        actor=SYSTEM, house_id=shelves.central.pk, barcode=str(copy.barcode), member_id=member.pk, now=NOW
    ).loan_id
    number = services.keep_conflict(
        source=ConflictSource.OFFLINE, house_id=shelves.central.pk, act=EntryAct.CHECK_OUT.value,
        kind=ConflictKind.TIME_UNSURE, facts={"barcode": copy.barcode}, happened_at=NOW, now=NOW, done=True, loan_id=loan,
        member_id=member.pk,
    )  # fmt: skip
    lead = Actor(account_id=clerk.pk, grants=(Grant("librarian", house_id=shelves.central.pk),))
    services.settle_conflict(
        actor=lead, conflict_id=number, how=ConflictState.ACCEPTED, reason="Mrs Rezaei had it with her", now=NOW
    )
    assert blurring.blur(now=NOW + DAY / 2).conflicts == 0
    assert Conflict.objects.get().reason
    assert blurring.blur(now=NOW + 2 * DAY).conflicts == 1
    found = Conflict.objects.get()
    assert (found.reason, found.loan_id, found.facts, found.member_id) == ("", None, {}, None)
    assert (found.state, found.settled_by_id) == (ConflictState.ACCEPTED, clerk.pk)
    assert {one.time() for one in (found.happened_at, found.recorded_at, found.settled_at) if one} == {time(0)}
    assert blurring.blur(now=NOW + 2 * DAY).conflicts == 0
    with pytest.raises(DatabaseError), transaction.atomic():
        Conflict.objects.update(settled_at=NOW)
    # A request that is over stays what it was, and may only lose its hour.
    wanted = services.place_request(
        actor=SYSTEM, member_id=member.pk, level=RequestLevel.RECORD, target_id=copy.record_id,
        pickup_house_id=shelves.central.pk, now=NOW,
    ).request_id  # fmt: skip
    services.cancel_request(actor=SYSTEM, request_id=wanted, now=NOW)
    for placed in (NOW - DAY, NOW + timedelta(hours=1)):
        with pytest.raises(DatabaseError), transaction.atomic():
            Request.objects.filter(pk=wanted).update(placed_at=placed)
