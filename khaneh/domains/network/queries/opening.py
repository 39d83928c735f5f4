"""When houses are open: their week and the days that differ, gathered for many houses at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Q

from khaneh.domains.network.models import Holiday, House, OpeningHours
from khaneh.domains.network.rules import hours as rules
from khaneh.domains.network.types import WeeklyRow
from khaneh.kernel.calendars import DayRule, OpeningCalendar, Span, WeeklySpan
from khaneh.kernel.labels import Label


def opening_calendars(house_ids: Iterable[int]) -> dict[int, OpeningCalendar]:
    """The calendar of each house that exists. Three statements."""
    found = House.objects.filter(pk__in=list(house_ids))
    houses = {row[0]: row[1:] for row in found.values_list("pk", "time_zone", "region__country", "region__path")}
    weekly: dict[int, list[WeeklySpan]] = defaultdict(list)
    rows = OpeningHours.objects.filter(house_id__in=list(houses)).order_by("weekday", "opens")
    for house, weekday, opens, closes, first, last in rows.values_list(
        "house_id", "weekday", "opens", "closes", "first", "last"
    ):
        weekly[house].append(WeeklySpan(weekday, Span(opens, closes), first, last))
    of_house: dict[int, list[DayRule]] = defaultdict(list)
    of_region: dict[int, list[Holiday]] = defaultdict(list)
    of_country: dict[str, list[DayRule]] = defaultdict(list)
    regions = {number for _, _, path in houses.values() for number in path}
    countries = {country for _, country, _ in houses.values()}
    for holiday in Holiday.objects.filter(
        Q(house_id__in=list(houses)) | Q(region_id__in=regions) | Q(country__in=countries)
    ).order_by("pk"):
        if holiday.house_id is not None:
            of_house[holiday.house_id].append(day_rule(holiday, rules.HOUSE_RANK))
        elif holiday.region_id is not None:
            of_region[holiday.region_id].append(holiday)
        else:
            of_country[holiday.country].append(day_rule(holiday, rules.COUNTRY_RANK))
    return {
        house_id: OpeningCalendar(
            zone=zone,
            weekly=tuple(weekly[house_id]),
            rules=(
                *of_country[country],
                *(
                    day_rule(holiday, rules.REGION_RANK + depth)
                    for depth, region_id in enumerate(path)
                    for holiday in of_region[region_id]
                ),
                *of_house[house_id],
            ),
        )
        for house_id, (zone, country, path) in houses.items()
    }


def day_rule(holiday: Holiday, rank: int) -> DayRule:
    """A stored holiday as the calendar's rule. Raises ValueError for one that no service can have written."""
    when = rules.when(holiday.rule, month=holiday.month, day=holiday.day, first=holiday.first, last=holiday.last)
    if when is None:
        raise ValueError(f"holiday {holiday.pk} never comes")
    spans = tuple(Span(opens, closes) for opens, closes in holiday.spans)
    return DayRule(when, Label.from_dict(holiday.names), spans, rank)


def weekly_rows(house_id: int) -> tuple[WeeklyRow, ...]:
    """The spans of a house's week, in order. One statement."""
    return tuple(
        WeeklyRow(row.pk, row.weekday, Span(row.opens, row.closes), row.first, row.last)
        for row in OpeningHours.objects.filter(house_id=house_id).order_by("weekday", "opens", "first")
    )
