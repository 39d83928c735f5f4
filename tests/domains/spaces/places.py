"""A small network for tests of spaces: two houses in Qom and one far away, with a workshop, machines, desks and a room."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from khaneh.domains.network.models import House, OpeningHours, Organisation, Region
from khaneh.domains.network.types import Role
from khaneh.domains.people.models import Account, Card, Member, MemberCategory, RoleAssignment
from khaneh.domains.people.queries import actor as actor_of
from khaneh.domains.spaces import services
from khaneh.domains.spaces.models import Space
from khaneh.domains.spaces.types import SpaceDraft
from khaneh.kernel.actor import SYSTEM, Actor
from khaneh.kernel.labels import Label

# A Monday; houses are open from 8 to 20 in Tehran, which is UTC+3:30.
NOW = datetime(2026, 3, 2, 5, tzinfo=UTC)
TEHRAN = ZoneInfo("Asia/Tehran")
HOUR = timedelta(hours=1)
_numbers = itertools.count(1)


def at(hour: int, minute: int = 0, *, day: int = 3) -> datetime:
    """An instant of March 2026 by the clocks in Tehran."""
    return datetime.combine(date(2026, 3, day), time(hour, minute), TEHRAN).astimezone(UTC)


def named(text: str) -> Label:
    """The same name in three languages."""
    return Label(text, text, text)


@dataclass(frozen=True)
class Places:
    """Houses and spaces by short names; people are made as a test needs them."""

    centre: House
    branch: House
    far: House
    company: Organisation
    workshop: Space
    laser: Space
    printer: Space
    room: Space
    desks: Space

    def space(self, code: str, house: House | None = None, **facts: Any) -> Space:
        """A further space, made by the service."""
        return make_space(code, house or self.centre, **facts)

    def person(self, *, home: House | None = None, member: bool = True, category: str = "adult", **facts: Any) -> Actor:
        """Somebody with an account, a member unless told otherwise, as who acts."""
        account = account_of()
        if member:
            kind, _ = MemberCategory.objects.get_or_create(
                code=category, defaults={"names": {"en": category, "fa": category, "vi": category}}
            )
            facts = {
                "state": "active", "joined_on": date(2025, 3, 21), "expires_on": date(2027, 3, 20),
                "birth_date": date(1990, 5, 5), "family_name": f"Maker {next(_numbers)}", **facts,
            }  # fmt: skip
            row = Member.objects.create(home_house=home or self.centre, category=kind, account=account, **facts)
            Card.objects.create(member=row, barcode=f"S{next(_numbers):08}", issued_at=NOW)
        return actor_of(account.pk, now=NOW)

    def staff(self, role: Role = Role.HOUSE_MANAGER, house: House | None = None) -> Actor:
        """Somebody who holds a role at a house."""
        account = account_of()
        RoleAssignment.objects.create(
            account=account, role=role.value, house=house or self.centre, valid_from=NOW - timedelta(days=9)
        )
        return actor_of(account.pk, now=NOW)

    def employee(self, *, member: bool = False) -> Actor:
        """Somebody of the company."""
        actor = self.person(member=member)
        RoleAssignment.objects.create(
            account_id=actor.account_id, role=Role.REVIEWER.value, organisation=self.company, valid_from=NOW - timedelta(days=9)
        )  # fmt: skip
        return actor_of(actor.account_id, now=NOW)


def account_of() -> Account:
    """An account with a name and address of its own."""
    number = next(_numbers)
    return Account.objects.create(email=f"maker{number}@example.org", name=f"Maker {number}")


def make_space(code: str, house: House, **facts: Any) -> Space:
    """A space, made by the service."""
    facts = {"kind": "meeting_room", "names": named(code), "capacity": 8, **facts}
    services.add_space(actor=SYSTEM, draft=SpaceDraft(code=code, house_code=house.code, **facts), now=NOW)
    return Space.objects.get(code=code)


def make_houses() -> tuple[House, House, House]:
    """Two houses of one province, 12 km apart, and one 450 km away; open all week from 8 to 20."""
    qom = Region.objects.create(code="P-QM", level=1, country="IR", names={"en": "Qom", "fa": "قم", "vi": "Qom"})
    yazd = Region.objects.create(code="P-YZ", level=1, country="IR", names={"en": "Yazd", "fa": "یزد", "vi": "Yazd"})

    def house(code: str, region: Region, latitude: float, longitude: float) -> House:
        made = House.objects.create(
            code=code, kind="innovation_centre", state="open", region=region, names={"en": code, "fa": code, "vi": code},
            latitude=latitude, longitude=longitude, time_zone="Asia/Tehran", calendar="jalali",
        )  # fmt: skip
        for weekday in range(1, 8):
            OpeningHours.objects.create(house=made, weekday=weekday, opens=8 * 60, closes=20 * 60)
        return made

    return (
        house("P-CENTRE", qom, 34.64, 50.88),
        house("P-BRANCH", qom, 34.70, 50.99),
        house("P-FAR", yazd, 31.90, 54.36),
    )


def make_places() -> Places:
    """The network, under the rules that ship."""
    services.ensure_policies()
    centre, branch, far = make_houses()
    company = Organisation.objects.create(
        code="P-CO", kind="company_startup", country="IR", region=centre.region, names={"en": "Co", "fa": "Co", "vi": "Co"}
    )  # fmt: skip
    workshop = make_space("SHOP", centre, kind="workshop", capacity=12, max_minutes=720)
    return Places(
        centre, branch, far, company, workshop,
        laser=make_space("LASER", centre, kind="laser_cutter", parent_code="SHOP", capacity=2),
        printer=make_space("PRINTER", centre, kind="printer_3d", parent_code="SHOP", capacity=2),
        room=make_space("ROOM", centre),
        desks=make_space("DESKS", centre, kind="desk", capacity=1, quantity=3),
    )  # fmt: skip
