"""Houses: the directory and a house's page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from khaneh.domains.network.models import Holiday, House, Organisation, Region
from khaneh.domains.network.queries.keeping import kept
from khaneh.domains.network.queries.opening import opening_calendars, weekly_rows
from khaneh.domains.network.queries.regions import decile_on_path, deciles_of, newest_index_id, region_refs
from khaneh.domains.network.rules import directory, geometry
from khaneh.domains.network.rules import hours as hour_rules
from khaneh.domains.network.types import (
    LIBRARY_KINDS,
    PUBLIC_STATES,
    HolidayRow,
    HouseDetail,
    HouseFilter,
    HousePage,
    HouseRow,
    HouseState,
    Ref,
)
from khaneh.kernel.actor import Actor
from khaneh.kernel.calendars import OpeningCalendar, Span, Status
from khaneh.kernel.labels import Label
from khaneh.kernel.refusal import NotFound

_COLUMNS = (
    "pk", "code", "kind", "state", "names", "address", "latitude", "longitude", "path", "region__path",
    "operator_id", "operator__code", "operator__names", "facilities", "time_zone",
)  # fmt: skip
_NO_STATUS = Status(is_open=False)
COMING_HOLIDAYS = 12


def visible(actor: Actor) -> Q:
    """The houses that the actor may see: those past planning, and plans at or below a house or organisation where a role is held."""
    public = Q(state__in=[state.value for state in PUBLIC_STATES])
    if actor.is_system:
        return Q()
    houses = [grant.house_id for grant in actor.grants if grant.house_id is not None]
    organisations = [grant.organisation_id for grant in actor.grants if grant.organisation_id is not None]
    return public | Q(path__overlap=houses) | Q(operator__path__overlap=organisations)


def houses(
    wanted: HouseFilter, *, actor: Actor, now: datetime, language: str = "en", offset: int = 0, limit: int = 50
) -> HousePage:
    """The directory: by name in the reader's language, or nearest first. Eight statements at most.

    An unknown region or operator finds nothing. `open_now` has to look at every house that otherwise fits, still in eight statements.
    """
    found = _filtered(wanted, actor)
    in_service = [HouseState.OPEN.value]
    if wanted.open_now:
        found = found.filter(state__in=in_service)
    rows = list(found.order_by("code").values(*_COLUMNS))
    distances: dict[int, float] = {}
    if wanted.near:
        distances = {
            row["pk"]: geometry.kilometres(wanted.near, (row["latitude"], row["longitude"]))
            for row in rows
            if row["latitude"] is not None
        }
        rows.sort(key=lambda row: (distances.get(row["pk"], float("inf")), row["code"]))
    else:
        rows.sort(key=lambda row: (sort_name(row["names"], language), row["code"]))
    calendars: dict[int, OpeningCalendar] | None = None
    if wanted.open_now:
        calendars = opening_calendars(row["pk"] for row in rows)
        rows = [row for row in rows if calendars[row["pk"]].status(now).is_open]
    page = rows[offset : offset + limit]
    return HousePage(len(rows), tuple(_rows(page, now=now, distances=distances, calendars=calendars)))


def houses_by_ids(house_ids: Iterable[int], *, actor: Actor, now: datetime) -> dict[int, HouseRow]:
    """Those of the houses that the actor may see. Six statements."""
    found = House.objects.filter(visible(actor), pk__in=list(house_ids)).values(*_COLUMNS)
    return {row.id: row for row in _rows(list(found), now=now)}


def house_refs(house_ids: Iterable[int]) -> dict[int, Ref]:
    """Houses to link to, by id, whatever their state. One statement."""
    rows = House.objects.filter(pk__in=set(house_ids)).values_list("pk", "code", "names")
    return {pk: Ref(pk, code, Label.from_dict(names)) for pk, code, names in rows}


def house_descriptions(house_ids: Iterable[int]) -> dict[int, Label]:
    """What is said of houses, by id. One statement."""
    rows = House.objects.filter(pk__in=list(house_ids)).values_list("pk", "descriptions")
    return {pk: Label.from_dict(descriptions) for pk, descriptions in rows}


def house_names() -> dict[str, Label]:
    """The names of all houses that everybody may see, by code; kept for some seconds, as every facet of every page asks. One statement
    at most."""
    states = [state.value for state in PUBLIC_STATES]

    def read() -> dict[str, Label]:
        rows = House.objects.filter(state__in=states).values_list("code", "names")
        return {code: Label.from_dict(names) for code, names in rows}

    return kept("houses", read)


def library_names() -> dict[str, Label]:
    """The names of open libraries, by code: where something can be collected. Kept for some seconds; one statement at most."""

    def read() -> dict[str, Label]:
        rows = House.objects.filter(state=HouseState.OPEN.value, kind__in=LIBRARY_KINDS).values_list("code", "names")
        return {code: Label.from_dict(names) for code, names in rows}

    return kept("libraries", read)


def house_ids_by_code(codes: Iterable[str] | None = None) -> dict[str, int]:
    """The ids of houses, whatever their state, by code; of all without `codes`. One statement."""
    found = House.objects.all() if codes is None else House.objects.filter(code__in=list(codes))
    return dict(found.order_by("pk").values_list("code", "pk"))


def house(code: str, *, actor: Actor, now: datetime) -> HouseDetail:
    """A house's page. A bounded number of statements (16). Raises NotFound for one that is missing or not for this actor's eyes."""
    found = House.objects.filter(visible(actor), code=code).select_related("region").first()
    if found is None:
        raise NotFound(what="house")
    inside = list(
        House.objects.filter(visible(actor), parent_id=found.pk).order_by("code").values_list("pk", flat=True)
    )
    rows = houses_by_ids([found.pk, *inside], actor=actor, now=now)
    calendar = opening_calendars([found.pk])[found.pk]
    today = now.astimezone(ZoneInfo(found.time_zone)).date()
    days = [today + timedelta(days=number) for number in range(7)]
    decided = [(day, calendar.rule(day)) for day in days]
    deciles = deciles_of(found.region.path, index_id=newest_index_id())
    return HouseDetail(
        row=rows[found.pk],
        descriptions=Label.from_dict(found.descriptions),
        phone=found.phone,
        email=found.email,
        website=found.website,
        calendar=found.calendar,
        opened=found.opened,
        weekly=weekly_rows(found.pk),
        week=tuple((day, calendar.spans(day), rule.name if rule else None) for day, rule in decided),
        holidays=_coming_holidays(found, today),
        inside=tuple(rows[number] for number in inside if number in rows),
        decile=decile_on_path(found.region.path, deciles),
    )


def house_by_id(house_id: int, *, actor: Actor, now: datetime) -> HouseRow:
    """One house as a list shows it. Six statements. Raises NotFound."""
    found = houses_by_ids([house_id], actor=actor, now=now).get(house_id)
    if found is None:
        raise NotFound(what="house")
    return found


def kilometres_from(latitude: float, longitude: float) -> dict[int, float]:
    """How far every house with coordinates is from a point. One statement; for ordering copies, rooms or events by distance."""
    rows = House.objects.filter(latitude__isnull=False).values_list("pk", "latitude", "longitude")
    return {
        pk: geometry.kilometres((latitude, longitude), (its_latitude, its_longitude))
        for pk, its_latitude, its_longitude in rows
        if its_latitude is not None and its_longitude is not None
    }


def public_house_ids() -> Iterator[list[int]]:
    """Every house that everybody may see, in lists of at most 1,000. One statement a list."""
    last = 0
    states = [state.value for state in PUBLIC_STATES]
    while ids := list(
        House.objects.filter(state__in=states, pk__gt=last).order_by("pk").values_list("pk", flat=True)[:1000]
    ):
        yield ids
        last = ids[-1]


def sort_name(names: dict[str, str], language: str) -> bytes:
    """How a name is ordered for a reader."""
    return directory.order_key(Label.from_dict(names).pick(language), language)


def _filtered(wanted: HouseFilter, actor: Actor) -> QuerySet[House]:
    found = House.objects.filter(visible(actor), state__in=[state.value for state in wanted.states])
    if wanted.kinds:
        found = found.filter(kind__in=wanted.kinds)
    if wanted.facilities:
        found = found.filter(facilities__contains=sorted(wanted.facilities))
    if wanted.region_code:
        ids = list(Region.objects.filter(code=wanted.region_code).values_list("pk", flat=True))
        found = found.filter(region__path__overlap=ids)
    if wanted.operator_code:
        ids = list(Organisation.objects.filter(code=wanted.operator_code).values_list("pk", flat=True))
        found = found.filter(operator__path__overlap=ids)
    for word in directory.wanted_words(wanted.text):
        found = found.filter(search_key__contains=word)
    return found


def _rows(
    found: list[dict[str, Any]],
    *,
    now: datetime,
    distances: dict[int, float] | None = None,
    calendars: dict[int, OpeningCalendar] | None = None,
) -> Iterator[HouseRow]:
    if calendars is None:
        calendars = opening_calendars(row["pk"] for row in found)
    regions = region_refs(number for row in found for number in row["region__path"])
    ancestors = house_refs(number for row in found for number in row["path"][:-1])
    for row in found:
        operator = row["operator_id"]
        in_service = row["state"] == HouseState.OPEN
        yield HouseRow(
            id=row["pk"],
            code=row["code"],
            kind=row["kind"],
            state=HouseState(row["state"]),
            names=Label.from_dict(row["names"]),
            address=row["address"],
            latitude=row["latitude"],
            longitude=row["longitude"],
            regions=tuple(regions[number] for number in row["region__path"]),
            ancestors=tuple(ancestors[number] for number in row["path"][:-1]),
            operator=Ref(operator, row["operator__code"], Label.from_dict(row["operator__names"]))
            if operator
            else None,
            facilities=tuple(row["facilities"]),
            time_zone=row["time_zone"],
            status=calendars[row["pk"]].status(now) if in_service else _NO_STATUS,
            distance_km=(distances or {}).get(row["pk"]),
        )


def _coming_holidays(found: House, today: date) -> tuple[HolidayRow, ...]:
    scope = Q(house_id=found.pk) | Q(region_id__in=found.region.path) | Q(country=found.region.country)
    rows = []
    for holiday in Holiday.objects.filter(scope).order_by("pk"):
        when = hour_rules.when(
            holiday.rule, month=holiday.month, day=holiday.day, first=holiday.first, last=holiday.last
        )
        day = hour_rules.next_day(when, today) if when else None
        if day is not None:
            scope_name = "house" if holiday.house_id else "region" if holiday.region_id else "country"
            spans = tuple(Span(opens, closes) for opens, closes in holiday.spans)
            names = Label.from_dict(holiday.names)
            rows.append((day, HolidayRow(holiday.pk, names, scope_name, day, spans, holiday.expected)))
    rows.sort(key=lambda pair: (pair[0], pair[1].id))
    return tuple(row for _, row in rows[:COMING_HOLIDAYS])


def distances() -> Callable[[int, int], float | None]:
    """A function that tells kilometres between two houses, None where one has no place on the map. One statement; for work over many."""
    rows = House.objects.filter(latitude__isnull=False).values_list("pk", "latitude", "longitude")
    points = {
        pk: (latitude, longitude) for pk, latitude, longitude in rows if latitude is not None and longitude is not None
    }
    known: dict[tuple[int, int], float] = {}

    def kilometres(left: int, right: int) -> float | None:
        if left == right:
            return 0.0
        pair = (left, right) if left < right else (right, left)
        if pair not in known:
            if left not in points or right not in points:
                return None
            known[pair] = geometry.kilometres(points[left], points[right])
        return known[pair]

    return kilometres
