"""The rules in force, kept ready in the process. A question costs at most one statement: the number of the generation, read at most
once a second.

Numbers of generations are never given twice, so what is kept under one is true for as long as the process lives. While a transaction
has changed a generation and not committed, nothing that it reads is kept.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Iterable
from typing import NamedTuple

from django.db import connection

from khaneh.domains.network.queries.territories import Territory, territories
from khaneh.domains.policies import registry
from khaneh.domains.policies.models import ActDefinition, Generation, Version
from khaneh.domains.policies.rules import stored
from khaneh.domains.policies.rules.limits import LimitWords, words_of
from khaneh.domains.policies.rules.table import Table
from khaneh.domains.policies.types import Definition, Scope, ScopedRules
from khaneh.kernel.refusal import NotFound

PLACES = ""  # the "act" whose generation counts changes of the tree of houses and regions
SECONDS = 1.0
_KEPT = 16  # generations, of all acts together, that stay ready
_NUMBERS = "SELECT act, number FROM policies_generation WHERE act = %s OR act = ''"


class Numbers(NamedTuple):
    """The generation of an act's rules and of the tree of places."""

    act: int
    places: int


class Loaded:
    """The rules of one act in one generation: versions by place, and tables by the sets they are made of."""

    def __init__(self, act: str, generation: int) -> None:
        self.act = act
        self.generation = generation
        self.definition = _definition(act, generation)
        self._sets = {one.scope: one for one in in_force(act, generation)}
        self._tables: dict[tuple[int, ...], Table] = {}

    def scoped(self, territory: Territory) -> list[ScopedRules]:
        """The sets that hold at a place, nearest first."""
        return [self._sets[scope] for scope in scopes_of(territory) if scope in self._sets]

    def table(self, territory: Territory) -> Table:
        """Their rules, compiled; houses under the same sets share one table."""
        sets = self.scoped(territory)
        key = tuple(one.set_id for one in sets)
        table = self._tables.get(key)
        if table is None:
            table = self._tables[key] = Table(sets, self.definition, limit_words(self.act))
        return table


_numbers: dict[str, tuple[float, Numbers]] = {}
_loaded: OrderedDict[tuple[str, int], Loaded] = OrderedDict()
_places: dict[int, dict[int, Territory]] = {}
_ready: dict[tuple[str, int, Numbers], tuple[Table, Territory]] = {}


def forget() -> None:
    """Read the number of every generation afresh: after a commit that changed one."""
    _numbers.clear()


def numbers(act: str) -> Numbers:
    """The generation in force, at most a second old. One statement or none. Raises NotFound for an act without any generation."""
    known = _numbers.get(act)
    now = time.monotonic()
    if known is not None and now - known[0] < SECONDS and not _changing():
        return known[1]
    with connection.cursor() as cursor:
        cursor.execute(_NUMBERS, [act])
        rows = dict(cursor.fetchall())
    if act not in rows:
        raise NotFound(what="act")
    found = Numbers(rows[act], rows.get(PLACES, 0))
    if not _changing():
        _numbers[act] = (now, found)
    return found


def ready(act: str, house_id: int) -> tuple[int, Table, Territory]:
    """The generation, the rules in force at a house and where it lies. Raises NotFound."""
    current = numbers(act)
    key = (act, house_id, current)
    found = _ready.get(key)
    if found is None:
        territory = territory_of(house_id, current)
        if len(_ready) > 10_000:
            _ready.clear()
        found = _ready[key] = (loaded(act, current.act).table(territory), territory)
    return current.act, found[0], found[1]


def loaded(act: str, generation: int) -> Loaded:
    """The rules of a generation, past or in force. Two statements, or none when they are ready."""
    key = (act, generation)
    found = _loaded.get(key)
    if found is None:
        found = _loaded[key] = Loaded(act, generation)
        while len(_loaded) > _KEPT:
            _loaded.popitem(last=False)
    return found


def territory_of(house_id: int, current: Numbers) -> Territory:
    """Where a house lies. One statement for all houses, after a change of the tree and for one that is not known. Raises NotFound."""
    places = _places.get(current.places)
    if places is None or house_id not in places:
        places = territories()
        _places.clear()
        _places[current.places] = places
    territory = places.get(house_id)
    if territory is None:
        raise NotFound(what="house")
    return territory


def territory_now(house_id: int) -> Territory:
    """Where a house lies, for whoever asks about no act. Two statements at most. Raises NotFound."""
    number = Generation.objects.filter(act=PLACES).values_list("number", flat=True).first()
    return territory_of(house_id, Numbers(0, number or 0))


def scopes_of(territory: Territory) -> list[Scope]:
    """The places whose rules hold at a house, nearest first."""
    return [
        *(Scope("house", number) for number in territory.houses),
        *(Scope("region", number) for number in territory.regions),
        Scope("network"),
    ]


def in_force(act: str, generation: int) -> Iterable[ScopedRules]:
    """The version of every set that held in a generation. One statement."""
    rows = (
        Version.objects.filter(rule_set__act=act, generation__lte=generation)
        .order_by("rule_set_id", "-generation")
        .distinct("rule_set_id")
        .values_list("rule_set_id", "number", "rule_set__region_id", "rule_set__house_id", "rules")
    )
    for set_id, number, region_id, house_id, rules in rows:
        yield ScopedRules(
            set_id, number or 0, scope_of(region_id, house_id), tuple(stored.rule_from_data(one) for one in rules)
        )


def scope_of(region_id: int | None, house_id: int | None) -> Scope:
    """A set's place from its columns."""
    if house_id is not None:
        return Scope("house", house_id)
    return Scope("region", region_id) if region_id is not None else Scope("network")


def limit_words(act: str) -> dict[str, LimitWords]:
    """What an act's limits say when they are reached."""
    known = {one.code: one for one in registry.acts()}.get(act)
    return words_of(known) if known is not None else {}


def _definition(act: str, generation: int) -> Definition:
    rows = ActDefinition.objects.filter(act=act, generation__lte=generation).order_by("-generation")
    body = rows.values_list("body", flat=True).first()
    if body is None:
        raise NotFound(what="act")
    return stored.definition_from_data(body)


def _changing() -> bool:
    """Whether this transaction has changed a generation and not committed: `forget` then waits for the commit, or goes with a rollback."""
    return any(entry[1] is forget for entry in connection.run_on_commit)
