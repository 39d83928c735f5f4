"""A program takes back what it has just done, by what the answer gave it; wards are applied for; long lists come part by part."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.fernet import Fernet

from khaneh.domains.catalogue.models import Copy
from khaneh.domains.circulation.models import FeeEntry, Loan
from khaneh.domains.circulation.services import check_out
from khaneh.domains.network.types import Role
from khaneh.domains.people.models import Guardianship, Member
from khaneh.interfaces.api import undoing
from khaneh.kernel.actor import SYSTEM
from khaneh.kernel.refusal import NotFound
from tests.domains.circulation.shelves import Shelves
from tests.interfaces.api.keys import Program, program
from tests.interfaces.api.test_lending import desk, lend, problem, shelves

pytestmark = pytest.mark.django_db

__all__ = ["desk", "shelves"]


def long_ago(shelves: Shelves, member: Member, days: int) -> tuple[Copy, int]:
    """A copy that was lent so many days ago, and its loan."""
    copy, then = shelves.copy(), datetime.now(UTC) - timedelta(days=days)
    lent = check_out(actor=SYSTEM, house_id=shelves.central.pk, barcode=copy.barcode, member_id=member.pk, now=then)
    terms = Loan.objects.get(pk=lent.loan_id).terms
    Loan.objects.filter(pk=lent.loan_id).update(terms={**terms, "fee_per_day": [1_000, "IRR"], "grace_days": 0})
    return copy, lent.loan_id


def test_a_loan_is_taken_back(shelves: Shelves, desk: Program) -> None:
    member = shelves.member()
    _, lent = lend(desk, shelves, member)
    assert desk.done("/undo", {"undo": lent["undo"]}) == {"loan": None}
    assert desk.read(f"/members/{member.pk}/loans")["total"] == 0
    problem(desk.post("/undo", {"undo": lent["undo"]}), 409, "circulation.loan_ended")


def test_a_return_is_taken_back_with_its_fee(shelves: Shelves, desk: Program) -> None:
    member = shelves.member()
    copy, lent = long_ago(shelves, member, 60)
    back = desk.done("/returns", {"house": "T-CENTRAL", "copy_barcode": copy.barcode})
    assert back["fee"]["amount"] > 0
    again = desk.done("/undo", {"undo": back["undo"]})["loan"]
    assert again != lent
    assert [one["id"] for one in desk.read(f"/members/{member.pk}/loans")["loans"]] == [again]
    assert sum(FeeEntry.objects.filter(member=member).values_list("amount", flat=True)) == 0


def test_what_nobody_had_lent_cannot_be_taken_back(shelves: Shelves, desk: Program) -> None:
    back = desk.done("/returns", {"house": "T-CENTRAL", "copy_barcode": shelves.copy().barcode})
    assert (back["loan"], back["undo"]) == (None, None)


def test_the_seal_says_nothing_of_a_reader_and_is_nobody_elses(shelves: Shelves, desk: Program) -> None:
    member = shelves.member()
    copy, _ = lend(desk, shelves, member)
    back = desk.done("/returns", {"house": "T-CENTRAL", "copy_barcode": copy.barcode})
    assert b"return" not in base64.urlsafe_b64decode(back["undo"])
    far = program((Role.LIBRARIAN, shelves.far.pk))
    problem(far.post("/undo", {"undo": back["undo"]}), 403, "kernel.not_allowed")
    other = Fernet(Fernet.generate_key()).encrypt(b'["loan", 1, 1, null, null]').decode()
    for wrong in (other, back["undo"][:-8] + "AAAAAAA=", "nothing"):
        problem(desk.post("/undo", {"undo": wrong}), 404, "kernel.not_found")


def test_a_seal_is_opened_for_ten_minutes() -> None:
    act = undoing.Act("return", 1, 2, 3, None)
    fresh = undoing.seal(act)
    assert undoing.unseal(fresh) == act
    box = undoing._box()
    at = box.extract_timestamp(fresh.encode())
    with pytest.raises(NotFound):
        undoing.unseal(box.encrypt_at_time(b'["return", 1, 2, 3, null]', at - 601).decode())


def test_a_child_is_applied_for_by_who_answers_for_them(shelves: Shelves, desk: Program) -> None:
    parent = shelves.member()
    own = program(own=True, member=parent)
    draft = {"family_name": "Small", "category": "adult", "home": "T-CENTRAL", "birth_date": "1991-01-01"}
    made = own.done("/me/wards", draft)["id"]
    assert Guardianship.objects.get(ward_id=made).guardian_id == parent.pk
    assert [one["id"] for one in desk.read("/members/applications")["members"]] == [made]
    assert desk.done(f"/members/{made}/approve", {})["card"]
    assert made in [one["member"] for one in own.read("/me/persons")["persons"]]


def test_lists_of_work_come_part_by_part(shelves: Shelves, desk: Program) -> None:
    member = shelves.member()
    late = [long_ago(shelves, member, days)[1] for days in (90, 80, 70)]
    seen: list[Any] = []
    for offset, more in ((0, True), (2, False), (4, False)):
        part = desk.read("/houses/T-CENTRAL/overdue", limit=2, offset=offset)
        assert part["more"] is more
        seen += [one["loan"] for one in part["loans"]]
    assert seen == late
    for list_of in ("pull-list", "hold-shelf", "transfers"):
        assert desk.read(f"/houses/T-CENTRAL/{list_of}", limit=1, offset=7)["more"] is False
    assert desk.get("/houses/T-CENTRAL/overdue", offset=-1).status_code == 422
