"""A house's opening hours and the days that differ from them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from khaneh.domains.network import permissions, queries
from khaneh.domains.network.errors import HoursOverlap
from khaneh.domains.network.models import Holiday, House, OpeningHours, Region
from khaneh.domains.network.rules import hours as rules
from khaneh.domains.network.services.integrity import refusing
from khaneh.domains.network.services.references import differs, find, refuse_if_any
from khaneh.domains.network.types import HolidayDraft, Outcome, WeeklyHours
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import Actor, Place
from khaneh.kernel.refusal import NotFound


def set_opening_hours(*, actor: Actor, house_code: str, week: Sequence[WeeklyHours]) -> bool:
    """Replace a house's whole week; false when it was so already. Raises NotFound, NotAllowed, HoursOverlap."""
    with db.transaction():
        house = House.objects.select_for_update(of=("self",)).filter(queries.visible_houses(actor), code=house_code)
        found = house.first()
        if found is None:
            raise NotFound(what="house")
        permissions.require_manage_house(actor, queries.place_of_house(found.pk))
        wanted = sorted(set(week), key=_order)
        weekday = rules.overlapping_weekday(wanted)
        if weekday is not None:
            raise HoursOverlap(weekday=weekday)
        before = [WeeklyHours(row.weekday, row.span, row.first, row.last) for row in queries.weekly_rows(found.pk)]
        if sorted(before, key=_order) == wanted:
            return False
        OpeningHours.objects.filter(house_id=found.pk).delete()
        with refusing(code=house_code):
            OpeningHours.objects.bulk_create(
                OpeningHours(
                    house_id=found.pk,
                    weekday=hours.weekday,
                    opens=hours.span.opens,
                    closes=hours.span.closes,
                    first=hours.first,
                    last=hours.last,
                )
                for hours in wanted
            )
        journal.record("network.house.hours_changed", actor=actor, house_id=found.pk, spans=len(wanted))
    return True


def add_holiday(*, actor: Actor, draft: HolidayDraft) -> tuple[int, Outcome]:
    """Enter a day that differs, or give the one already entered for these days its names and hours. Gives its id and what
    became of it.

    A house's is for its manager, a region's and a country's for its authority. Raises Invalid, NotAllowed.
    """
    with db.transaction():
        problems: dict[str, str] = {}
        when = rules.when(draft.rule, month=draft.month, day=draft.day, first=draft.first, last=draft.last)
        if when is None:
            problems["rule"] = "never_comes"
        if not any(draft.names):
            problems["names"] = "required"
        scope, place = _scope(draft, problems, actor)
        refuse_if_any(problems)
        require = permissions.require_manage_house if draft.scope == "house" else permissions.require_administer
        require(actor, place)
        values: dict[str, Any] = {
            "last": draft.last or draft.first,
            "spans": [[span.opens, span.closes] for span in draft.spans],
            "names": draft.names.to_dict(),
            "expected": draft.expected,
        }
        # Two at a time for the same days would both find none.
        db.lock(("network.holidays", 0))
        key = {**scope, "rule": draft.rule, "month": draft.month, "day": draft.day, "first": draft.first}
        lookup = {(f"{name}__isnull" if value is None else name): value is None or value for name, value in key.items()}
        row = Holiday.objects.filter(**lookup).first()
        if row is not None and not differs(row, values):
            return row.pk, Outcome.SAME
        outcome = Outcome.CHANGED
        if row is None:
            row, outcome = Holiday(**key), Outcome.CREATED
        for name, value in values.items():
            setattr(row, name, value)
        row.save()
        journal.record("network.holiday.set", actor=actor, house_id=scope["house_id"], holiday_id=row.pk)
    return row.pk, outcome


def remove_holiday(*, actor: Actor, holiday_id: int) -> None:
    """Take a day that differs away. Raises NotFound, NotAllowed."""
    with db.transaction():
        row = Holiday.objects.select_for_update(of=("self",)).filter(pk=holiday_id).first()
        if row is None:
            raise NotFound(what="holiday")
        if row.house_id is not None:
            permissions.require_manage_house(actor, queries.place_of_house(row.house_id))
        elif row.region_id is not None:
            permissions.require_administer(actor, queries.place_of_region(row.region_id))
        else:
            permissions.require_administer(actor, queries.place_of_country(row.country))
        row.delete()
        journal.record("network.holiday.removed", actor=actor, house_id=row.house_id, holiday_id=holiday_id)


def _order(hours: WeeklyHours) -> tuple[Any, ...]:
    return hours.weekday, hours.span, str(hours.first or ""), str(hours.last or "")


def _scope(draft: HolidayDraft, problems: dict[str, str], actor: Actor) -> tuple[dict[str, Any], Place]:
    scope: dict[str, Any] = {"house_id": None, "region_id": None, "country": ""}
    if draft.scope == "country":
        if len(draft.scope_code) != 2 or not draft.scope_code.isascii() or not draft.scope_code.isupper():
            problems["scope"] = "format"
        return {**scope, "country": draft.scope_code}, queries.place_of_country(draft.scope_code)
    if draft.scope == "region":
        region = find(Region.objects.all(), draft.scope_code, field="scope", problems=problems)
        if region is not None:
            return {**scope, "region_id": region.pk}, queries.place_of_region(region.pk)
    else:
        house = find(
            House.objects.filter(queries.visible_houses(actor)), draft.scope_code, field="scope", problems=problems
        )
        if house is not None:
            return {**scope, "house_id": house.pk}, queries.place_of_house(house.pk)
    problems.setdefault("scope", "required")
    return scope, Place()
