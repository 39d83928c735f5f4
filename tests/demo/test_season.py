"""The demonstration's season is played through the services: nothing is refused, nothing overlaps, and it is played once."""

from __future__ import annotations

import shutil
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

import demo
from khaneh.domains.events import services as events
from khaneh.domains.learning import services as learning
from khaneh.domains.network.models import House
from khaneh.domains.placements import services as placements
from khaneh.domains.placements.models import Placement, Vacancy
from khaneh.domains.placements.queries import cohort
from khaneh.domains.placements.types import Cohort, CohortFilter, Outcome, PlacementState
from khaneh.domains.policies.models import Version
from khaneh.domains.qualifications.models import Holding
from khaneh.domains.spaces.models import Booking, Space, SpaceClosure, Waiting
from khaneh.domains.spaces.services import ensure_policies
from khaneh.domains.spaces.types import BookingState
from khaneh.interfaces.cli import demo_members, demo_season, demo_spaces, demo_term, demonstration
from khaneh.kernel.actor import SYSTEM
from tests.demonstration import load_network

FOLDER = Path(str(demo.__file__)).parent
# A Tuesday without holidays near, when machines run and others are still to come.
NOW = datetime(2026, 11, 24, 7, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "weeks"),
    [("-1..2", [-1, 0, 1, 2]), ("-4..4/4", [-4, 0, 4]), ("3", [3]), ("-2;-1", [-2, -1]), ("", [])],
)
def test_weeks_are_read(text: str, weeks: list[int]) -> None:
    assert list(demo_season.weeks_of(text)) == weeks


@given(st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2030, 1, 1), timezones=st.just(UTC)))
def test_everything_happens_in_its_order_and_nothing_after_now(now: datetime) -> None:
    lines = demo_season.lines_of(FOLDER / "spaces/season.csv")[::9]
    zones = {line.space: ZoneInfo("Asia/Tehran" if line.space[:2] != "NA" else "Asia/Ho_Chi_Minh") for line in lines}
    acts = demo_season.acts_of(lines, zones, now)
    assert [one.at for one in acts] == sorted(one.at for one in acts)
    assert all(one.at <= now for one in acts)
    place = {(one.what, one.line.number, one.week): at for at, one in enumerate(acts) if one.line is not None}
    for (what, number, week), at in place.items():
        if what != "book":
            booked = place.get(("book", number, week), place.get(("book", number, None)))
            assert booked is not None
            assert booked < at, (what, number, week)
    for line in lines:
        today = now.astimezone(zones[line.space]).date()
        for one in acts:
            if one.what == "book" and one.line is line:
                first = one.week if one.week is not None else line.weeks[0]
                assert one.at < line.begins(first, today, zones[line.space])
    assert demo_season.acts_of(lines, zones, now) == acts


@pytest.fixture
def network(db: None, tmp_path: Path) -> None:
    load_network(tmp_path)
    ensure_policies()
    learning.ensure_policies()
    events.ensure_policies()
    placements.ensure_skills()
    demonstration._load_accounts(FOLDER / "accounts.csv", since=NOW)
    demo_spaces.open_accounts(FOLDER / "spaces", since=NOW)
    demo_members.load(FOLDER / "members")


def test_some_habits_are_played_for_a_fortnight_without_a_refusal_and_once(network: None, tmp_path: Path) -> None:
    made = demo_spaces.load(FOLDER / "spaces", now=NOW)
    assert made == Space.objects.count() == len(demo_spaces.lines_of(FOLDER / "spaces/spaces.csv"))
    folder = tmp_path / "spaces"
    shutil.copytree(FOLDER / "spaces", folder)
    head, *lines = (folder / "season.csv").read_text(encoding="utf-8").splitlines()
    # What is waited for must be taken; of the others, some of each house.
    waited = tuple(f"{line['space']}," for line in demo_spaces.lines_of(folder / "waiting.csv"))
    chosen = [line for n, line in enumerate(lines) if n % 9 == 0 or line.startswith(waited) or line.endswith(",0")]
    (folder / "season.csv").write_text("\n".join([head, *chosen]), encoding="utf-8")
    done = demo_season.play(folder, now=NOW, weeks=range(-1, 2))
    assert set(done) <= {"book", "answer", "cancel", "arrive", "night", "close", "wait"}, done
    states = Counter(Booking.objects.values_list("state", flat=True))
    assert set(states) >= {state.value for state in BookingState} - {"tentative", "refused"}, states
    assert SpaceClosure.objects.count() == done["close"] >= 2
    assert Waiting.objects.count() == done["wait"] >= 2
    assert Version.objects.filter(rule_set__act="spaces.book", rule_set__house__isnull=False).count() >= 5
    for booking in Booking.objects.all():
        assert booking.booked_at < booking.starts
        assert booking.booked_at <= NOW
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM spaces_booking a JOIN spaces_booking b ON a.space_id = b.space_id AND a.unit = b.unit AND a.id < b.id"
            " AND a.blocks && b.blocks WHERE a.state NOT IN ('cancelled', 'refused', 'requested')"
            " AND b.state NOT IN ('cancelled', 'refused', 'requested')"
        )
        assert cursor.fetchone() == (0,)

    term = demo_term.load(FOLDER / "term", now=NOW)
    tables = {
        name: len(demo_spaces.lines_of(FOLDER / f"term/{name}.csv"))
        for name in ("courses", "runs", "enrolments", "events", "registrations", "vacancies", "seekers", "statements")
    }
    assert {name: term[name] for name in tables} == tables, "nothing was refused"
    assert set(term) - set(tables) == {"certificates", "placements"}
    every_placement_is_shown_and_one_cohort_hides_its_cells()
    assert Booking.objects.filter(space__code="NA-SK-CLASS", starts__gt=NOW).count() >= 6, "courses take their rooms"
    assert not demo_term.load(FOLDER / "term", now=NOW + timedelta(days=1))

    bookings, holdings = Booking.objects.count(), Holding.objects.count()
    assert demo_spaces.load(FOLDER / "spaces", now=NOW + timedelta(days=1)) == 0
    assert not demo_season.play(folder, now=NOW + timedelta(days=1))
    assert (Booking.objects.count(), Holding.objects.count()) == (bookings, holdings)


def every_placement_is_shown_and_one_cohort_hides_its_cells() -> None:
    assert set(Placement.objects.values_list("state", flat=True)) == {state.value for state in PlacementState}
    assert set(Vacancy.objects.values_list("state", flat=True)) >= {"published", "expired"}
    house_id = House.objects.get(code="NA-SKILL").pk

    def figures(year: int) -> Cohort:
        wanted = CohortFilter(date(year, 1, 1), date(year, 12, 31), house_id=house_id)
        return cohort(wanted, actor=SYSTEM, now=NOW)

    large, small = figures(2025), figures(2026)
    assert (large.total.finished, large.hidden) == (27, False)
    assert (large.confirmed_12.counted, large.confirmed_3.counted, large.said_working.counted) == (6, 11, 5)
    assert (small.total.finished, small.hidden) == (7, True)
    assert not any(small.total.outcomes[i] for i in range(len(Outcome)))
    assert Placement.objects.filter(organisation__code="COKHIHM", state="started").exists(), "company@ is asked"
