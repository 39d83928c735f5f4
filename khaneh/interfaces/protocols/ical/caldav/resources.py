"""What there is at which address, for one account: the way from the root to the calendars and what is in them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from khaneh.formats.ical import Feed, Occurrence
from khaneh.interfaces.protocols.ical import registry
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import NotFound

ROOT = "/dav/"
OWN = "own"
_HOUSE = "house-"


@dataclass(frozen=True, slots=True)
class Node:
    """Something on the way to the calendars: the root, who reads, the folder of their calendars."""

    kind: str
    actor: Actor

    @property
    def address(self) -> str:
        """Where it is."""
        return {
            "root": ROOT,
            "principal": principal(self.actor),
            "home": home(self.actor),
        }[self.kind]


@dataclass(frozen=True, slots=True)
class Item:
    """One occurrence as an object of a calendar. Its entity tag changes whenever anything of it does."""

    address: str
    occurrence: Occurrence

    @property
    def name(self) -> str:
        """The last part of its address."""
        return self.address.rpartition("/")[2]

    @property
    def etag(self) -> str:
        """In quotes, as headers have it."""
        return f'"{hashlib.sha256(repr(self.occurrence).encode()).hexdigest()[:32]}"'


@dataclass(frozen=True)
class Collection:
    """A calendar. What is in it is read once, when it is first asked for."""

    name: str
    actor: Actor
    now: datetime
    head: registry.Head = field(compare=False)
    kind: str
    key: str

    @property
    def address(self) -> str:
        """Where it is."""
        return f"{home(self.actor)}{self.name}/"

    @cached_property
    def feed(self) -> Feed:
        """All that it says."""
        return registry.feed(
            self.kind, self.key, language=self.actor.language, now=self.now, actor=self.actor, refresh_minutes=15
        )

    @cached_property
    def items(self) -> Mapping[str, Item]:
        """What is in it, by name."""
        found = (Item(f"{self.address}{one.uid.partition('@')[0]}.ics", one) for one in self.feed.occurrences)
        return {item.name: item for item in found}

    @cached_property
    def state(self) -> Mapping[str, str]:
        """The entity tag of each of its objects, by name."""
        return {name: item.etag for name, item in self.items.items()}

    @cached_property
    def tag(self) -> str:
        """Changes whenever anything in it does, and is the same again when all is as it was."""
        told = "\n".join(f"{name} {etag}" for name, etag in sorted(self.state.items()))
        return hashlib.sha256(f"{self.name}\n{told}".encode()).hexdigest()[:40]


Resource = Node | Collection | Item


def principal(actor: Actor) -> str:
    """The address of who reads."""
    return f"{ROOT}principals/{actor.account_id}/"


def home(actor: Actor) -> str:
    """The address of the folder of their calendars."""
    return f"{ROOT}calendars/{actor.account_id}/"


def find(path: str, *, actor: Actor, now: datetime) -> Resource:
    """What is at an address below the root. Another account's is not there. Raises NotFound."""
    match [part for part in path.split("/") if part]:
        case []:
            return Node("root", actor)
        case ["principals", number] if number == str(actor.account_id):
            return Node("principal", actor)
        case ["calendars", number] if number == str(actor.account_id):
            return Node("home", actor)
        case ["calendars", number, name] if number == str(actor.account_id):
            return collection(name, actor=actor, now=now)
        case ["calendars", number, name, file] if number == str(actor.account_id):
            item = collection(name, actor=actor, now=now).items.get(file)
            if item is not None:
                return item
    raise NotFound(what="calendar")


def collection(name: str, *, actor: Actor, now: datetime) -> Collection:
    """One's own calendar, or that of a house where one works. Raises NotFound."""
    kind, key = ("person", OWN) if name == OWN else ("staff", name.removeprefix(_HOUSE))
    if name != OWN and not name.startswith(_HOUSE):
        raise NotFound(what="calendar")
    return Collection(name, actor, now, registry.head(kind, key, language=actor.language, actor=actor), kind, key)


def children(of: Resource, *, now: datetime) -> Iterator[Resource]:
    """What is directly in something."""
    if isinstance(of, Collection):
        yield from of.items.values()
    elif isinstance(of, Node) and of.kind == "root":
        yield Node("principal", of.actor)
        yield Node("home", of.actor)
    elif isinstance(of, Node) and of.kind == "home":
        yield collection(OWN, actor=of.actor, now=now)
        # The houses at which a role is held, not all that lie below an authority.
        for number in sorted({one.house_id for one in of.actor.grants if one.house_id is not None}):
            try:
                yield collection(f"{_HOUSE}{number}", actor=of.actor, now=now)
            except NotFound:
                continue
