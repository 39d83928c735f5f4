"""Closing by calendar files: said again it is done once, moved with the file, taken back with it; everybody is told."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from khaneh.domains.network import queries as network
from khaneh.domains.network.models import Holiday
from khaneh.domains.notices.models import Notice
from khaneh.domains.spaces import services
from khaneh.domains.spaces.models import Booking, SpaceClosure
from khaneh.domains.spaces.types import ClosureKind, HouseDay, Override, Window
from khaneh.kernel.actor import SYSTEM, Actor
from khaneh.kernel.labels import Label
from khaneh.kernel.refusal import NotAllowed
from tests.domains.spaces.places import HOUR, NOW, Places, at

OFF = Label("Inventory", "", "")


def book(places: Places, hour: int, *, day: int = 3, override: Override | None = None) -> Booking:
    actor: Actor = places.person() if override is None else SYSTEM
    made = services.book(
        actor=actor, account_id=places.person().account_id if override else None, space_id=places.room.pk,
        starts=at(hour, day=day), ends=at(hour, day=day) + HOUR, now=NOW, override=override or Override(),
    )  # fmt: skip
    return Booking.objects.get(pk=made.booking_id)


def window(uid: str, hour: int, *, day: int = 3, note: str = "oil") -> Window:
    return Window(uid, at(hour, day=day), at(hour, day=day) + HOUR, note)


def outcomes(done: object) -> list[str]:
    return [outcome.value for _, outcome in done.outcomes]  # type: ignore[attr-defined]


def test_times_of_a_file_close_a_space_once(places: Places) -> None:
    met = book(places, 10)
    facts = {"actor": places.staff(), "space_id": places.room.pk, "kind": ClosureKind.MAINTENANCE, "now": NOW}
    windows = [window("a", 10), window("b", 9, day=1), window("c" * 501, 12), window("d", 15)]
    weighed, touched = services.weigh_closures(windows=windows, **facts)  # type: ignore[arg-type]
    assert outcomes(weighed) == ["new", "past", "unnameable", "new"]
    assert [one.booking.id for one in touched] == [met.pk]
    assert not SpaceClosure.objects.exists(), "looked at, and nothing done"
    done = services.take_in_closures(windows=windows, **facts)  # type: ignore[arg-type]
    assert done.booking_ids == (met.pk,)
    assert Notice.objects.filter(event="spaces.ended").count() == 1
    again = services.take_in_closures(windows=windows, **facts)  # type: ignore[arg-type]
    assert outcomes(again) == ["same", "past", "unnameable", "same"]
    moved = services.take_in_closures(windows=[window("a", 13)], cancelled=["d", "unknown"], **facts)  # type: ignore[arg-type]
    assert outcomes(moved) == ["moved", "opened"]
    closed = SpaceClosure.objects.filter(lifted_at=None)
    assert list(closed.values_list("uid", "starts")) == [("a", at(13))]


def test_what_is_in_use_is_left_out_and_the_rest_is_done(places: Places) -> None:
    under_way = book(places, 10)
    services.check_in(actor=SYSTEM, booking_id=under_way.pk, now=at(10))
    done = services.take_in_closures(
        actor=SYSTEM, space_id=places.room.pk, kind=ClosureKind.REPAIR, windows=[window("a", 10), window("b", 12)],
        now=at(10),
    )  # fmt: skip
    assert outcomes(done) == ["in_use", "new"]


def test_only_who_leads_takes_files_in(places: Places) -> None:
    for actor in (places.person(), places.staff(house=places.far)):
        with pytest.raises(NotAllowed):
            services.take_in_closures(
                actor=actor, space_id=places.room.pk, kind=ClosureKind.OTHER, windows=[window("a", 10)], now=NOW
            )
        with pytest.raises(NotAllowed):
            services.take_in_holidays(
                actor=actor,
                house_id=places.centre.pk,
                days=[HouseDay("a", date(2026, 3, 3), date(2026, 3, 3), OFF)],
                now=NOW,
            )


def test_days_of_a_file_close_a_house_and_end_what_is_shut_out(places: Places) -> None:
    met, other = book(places, 10), book(places, 10, day=5)
    # What somebody with the right booked outside opening hours was never within them.
    night = book(places, 22, override=Override(frozenset({"book_outside_hours"}), "night of reading"))
    days = [
        HouseDay("a", date(2026, 3, 3), date(2026, 3, 4), OFF),
        HouseDay("b", date(2026, 2, 1), date(2026, 2, 1), OFF),
    ]
    facts = {"actor": places.staff(), "house_id": places.centre.pk, "now": NOW}
    weighed, touched = services.weigh_holidays(days=days, **facts)  # type: ignore[arg-type]
    assert outcomes(weighed) == ["new", "past"]
    assert [one.booking.id for one in touched] == [met.pk]
    assert network.house_facts(places.centre.pk).calendar.spans(date(2026, 3, 3)), "only looked at"
    assert not Holiday.objects.exists()
    done = services.take_in_holidays(days=days, **facts)  # type: ignore[arg-type]
    assert done.booking_ids == (met.pk,)
    states = dict(Booking.objects.values_list("pk", "state"))
    assert states == {met.pk: "cancelled", other.pk: "confirmed", night.pk: "confirmed"}
    assert Booking.objects.get(pk=met.pk).reason == "Inventory"
    assert outcomes(services.take_in_holidays(days=days, **facts)) == ["same", "past"]  # type: ignore[arg-type]
    moved = [HouseDay("a", date(2026, 3, 5), date(2026, 3, 5), OFF)]
    done = services.take_in_holidays(days=moved, **facts)  # type: ignore[arg-type]
    assert (outcomes(done), done.booking_ids) == (["moved"], (other.pk,))
    assert list(Holiday.objects.values_list("first", "uid")) == [(date(2026, 3, 5), "a")]
    assert outcomes(services.take_in_holidays(days=[], cancelled=["a", "x"], **facts)) == ["opened"]  # type: ignore[arg-type]
    assert not Holiday.objects.exists()


def test_a_day_entered_by_hand_is_not_doubled_and_keeps_its_names(places: Places) -> None:
    both = {"en": "Inventory", "fa": "انبارگردانی", "vi": ""}
    day = date(2026, 3, 9)
    Holiday.objects.create(house=places.centre, rule="date", first=day, last=day, names=both)
    days = [HouseDay("a", day, day, OFF), HouseDay("b", day, day, OFF)]
    done = services.take_in_holidays(actor=SYSTEM, house_id=places.centre.pk, days=days, now=NOW)
    # It is given its name in the file; a second entry for the same day has no place.
    assert outcomes(done) == ["moved", "taken"]
    assert Holiday.objects.get().names == both
    longer = [HouseDay("a", day, day + timedelta(days=1), OFF)]
    services.take_in_holidays(actor=SYSTEM, house_id=places.centre.pk, days=longer, now=NOW)
    assert (Holiday.objects.get().names, Holiday.objects.get().last) == (both, day + timedelta(days=1))
