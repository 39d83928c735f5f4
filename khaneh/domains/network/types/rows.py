"""What the network's queries give: frozen rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NamedTuple

from khaneh.domains.network.types.drafts import HolidayDraft
from khaneh.domains.network.types.lists import PUBLIC_STATES, HouseState, RegionLevel
from khaneh.kernel.calendars import Span, Status
from khaneh.kernel.labels import Label


class Ref(NamedTuple):
    """A thing to link to."""

    id: int
    code: str
    names: Label


@dataclass(frozen=True, slots=True)
class RegionRow:
    """A region. `ancestors` are those above it, the province first; `decile` is that of the index asked for, its own or the nearest above."""

    id: int
    code: str
    level: RegionLevel
    country: str
    names: Label
    parent_id: int | None
    ancestors: tuple[Ref, ...]
    population: int | None
    rural: bool | None
    latitude: float | None
    longitude: float | None
    decile: int | None = None
    houses: int = 0  # houses in service in it and below


@dataclass(frozen=True, slots=True)
class DeprivationIndexRow:
    """One version of an index."""

    id: int
    code: str
    version: str
    names: Label
    notes: Label
    published_on: date
    illustrative: bool


@dataclass(frozen=True, slots=True)
class HouseRow:
    """A house as lists show it. `ancestors` are the houses it is in, the outermost first; `regions` the province first."""

    id: int
    code: str
    kind: str
    state: HouseState
    names: Label
    address: str
    latitude: float | None
    longitude: float | None
    regions: tuple[Ref, ...]
    ancestors: tuple[Ref, ...]
    operator: Ref | None
    facilities: tuple[str, ...]
    time_zone: str
    status: Status
    distance_km: float | None = None


@dataclass(frozen=True, slots=True)
class WeeklyRow:
    """One span of a house's week, as stored."""

    id: int
    weekday: int
    span: Span
    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class HolidayRow:
    """A day that differs, and its next occurrence on or after the day asked about (None when it is past)."""

    id: int
    names: Label
    scope: str
    day: date | None
    spans: tuple[Span, ...]
    expected: bool


@dataclass(frozen=True, slots=True)
class HouseDetail:
    """Everything a house's page says."""

    row: HouseRow
    descriptions: Label
    phone: str
    email: str
    website: str
    calendar: str
    opened: str
    weekly: tuple[WeeklyRow, ...]
    week: tuple[
        tuple[date, tuple[Span, ...], Label | None], ...
    ]  # seven days from today: spans, and the holiday's name
    holidays: tuple[HolidayRow, ...]  # the coming ones, soonest first
    inside: tuple[HouseRow, ...]  # houses directly in it
    decile: int | None


@dataclass(frozen=True, slots=True)
class HouseFilter:
    """Which houses. Empty means any. `region_code` and `operator_code` include what is below them."""

    text: str = ""
    kinds: frozenset[str] = frozenset()
    states: frozenset[HouseState] = PUBLIC_STATES
    region_code: str = ""
    operator_code: str = ""
    facilities: frozenset[str] = frozenset()  # all of them
    open_now: bool = False
    near: tuple[float, float] | None = None  # latitude, longitude: orders by distance and fills distance_km


@dataclass(frozen=True, slots=True)
class HousePage:
    """One page of a list, and how many there are in all."""

    total: int
    rows: tuple[HouseRow, ...]


@dataclass(frozen=True, slots=True)
class IndexReach:
    """A version of an index and how many regions it puts into each decile, the most deprived first."""

    index: DeprivationIndexRow
    regions: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class DecileOfVersion:
    """What one version says of a region; `of` is the region that it speaks of, which `own` says to be the very one."""

    index: DeprivationIndexRow
    decile: int
    of: Ref
    own: bool


@dataclass(frozen=True, slots=True)
class DecileHistory:
    """A region and its decile in each version that speaks of it, by the version's id."""

    region: Ref
    level: RegionLevel
    deciles: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class HolidayEntry:
    """A day that differs, to be looked at and changed. `scope_names` name its house or region, None for a country's; `next_day` is the
    next time it comes, None when it is over."""

    id: int
    draft: HolidayDraft
    scope_names: Label | None
    next_day: date | None


@dataclass(frozen=True, slots=True)
class DayPreview:
    """What one day of a house is like (closed without spans) and what decides it: a rule by its name, a season by its days."""

    day: date
    spans: tuple[Span, ...]
    source: Literal["week", "season", "house", "region", "country"]
    name: Label | None = None
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    """An organisation as lists show it."""

    id: int
    code: str
    kind: str
    names: Label
    country: str
    regions: tuple[Ref, ...]
    registration_number: str
    sectors: tuple[str, ...]
    capabilities: tuple[str, ...]
    latitude: float | None
    longitude: float | None
    withdrawn: bool = False  # found in no list


@dataclass(frozen=True, slots=True)
class OrganisationDetail:
    """Everything an organisation's page says."""

    row: OrganisationRow
    descriptions: Label
    address: str
    phone: str
    email: str
    website: str
    ancestors: tuple[Ref, ...]
    parts: tuple[Ref, ...]
    houses: tuple[Ref, ...]  # houses in the public's sight that it runs


@dataclass(frozen=True, slots=True)
class OrganisationFilter:
    """Which organisations. Empty means any; a section or division of ISIC includes what is in it, a region what is below it."""

    text: str = ""
    kinds: frozenset[str] = frozenset()
    sectors: frozenset[str] = field(default_factory=frozenset)
    region_code: str = ""


@dataclass(frozen=True, slots=True)
class OrganisationPage:
    """One page of a list, and how many there are in all."""

    total: int
    rows: tuple[OrganisationRow, ...]
