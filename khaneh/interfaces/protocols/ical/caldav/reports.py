"""The reports of a calendar: what fits a filter, certain objects, what changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import unquote, urlsplit

from khaneh.interfaces.protocols.ical.caldav import filters, properties, sync
from khaneh.interfaces.protocols.ical.caldav.filters import UnsupportedError
from khaneh.interfaces.protocols.ical.caldav.resources import Collection, Item
from khaneh.interfaces.protocols.ical.caldav.xml import Element, MalformedError, name, node

MOST_ASKED = 2000
Report = Callable[[Element, Collection], Iterator[Element]]


def report(root: Element, collection: Collection) -> list[Element]:
    """The answer to a report. Raises MalformedError, UnsupportedError."""
    known = _REPORTS.get(root.tag)
    if known is None:
        raise UnsupportedError("d:supported-report")
    return list(known(root, collection))


def _query(root: Element, collection: Collection) -> Iterator[Element]:
    filter_ = root.find(name("c", "filter"))
    if filter_ is None:
        raise MalformedError
    test = filters.of(filter_, zone=collection.head.zone)
    wanted = _wanted(root)
    for item in collection.items.values():
        if test(item.occurrence):
            yield properties.answer(item, collection.actor, wanted)


def _multiget(root: Element, collection: Collection) -> Iterator[Element]:
    asked = [unquote(urlsplit((one.text or "").strip()).path) for one in root.findall(name("d", "href"))]
    if not asked or len(asked) > MOST_ASKED:
        raise MalformedError
    wanted = _wanted(root)
    by_address: dict[str, Item] = {item.address: item for item in collection.items.values()}
    for address in dict.fromkeys(asked):
        item = by_address.get(address)
        yield properties.answer(item, collection.actor, wanted) if item else properties.gone(address)


def _sync(root: Element, collection: Collection) -> Iterator[Element]:
    told = root.find(name("d", "sync-token"))
    level = root.findtext(name("d", "sync-level"), "1").strip()
    if told is None or level not in ("1", "infinite"):
        raise MalformedError
    changes = sync.since(collection, (told.text or "").strip())
    if changes is None:
        raise UnsupportedError("d:valid-sync-token")
    limit = root.findtext(f"{name('d', 'limit')}/{name('d', 'nresults')}", "").strip()
    if limit and (not limit.isdecimal() or int(limit) < len(changes.changed) + len(changes.gone)):
        raise UnsupportedError("d:number-of-matches-within-limits")
    wanted = _wanted(root)
    for item in changes.changed:
        yield properties.answer(item, collection.actor, wanted)
    for gone in changes.gone:
        yield properties.gone(f"{collection.address}{gone}")
    yield node("d:sync-token", sync.token(collection))


def _wanted(root: Element) -> list[str] | None:
    """The properties that were asked for; None for all. A calendar's data is given whole, whatever part of it was asked for."""
    prop = root.find(name("d", "prop"))
    if prop is None:
        return None
    return [one.tag for one in prop if isinstance(one.tag, str)]


_REPORTS: dict[str, Report] = {
    name("c", "calendar-query"): _query,
    name("c", "calendar-multiget"): _multiget,
    name("d", "sync-collection"): _sync,
}
