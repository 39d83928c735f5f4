"""A small network for tests of the ledger: a centre with a credit of its own, another house without."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from khaneh.domains.credits import services
from khaneh.domains.credits.types import Holder, UnitDraft
from khaneh.domains.network.models import House
from khaneh.domains.network.types import Role
from khaneh.domains.people.models import Member, MemberCategory, RoleAssignment
from khaneh.domains.people.queries import actor as actor_of
from khaneh.kernel.actor import SYSTEM, Actor
from tests.domains.spaces.places import NOW, account_of, make_houses, named


@dataclass(frozen=True)
class Ledgers:
    """Houses; people are made as a test needs them."""

    centre: House
    far: House

    def holder(self) -> Holder:
        """Somebody whose ledger it is."""
        return Holder(account_of().pk)

    def person(self) -> Actor:
        """A member of the centre."""
        kind, _ = MemberCategory.objects.get_or_create(code="adult", defaults={"names": {"en": "Adult"}})
        account = account_of()
        Member.objects.create(
            home_house=self.centre, category=kind, account=account, state="active", joined_on=date(2025, 3, 21),
            expires_on=date(2027, 3, 20), birth_date=date(1990, 5, 5), family_name="Maker",
        )  # fmt: skip
        return actor_of(account.pk, now=NOW)

    def member_of(self, actor: Actor) -> int:
        """The membership of somebody."""
        return Member.objects.get(account_id=actor.account_id).pk

    def staff(self, role: Role = Role.HOUSE_MANAGER, house: House | None = None) -> Actor:
        """Somebody who holds a role at a house."""
        account = account_of()
        RoleAssignment.objects.create(
            account=account, role=role.value, house=house or self.centre, valid_from=NOW - timedelta(days=9)
        )
        return actor_of(account.pk, now=NOW)


def make_ledgers() -> Ledgers:
    """The houses, and a credit of the first: an hour for an hour of mentoring, half of one for teaching."""
    centre, _, far = make_houses()
    services.define_unit(
        actor=SYSTEM, draft=UnitDraft("HOURS", named("Hours"), centre.code, {"mentoring": 100, "teaching": 50})
    )
    return Ledgers(centre, far)
