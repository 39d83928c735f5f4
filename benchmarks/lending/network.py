"""Four hundred houses in twenty provinces of two countries, with hours, holidays and policies four levels deep."""

from __future__ import annotations

import csv
import random
from pathlib import Path
from typing import Any

from benchmarks.lending.sizes import Sizes

PROVINCES, DISTRICTS = 20, 100
_HOLIDAYS = Path(__file__).resolve().parents[2] / "demo" / "network" / "holidays.csv"
# A corner of each country and how far it reaches, in degrees.
_LAND = {"IR": ((29.0, 47.0), (8.0, 12.0)), "VN": ((9.0, 105.0), (13.0, 3.0))}
_KINDS = ("central_library", "district_library", "commune_library")


def weights(houses: int) -> list[float]:
    """How much of the network's stock, members and loans each house has: a province's first house most, a commune's least."""
    return [40.0 if n < PROVINCES else 8.0 if n < DISTRICTS else 1.0 + 3.0 / (1 + n % 7) for n in range(houses)]


def country_of(house_id: int) -> str:
    """Where the house with this number lies: of the provinces, every third is in Viet Nam."""
    return "VN" if (house_id - 1) % PROVINCES % 3 == 2 else "IR"


def in_iran(house: str) -> str:
    """Whether a house lies in Iran, in SQL."""
    return f"(mod(mod({house} - 1, {PROVINCES}), 3) <> 2)"


def lay_out(wanted: Sizes, seed: int) -> None:
    """Regions, houses with the numbers 1 to their count, hours and holidays. House n lies in province (n - 1) % 20."""
    from khaneh.domains.network.models import Holiday, House, OpeningHours, Region

    draw = random.Random(seed)
    provinces, districts = [], []
    for n in range(PROVINCES):
        country = country_of(n + 1)
        (south, west), (height, width) = _LAND[country]
        place = south + height * draw.random(), west + width * draw.random()
        provinces.append((_region(Region, f"P{n:02}", 1, country, place), place))
    for n in range(DISTRICTS):
        above, centre = provinces[n % PROVINCES]
        place = centre[0] + draw.uniform(-1, 1), centre[1] + draw.uniform(-1, 1)
        districts.append((_region(Region, f"P{n % PROVINCES:02}-D{n:03}", 2, above.country, place, above), place))
    houses = []
    for n in range(wanted.houses):
        country = country_of(n + 1)
        region, centre = districts[n % DISTRICTS]
        houses.append(
            House.objects.create(
                pk=n + 1, code=f"H{n + 1:03}", state="open", region=region, names=_names(f"House {n + 1}"),
                kind=_KINDS[(n >= PROVINCES) + (n >= DISTRICTS)], calendar="jalali" if country == "IR" else "gregorian",
                latitude=centre[0] + draw.uniform(-0.3, 0.3), longitude=centre[1] + draw.uniform(-0.3, 0.3),
                time_zone="Asia/Tehran" if country == "IR" else "Asia/Ho_Chi_Minh",
            )
        )  # fmt: skip
    OpeningHours.objects.bulk_create(
        OpeningHours(house=house, weekday=weekday, opens=opens, closes=closes)
        for house in houses
        for weekday in range(1, 8)
        if weekday != (5 if house.calendar == "jalali" else 7)
        for opens, closes in ((8 * 60, 12 * 60), (13 * 60, 20 * 60))
    )
    with _HOLIDAYS.open(encoding="utf-8", newline="") as table:
        Holiday.objects.bulk_create(
            Holiday(
                country=row["scope"], rule=row["rule"], month=row["month"] or None, day=row["day"] or None,
                first=row["date"] or None, last=row["date"] or None, names=_names(row["name_en"]),
            )
            for row in csv.DictReader(table)
            if row["scope"] in _LAND
        )  # fmt: skip


def publish_policies(wanted: Sizes) -> None:
    """The shipped rules for the network; rules of their own in every province, district and fourth house, each nearer one narrower."""
    from django.db import transaction

    from khaneh.domains.circulation.services import ensure_policies
    from khaneh.domains.network.models import House, Region
    from khaneh.domains.policies.models import RuleSet, Version
    from khaneh.domains.policies.services.keeping import next_generation

    ensure_policies()

    def publish(rules: list[dict[str, Any]], **place: int) -> None:
        for act in ("circulation.lend", "circulation.renew"):
            own = [
                one
                for one in rules
                if act == "circulation.lend" or one["terms"].keys() <= {"loan_days", "renewals_max"}
            ]
            Version.objects.create(
                rule_set=RuleSet.objects.create(act=act, **place),
                number=1,
                generation=next_generation(act),
                rules=[{"id": n, **one} for n, one in enumerate(own, 1)],
            )

    with transaction.atomic():
        for pk, level, country in Region.objects.order_by("pk").values_list("pk", "level", "country"):
            publish(_of_province(pk, country) if level == 1 else _of_district(pk), region_id=pk)
        for pk in House.objects.filter(pk__lte=wanted.houses, pk__range=(1, wanted.houses)).values_list(
            "pk", flat=True
        ):
            if pk % 4 == 0:
                publish(_of_house(pk), house_id=pk)


def _of_province(number: int, country: str) -> list[dict[str, Any]]:
    """Fees in its money, and what each category may have."""
    fee, cap = (5_000, 200_000) if country == "IR" else (1_000, 40_000)
    currency = "IRR" if country == "IR" else "VND"
    money = {"fee_per_day": {"amount": fee, "currency": currency}, "fee_cap": {"amount": cap, "currency": currency}}
    return [
        {"when": {"copy.type": {"in": ["book", "short_loan", "periodical", "media", "device"]}}, "terms": {**money, "grace_days": 1}},
        {"when": {"member.category": {"in": ["student"]}}, "terms": {"loan_days": 21, "loans_max": 8}},
        {"when": {"member.category": {"in": ["senior"]}}, "terms": {"loan_days": 21 + number % 8}},
        {"when": {"member.category": {"in": ["teacher"]}}, "terms": {"loan_days": 28, "loans_max": 12}},
        {"when": {"member.category": {"in": ["class"]}}, "terms": {"loan_days": 60, "loans_max": 250, "overdue_max": 50}},
        {"when": {"member.category": {"in": ["child"]}}, "terms": {"loans_max": 6, "lost_after_days": 90}},
        {"when": {"member.home": {"in": ["elsewhere"]}}, "terms": {"loans_max": 4}},
    ]  # fmt: skip


def _of_district(number: int) -> list[dict[str, Any]]:
    """How long each kind of copy is lent."""
    return [
        {"when": {"copy.type": {"in": ["children"]}}, "terms": {"loan_days": 14 + number % 5, "renewals_max": 3}},
        {"when": {"copy.type": {"in": ["media"]}}, "terms": {"loan_days": 5, "renewals_max": 1}},
        {"when": {"copy.type": {"in": ["periodical"]}}, "terms": {"loan_days": 3, "renewals_max": 0}},
        {"when": {"copy.owner": {"in": ["elsewhere"]}}, "terms": {"renewals_max": 1}},
    ]


def _of_house(number: int) -> list[dict[str, Any]]:
    """What a house does otherwise: its children's corner, its self-check."""
    return [
        {"when": {"copy.location": {"in": ["children"]}}, "terms": {"loan_days": 10 + number % 9}},
        {"when": {"channel": {"in": ["sip2"]}, "member.category": {"in": ["child"]}}, "terms": {"loans_max": 4}},
        {"when": {"member.age": {"at_least": 70}}, "terms": {"grace_days": 7}},
    ]


def _region(model: Any, code: str, level: int, country: str, place: tuple[float, float], above: Any = None) -> Any:
    return model.objects.create(
        code=code, level=level, country=country, parent=above, names=_names(code), latitude=place[0], longitude=place[1]
    )


def _names(text: str) -> dict[str, str]:
    return {"en": text, "fa": text, "vi": text}
