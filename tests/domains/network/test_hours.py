"""Seasons and days that differ: who may enter them, what decides a day, and that what is refused leaves no trace."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from khaneh.domains.network import queries, services
from khaneh.domains.network.errors import HolidayTaken, HoursOverlap
from khaneh.domains.network.models import Holiday, OpeningHours
from khaneh.domains.network.services import USUAL
from khaneh.domains.network.types import HolidayDraft, Outcome, Role, WeeklyHours
from khaneh.infrastructure.journal.models import Entry
from khaneh.kernel.actor import SYSTEM, Actor
from khaneh.kernel.calendars import Span
from khaneh.kernel.refusal import Invalid, NotAllowed, NotFound
from tests.domains.network.conftest import Network, name

SUMMER = (date(2026, 6, 1), date(2026, 8, 31))
FAST = (date(2026, 7, 1), date(2026, 7, 30))
MORNING, LONG, NIGHT = Span(480, 720), Span(480, 1200), Span(1200, 1320)


def week(span: Span, season: tuple[date | None, date | None] = USUAL, days: str = "12345") -> list[WeeklyHours]:
    return [WeeklyHours(int(day), span, *season) for day in days]


def off(scope: str, code: str, day: date, *spans: Span) -> HolidayDraft:
    return HolidayDraft(scope=scope, scope_code=code, rule="date", names=name(f"off {code}"), first=day, spans=spans)  # type: ignore[arg-type]


def spans_on(network: Network, day: date) -> tuple[Span, ...]:
    house_id = network.houses["LIB"]
    return queries.opening_calendars([house_id])[house_id].spans(day)


def test_a_season_replaces_the_usual_week_and_a_narrower_one_replaces_it(network: Network) -> None:
    for season, span in ((USUAL, LONG), (SUMMER, MORNING), (FAST, NIGHT)):
        days = "12345" if season != SUMMER else "1"
        services.set_season(actor=SYSTEM, house_code="LIB", season=season, week=week(span, season, days))
    assert spans_on(network, date(2026, 5, 25)) == (LONG,)
    assert spans_on(network, date(2026, 6, 1)) == (MORNING,)
    assert spans_on(network, date(2026, 6, 2)) == ()  # a Tuesday: the season has none, whatever the usual week says
    assert spans_on(network, date(2026, 7, 6)) == (NIGHT,)
    assert spans_on(network, date(2026, 9, 1)) == (LONG,)
    services.set_season(actor=SYSTEM, house_code="LIB", season=SUMMER, week=[])
    assert spans_on(network, date(2026, 6, 2)) == (LONG,)


def test_a_season_changes_its_days_and_leaves_the_others(network: Network) -> None:
    for season in (USUAL, SUMMER, FAST):
        services.set_season(actor=SYSTEM, house_code="LIB", season=season, week=week(MORNING, season))
    later = (date(2026, 6, 15), date(2026, 9, 1))
    with pytest.raises(Invalid) as taken:
        services.set_season(actor=SYSTEM, house_code="LIB", season=FAST, week=week(LONG, FAST), instead_of=SUMMER)
    assert taken.value.facts["fields"] == {"first": "duplicate_season"}
    services.set_season(actor=SYSTEM, house_code="LIB", season=later, week=week(LONG, later), instead_of=SUMMER)
    rows = queries.weekly_rows(network.houses["LIB"])
    assert {(row.first, row.last) for row in rows} == {USUAL, FAST, later}
    assert services.set_season(actor=SYSTEM, house_code="LIB", season=later, week=week(LONG, later)) is False


def test_a_season_that_cannot_be_is_refused_and_changes_nothing(network: Network) -> None:
    services.set_season(actor=SYSTEM, house_code="LIB", season=USUAL, week=week(LONG))
    before = list(OpeningHours.objects.values())
    with pytest.raises(Invalid):
        services.set_season(actor=SYSTEM, house_code="LIB", season=SUMMER[::-1], week=week(LONG, SUMMER[::-1]))
    with pytest.raises(Invalid):
        services.set_season(actor=SYSTEM, house_code="LIB", season=SUMMER, week=week(LONG, FAST))
    with pytest.raises(HoursOverlap):
        services.set_season(
            actor=SYSTEM, house_code="LIB", season=SUMMER, week=week(LONG, SUMMER) + week(MORNING, SUMMER)
        )
    assert list(OpeningHours.objects.values()) == before


def test_postgresql_keeps_spans_of_a_season_apart_and_lets_seasons_meet(network: Network) -> None:
    house = network.houses["LIB"]
    for first, last in (USUAL, SUMMER, FAST):
        OpeningHours.objects.create(house_id=house, weekday=1, opens=480, closes=720, first=first, last=last)
    for first, last in (USUAL, SUMMER):
        with pytest.raises(IntegrityError, match="network_openinghours_overlap"), transaction.atomic():
            OpeningHours.objects.create(house_id=house, weekday=1, opens=700, closes=900, first=first, last=last)


MANAGED = {"LIB manager": True, "A-AUTH administrator": True, "LIB librarian": False, "INC manager": False}


def actors(network: Network) -> dict[str, Actor]:
    return {
        "LIB manager": network.at_house(Role.HOUSE_MANAGER, "LIB"),
        "A-AUTH administrator": network.at_organisation(Role.ADMINISTRATOR, "A-AUTH"),
        "LIB librarian": network.at_house(Role.LIBRARIAN, "LIB"),
        "INC manager": network.at_house(Role.HOUSE_MANAGER, "INC"),
    }


@pytest.mark.parametrize("who", MANAGED)
def test_who_may_enter_a_season_and_a_day_of_a_house(network: Network, who: str) -> None:
    actor, day = actors(network)[who], date(2026, 12, 1)
    kept, _ = services.add_holiday(actor=SYSTEM, draft=off("house", "LIB", day))
    entries = Entry.objects.count()
    acts = (
        lambda: services.set_season(actor=actor, house_code="LIB", season=SUMMER, week=week(LONG, SUMMER)),
        lambda: services.add_holiday(actor=actor, draft=off("house", "LIB", date(2026, 12, 2))),
        lambda: services.change_holiday(actor=actor, holiday_id=kept, draft=off("house", "LIB", day, MORNING)),
        lambda: services.remove_holiday(actor=actor, holiday_id=kept),
    )
    for act in acts:
        if MANAGED[who]:
            act()
        else:
            with pytest.raises(NotAllowed):
                act()
    if not MANAGED[who]:
        assert Entry.objects.count() == entries
        assert (Holiday.objects.count(), OpeningHours.objects.count()) == (1, 0)


def test_a_region_and_a_country_are_for_their_authorities_and_what_they_say_comes_down_the_tree(
    network: Network,
) -> None:
    day = date(2026, 12, 1)
    manager = network.at_house(Role.HOUSE_MANAGER, "LIB")
    province = network.at_organisation(Role.ADMINISTRATOR, "A-AUTH")
    country = network.at_organisation(Role.ADMINISTRATOR, "VN-AUTH")
    services.set_season(actor=SYSTEM, house_code="LIB", season=USUAL, week=week(LONG))
    for actor, draft in (
        (manager, off("region", "vn-a", day)),
        (manager, off("country", "VN", day)),
        (province, off("country", "VN", day)),
        (province, off("region", "vn-b", day)),
    ):
        with pytest.raises(NotAllowed):
            services.add_holiday(actor=actor, draft=draft)
    services.add_holiday(actor=country, draft=off("country", "VN", day))
    assert spans_on(network, day) == ()
    services.add_holiday(actor=province, draft=off("region", "vn-a", day, MORNING))
    assert spans_on(network, day) == (MORNING,)
    services.add_holiday(actor=manager, draft=off("house", "LIB", day, NIGHT))
    assert spans_on(network, day) == (NIGHT,)
    ids = [entry.id for entry in queries.holidays_of_house(network.houses["LIB"], today=day)]
    for holiday_id in ids[1:]:
        with pytest.raises(NotAllowed):
            services.remove_holiday(actor=manager, holiday_id=holiday_id)


def test_the_next_days_say_what_decides_them(network: Network) -> None:
    services.set_season(actor=SYSTEM, house_code="LIB", season=USUAL, week=week(LONG))
    services.set_season(actor=SYSTEM, house_code="LIB", season=SUMMER, week=week(MORNING, SUMMER))
    services.add_holiday(actor=SYSTEM, draft=off("country", "VN", date(2026, 5, 27)))
    services.add_holiday(actor=SYSTEM, draft=off("region", "vn-a", date(2026, 5, 28), NIGHT))
    services.add_holiday(actor=SYSTEM, draft=off("house", "LIB", date(2026, 6, 2)))
    days = queries.coming_days(network.houses["LIB"], first=date(2026, 5, 26), days=8)
    assert [(one.source, one.spans) for one in days] == [
        ("week", (LONG,)), ("country", ()), ("region", (NIGHT,)), ("week", (LONG,)), ("week", ()), ("week", ()),
        ("season", (MORNING,)), ("house", ()),
    ]  # fmt: skip
    assert days[1].name == name("off VN")
    assert (days[6].first, days[6].last) == SUMMER
    with pytest.raises(NotFound):
        queries.coming_days(10**9, first=date(2026, 5, 26))


def test_a_day_is_changed_where_it_is_and_never_into_another(network: Network) -> None:
    first, _ = services.add_holiday(actor=SYSTEM, draft=off("house", "LIB", date(2026, 12, 1)))
    services.add_holiday(actor=SYSTEM, draft=off("house", "LIB", date(2026, 12, 2)))
    with pytest.raises(HolidayTaken):
        services.change_holiday(actor=SYSTEM, holiday_id=first, draft=off("house", "LIB", date(2026, 12, 2)))
    with pytest.raises(NotFound):
        services.change_holiday(actor=SYSTEM, holiday_id=first, draft=off("house", "INC", date(2026, 12, 3)))
    moved = off("house", "LIB", date(2026, 12, 3), NIGHT, MORNING)
    assert services.change_holiday(actor=SYSTEM, holiday_id=first, draft=moved) is True
    assert services.change_holiday(actor=SYSTEM, holiday_id=first, draft=moved) is False
    assert spans_on(network, date(2026, 12, 3)) == (MORNING, NIGHT)
    assert services.add_holiday(actor=SYSTEM, draft=moved) == (first, Outcome.SAME)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"names": name("")._replace(en="", fa="", vi="")}, "names"),
        ({"spans": (LONG, MORNING)}, "spans"),
        ({"first": None}, "rule"),
        ({"last": date(2020, 1, 1)}, "rule"),
        ({"rule": "jalali", "first": None, "month": 7, "day": 31}, "rule"),
        ({"scope_code": "GONE"}, "scope"),
    ],
)
def test_a_day_that_cannot_be_is_refused(network: Network, facts: dict[str, object], field: str) -> None:
    draft = HolidayDraft(
        **{"scope": "house", "scope_code": "LIB", "rule": "date", "names": name("x"), "first": date(2026, 1, 1)} | facts
    )  # type: ignore[arg-type]
    with pytest.raises(Invalid) as refused:
        services.add_holiday(actor=SYSTEM, draft=draft)
    assert field in refused.value.facts["fields"]
    assert not Holiday.objects.exists()
