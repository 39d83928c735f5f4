"""Which calendars there are, and who has something to say in each. What is said is asked of the domains anew each time; nothing is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings

from khaneh.formats.ical import Feed, Occurrence
from khaneh.kernel.actor import VISITOR, Actor
from khaneh.kernel.refusal import NotFound

MOST = 5000


class Asked(NamedTuple):
    """What a source is asked: of which thing, from when to when (UTC), in which language, and who asks; `key` is that of the address."""

    id: int
    first: datetime
    last: datetime
    language: str
    actor: Actor = VISITOR
    key: str = ""


class Head(NamedTuple):
    """A thing that has a calendar. `zone` is that of its clocks, `address` its page."""

    id: int
    name: str
    zone: str
    description: str = ""
    address: str = ""


# The key in the address, the language and who asks; raises NotFound for what is not there or not for them to see.
Find = Callable[[str, str, Actor], Head]
Source = Callable[[Asked], Iterable[Occurrence]]


@dataclass(slots=True)
class Kind:
    """A kind of thing that has a calendar, and how far back and ahead it is told."""

    find: Find
    back: timedelta
    ahead: timedelta
    sources: list[Source] = field(default_factory=list)


_kinds: dict[str, Kind] = {}


def add_kind(name: str, *, find: Find, back: timedelta, ahead: timedelta) -> None:
    """Make a kind of calendar known. The same name again takes the place of the first."""
    _kinds[name] = Kind(find, back, ahead)


def add_source(kind: str, source: Source) -> None:
    """Have something to say in the calendars of a kind: `(asked) -> occurrences`."""
    if source not in _kinds[kind].sources:
        _kinds[kind].sources.append(source)


def head(kind: str, key: str, *, language: str, actor: Actor = VISITOR) -> Head:
    """The thing that has a calendar. Raises NotFound."""
    known = _kinds.get(kind)
    if known is None:
        raise NotFound(what="calendar")
    return known.find(key, language, actor)


def feed(
    kind: str, key: str, *, language: str, now: datetime, actor: Actor = VISITOR, refresh_minutes: int = 60
) -> Feed:
    """A calendar as it is at this moment, by start. Raises NotFound."""
    thing = head(kind, key, language=language, actor=actor)
    known = _kinds[kind]
    # Whole hours: what is told does not differ from one minute to the next for the window's sake.
    hour = now.replace(minute=0, second=0, microsecond=0)
    asked = Asked(thing.id, hour - known.back, hour + known.ahead, language, actor, key)
    found = [one for source in known.sources for one in source(asked)]
    found.sort(key=lambda one: (one.starts.isoformat(), one.uid))
    return Feed(
        name=thing.name,
        zone=thing.zone,
        occurrences=tuple(found[:MOST]),
        description=thing.description,
        url=page(thing.address) if thing.address else "",
        refresh_minutes=refresh_minutes,
    )


def uid(what: str, *numbers: object) -> str:
    """The identity of an occurrence, the same for ever and in no other installation: `booking-12@library.example`."""
    return f"{'-'.join([what, *map(str, numbers)])}@{urlsplit(settings.SITE_URL).hostname or 'khaneh'}"


def page(address: str) -> str:
    """The whole address of a page of ours."""
    return f"{settings.SITE_URL}{address}"
