"""What forty clients fight over: twenty spaces of four houses, ten people, four clients each; and the independent look at what came of it."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

# Four houses of one country, so that a day is the same day in all of them.
HOUSES = (1, 2, 4, 5)
KINDS = (
    ("workshop", 1, False),
    ("laser_cutter", 1, True),
    ("printer_3d", 2, True),
    ("lathe", 1, True),
    ("meeting_room", 1, False),
)
# Four clients each: two tabs, a telephone, a program. What one of them is granted is what another must not be.
PEOPLE = 10
# The quotas that the houses publish, and those that ship: one at a time, so many to come.
DAY_TIMES, UPCOMING, AT_ONCE = 2, 8, 1
ORGANISATION_DAY_MINUTES, ORGANISATION_AT_ONCE = 240, 2
FIRST_HOUR, HOURS, DAYS = 8, 11, 4


class Prize(NamedTuple):
    """What is fought over and by whom: spaces, people by account, the organisation that all of them may book for, the first day's midnight."""

    spaces: list[int]
    accounts: list[int]
    organisation: int
    midnight: datetime


class Client(NamedTuple):
    """One of those who fight."""

    number: int
    account: int
    key: str


class Fought(NamedTuple):
    """What one client did: seconds of each decision, how each ended, when it began and ceased, how many times it could not begin in time."""

    taken: list[float]
    outcomes: dict[str, int]
    began: float
    ended: float
    late: int


class Door(NamedTuple):
    """How a client books, changes and gives up. Each gives the booking's number and what was said; raises nothing."""

    book: Callable[[dict[str, Any]], tuple[int | None, str]]
    change: Callable[[int, dict[str, Any]], tuple[int | None, str]]
    cancel: Callable[[int], None]


def prepare(now: datetime) -> Prize:
    """The spaces, the people with their memberships, the organisation and the houses' rules."""
    from zoneinfo import ZoneInfo

    from khaneh.domains.network.models import House, Organisation
    from khaneh.domains.people.models import Member, MemberBlock, RoleAssignment
    from khaneh.domains.policies import services as policies
    from khaneh.domains.policies.types import Condition, Operator, Rule, Scope
    from khaneh.domains.spaces import services
    from khaneh.domains.spaces.models import Booking
    from khaneh.domains.spaces.types import SpaceDraft
    from khaneh.kernel.actor import SYSTEM
    from khaneh.kernel.labels import Label

    spaces = []
    for house in House.objects.filter(pk__in=HOUSES).order_by("pk"):
        above = ""
        for kind, quantity, inside in KINDS:
            code = f"FIGHT-{house.pk}-{kind}"
            draft = SpaceDraft(
                code=code, house_code=house.code, kind=kind, names=Label(code, code, code), quantity=quantity, capacity=4,
                parent_code=above if inside else "", slot_minutes=30, min_minutes=30, max_minutes=240,
            )  # fmt: skip
            spaces.append(services.add_space(actor=SYSTEM, draft=draft, now=now).id)
            above = code if kind == "workshop" else above
        scope = Scope("house", house.pk)
        draft_id = policies.open_draft(actor=SYSTEM, act="spaces.book", scope=scope, now=now)
        wanted = Condition("space.kind", Operator.IN, tuple(kind for kind, _, _ in KINDS))
        rule = Rule(
            0, (wanted, Condition("booking.minutes", Operator.AT_LEAST, (30,))),
            terms={"person_day_times_max": DAY_TIMES, "person_upcoming_max": UPCOMING, "person_at_once_max": AT_ONCE,
                   "organisation_day_minutes_max": ORGANISATION_DAY_MINUTES, "organisation_at_once_max": ORGANISATION_AT_ONCE,
                   "cancel_hours": 0, "days_ahead_max": 30},
        )  # fmt: skip
        revision = policies_revision(draft_id)
        policies.save_rule(actor=SYSTEM, draft_id=draft_id, revision=revision, rule=rule, now=now)
        policies.publish(actor=SYSTEM, draft_id=draft_id, revision=revision + 1, note="", now=now)
    organisation = Organisation.objects.create(
        code="FIGHTERS",
        kind="company_startup",
        country="IR",
        names={"en": "Fighters", "fa": "Fighters", "vi": "Fighters"},
    )
    busy = Booking.objects.filter(ends__gt=now).values("account_id")
    free = (
        Member.objects.filter(
            expires_on__gt=now.date() + timedelta(days=40), category__needs_guardian=False, account__isnull=False
        )
        .exclude(pk__in=MemberBlock.objects.values("member_id"))
        .exclude(category__code="class")
        .exclude(account_id__in=busy)
    )
    accounts = list(free.order_by("pk").values_list("account_id", flat=True)[:PEOPLE])
    RoleAssignment.objects.bulk_create(
        RoleAssignment(
            account_id=one, role="programme_manager", organisation=organisation, valid_from=now - timedelta(days=1)
        )
        for one in accounts
    )
    zone = ZoneInfo(House.objects.get(pk=HOUSES[0]).time_zone)
    tomorrow = (now.astimezone(zone) + timedelta(days=1)).date()
    midnight = datetime.combine(tomorrow, datetime.min.time(), zone).astimezone(UTC)
    return Prize(spaces, accounts, organisation.pk, midnight)


def policies_revision(draft_id: int) -> int:
    """The number of savings of a draft."""
    from khaneh.domains.policies.models import Version

    return Version.objects.values_list("revision", flat=True).get(pk=draft_id)


def fight(client: Client, prize: Prize, door: Door, *, until: float, every: float, seed: int) -> Fought:
    """Book and move until the time is over, and give up one in five of what was got.

    A client asks at times that are drawn beforehand, `every` so many seconds on average, however long answers take (or when the one before
    is answered, if that is later); with zero without a pause.
    """
    draw = random.Random(seed * 1000 + client.number)
    pauses = random.Random(seed * 2000 + client.number)
    taken: list[float] = []
    outcomes: Counter[str] = Counter()
    mine: list[int] = []
    late = 0
    began = due = time.monotonic()
    while True:
        if every:
            due += pauses.expovariate(1 / every)
            late += due < time.monotonic()
            time.sleep(max(0.0, min(due, until) - time.monotonic()))
        if time.monotonic() >= until:
            return Fought(taken, dict(outcomes), began, time.monotonic(), late)
        choice = draw.random()
        wanted = wish(draw, prize)
        if mine and choice < 0.2:
            door.cancel(mine.pop(draw.randrange(len(mine))))
        begun = time.monotonic()
        if mine and choice > 0.75:
            wanted.pop("organisation_id")
            number, said = door.change(draw.choice(mine), wanted)
            said = "changed" if said == "confirmed" else said
        else:
            number, said = door.book(wanted)
            if number is not None:
                mine.append(number)
        taken.append(time.monotonic() - begun)
        outcomes[said] += 1


def wish(draw: random.Random, prize: Prize) -> dict[str, Any]:
    """A time that others want too: few days, full hours, one or two of them; one in five for the organisation."""
    hour = FIRST_HOUR + draw.randrange(HOURS)
    starts = prize.midnight + timedelta(days=draw.randrange(DAYS), hours=hour)
    return {
        "space_id": draw.choice(prize.spaces),
        "starts": starts,
        "ends": starts + timedelta(hours=draw.choice((1, 1, 2))),
        "organisation_id": prize.organisation if draw.random() < 0.2 else None,
    }


def closed(prize: Prize, turn: int) -> dict[str, Any]:
    """What everybody is refused: a time at night."""
    starts = prize.midnight + timedelta(hours=2)
    return {"space_id": prize.spaces[turn % len(prize.spaces)], "starts": starts, "ends": starts + timedelta(hours=1)}


def clear(prize: Prize, now: datetime) -> None:
    """Give up everything that is held or asked for, so that the next fight begins as this one did."""
    from khaneh.domains.spaces import services
    from khaneh.domains.spaces.models import Booking
    from khaneh.domains.spaces.types import OPEN_BOOKINGS
    from khaneh.kernel.actor import SYSTEM

    open_ = Booking.objects.filter(space_id__in=prize.spaces, state__in=[state.value for state in OPEN_BOOKINGS])
    for number in list(open_.order_by("pk").values_list("pk", flat=True)):
        services.cancel(actor=SYSTEM, booking_id=number, now=now)


# Two that hold at the same time what cannot be held twice: read from the bookings alone, not from what triggers made of them.
_OVERLAPS = """
WITH held AS (
    SELECT b.id, b.space_id, b.unit, b.starts - make_interval(mins => s.setup_minutes) AS first,
           b.ends + make_interval(mins => s.cleanup_minutes) AS last, s.path, s.path[1] AS top
    FROM spaces_booking b JOIN spaces_space s ON s.id = b.space_id
    WHERE b.space_id = ANY (%(spaces)s) AND b.state IN ('tentative', 'confirmed', 'checked_in'))
SELECT count(*) FROM held a JOIN held b ON a.id < b.id AND a.top = b.top AND a.first < b.last AND b.first < a.last
WHERE (a.space_id = b.space_id AND a.unit = b.unit) OR (a.space_id <> b.space_id AND (a.space_id = ANY (b.path) OR b.space_id = ANY (a.path)))
"""
# How many stand beyond a quota: of one person and kind on a day, at the same time, to come; of the organisation's minutes and places.
_QUOTAS = """
WITH held AS (
    SELECT id, account_id, organisation_id, kind, starts, ends, (starts AT TIME ZONE 'Asia/Tehran')::date AS day
    FROM spaces_booking WHERE space_id = ANY (%(spaces)s) AND state IN ('tentative', 'requested', 'confirmed', 'checked_in')),
own AS (SELECT * FROM held WHERE organisation_id IS NULL), theirs AS (SELECT * FROM held WHERE organisation_id IS NOT NULL)
SELECT (SELECT coalesce(sum(n - %(day_times)s), 0) FROM (SELECT count(*) AS n FROM own GROUP BY account_id, kind, day) d WHERE n > %(day_times)s)
     + (SELECT coalesce(sum(n - %(upcoming)s), 0) FROM (SELECT count(*) AS n FROM own GROUP BY account_id, kind) u WHERE n > %(upcoming)s)
     + (SELECT count(*) FROM own a WHERE (SELECT count(*) FROM own b WHERE b.account_id = a.account_id AND b.kind = a.kind
            AND b.starts <= a.starts AND b.ends > a.starts) > %(at_once)s)
     + (SELECT count(*) FROM theirs a WHERE (SELECT count(*) FROM theirs b WHERE b.kind = a.kind
            AND b.starts <= a.starts AND b.ends > a.starts) > %(organisation_at_once)s)
     + (SELECT count(*) FROM (SELECT sum(extract(epoch FROM ends - starts)) / 60 AS n FROM theirs GROUP BY kind, day) m
            WHERE n > %(organisation_minutes)s)
"""


def verdict(prize: Prize) -> tuple[int, int, int]:
    """Pairs of bookings that overlap, breaches of quotas, and bookings that hold."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(_OVERLAPS, {"spaces": prize.spaces})
        (overlaps,) = cursor.fetchone()
        cursor.execute(
            _QUOTAS,
            {"spaces": prize.spaces, "day_times": DAY_TIMES, "upcoming": UPCOMING, "at_once": AT_ONCE,
             "organisation_at_once": ORGANISATION_AT_ONCE, "organisation_minutes": ORGANISATION_DAY_MINUTES},
        )  # fmt: skip
        (breaches,) = cursor.fetchone()
        cursor.execute(
            "SELECT count(*) FROM spaces_booking WHERE space_id = ANY (%s) AND state IN ('tentative', 'confirmed', 'checked_in')",
            [prize.spaces],
        )
        (held,) = cursor.fetchone()
    return int(overlaps), int(breaches), int(held)
