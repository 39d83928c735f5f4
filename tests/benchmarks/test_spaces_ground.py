"""The made-up network that bookings are measured on, at a small size, and the independent look at what a fight leaves behind."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection

from benchmarks.booking_attack import through_services
from benchmarks.spaces import attack, ground
from benchmarks.spaces.attack import Client, Prize
from benchmarks.spaces.sizes import Sizes
from khaneh.domains.people.models import Account, Member
from khaneh.domains.spaces.models import Booking, Occupancy, Space
from tests.benchmarks.test_lending_ground import orphans

pytestmark = pytest.mark.django_db
SMALL = Sizes(spaces=96, bookings=900, members=900, houses=40)
# What no service would write, each with what it would be called.
_IMPOSSIBLE = {
    "a booking of a unit that is not there": "b.unit > s.quantity",
    "a booking of another house or kind than its space": "(b.house_id, b.kind) <> (s.house_id, s.kind)",
    "a booking that was made after it began, or later than now": "b.booked_at > least(b.starts, %(now)s)",
    "one to come that is over, or one that is over and yet to come": (
        "(b.ends < %(now)s AND b.state IN ('confirmed', 'requested')) OR (b.starts > %(now)s AND b.state IN ('done', 'no_show'))"
    ),
    "a request that holds, or a place that holds nothing": (
        "(b.state = 'requested') <> (b.unit IS NULL) OR (b.state = 'confirmed')"
        " <> EXISTS (SELECT FROM spaces_occupancy o WHERE o.booking_id = b.id AND o.space_id = b.space_id AND o.unit = b.unit"
        " AND o.during = b.blocks)"
    ),
    "a part that does not hold what it is in": (
        "b.state = 'confirmed' AND (SELECT count(*) FROM spaces_occupancy o WHERE o.booking_id = b.id) <> cardinality(s.path)"
    ),
    "a time on another day than the house's, at night or on its closed day": (
        "(b.starts AT TIME ZONE h.time_zone)::date <> (b.ends AT TIME ZONE h.time_zone)::date"
        " OR extract(hour FROM b.starts AT TIME ZONE h.time_zone) NOT BETWEEN 8 AND 17"
        " OR extract(isodow FROM b.starts AT TIME ZONE h.time_zone) = CASE h.calendar WHEN 'jalali' THEN 5 ELSE 7 END"
    ),
}


@pytest.fixture
def built(db: None, monkeypatch: pytest.MonkeyPatch) -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        if cursor.fetchone() != (True,):
            pytest.skip("triggers are only switched off by a superuser, as on the tests' own server")
    now = datetime.now(UTC)
    # Fewer days to come, so that some of so few bookings are of the year that is over.
    monkeypatch.setattr("benchmarks.spaces.bookings.FUTURE", 3)
    ground.build(SMALL, now)
    # As another connection would find it.
    _execute("SET session_replication_role = origin")
    return now


def test_nothing_impossible_is_made_and_a_breach_is_seen(built: datetime) -> None:
    assert (Space.objects.count(), Booking.objects.count(), Member.objects.count()) == (
        SMALL.spaces, SMALL.bookings, SMALL.members,
    )  # fmt: skip
    assert Account.objects.filter(member__isnull=False).count() == SMALL.members
    assert Booking.objects.filter(starts__gt=built, state="confirmed").count() > 50
    assert Booking.objects.filter(starts__lt=built, state="done").count() > 50
    everything = Prize(list(Space.objects.values_list("pk", flat=True)), [], 0, built)
    assert attack.verdict(everything)[0] == 0
    assert orphans() == []
    assert _impossible(built) == []

    # It can be fought on; who is refused is refused for what the fight is about.
    prize = attack.prepare(built)
    assert (len(prize.spaces), len(set(prize.accounts))) == (20, attack.PEOPLE)
    draw = random.Random(ground.SEED)
    said, taken = [], []
    for turn in range(60):
        client, wish = Client(turn, prize.accounts[turn % 2], ""), attack.wish(draw, prize)
        said.append(through_services(client).book(wish)[1])
        if said[-1] == "confirmed" and Space.objects.get(pk=wish["space_id"]).quantity == 1:
            taken.append({**wish, "organisation_id": None})
    said.append(through_services(Client(60, prize.accounts[2], "")).book(taken[0])[1])
    assert said[-1] == "spaces.slot_taken"
    assert any(one.startswith("limit.") for one in said)
    assert attack.verdict(prize) == (0, 0, said.count("confirmed"))
    attack.clear(prize, built)
    assert attack.verdict(prize) == (0, 0, 0)

    # The questions can be answered with no.
    # A table is altered only when no check of its rows waits for the end of the transaction.
    _execute("SET CONSTRAINTS ALL IMMEDIATE")
    for name in ("spaces_occupancy_one_whole", "spaces_occupancy_one_kind_of_holder"):
        _execute(f"ALTER TABLE spaces_occupancy DROP CONSTRAINT {name}")
    number, said_last = None, ""
    while number is None:
        number, said_last = through_services(Client(0, prize.accounts[0], "")).book(
            {**attack.wish(draw, prize), "organisation_id": None}
        )
    assert said_last == "confirmed"
    twin = Booking.objects.get(pk=number)
    twin.pk = None
    twin.save(force_insert=True)
    # The same person in the same place: one pair, and each of the two is one too many at that time.
    assert attack.verdict(prize) == (1, 2, 2)
    _execute("SET session_replication_role = replica")
    Booking.objects.filter(state="confirmed", starts__gt=built).exclude(pk__in=[number, twin.pk]).update(unit=99)
    assert "a booking of a unit that is not there" in _impossible(built)
    Occupancy.objects.all().delete()
    assert "a request that holds, or a place that holds nothing" in _impossible(built)
    _execute("SET session_replication_role = origin")


def _impossible(now: datetime) -> list[str]:
    found = []
    with connection.cursor() as cursor:
        for name, condition in _IMPOSSIBLE.items():
            cursor.execute(
                "SELECT EXISTS (SELECT FROM spaces_booking b JOIN spaces_space s ON s.id = b.space_id"
                f" JOIN network_house h ON h.id = b.house_id WHERE b.booked_at < %(now)s AND b.state <> 'cancelled' AND ({condition}))",
                {"now": now},
            )
            if cursor.fetchone() == (True,):
                found.append(name)
    return found


def _execute(statement: str, values: Any = ()) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
