"""The frozen values that services and queries of networking exchange. No Django."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from khaneh.domains.network.types import Ref
from khaneh.domains.networking.types.lists import Followed, Frequency, NewsKind, Shared, SharingState
from khaneh.kernel.labels import Label
from khaneh.kernel.money import Money


class FollowRow(NamedTuple):
    """Something that is followed; `code` is the sector's, the region's or the house's."""

    id: int
    what: Followed
    code: str
    names: Label


@dataclass(frozen=True, slots=True)
class SubscriptionRow:
    """What somebody follows, for themself (no organisation) or for an organisation; `next_at` is when a digest is looked for next."""

    id: int
    organisation: Ref | None
    kinds: tuple[NewsKind, ...]
    frequency: Frequency
    next_at: datetime
    follows: tuple[FollowRow, ...]
    digests: int


@dataclass(frozen=True, slots=True)
class NewsItem:
    """One thing that is new, as everybody may see it at this moment.

    `key` is what its page is found by: a company's code, else a number. `sectors` are codes with what is above them, None where the thing belongs to
    no sector; `regions` and `houses` ids with those above. `on` is the day on which it ends or happens.
    """

    news_id: int
    kind: NewsKind
    key: str
    names: Label
    where: Label
    sectors: frozenset[str] | None
    regions: frozenset[int]
    houses: frozenset[int]
    on: date | None = None


@dataclass(frozen=True, slots=True)
class DigestRow:
    """A digest that was made, with what of it still stands."""

    id: int
    number: int
    made_at: datetime
    items: tuple[NewsItem, ...]


@dataclass(frozen=True, slots=True)
class ProgrammeLine:
    """A programme of the network with its numbers. A number from 1 to 4 is None."""

    code: str
    names: Label
    kind: str
    house: Ref
    calls: tuple[CallLine, ...]
    applications: int | None
    accepted: int | None
    residents: int | None
    graduates: int | None


class CallLine(NamedTuple):
    """A call of it that was published, with where it stands."""

    id: int
    names: Label
    stage: str
    closes_at: datetime | None


class ProgrammePage(NamedTuple):
    """A page of programmes."""

    total: int
    rows: tuple[ProgrammeLine, ...]


@dataclass(frozen=True, slots=True)
class ProgrammeFilter:
    """Which programmes. Empty means any; `region_code` and `sector` include what is below them; `state` is open, coming or over."""

    kind: str = ""
    region_code: str = ""
    sector: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class SharingDraft:
    """What a house shares: a place of its own or the hours of a mentor, with one house, with all of a region, or (neither) with all.

    `minutes` are those of a month of the house that shares; `price` is for an hour, None is free; a mentor is free. Days include both.
    """

    what: Shared
    minutes: int
    valid_from: date
    valid_until: date
    space_id: int | None = None
    mentor_id: int | None = None
    to_house_code: str = ""
    to_region_code: str = ""
    price: Money | None = None


@dataclass(frozen=True, slots=True)
class SharingRow:
    """A sharing as both sides see it. `used` are the minutes of this month; `gives`, `receives` and `mentors` say what whoever asks is in it."""

    id: int
    what: Shared
    state: SharingState
    house: Ref
    to_house: Ref | None
    to_region: Ref | None
    space_id: int | None
    mentor_id: int | None
    names: Label
    minutes: int
    used: int
    price: Money | None
    valid_from: date
    valid_until: date
    offered_at: datetime
    accepted: bool
    agreed: bool
    reason: str
    gives: bool = False
    receives: bool = False
    mentors: bool = False

    @property
    def left(self) -> int:
        """Minutes that are left of this month."""
        return max(0, self.minutes - self.used)


class Usable(NamedTuple):
    """A sharing that somebody may book a place by, with what is left of this month."""

    sharing_id: int
    space_id: int
    house: Ref
    left: int
    minutes: int
    price: Money | None
