"""The spaces of the network's houses, and rules of booking four levels deep."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from benchmarks.lending.network import DISTRICTS, PROVINCES, country_of
from benchmarks.spaces.sizes import Sizes

MOST_IN_A_HOUSE = 60


class Pattern(NamedTuple):
    """A space as houses have them, in this order: its kind, how many equal units, how many people, whether it is in the workshop."""

    kind: str
    quantity: int
    capacity: int
    inside: bool = False
    approval: bool = False


PATTERNS = (
    Pattern("study_room", 4, 6),
    Pattern("meeting_room", 1, 12),
    Pattern("desk", 12, 1),
    Pattern("workshop", 1, 16),
    Pattern("laser_cutter", 1, 2, inside=True),
    Pattern("printer_3d", 3, 2, inside=True),
    Pattern("cnc_mill", 1, 2, inside=True),
    Pattern("hall", 1, 120, approval=True),
    Pattern("computer", 10, 1),
    Pattern("recording_studio", 1, 5),
    Pattern("projector", 3, 1),
    Pattern("classroom", 1, 30),
)


def counts(wanted: Sizes) -> list[int]:
    """How many spaces each house has: the first sixty, those of provinces many, those of communes two or three."""
    first = min(MOST_IN_A_HOUSE, wanted.spaces // 2)
    left, houses = wanted.spaces - first, wanted.houses - 1
    weights = [26.0 if n < PROVINCES else 9.0 if n < DISTRICTS else 2.4 for n in range(1, wanted.houses)]
    share = left / sum(weights)
    found = [int(weight * share) for weight in weights]
    for n in range(left - sum(found)):
        found[n % houses] += 1
    return [first, *found]


def make_spaces(wanted: Sizes, now: datetime) -> None:
    """Spaces with the numbers 1 to their count; what is in a workshop is in the one before it. Every second machine is paid for."""
    from khaneh.domains.spaces.models import Space

    made: list[Space] = []
    number = 0
    for house_id, count in enumerate(counts(wanted), 1):
        workshop = None
        currency = "IRR" if country_of(house_id) == "IR" else "VND"
        for n in range(count):
            number += 1
            kind, quantity, capacity, inside, approval = PATTERNS[n % len(PATTERNS)]
            if kind == "workshop":
                workshop = number
            paid = inside and number % 2 == 0
            name = f"{kind.replace('_', ' ')} {n + 1} of house {house_id}"
            made.append(
                Space(
                    pk=number, code=f"H{house_id:03}-{n + 1:02}", house_id=house_id, kind=kind, quantity=quantity, capacity=capacity,
                    parent_id=workshop if inside else None, names={"en": name, "fa": name, "vi": name}, approval=approval,
                    slot_minutes=15, min_minutes=30, max_minutes=480, cleanup_minutes=15 if inside else 0, self_service=True,
                    facilities=["internet"] if n % 2 else ["daylight", "wheelchair"], changed_at=now,
                    price_amount=(100_000 if currency == "IRR" else 20_000) if paid else None, price_currency=currency if paid else "",
                )
            )  # fmt: skip
    Space.objects.bulk_create(made, batch_size=1000)


def publish_policies(wanted: Sizes) -> None:
    """The shipped rules for the network; rules of their own in every province and fourth house, each nearer one narrower."""
    from django.db import transaction

    from khaneh.domains.network.models import Region
    from khaneh.domains.policies.models import RuleSet, Version
    from khaneh.domains.policies.services.keeping import next_generation
    from khaneh.domains.spaces.services import ensure_policies

    ensure_policies()

    def publish(rules: list[dict[str, Any]], **place: int) -> None:
        Version.objects.create(
            rule_set=RuleSet.objects.create(act="spaces.book", **place),
            number=1,
            generation=next_generation("spaces.book"),
            rules=[{"id": n, **one} for n, one in enumerate(rules, 1)],
        )

    with transaction.atomic():
        for pk in Region.objects.filter(level=1).order_by("pk").values_list("pk", flat=True):
            publish(
                [
                    {"when": {"booker.category": {"in": ["student"]}}, "terms": {"person_day_minutes_max": 480}},
                    {"when": {"space.kind": {"in": ["study_room"]}}, "terms": {"person_week_times_max": 5}},
                    {"when": {"booker.home": {"in": ["elsewhere"]}}, "terms": {"days_ahead_max": 14}},
                ],
                region_id=pk,
            )
        for pk in range(4, wanted.houses + 1, 4):
            publish(
                [
                    {"when": {"space.kind": {"in": ["hall"]}}, "terms": {"cancel_hours": 72}},
                    {"when": {"space.kind": {"in": ["desk"]}}, "terms": {"person_day_minutes_max": 300 + pk % 60}},
                ],
                house_id=pk,
            )
