"""What somebody wants to be true of a region, a house or an organisation: whole values, with other things named by their codes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from khaneh.domains.network.types.lists import HouseState, RegionLevel
from khaneh.kernel.calendars import Span
from khaneh.kernel.labels import Label

NO_NAME = Label("", "", "")


@dataclass(frozen=True, slots=True)
class RegionDraft:
    """A region. `country` is an ISO 3166 code of two capitals; coordinates are degrees, WGS 84."""

    code: str
    level: RegionLevel
    names: Label
    country: str
    parent_code: str = ""
    population: int | None = None
    rural: bool | None = None
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class BoundaryDraft:
    """The outline of a region: a GeoJSON Polygon or MultiPolygon (RFC 7946), or None to take it away."""

    region_code: str
    geometry: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class DeprivationIndexDraft:
    """One version of a named index. `illustrative` marks one that is no official statistic."""

    code: str
    version: str
    names: Label
    published_on: date
    notes: Label = NO_NAME
    illustrative: bool = False


@dataclass(frozen=True, slots=True)
class DecileDraft:
    """A region's decile in one version of an index: 1 is the most deprived, 10 the least."""

    index_code: str
    index_version: str
    region_code: str
    decile: int


@dataclass(frozen=True, slots=True)
class HouseDraft:
    """A house. `opened` is a year, month or day as EDTF writes it; `time_zone` an IANA name."""

    code: str
    kind: str
    names: Label
    region_code: str
    parent_code: str = ""
    operator_code: str = ""
    descriptions: Label = NO_NAME
    address: str = ""
    latitude: float | None = None
    longitude: float | None = None
    phone: str = ""
    email: str = ""
    website: str = ""
    facilities: tuple[str, ...] = ()
    time_zone: str = "Asia/Tehran"
    calendar: str = "jalali"
    opened: str = ""
    state: HouseState = HouseState.PROPOSED


@dataclass(frozen=True, slots=True)
class WeeklyHours:
    """One span of a house's week (ISO weekday: Monday is 1), in a season if dates are given, both days included."""

    weekday: int
    span: Span
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class HolidayDraft:
    """A day off, or a day with other hours when `spans` are given, for one house, a region and what is below it, or a country.

    Yearly by month and day of a calendar, or on explicit days from `first` to `last`. `expected` marks a day that depends on the
    sighting of the moon or a decision to come.
    """

    scope: Literal["country", "region", "house"]
    scope_code: str
    rule: Literal["jalali", "gregorian", "date"]
    names: Label
    month: int | None = None
    day: int | None = None
    first: date | None = None
    last: date | None = None
    spans: tuple[Span, ...] = ()
    expected: bool = False


@dataclass(frozen=True, slots=True)
class OrganisationDraft:
    """A legal actor. `registration_number` is unique in its country when given; `sectors` are ISIC codes.

    `capabilities` are codes of `CAPABILITIES`, their names in any of the languages, or own words.
    """

    code: str
    kind: str
    names: Label
    country: str
    region_code: str = ""
    parent_code: str = ""
    registration_number: str = ""
    sectors: tuple[str, ...] = ()
    capabilities: tuple[str, ...] = ()
    descriptions: Label = NO_NAME
    address: str = ""
    latitude: float | None = None
    longitude: float | None = None
    phone: str = ""
    email: str = ""
    website: str = ""
