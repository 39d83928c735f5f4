"""Machines of houses, for those who keep them and for the server that they speak to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from khaneh.domains.circulation import permissions
from khaneh.domains.circulation.models import Terminal
from khaneh.domains.circulation.types import TERMINAL_KINDS, TerminalKind
from khaneh.domains.network import queries as network
from khaneh.domains.network.types import Ref, Role
from khaneh.kernel.actor import Actor, Grant
from khaneh.kernel.labels import Label
from khaneh.kernel.refusal import NotFound


@dataclass(frozen=True, slots=True)
class TerminalRow:
    """A machine, without its password."""

    id: int
    house: Ref
    name: str
    kind: TerminalKind
    encoding: str
    language: str
    asks_pin: bool
    added_at: datetime
    password_at: datetime
    seen_at: datetime | None
    disabled_at: datetime | None

    @property
    def kind_label(self) -> Label:
        """What it is for, in words."""
        return TERMINAL_KINDS[self.kind]

    def actor(self) -> Actor:
        """Whoever acts through it: a desk of its house, and nowhere else."""
        return Actor(name=self.name, grants=(Grant(Role.CIRCULATION, self.house.id),), language=self.language)


def terminals(actor: Actor, *, house_id: int) -> list[TerminalRow]:
    """The machines of one house, those in use first, then by name. About four statements. Raises NotFound for whoever keeps none there."""
    if not actor.holds(permissions.MANAGERS, network.house_facts(house_id).place):
        raise NotFound(what="house")
    found = Terminal.objects.filter(house_id=house_id).order_by("disabled_at", "name", "pk")
    return sorted(map(row_of, found), key=lambda row: row.disabled_at is not None)


def houses_with_terminals(actor: Actor) -> list[tuple[Ref, int]]:
    """The houses whose machines the actor keeps, each with how many are in use; nothing for nobody. At most nine statements."""
    if not actor.is_system and not actor.holds_somewhere(permissions.MANAGERS):
        return []
    places = network.places_of_houses(network.house_ids_by_code().values())
    mine = [number for number, place in places.items() if actor.holds(permissions.MANAGERS, place)]
    in_use = Terminal.objects.filter(house_id__in=mine, disabled_at__isnull=True).values("house_id")
    counts = dict(in_use.annotate(number=Count("pk")).order_by("house_id").values_list("house_id", "number"))
    return [(ref, counts.get(number, 0)) for number, ref in sorted(network.house_refs(mine).items())]


def self_checks_at_desk(actor: Actor) -> list[TerminalRow]:
    """The self-checks in use at houses at whose desk the actor works, by house and name. One statement where the houses were asked for lately."""
    if not actor.holds_somewhere(permissions.DESK):
        return []
    found = Terminal.objects.filter(kind=TerminalKind.SELF_CHECK.value, disabled_at__isnull=True)
    rows = found.order_by("house_id", "name", "pk")
    return [row_of(one) for one in rows if permissions.works_at_desk(actor, house_id=one.house_id)]


def terminal(actor: Actor, terminal_id: int) -> TerminalRow:
    """One machine, for whoever keeps it. Raises NotFound."""
    row = terminal_in_use(terminal_id, also_disabled=True)
    if row is None or not actor.holds(permissions.MANAGERS, network.house_facts(row.house.id).place):
        raise NotFound(what="terminal")
    return row


def terminal_in_use(terminal_id: int, *, also_disabled: bool = False) -> TerminalRow | None:
    """A machine by id, for the server that it speaks to; None for one that is disabled. Two statements."""
    found = Terminal.objects.filter(pk=terminal_id).first()
    return row_of(found) if found is not None and (also_disabled or found.disabled_at is None) else None


def row_of(found: Terminal) -> TerminalRow:
    """The frozen row. One statement where the house was not asked for lately."""
    facts = network.house_facts(found.house_id)
    return TerminalRow(
        id=found.pk,
        house=Ref(facts.id, facts.code, facts.names),
        name=found.name,
        kind=TerminalKind(found.kind),
        encoding=found.encoding,
        language=found.language,
        asks_pin=found.asks_pin,
        added_at=found.added_at,
        password_at=found.password_at,
        seen_at=found.seen_at,
        disabled_at=found.disabled_at,
    )
