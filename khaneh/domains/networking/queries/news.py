"""What is new, read where it is at home, as everybody may see it at this moment: what was withdrawn, hidden or is over is not there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from khaneh.domains.events import queries as events
from khaneh.domains.events.types import COMING_EVENTS
from khaneh.domains.exchange import queries as exchange
from khaneh.domains.network import queries as network
from khaneh.domains.network.types import is_sector, sector_path
from khaneh.domains.networking.models import News
from khaneh.domains.networking.types import NewsItem, NewsKind
from khaneh.domains.profiles import queries as profiles
from khaneh.domains.programmes import queries as programmes
from khaneh.domains.programmes.types import CallStage
from khaneh.domains.residencies import queries as residencies
from khaneh.kernel.actor import VISITOR
from khaneh.kernel.labels import Label

_Found = Mapping[int, NewsItem]


def news_items(news: Iterable[News], *, now: datetime) -> dict[int, NewsItem]:
    """What these are, by their number. At most sixty statements, however many there are."""
    by_kind: dict[NewsKind, dict[int, int]] = defaultdict(dict)
    for one in news:
        by_kind[NewsKind(one.kind)][one.thing_id] = one.pk
    found: dict[int, NewsItem] = {}
    for kind, things in by_kind.items():
        found |= _READ[kind](things, now)
    return found


def _companies(things: Mapping[int, int], now: datetime) -> _Found:
    return {
        things[number]: NewsItem(
            things[number], NewsKind.COMPANY, row.organisation.code, row.organisation.names,
            row.organisation.regions[-1].names if row.organisation.regions else Label("", "", ""),
            _with_above(row.organisation.sectors), frozenset(one.id for one in row.organisation.regions), frozenset(),
        )
        for number, row in profiles.profiles_by_ids(things).items()
    }  # fmt: skip


def _postings(things: Mapping[int, int], now: datetime) -> _Found:
    # As a visitor sees it: of an anonymous need neither who needs it nor more than the province, so that nothing can be learnt by following.
    found = {number: row for number, row in exchange.postings_by_ids(things, actor=VISITOR).items() if row.is_open}
    return {
        things[number]: NewsItem(
            things[number], NewsKind(row.kind.value), str(number), Label(row.title, row.title, row.title),
            row.regions[-1].names if row.regions else Label("", "", ""),
            _with_above([row.sector] if row.sector else []), frozenset(one.id for one in row.regions),
            _path(row.house.id) if row.house is not None else frozenset(), row.closes_on,
        )
        for number, row in found.items()
    }  # fmt: skip


def _calls(things: Mapping[int, int], now: datetime) -> _Found:
    running = (CallStage.OPEN, CallStage.PUBLISHED)
    return {
        things[number]: NewsItem(
            things[number], NewsKind.CALL, str(number), row.names, row.house.names, _with_above(row.sectors),
            _regions([row.house.id]), _path(row.house.id),
            row.closes_at.astimezone(ZoneInfo(network.house_facts(row.house.id).calendar.zone)).date()
            if row.closes_at is not None
            else None,
        )
        for number, row in programmes.calls_by_ids(things).items()
        if row.stage(now) in running
    }  # fmt: skip


def _events(things: Mapping[int, int], now: datetime) -> _Found:
    return {
        things[number]: NewsItem(
            things[number], NewsKind.EVENT, str(number), row.names, row.house.names, _with_above(row.sectors),
            _regions(one.id for one in row.houses), frozenset().union(*(_path(one.id) for one in row.houses)),
            row.starts.astimezone(ZoneInfo(row.zone)).date(),
        )
        for number, row in events.events_by_ids(things).items()
        if row.state in COMING_EVENTS and row.ends > now
    }  # fmt: skip


def _graduates(things: Mapping[int, int], now: datetime) -> _Found:
    """Of teams those that show themselves: an organisation with a published profile."""
    found = residencies.graduates(things)
    shown = profiles.profiles_by_ids(one.organisation_id for one in found.values())
    houses = network.house_refs(one.house_id for one in found.values())
    return {
        things[number]: NewsItem(
            things[number], NewsKind.GRADUATE, shown[one.organisation_id].organisation.code,
            shown[one.organisation_id].organisation.names, houses[one.house_id].names,
            _with_above(shown[one.organisation_id].organisation.sectors), _regions([one.house_id]), _path(one.house_id),
        )
        for number, one in found.items()
        if one.organisation_id in shown
    }  # fmt: skip


_READ = {
    NewsKind.COMPANY: _companies,
    NewsKind.OFFER: _postings,
    NewsKind.NEED: _postings,
    NewsKind.CALL: _calls,
    NewsKind.EVENT: _events,
    NewsKind.GRADUATE: _graduates,
}


def _with_above(codes: Iterable[str]) -> frozenset[str] | None:
    parts = frozenset(part for code in codes if is_sector(code) for part in sector_path(code))
    return parts or None


def _path(house_id: int) -> frozenset[int]:
    return frozenset(network.house_facts(house_id).path)


def _regions(house_ids: Iterable[int]) -> frozenset[int]:
    return frozenset(region for number in house_ids for region in network.house_facts(number).regions)
