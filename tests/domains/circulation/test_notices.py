"""What circulation tells: from its acts and from each house's morning, and what is true when it is written."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from khaneh.domains.circulation import services
from khaneh.domains.circulation.models import Loan, Request
from khaneh.domains.circulation.services import reminding
from khaneh.domains.circulation.types import FeeKind, RequestLevel
from khaneh.domains.notices import services as notices
from khaneh.domains.notices.models import InboxItem, Message, Notice
from khaneh.domains.notices.types import Channel, Round
from khaneh.domains.people.models import Account, Card, Member
from khaneh.kernel.actor import SYSTEM, Actor
from khaneh.kernel.money import Money
from tests.domains.circulation.shelves import NOW, Shelves
from tests.domains.notices.conftest import Carrier

pytestmark = pytest.mark.django_db


def lend(shelves: Shelves, member: Member, title: str = "", now: Any = NOW) -> Loan:
    record = shelves.record()
    if title:
        type(record).objects.filter(pk=record.pk).update(document=f'{{"title": "{title}"}}')
    copy = shelves.copy(record=record)
    card = Card.objects.get(member=member).barcode
    lent = services.check_out(actor=SYSTEM, house_id=shelves.central.pk, barcode=copy.barcode, card=card, now=now)
    return Loan.objects.get(pk=lent.loan_id)


def back(shelves: Shelves, loan: Loan, now: Any) -> None:
    services.check_in(actor=SYSTEM, house_id=shelves.central.pk, barcode=loan.copy.barcode, now=now)


def told() -> list[str]:
    return sorted(Notice.objects.values_list("event", flat=True))


def sent(now: Any) -> tuple[Round, list[dict[str, str]]]:
    mail = Carrier()
    notices.gather(now=now)
    return notices.send_due(mail=mail, sms=Carrier(), now=now), mail.taken


def morning(loan: Loan, days: int) -> Any:
    """Half past nine in Tehran, so many days after the day on which it is due."""
    return loan.due_at.replace(hour=6, minute=0, second=0) + timedelta(days=days)


def test_circ_tell_1_each_reminder_comes_on_its_day_and_once(shelves: Shelves) -> None:
    member = shelves.member(email="a@example.org")
    loan = lend(shelves, member, "Shahnameh")
    expected = {-3: 0, -2: 1, -1: 0, 0: 0, 1: 1, 2: 0, 6: 0, 7: 1, 8: 0, 20: 0, 21: 1, 22: 0, 30: 0}
    found = {}
    for days in expected:
        found[days] = reminding.remind(house_id=shelves.central.pk, now=morning(loan, days))
        assert reminding.remind(house_id=shelves.central.pk, now=morning(loan, days)) == 0
    assert found == expected
    assert told() == ["circulation.due_soon", *(f"circulation.overdue_{n}" for n in (1, 2, 3))]


def test_circ_tell_2_a_morning_without_work_is_made_up_for(shelves: Shelves) -> None:
    loan = lend(shelves, shelves.member(email="a@example.org"))
    assert reminding.remind(house_id=shelves.central.pk, now=morning(loan, 3)) == 1
    assert told() == ["circulation.overdue_1"]


def test_circ_tell_3_what_was_brought_back_is_not_asked_for(shelves: Shelves) -> None:
    member = shelves.member(email="a@example.org", language="en")
    kept, brought = lend(shelves, member, "Kept"), lend(shelves, member, "Brought")
    now = morning(kept, -2)
    assert reminding.remind(house_id=shelves.central.pk, now=now) == 2
    back(shelves, brought, now)
    result, mails = sent(now)
    assert result == Round(sent=1)
    assert "Kept" in mails[0]["plain"]
    assert "Brought" not in mails[0]["plain"]
    assert not Notice.objects.exclude(facts={}).exists()


def test_circ_tell_4_what_was_renewed_is_not_due_soon(shelves: Shelves) -> None:
    loan = lend(shelves, shelves.member(email="a@example.org"))
    now = morning(loan, -2)
    reminding.remind(house_id=shelves.central.pk, now=now)
    services.renew(actor=SYSTEM, loan_id=loan.pk, now=now)
    assert sent(now)[0] == Round(suppressed=1)


def test_circ_tell_5_overdue_says_for_how_long(shelves: Shelves) -> None:
    loan = lend(shelves, shelves.member(email="a@example.org", language="vi"), "Kieu")
    now = morning(loan, 7)
    reminding.remind(house_id=shelves.central.pk, now=now)
    (mail,) = sent(now)[1]
    assert "đã quá 7 ngày" in mail["plain"]


def test_circ_tell_6_who_returned_it_by_their_own_word_is_not_pressed(shelves: Shelves) -> None:
    loan = lend(shelves, shelves.member(email="a@example.org"))
    Loan.objects.filter(pk=loan.pk).update(claimed_at=NOW)
    assert reminding.remind(house_id=shelves.central.pk, now=morning(loan, 1)) == 0


def test_circ_tell_7_a_reader_hears_that_the_book_is_there(shelves: Shelves) -> None:
    first, second = shelves.member(), shelves.member(email="b@example.org", phone="09123456789", language="fa")
    loan = lend(shelves, first, "Masnavi")
    services.place_request(
        actor=SYSTEM, member_id=second.pk, level=RequestLevel.RECORD, target_id=loan.copy.record_id,
        pickup_house_id=shelves.central.pk, now=NOW,
    )  # fmt: skip
    back(shelves, loan, NOW + timedelta(hours=1))
    assert told() == ["circulation.ready"]
    result, (mail,) = sent(NOW + timedelta(hours=1))
    assert result.sent == 2
    assert "Masnavi" in mail["plain"]
    assert mail["subject"].startswith("آمادهٔ دریافت")


def test_circ_tell_8_requests_that_end_without_the_reader(shelves: Shelves) -> None:
    reader = shelves.member(email="a@example.org", language="en")
    loans = [lend(shelves, shelves.member(), title) for title in ("Cancelled", "Expired", "Withdrawn")]
    placed = [
        services.place_request(
            actor=SYSTEM, member_id=reader.pk, level=RequestLevel.RECORD, target_id=loan.copy.record_id,
            pickup_house_id=shelves.central.pk, now=NOW,
        ).request_id
        for loan in loans
    ]  # fmt: skip
    services.cancel_request(actor=SYSTEM, request_id=placed[0], now=NOW)
    services.cancel_request(actor=Actor(), request_id=placed[2], now=NOW, for_member_id=reader.pk)
    Request.objects.filter(pk=placed[1]).update(expires_at=NOW + timedelta(days=1))
    services.target_waiting(now=NOW + timedelta(days=2))
    assert told() == ["circulation.request_cancelled", "circulation.request_expired"]
    now = NOW + timedelta(days=2)
    notices.gather(now=now)
    (mail,) = sent(now + timedelta(hours=1))[1]
    assert "Cancelled" in mail["plain"]
    assert "Expired: no copy could be found in time" in mail["plain"]
    assert "Withdrawn" not in mail["plain"]


def test_circ_tell_9_fees_and_the_end_of_membership(shelves: Shelves) -> None:
    member = shelves.member(email="a@example.org", language="en", expires_on=NOW.date() + timedelta(days=14))
    services.charge(
        actor=SYSTEM, house_id=shelves.central.pk, member_id=member.pk, kind=FeeKind.DAMAGED,
        amount=Money(75_000, "IRR"), now=NOW,
    )  # fmt: skip
    assert reminding.remind(house_id=shelves.central.pk, now=NOW) == 1
    notices.gather(now=NOW)
    (mail,) = sent(NOW + timedelta(hours=1))[1]
    assert "Damage: 75,000 rials" in mail["plain"]
    assert f"ends on {member.expires_on.day} March 2026" in mail["plain"]
    assert mail["subject"] == "2 messages from T-CENTRAL"


def test_circ_tell_10_a_late_return_tells_its_fee(shelves: Shelves) -> None:
    loan = lend(shelves, shelves.member(email="a@example.org"))
    Loan.objects.filter(pk=loan.pk).update(terms={**loan.terms, "fee_per_day": [1_000, "IRR"]})
    back(shelves, loan, morning(loan, 40))
    assert told() == ["circulation.fee"]


def test_circ_tell_11_receipts_go_to_those_who_asked(shelves: Shelves) -> None:
    wanting, other = shelves.member(email="a@example.org"), shelves.member(email="b@example.org")
    notices.choose(member_id=wanting.pk, wanted={("circulation.receipt", Channel.EMAIL): True})
    for member in (wanting, wanting, other):
        lend(shelves, member)
    assert reminding.give_receipts(now=NOW + timedelta(minutes=10)) == 2
    assert reminding.give_receipts(now=NOW + timedelta(minutes=20)) == 0
    result, (mail,) = sent(NOW + timedelta(minutes=20))
    assert (result.sent, mail["to"]) == (1, "a@example.org")


def test_circ_tell_12_houses_have_their_own_morning(shelves: Shelves) -> None:
    type(shelves.far).objects.filter(pk=shelves.far.pk).update(time_zone="Asia/Ho_Chi_Minh")
    assert reminding.houses_in_the_morning(now=NOW.replace(hour=3, minute=45)) == [
        shelves.central.pk, shelves.branch.pk
    ]  # fmt: skip
    assert reminding.houses_in_the_morning(now=NOW.replace(hour=0, minute=5)) == [shelves.far.pk]


def test_circ_tell_13_after_the_return_nothing_says_who_read_it(shelves: Shelves) -> None:
    account = Account.objects.create(email="own@example.org")
    member = shelves.member(email="a@example.org", account=account)
    loan = lend(shelves, member, "Secret")
    now = morning(loan, -2)
    reminding.remind(house_id=shelves.central.pk, now=now)
    sent(now)
    assert InboxItem.objects.filter(member=member).exists()
    back(shelves, loan, now + timedelta(hours=1))
    notices.tidy(now=now + timedelta(hours=2))
    assert not InboxItem.objects.exists()
    assert not Notice.objects.filter(member__isnull=False).exists()
    assert Message.objects.get().events == ["circulation.due_soon"]
