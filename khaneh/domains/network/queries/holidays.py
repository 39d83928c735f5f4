"""The days that differ, as those who enter them see them: their own, those that come from above, and what a house's next days are like."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, Literal

from django.db.models import Case, IntegerField, Q, Value, When

from khaneh.domains.network.models import Holiday, House, Region
from khaneh.domains.network.queries.opening import opening_calendars
from khaneh.domains.network.rules import hours as rules
from khaneh.domains.network.types import DayPreview, HolidayDraft, HolidayEntry
from khaneh.kernel.calendars import Span
from khaneh.kernel.labels import Label
from khaneh.kernel.refusal import NotFound

_RANKS: tuple[tuple[int, Literal["country", "region", "house"]], ...] = (
    (rules.HOUSE_RANK, "house"),
    (rules.REGION_RANK, "region"),
    (rules.COUNTRY_RANK, "country"),
)


def holiday(holiday_id: int, *, today: date) -> HolidayEntry:
    """One. One statement. Raises NotFound."""
    found = _entries(Holiday.objects.filter(pk=holiday_id), today)
    if not found:
        raise NotFound(what="holiday")
    return found[0]


def holidays_of_house(house_id: int, *, today: date) -> list[HolidayEntry]:
    """A house's own, its regions' and its country's, nearest first, those that are over last. Two statements. Raises NotFound."""
    found = House.objects.filter(pk=house_id).values_list("region__path", "region__country").first()
    if found is None:
        raise NotFound(what="house")
    path, country = found
    return _entries(Holiday.objects.filter(Q(house_id=house_id) | Q(region_id__in=path) | Q(country=country)), today)


def holidays_of_region(region_id: int, *, today: date) -> list[HolidayEntry]:
    """A region's own, those of the regions above and its country's. Two statements. Raises NotFound."""
    found = Region.objects.filter(pk=region_id).values_list("path", "country").first()
    if found is None:
        raise NotFound(what="region")
    path, country = found
    return _entries(Holiday.objects.filter(Q(region_id__in=path) | Q(country=country)), today)


def holidays_of_country(country: str, *, today: date) -> list[HolidayEntry]:
    """A country's. One statement."""
    return _entries(Holiday.objects.filter(country=country), today)


def coming_days(house_id: int, *, first: date, days: int = 30) -> list[DayPreview]:
    """What a house's next days are like, and what decides each. Three statements. Raises NotFound."""
    calendar = opening_calendars([house_id]).get(house_id)
    if calendar is None:
        raise NotFound(what="house")
    found = []
    for number in range(days):
        day = first + timedelta(days=number)
        rule, week = calendar.rule(day), calendar.week(day)
        season = (week[0].first, week[0].last) if week else (None, None)
        if rule is not None:
            source = next(name for rank, name in _RANKS if rule.rank >= rank)
            found.append(DayPreview(day, calendar.spans(day), source, rule.name))
        elif any(season):
            found.append(DayPreview(day, calendar.spans(day), "season", first=season[0], last=season[1]))
        else:
            found.append(DayPreview(day, calendar.spans(day), "week"))
    return found


def draft_of(row: Holiday) -> HolidayDraft:
    """A stored holiday in the shape in which it is changed; its house and region must be loaded."""
    scope: Any = "house" if row.house else "region" if row.region else "country"
    rule: Any = row.rule
    return HolidayDraft(
        scope=scope,
        scope_code=row.house.code if row.house else row.region.code if row.region else row.country,
        rule=rule,
        names=Label.from_dict(row.names),
        month=row.month,
        day=row.day,
        first=row.first,
        last=row.last,
        spans=tuple(Span(opens, closes) for opens, closes in row.spans),
        expected=row.expected,
    )


def _entries(rows: Any, today: date) -> list[HolidayEntry]:
    nearness = Case(
        When(house__isnull=False, then=Value(0)),
        When(region__isnull=False, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    stored: Iterable[Holiday] = (
        rows.select_related("house", "region")
        .defer("region__boundary", "region__outline")
        .annotate(nearness=nearness)
        .order_by("nearness", "pk")
    )
    entries = []
    for row in stored:
        draft = draft_of(row)
        when = rules.when(draft.rule, month=draft.month, day=draft.day, first=draft.first, last=draft.last)
        above = row.house or row.region
        entries.append(
            HolidayEntry(
                id=row.pk,
                draft=draft,
                scope_names=Label.from_dict(above.names) if above else None,
                next_day=rules.next_day(when, today) if when else None,
            )
        )
    return sorted(entries, key=lambda entry: (entry.next_day is None, entry.next_day or entry.draft.first or today))
