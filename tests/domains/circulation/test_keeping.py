"""Two memberships become one, a history is given up, records are merged and taken apart: nobody loses their place. Spec: CIRC-KEEP."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from khaneh.domains.catalogue import services as catalogue
from khaneh.domains.catalogue.models import Record, Work
from khaneh.domains.circulation import services
from khaneh.domains.circulation.models import FeeEntry, Loan, Request, Target
from khaneh.domains.circulation.services.following import follow_catalogue
from khaneh.domains.circulation.services.ledger import balance
from khaneh.domains.circulation.types import FeeKind, RequestLevel
from khaneh.domains.people import services as people
from khaneh.domains.people.models import Member
from khaneh.kernel.actor import SYSTEM
from khaneh.kernel.money import Money
from tests.domains.circulation.impossible import impossible
from tests.domains.circulation.shelves import NOW, Shelves

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def ask(shelves: Shelves, member: Member, target: int, *, level: str = "record", **facts: Any) -> int:
    facts = {"pickup_house_id": shelves.branch.pk, "now": NOW, **facts}
    return services.place_request(
        actor=SYSTEM, member_id=member.pk, level=RequestLevel(level), target_id=target, for_member_id=member.pk, **facts
    ).request_id


def lend(shelves: Shelves, member: Member, barcode: str | None, now: Any = NOW) -> int:
    house = shelves.central.pk
    return services.check_out(actor=SYSTEM, house_id=house, barcode=barcode or "", member_id=member.pk, now=now).loan_id


def take_back(shelves: Shelves, barcode: str | None, now: Any, house: Any = None) -> None:
    where = (house or shelves.central).pk
    services.check_in(actor=SYSTEM, house_id=where, barcode=barcode or "", now=now)


def merge(kept: Member, gone: Member) -> None:
    people.merge_members(actor=SYSTEM, kept_id=kept.pk, gone_id=gone.pk, now=NOW + DAY)
    assert impossible() == []


def test_circ_keep_4_loans_requests_and_debts_go_to_the_membership_that_is_kept(shelves: Shelves) -> None:
    kept, gone = shelves.member(), shelves.member()
    copy, other = shelves.copy(), shelves.copy()
    loan, waiting = lend(shelves, gone, copy.barcode), ask(shelves, gone, other.record_id)
    act = {"actor": SYSTEM, "house_id": shelves.central.pk, "kind": FeeKind.OTHER, "now": NOW}
    services.charge(member_id=gone.pk, amount=Money(500, "IRR"), **act)  # type: ignore[arg-type]
    services.charge(member_id=kept.pk, amount=Money(70, "IRR"), **act)  # type: ignore[arg-type]
    merge(kept, gone)
    assert Loan.objects.get(pk=loan).member_id == kept.pk
    assert Request.objects.get(pk=waiting).member_id == kept.pk
    assert (balance(kept.pk, "IRR"), balance(gone.pk, "IRR")) == (570, 0)
    assert FeeEntry.objects.filter(member=kept).count() == 2
    take_back(shelves, copy.barcode, NOW + 2 * DAY)
    assert Loan.objects.get(pk=loan).member_id is None


@pytest.mark.parametrize("level", ["record", "work", "copy"])
def test_circ_keep_4_of_two_requests_for_one_thing_the_earlier_keeps_its_place(shelves: Shelves, level: str) -> None:
    kept, gone = shelves.member(), shelves.member()
    work = Work.objects.create()
    copy = shelves.copy(record=shelves.record(work))
    target = {"record": copy.record_id, "work": work.pk, "copy": copy.pk}[level]
    early = ask(shelves, gone, target, level=level)
    late = ask(shelves, kept, target, level=level, now=NOW + HOUR)
    merge(kept, gone)
    assert Request.objects.values_list("member_id", "ended_at").get(pk=early) == (kept.pk, None)
    ended = Request.objects.get(pk=late)
    assert (ended.state, ended.end_reason, ended.member_id) == ("cancelled", "merged", None)
    assert not Target.objects.filter(request_id=late, state="asked").exists()


def test_circ_keep_4_the_request_that_has_its_copy_goes_on(shelves: Shelves) -> None:
    kept, gone, record = shelves.member(), shelves.member(), shelves.record()
    copies = [shelves.copy(shelves.branch, record), shelves.copy(shelves.branch, record)]
    early = ask(shelves, kept, record.pk)
    late = ask(shelves, gone, record.pk, now=NOW + HOUR)
    services.suspend_request(actor=SYSTEM, request_id=early, until=NOW + 9 * DAY, now=NOW + HOUR)
    take_back(shelves, copies[0].barcode, NOW + 2 * HOUR, shelves.branch)
    merge(kept, gone)
    assert Request.objects.values_list("state", "member_id").get(pk=late) == ("on_shelf", kept.pk)
    assert Request.objects.get(pk=early).state == "cancelled"


def test_circ_keep_4_of_two_copies_on_the_hold_shelf_one_is_free_again(shelves: Shelves) -> None:
    kept, gone, record = shelves.member(), shelves.member(), shelves.record()
    copies = [shelves.copy(shelves.branch, record), shelves.copy(shelves.branch, record)]
    for member in (kept, gone):
        ask(shelves, member, record.pk)
    for copy in copies:
        take_back(shelves, copy.barcode, NOW + HOUR, shelves.branch)
    assert Request.objects.filter(state="on_shelf").count() == 2
    merge(kept, gone)
    states = []
    for copy in copies:
        copy.refresh_from_db()
        states.append(copy.state)
    assert sorted(states) == ["available", "on_hold_shelf"]


def test_circ_keep_4_a_history_goes_along_only_if_both_kept_one(shelves: Shelves) -> None:
    both = [shelves.member(keep_history=True), shelves.member(keep_history=True)]
    only = [shelves.member(keep_history=False), shelves.member(keep_history=True)]
    loans = {}
    for kept, gone in (both, only):
        copy = shelves.copy()
        loans[gone.pk] = lend(shelves, gone, copy.barcode)
        take_back(shelves, copy.barcode, NOW + HOUR)
        assert Loan.objects.get(pk=loans[gone.pk]).member_id == gone.pk
        merge(kept, gone)
    assert Loan.objects.get(pk=loans[both[1].pk]).member_id == both[0].pk
    assert Loan.objects.get(pk=loans[only[1].pk]).member_id is None


def test_circ_keep_2_who_gives_up_the_history_has_none_at_once(shelves: Shelves) -> None:
    member = shelves.member(keep_history=True)
    copy, other = shelves.copy(), shelves.copy()
    loan = lend(shelves, member, copy.barcode)
    Loan.objects.filter(pk=loan).update(terms={"fee_per_day": [1000, "IRR"]})
    take_back(shelves, copy.barcode, NOW + 40 * DAY)
    request = ask(shelves, member, other.record_id, note="for Ms Karimi", now=NOW + 41 * DAY)
    services.cancel_request(actor=SYSTEM, request_id=request, now=NOW + 42 * DAY)
    still = lend(shelves, member, other.barcode, NOW + 43 * DAY)
    assert FeeEntry.objects.get(member=member).loan_id == loan
    assert Request.objects.get(pk=request).note
    people.set_keep_history(actor=SYSTEM, member_id=member.pk, keep=False, now=NOW + 44 * DAY)
    assert not Loan.objects.filter(member=member).exclude(pk=still).exists()
    assert Loan.objects.get(pk=still).member_id == member.pk, "what is lent still is lent"
    assert FeeEntry.objects.get(member=member).loan_id is None
    assert Request.objects.values_list("member_id", "note").get(pk=request) == (None, "")


def records(shelves: Shelves, *, work: bool = False) -> tuple[Record, Record]:
    text = Work.objects.create() if work else None
    one, other = shelves.record(text), shelves.record(text)
    if work:
        Record.objects.filter(pk__in=[one.pk, other.pk]).update(work_is_manual=True)
    return one, other


def unite(gone: Record, kept: Record) -> int:
    return catalogue.merge_records(
        actor=SYSTEM, from_record_id=gone.pk, into_record_id=kept.pk, reason="one book", now=NOW
    )


def part(decision: int) -> None:
    catalogue.undo_merge(actor=SYSTEM, decision_id=decision, reason="two books", now=NOW)


def test_circ_keep_5_a_request_follows_its_record_and_comes_back_with_it(shelves: Shelves) -> None:
    gone, kept = records(shelves)
    copies = [shelves.copy(shelves.central, gone), shelves.copy(shelves.far, kept)]
    first, second = (ask(shelves, shelves.member(), gone.pk, now=NOW + n * HOUR) for n in range(2))
    by_copy = ask(shelves, shelves.member(), copies[0].pk, level="copy", now=NOW + 2 * HOUR)
    assert dict(Target.objects.filter(state="asked").values_list("request_id", "copy_id")) == {first: copies[0].pk}
    decision = unite(gone, kept)
    assert set(Request.objects.values_list("record_id", flat=True)) == {kept.pk}
    services.target_waiting(now=NOW + DAY)
    asked = dict(Target.objects.filter(state="asked").values_list("request_id", "copy_id"))
    assert asked == {first: copies[0].pk, second: copies[1].pk}
    part(decision)
    assert dict(Request.objects.values_list("pk", "record_id")) == {first: gone.pk, second: gone.pk, by_copy: gone.pk}
    assert dict(Target.objects.filter(state="asked").values_list("request_id", "copy_id")) == {first: copies[0].pk}
    assert Request.objects.get(pk=second).state == "placed"
    assert not Request.objects.filter(asked_record__isnull=False).exists()
    assert impossible() == []


def test_circ_keep_5_who_waits_for_both_records_waits_once(shelves: Shelves) -> None:
    gone, kept = records(shelves)
    copies = [shelves.copy(shelves.branch, gone), shelves.copy(shelves.branch, kept)]
    patient, served = shelves.member(), shelves.member()
    early, late = ask(shelves, patient, gone.pk), ask(shelves, patient, kept.pk, now=NOW + HOUR)
    theirs, ready = ask(shelves, served, kept.pk, now=NOW + HOUR), ask(shelves, served, gone.pk, now=NOW + 2 * HOUR)
    for _ in range(2):
        take_back(shelves, copies[0].barcode, NOW + DAY, shelves.branch)
        Request.objects.filter(pk=early, state="on_shelf").update(
            state="placed", captured_copy=None, captured_at=None, shelf_until=None, priority=-1
        )
    assert Request.objects.get(pk=ready).state == "on_shelf"
    unite(gone, kept)
    states = dict(Request.objects.values_list("pk", "state"))
    assert (states[late], states[theirs], states[ready]) == ("cancelled", "cancelled", "on_shelf")
    assert states[early] in ("placed", "targeted")
    assert Request.objects.get(pk=early).record_id == kept.pk
    assert impossible() == []


def test_circ_keep_5_a_work_that_lost_its_last_record_leaves_nobody_waiting_for_nothing(shelves: Shelves) -> None:
    one, other = records(shelves, work=True)
    work = one.work_id
    assert work is not None
    shelves.copy(shelves.far, one)
    number = ask(shelves, shelves.member(), work, level="work")
    move = {"actor": SYSTEM, "reason": "another text", "now": NOW}
    catalogue.move_to_work(record_ids=[other.pk], work_id=None, **move)  # type: ignore[arg-type]
    assert Request.objects.get(pk=number).work_id == work, "there is still a record of it"
    elsewhere = catalogue.move_to_work(record_ids=[one.pk], work_id=None, **move)  # type: ignore[arg-type]
    moved = Request.objects.get(pk=number)
    assert (moved.level, moved.work_id, moved.asked_work_id) == ("work", elsewhere, work)
    Record.objects.filter(pk=one.pk).update(work=None)
    assert follow_catalogue(now=NOW) == (1, 0)
    moved.refresh_from_db()
    assert (moved.level, moved.work_id, moved.record_id) == ("record", None, one.pk)
    catalogue.move_to_work(record_ids=[one.pk, other.pk], work_id=work, **move)  # type: ignore[arg-type]
    moved.refresh_from_db()
    assert (moved.level, moved.work_id, moved.record_id, moved.asked_work_id) == ("work", work, None, None)
    assert follow_catalogue(now=NOW) == (0, 0)
    assert impossible() == []


def test_circ_keep_5_what_an_import_merged_by_itself_is_followed_within_the_hour(shelves: Shelves) -> None:
    gone, kept = records(shelves)
    shelves.copy(shelves.far, kept)
    shelves.copy(shelves.far, gone)
    number = ask(shelves, shelves.member(), gone.pk)
    Record.objects.filter(pk=gone.pk).update(merged_into=kept)
    assert follow_catalogue(now=NOW) == (1, 0)
    assert Request.objects.get(pk=number).record_id == kept.pk
