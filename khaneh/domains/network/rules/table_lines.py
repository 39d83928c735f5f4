"""What the columns of each table mean: a line as a draft, and a draft as a line. The two agree, so that an export can be imported."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, cast

from khaneh.domains.network.rules.cells import Cells
from khaneh.domains.network.types import (
    DecileDraft,
    DeprivationIndexDraft,
    HolidayDraft,
    HouseDraft,
    HouseState,
    OrganisationDraft,
    RegionDraft,
    RegionLevel,
    TableName,
    WeeklyHours,
)
from khaneh.kernel.calendars import Span, show_minutes
from khaneh.kernel.labels import Label

_NAMES = ("name_fa", "name_vi", "name_en")
_DESCRIPTIONS = ("description_fa", "description_vi", "description_en")
_CONTACTS = ("phone", "email", "website")
_POSITION = ("latitude", "longitude")
NO_NAME = Label("", "", "")

COLUMNS: dict[TableName, tuple[str, ...]] = {
    TableName.REGIONS: ("code", "parent", "level", "country", *_NAMES, "population", "rural", *_POSITION),
    TableName.DEPRIVATION_INDEXES: ("code", "version", "date", "status", *_NAMES, "note_fa", "note_vi", "note_en"),
    TableName.DEPRIVATION: ("index_code", "index_version", "region_code", "decile"),
    TableName.ORGANISATIONS: (
        "code", "kind", *_NAMES, "country", "registration_number", "isic", "capabilities", "region_code", "parent_code",
        "address", *_POSITION, *_CONTACTS, *_DESCRIPTIONS,
    ),
    TableName.HOUSES: (
        "code", "parent_code", "operator_code", "kind", "region_code", *_NAMES, "address", *_POSITION, *_CONTACTS,
        "time_zone", "calendar", "state", "facilities", "opened", *_DESCRIPTIONS,
    ),
    TableName.OPENING_HOURS: ("house_code", "weekday", "opens", "closes", "first", "last"),
    TableName.HOLIDAYS: ("scope", "rule", "month", "day", "date", "last", "status", "opens", "closes", *_NAMES),
}  # fmt: skip

REQUIRED: dict[TableName, tuple[str, ...]] = {
    TableName.REGIONS: ("code", "level"),
    TableName.DEPRIVATION_INDEXES: ("code", "version", "date"),
    TableName.DEPRIVATION: ("index_code", "index_version", "region_code", "decile"),
    TableName.ORGANISATIONS: ("code",),
    TableName.HOUSES: ("code",),
    TableName.OPENING_HOURS: ("house_code", "weekday", "opens", "closes"),
    TableName.HOLIDAYS: ("scope", "rule"),
}

# The names that services give to what is wrong, where a column is called otherwise.
FIELD_COLUMNS: dict[str, str] = {
    "names": "name",
    "descriptions": "description",
    "sectors": "isic",
    "spans": "opens",
}
_LEVELS = {level.name.lower(): level for level in RegionLevel}
_STATES = {state.value: state for state in HouseState}


def region(cells: Cells, known: RegionDraft | None) -> RegionDraft:
    """A region; without a column `country` it is the first part of the code (`vn-na` is in VN)."""
    code = cells.required("code")
    base = known or RegionDraft(code, RegionLevel.PROVINCE, NO_NAME, code.partition("-")[0].upper())
    level = cells.choice("level", base.level, _LEVELS)
    if level is None and not cells.problems:
        cells.note("level", "required")
    return RegionDraft(
        code=code,
        level=level or base.level,
        names=cells.label("name", base.names),
        country=cells.text("country", base.country),
        parent_code=cells.text("parent", base.parent_code),
        population=cells.whole("population", base.population),
        rural=cells.flag("rural", base.rural),
        latitude=cells.number("latitude", base.latitude),
        longitude=cells.number("longitude", base.longitude),
    )


def region_line(draft: RegionDraft) -> dict[str, str]:
    """The cells of a region."""
    return {
        "code": draft.code,
        "parent": draft.parent_code,
        "level": draft.level.name.lower(),
        "country": draft.country,
        **_label("name", draft.names),
        "population": _text(draft.population),
        "rural": "" if draft.rural is None else str(int(draft.rural)),
        "latitude": _text(draft.latitude),
        "longitude": _text(draft.longitude),
    }


def index(cells: Cells) -> DeprivationIndexDraft | None:
    """A version of an index; None when it has no date."""
    day = cells.date("date")
    if day is None:
        cells.required("date")
        return None
    return DeprivationIndexDraft(
        code=cells.required("code"),
        version=cells.required("version"),
        names=cells.label("name", NO_NAME),
        published_on=day,
        notes=cells.label("note", NO_NAME),
        illustrative=bool(cells.choice("status", False, {"illustrative": True, "official": False, "": False})),
    )


def decile(cells: Cells) -> DecileDraft:
    """A region's decile."""
    number = cells.whole("decile")
    if number is None and not cells.problems:
        cells.note("decile", "required")
    return DecileDraft(
        cells.required("index_code"), cells.required("index_version"), cells.required("region_code"), number or 0
    )


def organisation(
    cells: Cells, known: OrganisationDraft | None, region_countries: Mapping[str, str]
) -> OrganisationDraft:
    """An organisation; without a country it is that of its region."""
    base = known or OrganisationDraft(cells.text("code"), "", NO_NAME, "")
    region_code = cells.text("region_code", base.region_code)
    return OrganisationDraft(
        code=cells.required("code"),
        kind=cells.text("kind", base.kind),
        names=cells.label("name", base.names),
        country=cells.text("country", base.country) or region_countries.get(region_code, ""),
        region_code=region_code,
        parent_code=cells.text("parent_code", base.parent_code),
        registration_number=cells.text("registration_number", base.registration_number),
        sectors=cells.words("isic", base.sectors),
        capabilities=cells.words("capabilities", base.capabilities),
        descriptions=cells.label("description", base.descriptions),
        address=cells.text("address", base.address),
        latitude=cells.number("latitude", base.latitude),
        longitude=cells.number("longitude", base.longitude),
        phone=cells.text("phone", base.phone),
        email=cells.text("email", base.email),
        website=cells.text("website", base.website),
    )


def organisation_line(draft: OrganisationDraft) -> dict[str, str]:
    """The cells of an organisation."""
    return {
        "code": draft.code,
        "kind": draft.kind,
        "country": draft.country,
        "registration_number": draft.registration_number,
        "isic": ";".join(draft.sectors),
        "capabilities": ";".join(draft.capabilities),
        "region_code": draft.region_code,
        "parent_code": draft.parent_code,
        **_whereabouts(draft),
    }


def house(cells: Cells, known: HouseDraft | None) -> HouseDraft:
    """A house."""
    base = known or HouseDraft(cells.text("code"), "", NO_NAME, "")
    return HouseDraft(
        code=cells.required("code"),
        kind=cells.text("kind", base.kind),
        names=cells.label("name", base.names),
        region_code=cells.text("region_code", base.region_code),
        parent_code=cells.text("parent_code", base.parent_code),
        operator_code=cells.text("operator_code", base.operator_code),
        descriptions=cells.label("description", base.descriptions),
        address=cells.text("address", base.address),
        latitude=cells.number("latitude", base.latitude),
        longitude=cells.number("longitude", base.longitude),
        phone=cells.text("phone", base.phone),
        email=cells.text("email", base.email),
        website=cells.text("website", base.website),
        facilities=cells.words("facilities", base.facilities),
        time_zone=cells.text("time_zone", base.time_zone),
        calendar=cells.text("calendar", base.calendar),
        opened=cells.text("opened", base.opened),
        state=cells.choice("state", base.state, _STATES) or base.state,
    )


def house_line(draft: HouseDraft) -> dict[str, str]:
    """The cells of a house."""
    return {
        "code": draft.code,
        "parent_code": draft.parent_code,
        "operator_code": draft.operator_code,
        "kind": draft.kind,
        "region_code": draft.region_code,
        "time_zone": draft.time_zone,
        "calendar": draft.calendar,
        "state": draft.state.value,
        "facilities": ";".join(draft.facilities),
        "opened": draft.opened,
        **_whereabouts(draft),
    }


def hours(cells: Cells) -> WeeklyHours | None:
    """One span of a house's week; None when it is none."""
    weekday, opens, closes = cells.whole("weekday"), cells.time("opens"), cells.time("closes")
    first, last = cells.date("first"), cells.date("last")
    if weekday is not None and not 1 <= weekday <= 7:
        cells.note("weekday", "out_of_range")
    for column in ("house_code", "weekday", "opens", "closes"):
        cells.required(column)
    if first and last and last < first:
        cells.note("last", "out_of_range")
    if cells.problems or weekday is None or opens is None or closes is None:
        return None
    if opens == 24 * 60:
        cells.note("opens", "out_of_range")
        return None
    return WeeklyHours(weekday, Span.of(opens, closes), first, last)


def hours_line(house_code: str, row: WeeklyHours) -> dict[str, str]:
    """The cells of a span."""
    return {
        "house_code": house_code,
        "weekday": str(row.weekday),
        "opens": show_minutes(row.span.opens, "en"),
        "closes": show_minutes(row.span.closes, "en"),
        "first": row.first.isoformat() if row.first else "",
        "last": row.last.isoformat() if row.last else "",
    }


def holiday(cells: Cells, scopes: Mapping[str, str]) -> HolidayDraft:
    """A day that differs. `scope` is a country's two capitals, else a house's or a region's code, which `scopes` tells apart.

    Several spans stand between semicolons, the openings in one cell and the closings in the other, in the same order.
    """
    scope_code = cells.required("scope")
    is_country = len(scope_code) == 2 and scope_code.isascii() and scope_code.isupper()
    spans = _spans(cells)
    rule = cells.choice("rule", None, {"jalali": "jalali", "gregorian": "gregorian", "date": "date"})
    if rule is None and not cells.problems:
        cells.note("rule", "required")
    return HolidayDraft(
        scope=cast(
            "Literal['country', 'region', 'house']", "country" if is_country else scopes.get(scope_code, "region")
        ),
        scope_code=scope_code,
        rule=cast("Literal['jalali', 'gregorian', 'date']", rule or "date"),
        names=cells.label("name", NO_NAME),
        month=cells.whole("month"),
        day=cells.whole("day"),
        first=cells.date("date"),
        last=cells.date("last"),
        spans=spans,
        expected=bool(cells.choice("status", False, {"fixed": False, "expected": True, "": False})),
    )


def _spans(cells: Cells) -> tuple[Span, ...]:
    opens, closes = cells.times("opens"), cells.times("closes")
    if len(opens) != len(closes):
        cells.note("closes" if len(closes) < len(opens) else "opens", "required")
        return ()
    if any(minutes >= 24 * 60 for minutes in opens):
        cells.note("opens", "out_of_range")
        return ()
    return tuple(Span.of(*pair) for pair in zip(opens, closes, strict=True))


def holiday_line(draft: HolidayDraft) -> dict[str, str]:
    """The cells of a day that differs."""
    return {
        "scope": draft.scope_code,
        "rule": draft.rule,
        "month": _text(draft.month),
        "day": _text(draft.day),
        "date": draft.first.isoformat() if draft.first else "",
        "last": draft.last.isoformat() if draft.last and draft.last != draft.first else "",
        "status": "expected" if draft.expected else "fixed",
        "opens": ";".join(show_minutes(span.opens, "en") for span in draft.spans),
        "closes": ";".join(show_minutes(span.closes, "en") for span in draft.spans),
        **_label("name", draft.names),
    }


def _whereabouts(draft: HouseDraft | OrganisationDraft) -> dict[str, str]:
    return {
        **_label("name", draft.names),
        **_label("description", draft.descriptions),
        "address": draft.address,
        "latitude": _text(draft.latitude),
        "longitude": _text(draft.longitude),
        "phone": draft.phone,
        "email": draft.email,
        "website": draft.website,
    }


def _label(prefix: str, label: Label) -> dict[str, str]:
    return {f"{prefix}_{language}": text for language, text in label.to_dict().items()}


def _text(value: float | None) -> str:
    return "" if value is None else str(value)
