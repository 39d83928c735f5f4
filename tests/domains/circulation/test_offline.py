"""The offline desk's log: kept before it is done, done once, and what does not agree is for a person. Spec: CIRC-OFF."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from khaneh.domains.circulation import services
from khaneh.domains.circulation.errors import ConflictSettled, DeviceRevoked, LogGap, LogTampered
from khaneh.domains.circulation.models import Conflict, Loan, OfflineDevice, OfflineEntry
from khaneh.domains.circulation.queries.offline import conflicts
from khaneh.domains.circulation.services import replaying
from khaneh.domains.circulation.types import (
    ConflictKind,
    ConflictSource,
    ConflictState,
    EntryOutcome,
    RequestLevel,
    SignedEntry,
)
from khaneh.domains.people.models import Card, Member, MemberBlock
from khaneh.domains.policies.types import PolicyRefused
from khaneh.kernel.actor import SYSTEM, VISITOR, Actor, Grant
from khaneh.kernel.refusal import Invalid, NotAllowed
from tests.domains.circulation.offline_device import Device, utc
from tests.domains.circulation.shelves import Shelves

pytestmark = pytest.mark.django_db


@pytest.fixture
def device(shelves: Shelves) -> Device:
    """Enrolled at the central library at 9, with the server's time heard."""
    made = Device(shelves.central.pk, utc(9)).enrol()
    made.hear()
    return made


def card(member: Member) -> str:
    return Card.objects.get(member=member, state="active").barcode


def only_conflict() -> Conflict:
    return Conflict.objects.get(state="open")


def clerk(shelves: Shelves, role: str = "circulation") -> Actor:
    return Actor(grants=(Grant(role, shelves.central.pk),))


def test_circ_off_5_a_day_without_a_line_is_done_in_its_own_time(shelves: Shelves, device: Device) -> None:
    member, copy, other = shelves.member(), shelves.copy(), shelves.copy()
    device.lend(card(member), copy.barcode, due=utc(16, 30, day=9).isoformat())
    device.lend(card(member), other.barcode)
    device.take_back(other.barcode, after=timedelta(hours=1))
    device.time += timedelta(hours=5)
    done = device.send()
    assert [one.outcome for one in done] == [EntryOutcome.DONE] * 3
    loan = Loan.objects.get(copy=copy)
    assert (loan.state, loan.member_id, loan.channel) == ("open", member.pk, "offline")
    assert loan.lent_at == utc(9, 1)
    assert loan.due_at == utc(16, 30, day=9), "what the reader was told holds"
    assert Loan.objects.get(copy=other).state == "returned"
    assert not Conflict.objects.exists()


def test_circ_off_3_told_again_nothing_is_done_again(shelves: Shelves, device: Device) -> None:
    member, copy = shelves.member(), shelves.copy()
    sent = [
        device.lend(card(member), copy.barcode),
        device.take_back(copy.barcode),
        device.lend(card(member), copy.barcode),
    ]
    first = device.send()
    assert device.send(sent) == [], "nothing is left to do"
    assert len(first) == 3
    assert OfflineEntry.objects.count() == 3
    assert Loan.objects.filter(copy=copy).count() == 2


def test_circ_off_3_kept_but_not_done_is_done_later(shelves: Shelves, device: Device) -> None:
    """Killed between keeping and doing: the log is here, and the next call goes on."""
    member, copies = shelves.member(), [shelves.copy() for _ in range(3)]
    for copy in copies:
        device.lend(card(member), copy.barcode)
    services.receive_entries(
        actor=SYSTEM, device_id=device.id, entries=device.unsent, clock_now=device.clock(), now=device.time
    )
    assert not Loan.objects.exists()
    services.replay_pending(actor=SYSTEM, device_id=device.id, now=device.time, limit=2)
    assert Loan.objects.count() == 2
    assert [one.number for one in services.replay_pending(actor=SYSTEM, device_id=device.id, now=device.time)] == [3]
    assert Loan.objects.count() == 3


def test_circ_off_3_an_entry_and_its_outcome_stay(shelves: Shelves, device: Device) -> None:
    device.lend(card(shelves.member()), shelves.copy().barcode)
    device.send()
    entry = OfflineEntry.objects.get()
    assert entry.body is None, "no log of who borrowed what remains"
    for change in (
        {"digest": b"x" * 32},
        {"outcome": "superseded"},
        {"number": 7},
        {"body": "other"},
        {"result": {"goes_to": "shelf"}},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            OfflineEntry.objects.update(**change)
    with pytest.raises(Exception, match="kept as it is"), transaction.atomic():
        OfflineEntry.objects.all().delete()


def _changed(entry: SignedEntry, **facts: object) -> SignedEntry:
    body = json.loads(entry.body)
    body["facts"] |= facts
    return SignedEntry(json.dumps(body), entry.signature)


def test_circ_off_2_a_changed_log_is_refused_and_shown(shelves: Shelves, device: Device) -> None:
    member, copies = shelves.member(), [shelves.copy() for _ in range(3)]
    entries = [device.lend(card(member), copy.barcode) for copy in copies]
    forged = [entries[0], _changed(entries[1], barcode=copies[2].barcode), entries[2]]
    with pytest.raises(LogTampered) as refused:
        device.send(forged)
    assert refused.value.facts["number"] == 2
    assert OfflineEntry.objects.count() == 1, "what stood before it is kept"
    conflict = only_conflict()
    assert (conflict.kind, conflict.number) == (ConflictKind.TAMPERED, 2)
    with pytest.raises(LogTampered):
        device.send(entries)


def test_circ_off_2_another_key_another_order_and_a_missing_entry(shelves: Shelves, device: Device) -> None:
    member, copies = shelves.member(), [shelves.copy() for _ in range(3)]
    entries = [device.lend(card(member), copy.barcode) for copy in copies]
    with pytest.raises(LogGap) as gap:
        device.send(entries[1:])
    assert gap.value.facts["expected"] == 1
    for wrong in (
        [entries[0], entries[2]],
        [SignedEntry(entries[0].body, Device(shelves.central.pk, utc(9)).sign(entries[0].body))],
        [SignedEntry("no entry", b"x" * 64)],
        [SignedEntry(entries[0].body, entries[0].signature[:-1])],
    ):
        with transaction.atomic():
            with pytest.raises(LogTampered):
                device.send(wrong)
            transaction.set_rollback(True)
    assert len(device.send()) == 3


def test_circ_off_2_a_second_entry_of_one_number_is_another_log(shelves: Shelves, device: Device) -> None:
    member, copy, other = shelves.member(), shelves.copy(), shelves.copy()
    number, previous = device.number, device.previous
    device.lend(card(member), copy.barcode)
    device.send()
    device.number, device.previous = number, previous
    device.lend(card(member), other.barcode)
    with pytest.raises(LogTampered):
        device.send()
    assert not Loan.objects.filter(copy=other).exists()


def test_circ_off_1_who_enrols_and_who_sends(shelves: Shelves) -> None:
    for actor in (VISITOR, clerk(shelves), Actor(grants=(Grant("librarian", shelves.branch.pk),))):
        with pytest.raises(NotAllowed):
            Device(shelves.central.pk, utc(9)).enrol(actor=actor)
    device = Device(shelves.central.pk, utc(9)).enrol(actor=clerk(shelves, "librarian"))
    device.lend(card(shelves.member()), shelves.copy().barcode)
    with pytest.raises(NotAllowed):
        device.send(actor=Actor(grants=(Grant("circulation", shelves.branch.pk),)))
    assert not OfflineEntry.objects.exists()
    assert device.send(actor=clerk(shelves))[0].outcome is EntryOutcome.DONE


def test_circ_off_1_a_device_cut_off_loses_nothing_and_does_nothing(shelves: Shelves, device: Device) -> None:
    copy, member = shelves.copy(), shelves.member()
    device.lend(card(member), copy.barcode)
    services.revoke_device(actor=SYSTEM, device_id=device.id, now=device.time)
    assert device.send()[0].outcome is EntryOutcome.CONFLICT
    assert not Loan.objects.exists()
    with pytest.raises(DeviceRevoked):
        services.recover_device(actor=SYSTEM, device_id=device.id)
    conflict = only_conflict()
    assert conflict.kind == ConflictKind.DEVICE_REVOKED
    accept(conflict, shelves)
    assert Loan.objects.get(copy=copy).member_id == member.pk


def accept(conflict: Conflict, shelves: Shelves, role: str = "librarian", **more: int) -> None:
    services.settle_conflict(
        actor=clerk(shelves, role), conflict_id=conflict.pk, how=ConflictState.ACCEPTED, reason="She has it", now=utc(15),
        **more,
    )  # fmt: skip


def test_circ_off_6_a_copy_that_another_has(shelves: Shelves, device: Device) -> None:
    """By the register somebody else has it, but it was on this desk: it had come back."""
    earlier, member, copy = shelves.member(), shelves.member(), shelves.copy()
    services.check_out(actor=SYSTEM, house_id=shelves.central.pk, barcode=copy.barcode, card=card(earlier), now=utc(8))
    device.lend(card(member), copy.barcode)
    assert device.send()[0].outcome is EntryOutcome.CONFLICT
    conflict = only_conflict()
    assert (conflict.kind, conflict.member_id, conflict.done) == (ConflictKind.COPY_LENT, member.pk, False)
    assert Loan.objects.get(copy=copy).member_id == earlier.pk
    accept(conflict, shelves)
    assert list(Loan.objects.filter(copy=copy).order_by("pk").values_list("state", "member_id")) == [
        ("returned", None),
        ("open", member.pk),
    ]
    conflict.refresh_from_db()
    assert (conflict.facts, conflict.member_id, conflict.state) == ({}, None, "accepted"), "settled, it names nobody"
    with pytest.raises(ConflictSettled):
        accept(conflict, shelves)


def test_circ_off_6_a_copy_lent_since(shelves: Shelves, device: Device) -> None:
    member, later, copy = shelves.member(), shelves.member(), shelves.copy()
    device.lend(card(member), copy.barcode)
    device.take_back(copy.barcode)
    services.check_out(actor=SYSTEM, house_id=shelves.branch.pk, barcode=copy.barcode, card=card(later), now=utc(10))
    device.time = utc(11)
    assert [one.outcome for one in device.send()] == [EntryOutcome.CONFLICT] * 2
    assert set(Conflict.objects.values_list("kind", flat=True)) == {ConflictKind.LENT_SINCE}
    assert Loan.objects.get(copy=copy).member_id == later.pk, "a return of this morning does not end a loan of noon"


def test_circ_off_6_what_the_rules_refuse(shelves: Shelves, device: Device) -> None:
    blocked, expired = shelves.member(), shelves.member(expires_on="2026-01-01")
    MemberBlock.objects.create(member=blocked, house=shelves.central, reason="conduct", placed_at=utc(7))
    full, reference, reserved = shelves.member(), shelves.copy(item_type="reference"), shelves.copy()
    for _ in range(5):
        services.check_out(
            actor=SYSTEM, house_id=shelves.central.pk, barcode=shelves.copy().barcode, card=card(full), now=utc(8)
        )
    waiting = shelves.member()
    services.place_request(
        actor=SYSTEM, member_id=waiting.pk, level=RequestLevel.COPY, target_id=reserved.pk,
        pickup_house_id=shelves.central.pk, now=utc(8),
    )  # fmt: skip
    services.target_waiting(now=utc(8))
    device.lend(card(blocked), shelves.copy().barcode)
    device.lend(card(expired), shelves.copy().barcode)
    device.lend(card(full), shelves.copy().barcode)
    device.lend(card(shelves.member()), reference.barcode)
    device.lend(card(shelves.member()), reserved.barcode)
    device.lend("M99999999", shelves.copy().barcode)
    device.lend(card(shelves.member()), "nowhere")
    device.take_back("nowhere")
    device.send()
    kinds = list(Conflict.objects.order_by("number").values_list("kind", flat=True))
    assert kinds == [
        "member_blocked", "member_expired", "over_limit", "not_for_loan", "reserved", "card_unknown", "copy_unknown",
        "copy_unknown",
    ]  # fmt: skip
    over = Conflict.objects.get(kind="over_limit")
    with pytest.raises(PolicyRefused):
        accept(over, shelves, role="circulation")
    over.refresh_from_db()
    assert over.state == "open", "who has not the right changes nothing"
    accept(over, shelves)
    assert Loan.objects.get(pk=Conflict.objects.get(kind="over_limit").loan_id).override["reason"] == "She has it"
    with pytest.raises(Invalid):
        services.settle_conflict(
            actor=SYSTEM, conflict_id=Conflict.objects.get(kind="reserved").pk, how=ConflictState.DISMISSED, reason=" ",
            now=utc(15),
        )  # fmt: skip


def test_circ_off_6_a_return_that_a_reader_waits_for(shelves: Shelves, device: Device) -> None:
    """The copy stands on the shelf by now: somebody must take it to the hold shelf."""
    member, waiting, copy = shelves.member(), shelves.member(), shelves.copy()
    services.check_out(actor=SYSTEM, house_id=shelves.central.pk, barcode=copy.barcode, card=card(member), now=utc(8))
    services.place_request(
        actor=SYSTEM, member_id=waiting.pk, level=RequestLevel.COPY, target_id=copy.pk,
        pickup_house_id=shelves.central.pk, now=utc(8),
    )  # fmt: skip
    device.take_back(copy.barcode)
    done = device.send()
    assert (done[0].outcome, done[0].result["goes_to"]) == (EntryOutcome.DONE, "hold_shelf")
    assert done[0].result.keys() == {"goes_to", "to_house_id"}, "no number that leads to a loan"
    conflict = only_conflict()
    assert (conflict.kind, conflict.done, conflict.facts["barcode"]) == (ConflictKind.CAPTURED, True, copy.barcode)
    assert conflict.member_id is None


def test_circ_off_5_a_new_member_borrows_at_once(shelves: Shelves, device: Device) -> None:
    shelves.member()
    copy = shelves.copy()
    device.write(
        "register",
        family_name="Rahimi",
        given_name="Sara",
        category="adult",
        birth_date="1999-01-01",
        card="2000000017",
    )
    device.write("check_out", member_entry=1, card="2000000017", barcode=copy.barcode)
    assert [one.outcome for one in device.send()] == [EntryOutcome.DONE] * 2
    sara = Member.objects.get(family_name="Rahimi")
    assert (card(sara), sara.joined_on.isoformat()) == ("2000000017", "2026-03-02")
    assert Loan.objects.get(copy=copy).member_id == sara.pk


def test_circ_off_6_a_card_given_twice(shelves: Shelves, device: Device) -> None:
    """The card is another's: neither the card nor the loans of the new member go to the other."""
    other, copy = shelves.member(), shelves.copy()
    Card.objects.create(
        member=shelves.member(), barcode="2000000017", issued_at=utc(8), state="closed", ended_at=utc(8)
    )
    facts = {"family_name": "Rahimi", "given_name": "Sara", "category": "adult", "birth_date": "1999-01-01"}
    device.write("register", **facts, card=card(other))
    device.write("check_out", member_entry=1, card=card(other), barcode=copy.barcode)
    device.send()
    assert [*Conflict.objects.order_by("number").values_list("kind", flat=True)] == ["card_taken", "member_waits"]
    assert not Loan.objects.exists()
    mine = shelves.member(family_name="Rahimi")
    accept(Conflict.objects.get(number=1), shelves, as_member=mine.pk)
    assert Loan.objects.get(copy=copy).member_id == mine.pk, "what waited for the member is done"
    assert not Conflict.objects.filter(state="open").exists()


def test_circ_off_6_somebody_who_may_be_a_member_already(shelves: Shelves, device: Device) -> None:
    facts = {"family_name": "Rahimi", "given_name": "Sara", "category": "adult", "birth_date": "1999-01-01"}
    shelves.member()
    device.write("register", **facts)
    device.send()
    device.write("register", **facts)
    device.send()
    conflict = only_conflict()
    assert conflict.kind == ConflictKind.POSSIBLE_DUPLICATE
    assert conflict.facts["members"] == [Member.objects.get(family_name="Rahimi").pk]
    accept(conflict, shelves)
    assert Member.objects.filter(family_name="Rahimi").count() == 2


def test_circ_off_5_a_copy_that_came_in_elsewhere_before_the_log_did(shelves: Shelves, device: Device) -> None:
    """Lent without a line at 9, brought to the branch at 11, the log arrives at 14: the loan is over."""
    member, copy = shelves.member(), shelves.copy()
    device.lend(card(member), copy.barcode)
    services.check_in(actor=SYSTEM, house_id=shelves.branch.pk, barcode=copy.barcode, now=utc(11))
    device.time = utc(14)
    done = device.send()
    assert (done[0].outcome, done[0].result["returned"]) == (EntryOutcome.DONE, True)
    assert Loan.objects.get(copy=copy).state == "returned"


def test_circ_off_5_a_return_that_was_overtaken(shelves: Shelves, device: Device) -> None:
    member, copy = shelves.member(), shelves.copy()
    services.check_out(actor=SYSTEM, house_id=shelves.central.pk, barcode=copy.barcode, card=card(member), now=utc(8))
    device.take_back(copy.barcode)
    services.check_in(actor=SYSTEM, house_id=shelves.branch.pk, barcode=copy.barcode, now=utc(11))
    device.time = utc(14)
    assert device.send()[0].outcome is EntryOutcome.SUPERSEDED
    copy.refresh_from_db()
    assert copy.state == "in_transit", "it is on its way from the branch and stays so"


def test_circ_off_4_a_time_that_is_not_sure_is_shown(shelves: Shelves, device: Device) -> None:
    copy = shelves.copy()
    device.reopen()
    device.off = timedelta(days=-3)
    device.lend(card(shelves.member()), copy.barcode)
    device.reopen()
    device.off = timedelta(0)
    device.time += timedelta(days=5)
    device.send()
    conflict = only_conflict()
    assert (conflict.kind, conflict.done) == (ConflictKind.TIME_UNSURE, True)
    loan = Loan.objects.get(copy=copy)
    assert utc(9) <= loan.lent_at <= device.time


def test_circ_off_3_a_fault_is_handed_over_and_the_log_goes_on(
    shelves: Shelves, device: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    from khaneh.domains.circulation.services import late_acts

    copy = shelves.copy()
    device.take_back(copy.barcode)
    device.lend(card(shelves.member()), copy.barcode)

    def fails(**_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(late_acts, "take_back", fails)
    assert [one.outcome for one in device.send()] == [EntryOutcome.CONFLICT, EntryOutcome.DONE]
    assert only_conflict().kind == ConflictKind.FAILED
    assert OfflineDevice.objects.get().last_number == 2


def test_circ_off_7_a_snapshot_and_what_has_changed_since(shelves: Shelves, device: Device) -> None:
    member, blocked = shelves.member(given_name="Sara"), shelves.member(shelves.branch)
    MemberBlock.objects.create(member=blocked, house=shelves.central, reason="conduct", placed_at=utc(7))
    copy, lent, elsewhere = shelves.copy(), shelves.copy(), shelves.copy(shelves.far)
    services.check_out(actor=SYSTEM, house_id=shelves.central.pk, barcode=lent.barcode, card=card(member), now=utc(8))
    first = services.draw_snapshot(actor=clerk(shelves), device_id=device.id, have={}, now=utc(9))
    rows = [row for data in first.parts.values() for row in json.loads(data)]
    everything = json.dumps(rows)
    assert (first.members, first.copies) == (2, 2)
    assert [member.pk, card(member), f"Sara {member.family_name}", "adult", "2027-03-20", [], 1, 0, 0, 0] in rows
    assert [copy.pk, copy.barcode, "", "book", "available", "", 0] in rows
    assert "conduct" in everything
    assert elsewhere.barcode not in everything
    again = services.draw_snapshot(actor=clerk(shelves), device_id=device.id, have=first.names, now=utc(9, 5))
    assert (dict(again.parts), again.names) == ({}, first.names)
    services.check_in(actor=SYSTEM, house_id=shelves.central.pk, barcode=lent.barcode, now=utc(10))
    later = services.draw_snapshot(actor=clerk(shelves), device_id=device.id, have=first.names, now=utc(10))
    assert sorted(later.parts) == sorted({f"m{member.pk % 256}", f"c{lent.pk % 256}"})


def test_circ_off_7_dues_are_those_that_the_desk_would_give(shelves: Shelves, device: Device) -> None:
    member = shelves.member()
    drawn = services.draw_snapshot(actor=SYSTEM, device_id=device.id, have={}, now=utc(9))
    term = drawn.terms["adult|0"]["book"]
    for turn in range(8):
        lent = services.check_out(
            actor=SYSTEM, house_id=shelves.central.pk, barcode=shelves.copy().barcode, card=card(shelves.member()),
            now=utc(9, day=2 + turn),
        )  # fmt: skip
        assert drawn.dues[str(term["days"])][turn] == lent.due_at.isoformat()
    assert drawn.terms["adult|0"]["reference"]["refused"]["en"]
    assert member.pk


def test_circ_off_7_nobody_else_gets_one(shelves: Shelves, device: Device) -> None:
    for actor in (VISITOR, Actor(grants=(Grant("librarian", shelves.branch.pk),))):
        with pytest.raises(NotAllowed):
            services.draw_snapshot(actor=actor, device_id=device.id, have={}, now=utc(9))
    services.revoke_device(actor=SYSTEM, device_id=device.id, now=utc(9))
    with pytest.raises(DeviceRevoked):
        services.draw_snapshot(actor=SYSTEM, device_id=device.id, have={}, now=utc(9))


def test_circ_off_3_what_was_kept_and_left_is_done_by_the_round(shelves: Shelves, device: Device) -> None:
    member, copy = shelves.member(), shelves.copy()
    device.lend(card(member), copy.barcode)
    services.receive_entries(
        actor=SYSTEM, device_id=device.id, entries=device.unsent, clock_now=device.clock(), now=device.time
    )
    assert replaying.replay_left(now=device.time) == 0, "somebody may be at it"
    assert replaying.replay_left(now=device.time + timedelta(minutes=6)) == 1
    assert Loan.objects.get().copy_id == copy.pk
    services.check_in(actor=SYSTEM, house_id=shelves.branch.pk, barcode=shelves.copy().barcode, now=utc(8))
    assert replaying.forget_strays(now=utc(9)) == 0
    assert replaying.forget_strays(now=utc(9) + timedelta(days=90)) == 1


def test_circ_off_6_sip2_hands_over_what_it_did_all_the_same(shelves: Shelves) -> None:
    """A self-check without a line let a reader go with a copy: it stands, a person may undo it."""
    member, copy = shelves.member(), shelves.copy()
    lent = services.check_out(
        actor=SYSTEM, house_id=shelves.central.pk, barcode=copy.barcode, card=card(member), now=utc(8)
    )
    number = services.keep_conflict(
        source=ConflictSource.SIP2, house_id=shelves.central.pk, act="check_out", kind=ConflictKind.OVER_LIMIT, done=True,
        facts={"card": card(member), "barcode": copy.barcode}, happened_at=utc(8), now=utc(9), loan_id=lent.loan_id,
    )  # fmt: skip
    [row] = conflicts(clerk(shelves), house_id=shelves.central.pk)
    assert (row.id, row.done, row.member_id, row.barcode) == (number, True, member.pk, copy.barcode)
    services.settle_conflict(
        actor=clerk(shelves), conflict_id=number, how=ConflictState.UNDONE, reason="She brought it back", now=utc(10)
    )
    assert Loan.objects.get(copy=copy).state == "returned"
    assert conflicts(clerk(shelves), house_id=shelves.central.pk) == []
    [row] = conflicts(clerk(shelves), house_id=shelves.central.pk, settled=True)
    assert (row.state, row.facts, row.member_id) == (ConflictState.UNDONE, {}, None)
