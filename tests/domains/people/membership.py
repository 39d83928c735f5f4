"""A small network with desks, categories and accounts, for tests of members."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from khaneh.domains.network.models import House
from khaneh.domains.people import services
from khaneh.domains.people.models import Account
from khaneh.domains.people.queries import members_finding
from khaneh.domains.people.types import CardIssued, CategoryRow, MemberDraft
from khaneh.kernel.actor import SYSTEM, Actor, Grant
from khaneh.kernel.labels import Label
from tests.domains.circulation.shelves import make_shelves

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Club:
    """Houses of one province and one of another, and who works there. `desk` lends at the central house, `lead` is its librarian."""

    central: House
    branch: House
    far: House
    desk: Actor
    lead: Actor
    far_desk: Actor

    def draft(self, **facts: Any) -> MemberDraft:
        """An adult of the central house; every one has another name and telephone."""
        number = next(_numbers)
        facts = {
            "given_name": "مریم", "family_name": f"رضایی {number}", "category": "adult", "home_house_id": self.central.pk,
            "birth_date": date(1990, 5, 5), "phone": f"0912555{number:04}", "email": f"maryam{number}@example.org",
            "language": "fa", **facts,
        }  # fmt: skip
        return MemberDraft(**facts)

    def register(self, **facts: Any) -> CardIssued:
        """A member of the central house, registered by the system."""
        return services.register_member(actor=SYSTEM, draft=self.draft(**facts), now=NOW)

    def account(self, name: str = "") -> Actor:
        """Somebody who has signed up and holds no role."""
        address = f"{name or 'reader'}{next(_numbers)}@example.org"
        return Actor(account_id=Account.objects.create_user(address, name=name).pk)

    def joined(self) -> tuple[Actor, int]:
        """Somebody with an account whose application was approved: who they are, and their member's id."""
        actor = self.account()
        member = services.apply_for_membership(actor=actor, draft=self.draft(), now=NOW)
        services.approve_application(actor=self.desk, member_id=member, now=NOW)
        return actor, member


def make_club() -> Club:
    """The club over three houses; call it in a database that will be cleaned."""
    members_finding.forget_places()  # houses made by a test announce themselves to nobody
    shelves = make_shelves()
    for code, oldest, guardian, months in (
        ("adult", None, False, 12),
        ("child", 14, True, 24),
        ("class", None, True, 10),
    ):
        services.ensure_category(
            actor=SYSTEM,
            category=CategoryRow(
                code, Label(code, code, code), months, 18 if code == "adult" else None, oldest, guardian, True
            ),
        )
    desk, lead, far = (Account.objects.create_user(f"{name}@example.org").pk for name in ("desk", "lead", "far"))
    return Club(
        central=shelves.central,
        branch=shelves.branch,
        far=shelves.far,
        desk=Actor(account_id=desk, grants=(Grant("circulation", house_id=shelves.central.pk),)),
        lead=Actor(account_id=lead, grants=(Grant("librarian", house_id=shelves.central.pk),)),
        far_desk=Actor(account_id=far, grants=(Grant("librarian", house_id=shelves.far.pk),)),
    )
