"""Acts on houses: who may, what follows what, and that a refused act leaves everything as it was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from django.db import transaction

from khaneh.domains.discovery.models import Pending
from khaneh.domains.network import queries, services
from khaneh.domains.network.errors import (
    CodeTaken,
    HoursOverlap,
    HousesStillOpen,
    RegistrationNumberTaken,
    StateChangeRefused,
    TreeRefused,
)
from khaneh.domains.network.models import Holiday, House, OpeningHours, Organisation, Region
from khaneh.domains.network.rules import states
from khaneh.domains.network.types import HolidayDraft, HouseDraft, HouseFilter, HouseState, Role, WeeklyHours
from khaneh.infrastructure.journal.models import Entry
from khaneh.kernel.actor import SYSTEM, VISITOR, Actor, Place
from khaneh.kernel.calendars import Span
from khaneh.kernel.refusal import Invalid, NotAllowed, NotFound
from tests.domains.network.conftest import NOW, Network, house, name, organisation

EIGHT_TO_FOUR = Span(8 * 60, 16 * 60)


def everything() -> list[Any]:
    """All that an act could change."""
    tables = (Region, House, Organisation, OpeningHours, Holiday, Entry, Pending)
    return [list(table.objects.order_by("pk").values()) for table in tables]


def draft_of(code: str, **changes: Any) -> HouseDraft:
    draft = queries.house_draft(code)
    assert draft is not None
    return replace(draft, **changes)


def test_a_place_names_everything_above_nearest_first(network: Network) -> None:
    ids = network.houses
    assert queries.place_of_house(ids["LIB-INN-LAB"]) == Place(
        houses=(ids["LIB-INN-LAB"], ids["LIB-INN"], ids["LIB"]), organisations=(network.organisations["A-AUTH"],)
    )


def test_a_house_that_nobody_runs_is_answered_for_by_the_authorities_of_its_region(network: Network) -> None:
    place = queries.place_of_house(network.houses["FAR"])
    assert place.organisations == (network.organisations["B-AUTH"], network.organisations["VN-AUTH"])


ACTS: dict[str, Callable[[Actor], object]] = {
    "create": lambda actor: services.create_house(actor=actor, draft=house("NEW", "LIB"), now=NOW),
    "describe": lambda actor: services.change_house(
        actor=actor, code="LIB-INN", draft=draft_of("LIB-INN", phone="1"), now=NOW
    ),
    "move": lambda actor: services.change_house(
        actor=actor, code="LIB-INN", draft=draft_of("LIB-INN", parent_code=""), now=NOW
    ),
    "suspend": lambda actor: services.change_house_state(
        actor=actor, code="LIB-INN", state=HouseState.SUSPENDED, now=NOW
    ),
    "close": lambda actor: services.change_house_state(
        actor=actor, code="LIB-INN-LAB", state=HouseState.CLOSED, now=NOW
    ),
    "hours": lambda actor: services.set_opening_hours(
        actor=actor, house_code="LIB-INN", week=[WeeklyHours(1, EIGHT_TO_FOUR)]
    ),
    "holiday": lambda actor: services.add_holiday(
        actor=actor, draft=HolidayDraft("house", "LIB-INN", "gregorian", name("Day"), month=5, day=1)
    ),
    "regional holiday": lambda actor: services.add_holiday(
        actor=actor, draft=HolidayDraft("region", "vn-a-1", "gregorian", name("Day"), month=5, day=1)
    ),
    "national holiday": lambda actor: services.add_holiday(
        actor=actor, draft=HolidayDraft("country", "VN", "gregorian", name("Day"), month=5, day=1)
    ),
    "organisation": lambda actor: services.create_organisation(
        actor=actor, draft=organisation("NEWCO", region_code="vn-a-1"), now=NOW
    ),
}
MANAGER = {"describe", "suspend", "hours", "holiday"}
ADMINISTRATOR = MANAGER | {"create", "close", "move"}
MATRIX: dict[str, tuple[str, str, Role, set[str]]] = {
    "manager of the house around": ("house", "LIB", Role.HOUSE_MANAGER, MANAGER),
    "manager of the house": ("house", "LIB-INN", Role.HOUSE_MANAGER, MANAGER),
    "manager of a house inside": ("house", "LIB-INN-LAB", Role.HOUSE_MANAGER, set()),
    "manager of another house": ("house", "INC", Role.HOUSE_MANAGER, set()),
    "librarian of the house": ("house", "LIB-INN", Role.LIBRARIAN, set()),
    "administrator of the house around": ("house", "LIB", Role.ADMINISTRATOR, ADMINISTRATOR - {"move"}),
    "administrator of the operator": (
        "organisation", "A-AUTH", Role.ADMINISTRATOR, ADMINISTRATOR | {"regional holiday", "organisation"},
    ),
    "administrator of the country": (
        "organisation", "VN-AUTH", Role.ADMINISTRATOR, {"regional holiday", "national holiday", "organisation"},
    ),
    "administrator of another province": ("organisation", "B-AUTH", Role.ADMINISTRATOR, set()),
    "administrator of a university there": ("organisation", "UNI", Role.ADMINISTRATOR, set()),
}  # fmt: skip


@pytest.mark.parametrize("who", ["visitor", *MATRIX])
def test_the_permission_matrix_and_that_a_refused_act_changes_nothing(network: Network, who: str) -> None:
    actor, acts = VISITOR, set()
    if who != "visitor":
        place, code, role, acts = MATRIX[who]
        actor = network.at_house(role, code) if place == "house" else network.at_organisation(role, code)
    before = everything()
    for act, perform in ACTS.items():
        undo = transaction.savepoint()
        if act in acts:
            perform(actor)
            assert everything() != before, act
            transaction.savepoint_rollback(undo)
        else:
            with pytest.raises((NotAllowed, NotFound)):
                perform(actor)
            assert everything() == before, act


@pytest.mark.parametrize("before", HouseState)
def test_only_the_next_states_follow(network: Network, before: HouseState) -> None:
    for after in HouseState:
        House.objects.filter(code="INC").update(state=before.value)
        if after in states.possible(before):
            services.change_house_state(actor=SYSTEM, code="INC", state=after, now=NOW)
            assert House.objects.get(code="INC").state == after
        else:
            with pytest.raises(StateChangeRefused) as refused:
                services.change_house_state(actor=SYSTEM, code="INC", state=after, now=NOW)
            assert refused.value.facts["possible"] == sorted(states.possible(before))
            assert House.objects.get(code="INC").state == before


def test_the_way_from_a_proposal_to_a_house_in_service_and_back() -> None:
    way = list(HouseState)[:6]
    assert all(after in states.possible(before) for before, after in pairwise(way))
    assert HouseState.OPEN in states.possible(HouseState.SUSPENDED)
    assert not states.possible(HouseState.CLOSED)


def test_a_house_does_not_close_around_open_ones(network: Network) -> None:
    with pytest.raises(HousesStillOpen) as refused:
        services.change_house_state(actor=SYSTEM, code="LIB", state=HouseState.CLOSED, now=NOW)
    assert refused.value.facts["houses"] == ["LIB-INN", "LIB-INN-LAB"]


def test_what_is_wrong_is_told_field_by_field(network: Network) -> None:
    wrong = house(
        "bad code", "NOWHERE", kind="castle", region_code="vn-z", latitude=91.0, longitude=None, website="javascript:x",
        time_zone="Mars/Olympus", facilities=("moat",), email="no", opened="yesterday",
    )  # fmt: skip
    with pytest.raises(Invalid) as refused:
        services.create_house(actor=SYSTEM, draft=wrong, now=NOW)
    assert refused.value.facts["fields"] == {
        "code": "format",
        "kind": "not_in_list",
        "region_code": "unknown_code",
        "parent_code": "unknown_code",
        "longitude": "coordinates",
        "website": "web_address",
        "time_zone": "time_zone",
        "facilities": "not_in_list",
        "email": "email",
        "opened": "format",
    }


def test_codes_and_registration_numbers_are_taken_once(network: Network) -> None:
    with pytest.raises(CodeTaken):
        services.create_house(actor=SYSTEM, draft=house("LIB"), now=NOW)
    with pytest.raises(RegistrationNumberTaken):
        services.create_organisation(actor=SYSTEM, draft=organisation("OTHER", registration_number="77"), now=NOW)
    services.create_organisation(actor=SYSTEM, draft=organisation("ONE"), now=NOW)
    services.create_organisation(actor=SYSTEM, draft=organisation("TWO"), now=NOW)  # without a number, many


def test_a_circle_is_refused_by_name(network: Network) -> None:
    with pytest.raises(TreeRefused) as refused:
        services.change_house(actor=SYSTEM, code="LIB", draft=draft_of("LIB", parent_code="LIB-INN-LAB"), now=NOW)
    assert refused.value.facts == {"reason": "cycle", "parent": "LIB-INN-LAB"}


def test_the_same_again_is_no_change(network: Network) -> None:
    before = everything()
    assert services.change_house(actor=SYSTEM, code="LIB", draft=draft_of("LIB"), now=NOW) is False
    assert everything() == before


def test_hours_that_share_time_are_refused_around_midnight_and_around_the_week(network: Network) -> None:
    for week in (
        [WeeklyHours(1, Span(480, 720)), WeeklyHours(1, Span(700, 900))],
        [WeeklyHours(1, Span(1200, 1560)), WeeklyHours(2, Span(60, 600))],
        [WeeklyHours(7, Span(1200, 1560)), WeeklyHours(1, Span(60, 600))],
    ):
        with pytest.raises(HoursOverlap):
            services.set_opening_hours(actor=SYSTEM, house_code="LIB", week=week)
    summer = WeeklyHours(1, Span(480, 720), date(2026, 6, 1), date(2026, 8, 31))
    winter = WeeklyHours(1, Span(540, 720), date(2026, 9, 1), date(2027, 5, 31))
    assert services.set_opening_hours(actor=SYSTEM, house_code="LIB", week=[winter, summer])
    assert not services.set_opening_hours(actor=SYSTEM, house_code="LIB", week=[summer, winter])


def test_a_holiday_closes_what_is_below_its_region_and_a_house_may_open_all_the_same(network: Network) -> None:
    every_day = [WeeklyHours(day, EIGHT_TO_FOUR) for day in range(1, 8)]
    for code in ("LIB", "INC", "FAR"):
        services.set_opening_hours(actor=SYSTEM, house_code=code, week=every_day)
    off = HolidayDraft("region", "vn-a", "date", name("Fair"), first=NOW.date(), last=NOW.date())
    services.add_holiday(actor=SYSTEM, draft=off)
    services.add_holiday(actor=SYSTEM, draft=replace(off, scope="house", scope_code="INC", spans=(Span(600, 900),)))

    def status() -> dict[str, bool]:
        page = queries.houses(HouseFilter(), actor=VISITOR, now=NOW)  # 13:00 in Vietnam
        return {row.code: row.status.is_open for row in page.rows if row.code in {"LIB", "INC", "FAR"}}

    assert status() == {"LIB": False, "INC": True, "FAR": True}
    assert {row.code for row in queries.houses(HouseFilter(open_now=True), actor=VISITOR, now=NOW).rows} == {
        "INC",
        "FAR",
    }
    services.remove_holiday(actor=SYSTEM, holiday_id=Holiday.objects.get(region__isnull=False).pk)
    assert status()["LIB"]


def test_a_plan_is_seen_by_those_who_make_it_and_missing_to_others(network: Network) -> None:
    maker = network.at_organisation(Role.LIBRARIAN, "A-AUTH")
    assert queries.house("PLAN", actor=maker, now=NOW).row.state is HouseState.PROPOSED
    for actor in (VISITOR, network.at_organisation(Role.ADMINISTRATOR, "B-AUTH")):
        with pytest.raises(NotFound):
            queries.house("PLAN", actor=actor, now=NOW)
        with pytest.raises(NotFound):
            services.change_house_state(actor=actor, code="PLAN", state=HouseState.ASSESSED, now=NOW)
        assert "PLAN" not in {row.code for row in queries.houses(HouseFilter(), actor=actor, now=NOW).rows}


def test_a_change_is_noted_for_the_index_with_all_that_shows_it(network: Network) -> None:
    Pending.objects.all().delete()
    services.change_house(actor=SYSTEM, code="LIB", draft=draft_of("LIB", names=name("Renamed")), now=NOW)
    noted = set(Pending.objects.values_list("kind", "key"))
    assert noted == {("house", network.houses[code]) for code in ("LIB", "LIB-INN", "LIB-INN-LAB")}
