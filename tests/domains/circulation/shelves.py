"""A small network for tests of lending: two houses of one province and one far away, copies on their shelves, members with cards."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from khaneh.domains.catalogue.models import Copy, Record, Work
from khaneh.domains.network.models import House, OpeningHours, Region
from khaneh.domains.people.models import Card, Member, MemberCategory

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Shelves:
    """Houses by short name; members and copies are made as a test needs them."""

    central: House
    branch: House
    far: House

    def copy(self, house: House | None = None, record: Record | None = None, **facts: Any) -> Copy:
        """A copy of a record of its own, unless one is given."""
        facts = {"barcode": f"C{next(_numbers):08}", "price_amount": 450_000, "price_currency": "IRR", **facts}
        return Copy.objects.create(house=house or self.central, record=record or self.record(), **facts)

    def record(self, work: Work | None = None) -> Record:
        """A record with nothing in it, of a work if one is given."""
        return Record.objects.create(document="{}", work=work)

    def member(self, house: House | None = None, *, category: str = "adult", **facts: Any) -> Member:
        """An active member with a card `M…`."""
        kind, _ = MemberCategory.objects.get_or_create(
            code=category, defaults={"names": {"en": category, "fa": category, "vi": category}}
        )
        facts = {
            "state": "active", "joined_on": date(2025, 3, 21), "expires_on": date(2027, 3, 20),
            "birth_date": date(1990, 5, 5), "family_name": f"Reader {next(_numbers)}", **facts,
        }  # fmt: skip
        member = Member.objects.create(home_house=house or self.central, category=kind, **facts)
        Card.objects.create(member=member, barcode=f"M{next(_numbers):08}", issued_at=NOW)
        return member


def make_shelves() -> Shelves:
    """Qom's central library and a branch 12 km away, and a library in Yazd, 450 km away; open all week from 8 to 20."""
    qom = Region.objects.create(code="T-QM", level=1, country="IR", names={"en": "Qom", "fa": "قم", "vi": "Qom"})
    yazd = Region.objects.create(code="T-YZ", level=1, country="IR", names={"en": "Yazd", "fa": "یزد", "vi": "Yazd"})

    def house(code: str, region: Region, kind: str, latitude: float, longitude: float) -> House:
        made = House.objects.create(
            code=code, kind=kind, state="open", region=region, names={"en": code, "fa": code, "vi": code},
            latitude=latitude, longitude=longitude, time_zone="Asia/Tehran", calendar="jalali",
        )  # fmt: skip
        for weekday in range(1, 8):
            OpeningHours.objects.create(house=made, weekday=weekday, opens=8 * 60, closes=20 * 60)
        return made

    return Shelves(
        central=house("T-CENTRAL", qom, "central_library", 34.64, 50.88),
        branch=house("T-BRANCH", qom, "district_library", 34.70, 50.99),
        far=house("T-FAR", yazd, "central_library", 31.90, 54.36),
    )


def at(hour: int, minute: int = 0, *, day: int = 2) -> datetime:
    """An instant of March 2026, in UTC."""
    return datetime.combine(date(2026, 3, day), time(hour, minute), UTC)
