"""A day off, other hours, a house that closes: what was booked within opening hours and is outside of them by it ends, by every door."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial

import pytest

from khaneh.domains.network import services as network
from khaneh.domains.network.models import Holiday, House, OpeningHours, Region
from khaneh.domains.network.types import (
    HolidayDraft,
    HouseState,
    ImportMode,
    RegionDraft,
    RegionLevel,
    TableName,
    WeeklyHours,
)
from khaneh.domains.notices.models import Notice
from khaneh.domains.spaces import services
from khaneh.domains.spaces.models import Booking
from khaneh.domains.spaces.queries import free_times, spaces_by_ids
from khaneh.domains.spaces.types import Override
from khaneh.kernel.actor import SYSTEM
from khaneh.kernel.calendars import Span
from khaneh.kernel.labels import Label
from khaneh.kernel.refusal import NotAllowed
from tests.domains.spaces.places import HOUR, NOW, Places, at

OFF = Label("Inventory", "", "")
DAY = date(2026, 3, 3)
Change = Callable[[], object]


def book(places: Places, hour: int, *, day: int = 3, night: bool = False, space: int | None = None) -> Booking:
    override = Override(frozenset({"book_outside_hours"}), "night") if night else Override()
    made = services.book(
        actor=SYSTEM, account_id=places.person().account_id, space_id=space or places.room.pk,
        starts=at(hour, day=day), ends=at(hour, day=day) + HOUR, now=NOW, override=override,
    )  # fmt: skip
    return Booking.objects.get(pk=made.booking_id)


def state(booking: Booking) -> str:
    return Booking.objects.values_list("state", flat=True).get(pk=booking.pk)


def off(scope: str, code: str, spans: tuple[Span, ...] = ()) -> Change:
    draft = HolidayDraft(scope=scope, scope_code=code, rule="date", names=OFF, first=DAY, spans=spans)  # type: ignore[arg-type]
    return partial(network.add_holiday, actor=SYSTEM, draft=draft)


def week(opens: int, closes: int) -> list[WeeklyHours]:
    return [WeeklyHours(weekday, Span(opens * 60, closes * 60)) for weekday in range(1, 8)]


def season() -> Change:
    days = (DAY, DAY)
    hours = [WeeklyHours(4, Span(480, 1200), *days)]
    return partial(network.set_season, actor=SYSTEM, house_code="P-CENTRE", season=days, week=hours)


def table(name: TableName, text: str) -> Change:
    return partial(
        network.import_table, actor=SYSTEM, table=name, data=text.encode(), mode=ImportMode.ALL_OR_NOTHING, now=NOW
    )


HOLIDAYS = "scope,rule,month,day,date,until,opens,closes,name_fa,name_vi,name_en,expected\n"
SHUTTING: dict[str, Callable[[], Change]] = {
    "a house's day off": lambda: off("house", "P-CENTRE"),
    "a region's": lambda: off("region", "P-QM"),
    "a country's": lambda: off("country", "IR"),
    "a day with other hours": lambda: off("house", "P-CENTRE", (Span(480, 540),)),
    "a week": lambda: partial(network.set_opening_hours, actor=SYSTEM, house_code="P-CENTRE", week=week(8, 9)),
    "a season without the day": season,
}


@pytest.mark.parametrize("which", SHUTTING)
def test_what_is_shut_out_ends_and_is_told(places: Places, which: str) -> None:
    met, early = book(places, 10), book(places, 8, day=4)
    night, far = book(places, 22, night=True), book(places, 10, day=4, space=places.laser.pk)
    change = SHUTTING[which]()
    whole = which == "a week"
    wanted = [met.pk, far.pk] if whole else [met.pk]
    touched = services.weigh_opening(change=change, now=NOW)
    assert sorted(one.booking.id for one in touched) == wanted
    assert not Holiday.objects.exists(), "only looked at"
    assert state(met) == "confirmed"
    room = spaces_by_ids([places.room.pk])[places.room.pk]
    assert free_times(room, now=NOW, first=DAY, days=1), "nothing that was tried is remembered"
    done = services.change_opening(actor=SYSTEM, change=change, words="Inventory", now=NOW)
    assert sorted(done.booking_ids) == wanted
    assert [state(one) for one in (met, early, night)] == ["cancelled", "confirmed", "confirmed"]
    assert (Booking.objects.get(pk=met.pk).end_reason, Booking.objects.get(pk=met.pk).reason) == ("closed", "Inventory")
    assert Notice.objects.filter(event="spaces.ended").count() == len(wanted)
    assert services.change_opening(actor=SYSTEM, change=change, now=NOW).booking_ids == (), "once"


def test_other_houses_and_what_is_in_use_stay(places: Places) -> None:
    space = places.space("P-OTHER", places.far).pk
    elsewhere, under_way = book(places, 10, space=space), book(places, 10)
    services.check_in(actor=SYSTEM, booking_id=under_way.pk, now=at(10))
    done = services.change_opening(actor=SYSTEM, change=off("region", "P-QM"), now=at(10))
    assert done.booking_ids == ()
    assert (state(elsewhere), state(under_way)) == ("confirmed", "checked_in")


def test_what_is_free_elsewhere_is_open_then(places: Places) -> None:
    met = book(places, 10)
    places.space("P-NEAR", places.branch)
    for change, wanted in ((off("house", "P-CENTRE"), ["P-NEAR"]), (off("region", "P-QM"), [])):
        touched = services.weigh_opening(change=change, now=NOW)
        assert [one.booking.id for one in touched] == [met.pk]
        assert [one.code for one in touched[0].instead or ()] == wanted


def test_a_day_with_longer_hours_that_is_taken_away(places: Places) -> None:
    number, _ = network.add_holiday(
        actor=SYSTEM,
        draft=HolidayDraft("house", "P-CENTRE", rule="date", names=OFF, first=DAY, spans=(Span(480, 1439),)),
    )
    late = book(places, 21)
    change = partial(network.remove_holiday, actor=SYSTEM, holiday_id=number)
    assert services.change_opening(actor=SYSTEM, change=change, now=NOW).booking_ids == (late.pk,)


@pytest.mark.parametrize("after", [HouseState.SUSPENDED, HouseState.CLOSED])
def test_a_house_that_is_suspended_or_closes_ends_all(places: Places, after: HouseState) -> None:
    day, night, elsewhere = (
        book(places, 10),
        book(places, 22, night=True),
        book(places, 10, day=4, space=places.laser.pk),
    )
    used = book(places, 8)
    services.check_in(actor=SYSTEM, booking_id=used.pk, now=at(8))
    House.objects.filter(pk=places.branch.pk).update(parent=None)
    change = partial(network.change_house_state, actor=SYSTEM, code="P-CENTRE", state=after, now=at(8))
    met = [day.pk, night.pk, elsewhere.pk]
    assert sorted(one.booking.id for one in services.weigh_opening(change=change, now=at(8))) == sorted(met)
    done = services.change_opening(actor=SYSTEM, change=change, words="Roof", now=at(8))
    assert sorted(done.booking_ids) == sorted(met)
    assert state(used) == "checked_in", "who is in the room is sent out by people"
    assert Notice.objects.filter(event="spaces.ended").count() == len(met)


def test_a_suspended_house_that_closes_or_opens_again_ends_nothing_more(places: Places) -> None:
    House.objects.filter(pk=places.branch.pk).update(parent=None)
    change = partial(network.change_house_state, actor=SYSTEM, code="P-CENTRE", now=NOW)
    met = book(places, 10)
    suspend = partial(change, state=HouseState.SUSPENDED)
    assert services.change_opening(actor=SYSTEM, change=suspend, now=NOW).booking_ids == (met.pk,)
    services.change_opening(actor=SYSTEM, change=partial(change, state=HouseState.OPEN), now=NOW)
    again = book(places, 10)
    services.change_opening(actor=SYSTEM, change=lambda: None, now=NOW)
    assert state(again) == "confirmed"


def test_a_region_with_another_parent_has_other_days_off(places: Places) -> None:
    met, other = book(places, 10), book(places, 10, day=4)
    under = RegionDraft("P-UNDER", RegionLevel.DISTRICT, Label("Under", "", ""), "IR", parent_code="P-YZ")
    network.create_region(actor=SYSTEM, draft=under)
    House.objects.filter(code="P-CENTRE").update(region=Region.objects.get(code="P-UNDER"))
    off("region", "P-QM")()
    change = partial(network.change_region, actor=SYSTEM, code="P-UNDER", draft=replace(under, parent_code="P-QM"))
    assert [one.booking.id for one in services.weigh_opening(change=change, now=NOW)] == [met.pk]
    assert services.change_opening(actor=SYSTEM, change=change, now=NOW).booking_ids == (met.pk,)
    assert state(other) == "confirmed"


def test_a_table_ends_what_its_lines_shut_out(places: Places) -> None:
    met, moved = book(places, 10), book(places, 15, day=4)
    change = table(TableName.HOLIDAYS, HOLIDAYS + "P-CENTRE,date,,,2026-03-03,,,,,,Inventory,\n")
    done = services.change_opening(actor=SYSTEM, change=change, now=NOW)
    assert done.result.applied
    assert done.booking_ids == (met.pk,)
    lines = "".join(f"P-CENTRE,{weekday},08:00,12:00,,\n" for weekday in range(1, 8))
    change = table(TableName.OPENING_HOURS, "house_code,weekday,opens,closes,first,last\n" + lines)
    assert services.change_opening(actor=SYSTEM, change=change, now=NOW).booking_ids == (moved.pk,)


def test_who_may_not_change_the_hours_ends_nothing(places: Places) -> None:
    met = book(places, 10)
    actor = places.person()
    change = partial(network.set_opening_hours, actor=actor, house_code="P-CENTRE", week=[])
    with pytest.raises(NotAllowed):
        services.change_opening(actor=actor, change=change, now=NOW)
    assert state(met) == "confirmed"
    assert OpeningHours.objects.filter(house=places.centre).exists()
