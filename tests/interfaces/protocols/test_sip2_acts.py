"""Every message of the protocol, against the services: what is answered and what has changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from khaneh.domains.circulation import services
from khaneh.domains.circulation.models import Conflict, FeeEntry, Loan, Request, Terminal, TerminalAnswer, Transfer
from khaneh.domains.circulation.types import FeeKind, TerminalKind
from khaneh.domains.people.models import MemberBlock
from khaneh.domains.policies.models import Decision
from khaneh.formats import sip2
from khaneh.formats.sip2 import messages as m
from khaneh.kernel.actor import SYSTEM
from khaneh.kernel.money import Money
from tests.domains.circulation.shelves import NOW, Shelves
from tests.interfaces.protocols.conftest import PIN, Clock, Machine, card_of, give_pin

pytestmark = pytest.mark.django_db
Build = Callable[..., Machine]
AT = "20260302    123000"


def test_a_copy_is_lent_renewed_and_taken_back(shelves: Shelves, machine: Build, clock: Clock) -> None:
    member, copy, box = shelves.member(), shelves.copy(), machine()
    lent = box.send(m.CheckOut(at=AT, patron=card_of(member), item=copy.barcode))
    loan = Loan.objects.get()
    assert (lent.ok, lent.renewed, lent.desensitize) == ("1", "N", "Y")
    assert sip2.parse_instant(lent.due, "Asia/Tehran") == loan.due_at.replace(microsecond=0)
    assert (loan.member_id, loan.channel, lent.transaction) == (member.pk, "sip2", str(loan.pk))
    clock.later(days=3)
    again = box.send(m.Renew(at="20260305    123000", patron=card_of(member), item=copy.barcode))
    loan.refresh_from_db()
    assert (again.ok, again.renewed, loan.renewals) == ("1", "Y", 1)
    back = box.send(m.CheckIn(at="20260305    123100", item=copy.barcode))
    assert (back.ok, back.resensitize, back.alert, back.sort_bin, back.permanent_location) == (
        "1",
        "Y",
        "N",
        "1",
        "T-CENTRAL",
    )
    copy.refresh_from_db()
    assert copy.state == "available"


def test_a_refusal_is_told_in_the_readers_language(shelves: Shelves, machine: Build) -> None:
    member, copy = shelves.member(language="fa"), shelves.copy()
    MemberBlock.objects.create(member=member, reason="conduct", placed_at=NOW)
    refused = machine().send(m.CheckOut(at=AT, patron=card_of(member), item=copy.barcode))
    assert refused.ok == "0"
    assert refused.desensitize == "N"
    assert "عضویت مسدود است" in refused.screen
    assert not Loan.objects.exists()
    member.language = "vi"
    member.save()
    box = machine()
    assert (
        "Thẻ thành viên đang bị khóa" in box.send(m.CheckOut(at=AT, patron=card_of(member), item=copy.barcode)).screen
    )
    # A machine without the letters keeps to its own language.
    old = machine(encoding="windows-1256", language="fa")
    told = old.send(m.CheckOut(at=AT, patron=card_of(member), item=copy.barcode)).screen
    assert "عضويت مسدود است" in told


def test_circ_sip_1_the_same_message_over_another_line_is_answered_and_not_done_again(
    shelves: Shelves, machine: Build, clock: Clock
) -> None:
    member, copy = shelves.member(), shelves.copy()
    box = machine(name="front")
    box.send(m.CheckOut(at=AT, patron=card_of(member), item=copy.barcode))
    clock.later(days=2)
    lost = m.Renew(at="20260304    100000", patron=card_of(member), item=copy.barcode)
    first = box.send(lost)
    clock.later(seconds=20)
    Terminal.objects.update(password="md5$x$" + "0" * 32)
    password = services.rotate_terminal_password(actor=SYSTEM, terminal_id=Terminal.objects.get().pk, now=NOW)
    again = machine(name="front", password=password)
    assert again.send(lost) == first
    assert Loan.objects.get().renewals == 1
    # Another number on the same line is another act; so is the same message after ten minutes.
    again.send(lost)
    assert Loan.objects.get().renewals == 2
    assert TerminalAnswer.objects.count() == 2
    again.send(m.EndSession(at=AT, patron=card_of(member)))
    assert TerminalAnswer.objects.count() == 1
    clock.later(minutes=11)
    services.forget_answers(before=clock() - timedelta(minutes=10))
    assert not TerminalAnswer.objects.exists()


def test_the_same_number_again_has_the_same_answer_and_nothing_is_done_twice(
    shelves: Shelves, machine: Build, clock: Clock
) -> None:
    member, copy, box = shelves.member(), shelves.copy(), machine()
    box.send(m.CheckOut(at=AT, patron=card_of(member), item=copy.barcode))
    clock.later(days=2)
    first = box.send(m.Renew(at=AT, patron=card_of(member), item=copy.barcode))
    clock.later(seconds=5)
    assert box.send_bytes(box.sent) == first
    assert box.answers[-1] == box.answers[-2]
    assert Loan.objects.get().renewals == 1
    box.send(m.Renew(at=AT, patron=card_of(member), item=copy.barcode))
    assert Loan.objects.get().renewals == 2


def test_a_refused_message_may_be_told_again_once_its_reason_is_gone(shelves: Shelves, machine: Build) -> None:
    member, copy, box = shelves.member(), shelves.copy(), machine()
    block = MemberBlock.objects.create(member=member, reason="conduct", placed_at=NOW)
    message = m.CheckOut(at=AT, patron=card_of(member), item=copy.barcode)
    assert box.send(message).ok == "0"
    assert not TerminalAnswer.objects.exists()
    block.delete()
    assert box.send(message).ok == "1"


def test_a_wrong_sum_is_asked_for_again_and_the_last_answer_is_given_again(shelves: Shelves, machine: Build) -> None:
    copy, box = shelves.copy(), machine()
    good = sip2.encode(m.ItemInformation(at=AT, item=copy.barcode), sequence=5, checksum=True)[:-1]
    assert isinstance(box.send_bytes(good[:-1] + (b"0" if good[-1:] != b"0" else b"1")), m.ResendToMachine)
    assert box.send_bytes(good).circulation == "03"
    answer = box.answers[-1]
    box.send_bytes(sip2.encode(m.ResendToServer(), checksum=True)[:-1])
    assert box.answers[-1] == answer


def test_what_is_no_message_again_and_again_is_cut(machine: Build) -> None:
    box = machine()
    for _ in range(9):
        assert isinstance(box.send_bytes(b"ZZ not a message"), m.ResendToMachine)
    assert box.send_bytes(b"ZZ not a message") is None
    assert box.closed


def test_the_pin_is_asked_for_once_and_guessing_is_stopped(shelves: Shelves, machine: Build, clock: Clock) -> None:
    member, copy = shelves.member(given_name="Parisa"), shelves.copy()
    give_pin(member, shelves.central)
    box, card = machine(asks_pin=True), card_of(member)
    without = box.send(m.PatronStatus(at=AT, patron=card))
    assert (without.valid, without.pin_valid, without.name) == ("Y", None, "")
    wrong = box.send(m.PatronStatus(at=AT, patron=card, pin="1111"))
    assert (wrong.valid, wrong.pin_valid, wrong.name) == ("Y", "N", "")
    assert box.send(m.CheckOut(at=AT, patron=card, item=copy.barcode)).ok == "0"
    right = box.send(m.PatronStatus(at=AT, patron=card, pin=PIN))
    assert (right.valid, right.pin_valid) == ("Y", "Y")
    assert right.name.startswith("Parisa")
    assert box.send(m.CheckOut(at=AT, patron=card, item=copy.barcode)).ok == "1"
    box.send(m.EndSession(at=AT, patron=card))
    assert box.send(m.PatronInformation(at=AT, summary=" " * 10, patron=card)).charged == "0000"
    # Wrong PINs count although each lending that they come with is undone.
    for _ in range(6):
        told = box.send(m.CheckOut(at=AT, patron=card, item=copy.barcode, pin="1212"))
        assert told.ok == "0"
    assert "Too many wrong PINs" in told.screen[0]
    assert "Too many wrong PINs" in box.send(m.CheckOut(at=AT, patron=card, item=copy.barcode, pin=PIN)).screen[0]


def test_unknown_cards_and_copies(machine: Build, shelves: Shelves) -> None:
    box = machine()
    unknown = box.send(m.PatronInformation(at=AT, summary="Y         ", patron="nobody", pin="1"))
    assert (unknown.valid, unknown.pin_valid, unknown.flags[:4]) == ("N", "N", "YYYY")
    assert box.send(m.CheckOut(at=AT, patron="nobody", item=shelves.copy().barcode)).ok == "0"
    for message in (
        m.CheckIn(at=AT, item="no such"),
        m.CheckOut(at=AT, patron=card_of(shelves.member()), item="no such"),
        m.Renew(at=AT, patron=card_of(shelves.member()), item="no such"),
    ):
        told = box.send(message)
        assert (told.ok, told.screen) == ("0", ("This copy is not known",))


def test_lists_of_a_reader_with_their_ranges(shelves: Shelves, machine: Build, clock: Clock) -> None:
    member, box = shelves.member(), machine()
    copies = [shelves.copy() for _ in range(4)]
    for copy in copies:
        box.send(m.CheckOut(at=AT, patron=card_of(member), item=copy.barcode))
    services.charge(
        actor=SYSTEM, house_id=shelves.central.pk, member_id=member.pk, kind=FeeKind.DAMAGED, amount=Money(5000, "IRR"), now=NOW
    )  # fmt: skip
    told = box.send(m.PatronInformation(at=AT, summary="  Y       ", patron=card_of(member), first="2", last="3"))
    assert told.charged == "0004"
    assert told.charged_items == tuple(copy.barcode for copy in copies[1:3])
    assert (told.fines, told.owed, told.currency) == ("0001", "5000", "IRR")
    fees = box.send(m.PatronInformation(at=AT, summary="   Y      ", patron=card_of(member)))
    assert fees.fine_items == ("5000 IRR Damage",)
    clock.later(days=30)
    late = box.send(m.PatronInformation(at=AT, summary=" Y        ", patron=card_of(member)))
    assert late.overdue == "0004"
    assert len(late.overdue_items) == 4


def test_a_fee_paid_twice_by_one_number_is_one_payment(shelves: Shelves, machine: Build) -> None:
    member, box = shelves.member(), machine(kind=TerminalKind.PAYMENT)
    services.charge(
        actor=SYSTEM, house_id=shelves.central.pk, member_id=member.pk, kind=FeeKind.OTHER, amount=Money(9000, "IRR"), now=NOW
    )  # fmt: skip
    paid = m.FeePaid(
        at=AT, currency="IRR", amount="4000", patron=card_of(member), payment_type="02", transaction="T-77"
    )
    assert (box.send(paid).accepted, box.send(paid).accepted) == ("Y", "Y")
    entry = FeeEntry.objects.get(kind="payment")
    assert (entry.amount, entry.method) == (-4000, "card")
    for amount, currency in (("9000", "IRR"), ("1", "USD"), ("abc", "IRR"), ("-5", "IRR"), ("0", "IRR")):
        refused = box.send(m.FeePaid(at=AT, currency=currency, amount=amount, patron=card_of(member)))
        assert (refused.accepted, len(refused.screen)) == ("N", 1)
    assert FeeEntry.objects.filter(kind="payment").count() == 1


def test_a_request_is_placed_brought_and_told_to_the_sorter(shelves: Shelves, machine: Build) -> None:
    member, copy, box = shelves.member(shelves.branch, language="fa"), shelves.copy(), machine()
    lent = box.send(m.CheckOut(at=AT, patron=card_of(shelves.member()), item=copy.barcode))
    assert lent.ok == "1"
    placed = box.send(m.Hold(at=AT, patron=card_of(member), item=copy.barcode, kind="2", pickup="T-BRANCH"))
    assert (placed.ok, placed.queue, placed.pickup) == ("1", "1", "T-BRANCH")
    assert box.send(m.Hold(at=AT, patron=card_of(member), item=copy.barcode, kind="2")).ok == "0"
    sorter = machine(kind=TerminalKind.SORTER)
    came = sorter.send(m.CheckIn(at=AT, item=copy.barcode))
    assert (came.ok, came.alert, came.alert_type, came.destination) == ("1", "Y", "02", "T-BRANCH")
    assert (came.hold_patron, came.sort_bin) == (card_of(member), "3")
    assert Transfer.objects.get().to_house_id == shelves.branch.pk
    there = machine(house=shelves.branch)
    arrived = there.send(m.CheckIn(at=AT, item=copy.barcode))
    assert (arrived.alert_type, arrived.hold_patron) == ("01", None)  # a screen in public tells nobody's card
    status = there.send(m.PatronInformation(at=AT, summary="Y         ", patron=card_of(member)))
    assert (status.holds, status.hold_items) == ("0001", (copy.barcode,))
    assert status.screen == ("آمادهٔ دریافت: ۱",)
    assert there.send(m.CheckOut(at=AT, patron=card_of(member), item=copy.barcode)).ok == "1"
    assert Request.objects.get().state == "fulfilled"


def test_a_request_is_collected_elsewhere_or_cancelled(shelves: Shelves, machine: Build) -> None:
    member, copy, box = shelves.member(), shelves.copy(), machine()
    box.send(m.CheckOut(at=AT, patron=card_of(shelves.member()), item=copy.barcode))
    record = str(copy.record_id)
    assert box.send(m.Hold(at=AT, patron=card_of(member), title=record)).ok == "1"
    moved = box.send(m.Hold(mode="*", at=AT, patron=card_of(member), title=record, pickup=shelves.far.code))
    assert (moved.ok, moved.pickup, moved.queue) == ("1", shelves.far.code, "1")
    assert Request.objects.get().pickup_house_id == shelves.far.pk
    assert box.send(m.Hold(mode="*", at=AT, patron=card_of(member), title=record, pickup="NOWHERE")).ok == "0"
    assert box.send(m.Hold(mode="-", at=AT, patron=card_of(member), title=record)).ok == "1"
    assert box.send(m.Hold(mode="-", at=AT, patron=card_of(member), title=record)).ok == "0"
    assert Request.objects.get().state == "cancelled"


def test_circ_sip_2_what_happened_without_a_line_is_taken_at_its_time(
    shelves: Shelves, machine: Build, clock: Clock
) -> None:
    blocked, copy, box = shelves.member(), shelves.copy(), machine(asks_pin=True)
    MemberBlock.objects.create(member=blocked, reason="conduct", placed_at=NOW)
    clock.later(hours=5)
    taken = box.send(m.CheckOut(no_block="Y", at="20260302    120000", patron=card_of(blocked), item=copy.barcode))
    loan = Loan.objects.get()
    assert taken.ok == "1"
    assert loan.lent_at == sip2.parse_instant("20260302    120000", "Asia/Tehran")
    assert loan.override is not None
    # It went out to somebody else afterwards: it had come back in between.
    other = shelves.member()
    clock.later(days=1)
    assert (
        box.send(m.CheckOut(no_block="Y", at="20260303    110000", patron=card_of(other), item=copy.barcode)).ok == "1"
    )
    assert list(Loan.objects.order_by("pk").values_list("state", flat=True)) == ["returned", "open"]
    # A return in the box counts from when it was put in; a clock that is wrong does not.
    clock.later(days=20)
    at = "20260304    080000"
    back = box.send(m.CheckIn(no_block="Y", at=at, returned=at, item=copy.barcode))
    assert (back.ok, FeeEntry.objects.count()) == ("1", 0)


def test_circ_sip_2_the_day_that_was_promised_without_a_line_holds(
    shelves: Shelves, machine: Build, clock: Clock
) -> None:
    member, copy, box = shelves.member(), shelves.copy(), machine()
    clock.later(hours=5)
    box.send(
        m.CheckOut(no_block="Y", at=AT, offline_due="20260330    200000", patron=card_of(member), item=copy.barcode)
    )
    assert Loan.objects.get().due_at == sip2.parse_instant("20260330    200000", "Asia/Tehran")


def test_circ_off_6_what_does_not_agree_is_kept_for_a_person_and_told_once(
    shelves: Shelves, machine: Build, clock: Clock
) -> None:
    first, second, copy, box = shelves.member(), shelves.member(), shelves.copy(), machine()
    clock.later(hours=5)
    box.send(m.CheckOut(at="20260302    173000", patron=card_of(first), item=copy.barcode))
    late = m.CheckOut(no_block="Y", at="20260302    120000", patron=card_of(second), item=copy.barcode)
    assert box.send(late, sequence=3).ok == "1"
    assert box.send(late, sequence=3).ok == "1"
    again = machine(name="another")
    assert again.send(m.CheckOut(no_block="Y", at="20260302    121000", patron="NOBODY", item=copy.barcode)).ok == "1"
    back = m.CheckIn(no_block="Y", at="20260302    121500", returned="20260302    121500", item=copy.barcode)
    assert again.send(back).ok == "1"
    kept = Conflict.objects.order_by("pk").values_list("source", "act", "kind", "state", "done")
    assert list(kept) == [
        ("sip2", "check_out", "copy_lent", "open", False),
        ("sip2", "check_out", "card_unknown", "open", False),
        ("sip2", "check_in", "lent_since", "open", False),
    ]
    assert list(Loan.objects.values_list("member_id", "state")) == [(first.pk, "open")]


def test_circ_out_6_a_refusal_at_a_machine_is_kept_as_a_decision(shelves: Shelves, machine: Build) -> None:
    member, copy, box = shelves.member(), shelves.copy(), machine()
    MemberBlock.objects.create(member=member, reason="conduct", placed_at=NOW)
    before = Decision.objects.count()
    assert box.send(m.CheckOut(at=AT, patron=card_of(member), item=copy.barcode)).ok == "0"
    assert Decision.objects.count() == before + 1
    assert not Decision.objects.latest("pk").answer["permitted"]
    assert not TerminalAnswer.objects.exists(), "told again, the policies are asked again"


def test_a_checkout_that_did_not_leave_is_taken_back(shelves: Shelves, machine: Build, clock: Clock) -> None:
    member, copy, box = shelves.member(), shelves.copy(), machine()
    message = m.CheckOut(at=AT, patron=card_of(member), item=copy.barcode)
    box.send(message)
    cancel = m.CheckOut(at=AT, patron=card_of(member), item=copy.barcode, cancel="Y")
    assert box.send(cancel).ok == "1"
    assert Loan.objects.get().state == "returned"
    assert box.send(cancel).ok == "0"
    box.send(m.CheckOut(at="20260302    130000", patron=card_of(member), item=copy.barcode))
    clock.later(minutes=30)
    late = m.CheckOut(at="20260302    133000", patron=card_of(member), item=copy.barcode, cancel="Y")
    assert box.send(late).ok == "0"
    assert Loan.objects.filter(state="open").count() == 1


def test_a_loan_of_ones_own_is_renewed_where_the_machine_may(shelves: Shelves, machine: Build, clock: Clock) -> None:
    member, copy, box = shelves.member(), shelves.copy(), machine()
    box.send(m.CheckOut(at=AT, patron=card_of(member), item=copy.barcode))
    clock.later(days=1)
    told = box.send(m.CheckOut(at=AT, patron=card_of(member), item=copy.barcode))
    assert (told.ok, told.due != "") == ("0", True)
    assert "Already lent to you" in told.screen[0]
    told = box.send(m.CheckOut(may_renew="Y", at=AT, patron=card_of(member), item=copy.barcode))
    assert (told.ok, told.renewed) == ("1", "Y")
    other = box.send(m.CheckOut(may_renew="Y", at=AT, patron=card_of(shelves.member()), item=copy.barcode))
    assert (other.ok, other.screen) == ("0", ("It is on loan",))


def test_everything_is_renewed_that_may_be(shelves: Shelves, machine: Build, clock: Clock) -> None:
    member, box = shelves.member(), machine()
    wanted, free = shelves.copy(), shelves.copy()
    for copy in (wanted, free):
        box.send(m.CheckOut(at=AT, patron=card_of(member), item=copy.barcode))
    box.send(m.Hold(at=AT, patron=card_of(shelves.member()), item=wanted.barcode))
    clock.later(days=1)
    told = box.send(m.RenewAll(at=AT, patron=card_of(member)))
    assert (told.ok, told.renewed_count, told.unrenewed_count) == ("1", "0001", "0001")
    assert (told.renewed, told.unrenewed) == ((free.barcode,), (wanted.barcode,))


def test_a_block_by_a_machine_is_lifted_by_a_machine_and_no_other_one_is(shelves: Shelves, machine: Build) -> None:
    member, copy, box = shelves.member(), shelves.copy(), machine()
    person = MemberBlock.objects.create(member=member, reason="conduct", placed_at=NOW)
    told = box.send(m.BlockPatron(retained="Y", at=AT, reason="left behind", patron=card_of(member)))
    assert (told.flags[0], told.name) == ("Y", "")
    assert MemberBlock.objects.filter(lifted_at=None).count() == 2
    told = box.send(m.PatronEnable(at=AT, patron=card_of(member)))
    assert told.flags[0] == "Y"
    assert list(MemberBlock.objects.filter(lifted_at=None)) == [person]
    person.delete()
    assert box.send(m.PatronStatus(at=AT, patron=card_of(member))).flags[0] == " "
    assert box.send(m.CheckOut(at=AT, patron=card_of(member), item=copy.barcode)).ok == "1"


def test_what_a_copy_is_doing(shelves: Shelves, machine: Build) -> None:
    box = machine()
    here, lent, away, lost = shelves.copy(), shelves.copy(), shelves.copy(shelves.far), shelves.copy(state="missing")
    box.send(m.CheckOut(at=AT, patron=card_of(shelves.member()), item=lent.barcode))
    box.send(m.CheckIn(at=AT, item=away.barcode))
    codes = [box.send(m.ItemInformation(at=AT, item=copy.barcode)).circulation for copy in (here, lent, away, lost)]
    assert codes == ["03", "04", "10", "13"]
    told = box.send(m.ItemInformation(at=AT, item=lent.barcode))
    assert told.due
    assert told.current_location is None
    kept = box.send(m.ItemStatusUpdate(at=AT, item=here.barcode, properties="x"))
    assert kept.ok == "0"


@pytest.mark.parametrize(
    ("kind", "supported"),
    [
        (TerminalKind.SELF_CHECK, "YYYYYYYYYYYNYYYY"),
        (TerminalKind.SORTER, "NNYNYYYNNNYNNNNN"),
        (TerminalKind.GATE, "NNNNYYYNNNYNNNNN"),
        (TerminalKind.PAYMENT, "YNNNYYYYYYYNNNNN"),
    ],
)
def test_a_machine_does_what_its_kind_does(
    shelves: Shelves, machine: Build, kind: TerminalKind, supported: str
) -> None:
    box, member, copy = machine(kind=kind), shelves.member(), shelves.copy()
    status = box.send(m.MachineStatus())
    assert (status.online, status.supported, status.at[:8], status.institution) == (
        "Y",
        supported,
        "20260302",
        "T-CENTRAL",
    )
    assert box.send(m.CheckOut(at=AT, patron=card_of(member), item=copy.barcode)).ok == (
        "1" if supported[1] == "Y" else "0"
    )
    assert Loan.objects.exists() == (supported[1] == "Y")


def test_a_machine_that_was_disabled_is_cut_off(shelves: Shelves, machine: Build, clock: Clock) -> None:
    box = machine()
    terminal = Terminal.objects.get()
    services.switch_terminal(actor=SYSTEM, terminal_id=terminal.pk, on=False, now=NOW)
    clock.later(seconds=31)
    refused = box.send(m.CheckIn(at=AT, item=shelves.copy().barcode))
    assert isinstance(refused, m.LoginAnswer)
    assert (refused.ok, box.closed) == ("0", True)


def test_nobody_is_answered_before_signing_in(shelves: Shelves, machine: Build) -> None:
    from khaneh.interfaces.protocols.sip2.dispatch import open_session

    stranger = Machine(open_session("elsewhere"))
    status = stranger.send(m.MachineStatus())
    assert (status.online, status.institution, status.library) == ("N", "", None)
    for _ in range(2):
        assert stranger.send(m.Login(user="machine-1", password="guess")).ok == "0"
    assert not stranger.closed
    assert stranger.send(m.Login(user="nobody", password="guess")).ok == "0"
    assert stranger.closed
    refused = Machine(open_session("elsewhere")).send(m.CheckIn(at=AT, item=shelves.copy().barcode))
    assert refused.ok == "0"
    assert not Loan.objects.exists()
