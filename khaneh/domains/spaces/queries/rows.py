"""Spaces as frozen rows, with what they take from the spaces that they are in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from time import monotonic
from typing import Any, NamedTuple

import orjson
from django.db.models import QuerySet

from khaneh.domains.network import queries as network
from khaneh.domains.network.types import Ref
from khaneh.domains.qualifications import queries as qualifications
from khaneh.domains.spaces.models import Space
from khaneh.domains.spaces.types import KIND_GROUPS, PriceUnit, SpaceRow, SpaceState, WeeklyHours
from khaneh.infrastructure import db
from khaneh.kernel.labels import Label
from khaneh.kernel.money import Money

# What an act judges by is kept for some seconds, and found out anew where it has changed (`Seen`).
LIFE = 20.0
_MOST = 20_000

# Statements kept prepared.
_COLUMNS = """
SELECT s.id, s.house_id, s.code, s.kind, s.names::text, s.descriptions::text, s.instructions::text, s.parent_id, s.path, s.capacity,
  s.quantity, s.facilities, s.slot_minutes, s.min_minutes, s.max_minutes, s.setup_minutes, s.cleanup_minutes, s.approval, s.self_service,
  s.needs_code, s.price_amount, s.price_currency, s.price_unit, s.state,
  (SELECT bool_and(a.state = 'active') FROM spaces_space a WHERE a.id = ANY (s.path)),
  ARRAY(SELECT ARRAY[h.weekday, h.opens, h.closes] FROM spaces_spacehours h WHERE h.space_id = s.id ORDER BY h.weekday, h.opens),
  ARRAY(SELECT ARRAY[r.space_id, r.qualification_id] FROM spaces_spacerequirement r WHERE r.space_id = ANY (s.path))
"""
_READ = f"""{_COLUMNS}FROM unnest(%(ids)s::bigint[]) WITH ORDINALITY AS wanted (id, place) JOIN spaces_space s ON s.id = wanted.id
ORDER BY wanted.place
"""
_OF_HOUSE = f"""{_COLUMNS}FROM spaces_space s WHERE s.house_id = %(house)s::bigint AND s.state <> ALL (%(without)s::text[])
ORDER BY s.code
"""
_Read = Sequence[tuple[Any, ...]]


# Of a space and of all that it is in: a row that was changed is another version of it, which lies elsewhere. Hours and requirements are
# changed with their space.
_MARKS_OF = "ARRAY(SELECT a.xmin::text || a.ctid::text FROM spaces_space a WHERE a.id = ANY (s.path) ORDER BY a.id)"
_MARKS = f"SELECT {_MARKS_OF} FROM spaces_space s WHERE s.id = %(id)s::bigint"  # noqa: S608
_SEEN = f"{_COLUMNS}, {_MARKS_OF} FROM spaces_space s WHERE s.id = %(id)s::bigint"


class Seen(NamedTuple):
    """A space as it was read, and what tells whether it still is so: whoever judges by it compares `marks` with those that they read."""

    space: SpaceRow
    marks: tuple[str, ...]


_kept: dict[int, tuple[float, Seen]] = {}


def marks(space_id: int) -> db.Read:
    """Those of a space at this moment, as a part of `db.read`."""
    return db.Read(_MARKS, {"id": space_id}, 1, lambda row: tuple(row[0]) if row else ())


def seen(space_id: int, *, fresh: bool = False) -> Seen | None:
    """A space as it was some seconds ago at most, for an act that asks for its house anyway; `fresh` as it is.

    No statement where it was asked for lately, else one, and those that its house and its qualifications take.
    """
    kept = None if fresh else _kept.get(space_id)
    at = monotonic()
    if kept is None or at - kept[0] >= LIFE:
        row = db.fetch_one(_SEEN, {"id": space_id})
        if row is None:
            _kept.pop(space_id, None)
            return None
        house = network.house_facts(row[1])
        (space,) = _made([row[:-1]], {house.id: Ref(house.id, house.code, house.names)})
        if len(_kept) > _MOST:
            _kept.clear()
        kept = _kept[space_id] = (at, Seen(space, tuple(row[-1])))
    return kept[1]


def rows(found: QuerySet[Space]) -> list[SpaceRow]:
    """Rows in the order of the query. Four statements at most, whatever their number."""
    read = _read(found.values_list("pk", flat=True))
    return _made(read, _refs(read))


def of_house(house_id: int, *, without: Iterable[SpaceState] = (), house: Ref | None = None) -> list[SpaceRow]:
    """The spaces of a house by code, but for those in some states. Three statements at most, two where `house` is known."""
    read = db.fetch_all(_OF_HOUSE, {"house": house_id, "without": [state.value for state in without]})
    return _made(read, _refs(read) if house is None else {house.id: house})


def by_ids(ids: set[int]) -> dict[int, SpaceRow]:
    """Those that exist. Three statements at most."""
    read = _read(ids)
    return {row.id: row for row in _made(read, _refs(read))}


def _read(ids: Iterable[int]) -> _Read:
    wanted = list(ids)
    return db.fetch_all(_READ, {"ids": wanted}) if wanted else []


def _refs(read: _Read) -> dict[int, Ref]:
    return network.house_refs({one[1] for one in read}) if read else {}


def _made(read: _Read, houses: Mapping[int, Ref]) -> list[SpaceRow]:
    asked: dict[int, set[int]] = defaultdict(set)
    for one in read:
        for space_id, number in one[-1]:
            asked[space_id].add(number)
    known = qualifications.rows_by_id(set().union(*asked.values())) if asked else {}
    codes = {
        space_id: sorted(((number, known[number].code) for number in numbers), key=lambda pair: pair[1])
        for space_id, numbers in asked.items()
    }
    return [_row(one, houses, codes) for one in read]


def _row(one: tuple[Any, ...], houses: Mapping[int, Ref], codes: Mapping[int, Sequence[tuple[int, str]]]) -> SpaceRow:
    (
        number, house_id, code, kind, names, descriptions, instructions, parent_id, path, capacity, quantity, facilities, slot, least, most,
        setup, cleanup, approval, self_service, needs_code, amount, currency, unit, state, in_service, hours, _,
    ) = one  # fmt: skip
    return SpaceRow(
        id=number,
        code=code,
        house=houses[house_id],
        kind=kind,
        group=KIND_GROUPS[kind],
        names=_label(names),
        descriptions=_label(descriptions),
        parent_id=parent_id,
        path=tuple(path),
        capacity=capacity,
        quantity=quantity,
        facilities=tuple(facilities),
        slot_minutes=slot,
        min_minutes=least,
        max_minutes=most,
        setup_minutes=setup,
        cleanup_minutes=cleanup,
        approval=approval,
        self_service=self_service,
        needs_code=needs_code,
        instructions=_label(instructions),
        price=Money(amount, currency) if amount is not None else None,
        price_unit=PriceUnit(unit),
        state=SpaceState(state),
        in_service=bool(in_service),
        hours=tuple(WeeklyHours(*span) for span in hours),
        requires=tuple(dict.fromkeys(pair for above in path for pair in codes.get(above, ()))),
    )


def _label(text: str) -> Label:
    return Label.from_dict(orjson.loads(text))
