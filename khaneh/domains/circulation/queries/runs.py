"""Rounds of the courier and the bookmobile: who comes where, what is to be loaded and put down. Constant statements. Spec: CIRC-RUN."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection

from khaneh.domains.catalogue.queries.within import with_catalogue
from khaneh.domains.circulation import permissions
from khaneh.domains.circulation.models import Run, RunStop
from khaneh.domains.circulation.rules import runs as rules
from khaneh.domains.circulation.types import RunState, TransferReason
from khaneh.domains.network import queries as network
from khaneh.domains.network.types import Ref
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import NotAllowed, NotFound

MOST_PARCELS = 2_000
# A round that leaves the base within so many days is worth waiting for there.
_ONWARD = timedelta(days=14)

_PARCELS = with_catalogue(
    """
SELECT t.id, c.barcode, c.title, t.reason, coalesce(t.waits_at_id, t.from_house_id),
       t.to_house_id, t.sent_at, t.run_id, t.loaded_at
FROM circulation_transfer t JOIN {copies} c ON c.id = t.copy_id
WHERE t.state = 'sent' AND (t.run_id = %(run)s OR (t.run_id IS NULL AND coalesce(t.waits_at_id, t.from_house_id) = ANY (%(houses)s::bigint[])))
ORDER BY t.reason <> 'request', t.sent_at, t.id LIMIT %(limit)s
"""
)
_DELIVERED = "SELECT count(*) FROM circulation_transfer WHERE run_id = %s AND state = 'received'"
_NEXT_AT_PLACE = """
SELECT DISTINCT ON (s.place) s.place, r.day FROM circulation_runstop s JOIN circulation_run r ON r.id = s.run_id
WHERE r.bookmobile_id = %(bookmobile)s AND r.state = 'planned' AND r.day > %(day)s AND s.place <> '' ORDER BY s.place, r.day
"""


class StopRow(NamedTuple):
    """A stop: a house or a place. `is_over` when it was reached or missed."""

    id: int
    position: int
    house: Ref | None
    place: str
    planned_at: datetime | None
    reached_at: datetime | None
    missed_at: datetime | None

    @property
    def is_over(self) -> bool:
        """Whether the round has been there, or has passed it by."""
        return self.reached_at is not None or self.missed_at is not None


@dataclass(frozen=True, slots=True)
class RunRow:
    """A round with its stops in order; `base` is where it leaves what another round takes on."""

    id: int
    day: date
    name: str
    bookmobile: Ref | None
    base: Ref | None
    driver: str
    driver_id: int | None
    state: RunState
    started_at: datetime | None
    ended_at: datetime | None
    stops: tuple[StopRow, ...]


class ParcelRow(NamedTuple):
    """A copy that a round carries, or that waits at one of its houses."""

    transfer_id: int
    barcode: str | None
    title: str
    reason: TransferReason
    at_house_id: int
    to_house_id: int
    sent_at: datetime
    run_id: int | None
    loaded_at: datetime | None


@dataclass(frozen=True, slots=True)
class StopWork:
    """What is done at one stop: to be loaded there, to be put down there, and what waits there but this round cannot bring."""

    stop: StopRow
    load: tuple[ParcelRow, ...]
    drop: tuple[ParcelRow, ...]
    stays: tuple[ParcelRow, ...]
    next_visit: date | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A round with the work of each of its stops. `aboard` is loaded; `houses` names every house that parcels go to."""

    run: RunRow
    work: tuple[StopWork, ...]
    aboard: tuple[ParcelRow, ...]
    delivered: int
    houses: dict[int, Ref]

    @property
    def current(self) -> StopWork | None:
        """The first stop that is neither reached nor missed; the last one reached while nothing else is to come."""
        return next((work for work in self.work if not work.stop.is_over), None)


def runs(actor: Actor, *, house_id: int, since: date, limit: int = 60) -> list[RunRow]:
    """The rounds from a day on that come to a house, are of it, or that the actor drives; soonest first. Three statements. Raises NotAllowed."""
    permissions.require_desk(actor, house_id=house_id)
    coming = RunStop.objects.filter(house_id=house_id).values("run_id")
    found = Run.objects.filter(day__gte=since)
    wanted = found.filter(pk__in=coming) | found.filter(bookmobile_id=house_id) | found.filter(base_id=house_id)
    return _rows(wanted.order_by("day", "pk").values_list("pk", flat=True).distinct()[:limit])


def drives(actor: Actor, *, since: date, limit: int = 20) -> list[RunRow]:
    """The rounds that the actor drives, from a day on. Three statements."""
    if actor.account_id is None:
        return []
    mine = Run.objects.filter(driver_id=actor.account_id, day__gte=since).order_by("day", "pk")
    return _rows(mine.values_list("pk", flat=True)[:limit])


def rounds_to_drive(actor: Actor, *, since: date, limit: int = 60) -> list[RunRow]:
    """For a courier: the rounds from a day on that they drive, or that set out from a house whose courier they are, and are not over; soonest
    first. Three statements, and houses once. Raises NotAllowed for who drives nowhere."""
    if not actor.holds_somewhere(permissions.ROUNDS):
        raise NotAllowed(act="circulation.run")
    open_ones = Run.objects.filter(day__gte=since, state__in=(RunState.PLANNED.value, RunState.UNDER_WAY.value))
    homes = {home for pair in open_ones.values_list("base_id", "bookmobile_id") for home in pair if home is not None}
    mine = [house for house in homes if permissions.drives_for(actor, house_id=house)]
    wanted = open_ones.filter(base_id__in=mine) | open_ones.filter(bookmobile_id__in=mine)
    if actor.account_id is not None:
        wanted |= open_ones.filter(driver_id=actor.account_id)
    return _rows(wanted.order_by("day", "pk").values_list("pk", flat=True).distinct()[:limit])


def run(actor: Actor, run_id: int) -> RunRow:
    """One round, for its crew. Three statements. Raises NotFound, NotAllowed."""
    rows = _rows([run_id])
    if not rows:
        raise NotFound(what="run")
    require_crew(actor, rows[0])
    return rows[0]


def require_crew(actor: Actor, row: RunRow) -> None:
    """The driver, a courier of the base or the bookmobile, and whoever works at the desk of one of its houses. Raises NotAllowed."""
    if actor.account_id is not None and actor.account_id == row.driver_id:
        return
    if any(permissions.drives_for(actor, house_id=ref.id) for ref in (row.base, row.bookmobile) if ref is not None):
        return
    stops = (stop.house.id for stop in row.stops if stop.house is not None)
    if not any(permissions.works_at_desk(actor, house_id=house) for house in stops):
        raise NotAllowed(act="circulation.run")


def sheet(actor: Actor, run_id: int) -> Sheet:
    """A round with what is to be loaded and put down at each stop. Eight statements at any number of parcels. Raises NotFound, NotAllowed."""
    row = run(actor, run_id)
    bus = row.bookmobile.id if row.bookmobile is not None else None
    houses = [stop.house.id for stop in row.stops if stop.house is not None] + ([bus] if bus is not None else [])
    parcels = [
        ParcelRow._make((*line[:3], TransferReason(line[3]), *line[4:]))
        for line in _lines(_PARCELS, {"run": row.id, "houses": houses, "limit": MOST_PARCELS})
    ]
    # What was taken in on the bookmobile and goes elsewhere is aboard without having been loaded.
    aboard = tuple(
        one for one in parcels if (one.loaded_at is not None and one.run_id == row.id) or one.at_house_id == bus
    )
    is_open = row.state in (RunState.PLANNED, RunState.UNDER_WAY)
    waiting = [one for one in parcels if one.loaded_at is None and one.at_house_id != bus and is_open]
    coming = [
        (stop.position, stop.house.id) for stop in row.stops if stop.house is not None and not _is_passed(stop, row)
    ]
    base = row.base.id if row.base is not None else None
    planned = rules.plan(
        coming,
        (rules.Parcel(one.transfer_id, one.at_house_id, one.to_house_id) for one in waiting),
        base=base,
        onward=onward(row),
        bookmobile=bus,
    )
    load: dict[int, list[int]] = {}
    for one in planned:
        load.setdefault(one.load_at, []).append(one.parcel.transfer_id)
    going = {one.parcel.transfer_id for one in planned}
    drops = _drops(row, aboard, planned, coming, base)
    by_id = {one.transfer_id: one for one in parcels}
    visits = dict(_lines(_NEXT_AT_PLACE, {"bookmobile": row.bookmobile.id, "day": row.day})) if row.bookmobile else {}
    seen: set[int] = set()
    work = []
    for stop in row.stops:
        house = stop.house.id if stop.house is not None else None
        stays = (
            ()
            if house in seen
            else tuple(one for one in waiting if one.at_house_id == house and one.transfer_id not in going)
        )
        if house is not None:
            seen.add(house)
        work.append(
            StopWork(
                stop,
                tuple(by_id[number] for number in load.get(stop.position, ())),
                tuple(by_id[number] for number in drops.get(stop.position, ())),
                stays,
                visits.get(stop.place),
            )
        )
    delivered: int = _lines(_DELIVERED, [row.id])[0][0]
    return Sheet(row, tuple(work), aboard, delivered, network.house_refs({one.to_house_id for one in parcels}))


def onward(row: RunRow) -> set[int]:
    """The houses that other rounds come to from this one's base, within two weeks. One statement."""
    if row.base is None:
        return set()
    stops = RunStop.objects.filter(
        run__state=RunState.PLANNED.value, run__day__gte=row.day, run__day__lte=row.day + _ONWARD, house__isnull=False
    ).exclude(run_id=row.id)
    first: dict[int, int] = {}
    found = set()
    for run_id, position, house in stops.order_by("run_id", "position").values_list("run_id", "position", "house_id"):
        if house == row.base.id:
            first.setdefault(run_id, position)
        elif run_id in first and house is not None:
            found.add(house)
    return found


def _is_passed(stop: StopRow, row: RunRow) -> bool:
    """Passed for good: missed, or reached with a later stop reached or missed as well. What is being served may still be loaded."""
    later = any(other.is_over for other in row.stops if other.position > stop.position)
    return stop.missed_at is not None or (stop.reached_at is not None and later)


def _drops(
    row: RunRow,
    aboard: Iterable[ParcelRow],
    planned: Iterable[rules.Plan],
    coming: list[tuple[int, int]],
    base: int | None,
) -> dict[int, list[int]]:
    """Where what is aboard and what will be is put down, by the stop's position; at the base what goes on with another round."""
    drops: dict[int, list[int]] = {}
    for one in aboard:
        own = next((position for position, house in coming if house == one.to_house_id), None)
        place = own if own is not None else next((p for p, house in reversed(coming) if house == base), None)
        if place is not None:
            drops.setdefault(place, []).append(one.transfer_id)
    for way in planned:
        if way.drop_at == way.load_at:
            continue
        drops.setdefault(way.drop_at, []).append(way.parcel.transfer_id)
    return drops


def _rows(run_ids: Iterable[int]) -> list[RunRow]:
    found = list(
        Run.objects.filter(pk__in=list(run_ids)).order_by("day", "pk").values_list(
            "pk", "day", "name", "bookmobile_id", "base_id", "driver__name", "driver_id", "state", "started_at", "ended_at"
        )
    )  # fmt: skip
    stops = list(
        RunStop.objects.filter(run_id__in=[row[0] for row in found]).order_by("run_id", "position").values_list(
            "run_id", "pk", "position", "house_id", "place", "planned_at", "reached_at", "missed_at"
        )
    )  # fmt: skip
    houses = {row[3] for row in found} | {row[4] for row in found} | {stop[3] for stop in stops}
    refs = network.house_refs(house for house in houses if house is not None)
    return [
        RunRow(
            id=pk, day=day, name=name, bookmobile=refs.get(bookmobile or 0), base=refs.get(base or 0), driver=driver or "",
            driver_id=driver_id, state=RunState(state), started_at=started, ended_at=ended,
            stops=tuple(
                StopRow(stop, position, refs.get(house or 0), place, planned, reached, missed)
                for of, stop, position, house, place, planned, reached, missed in stops
                if of == pk
            ),
        )
        for pk, day, name, bookmobile, base, driver, driver_id, state, started, ended in found
    ]  # fmt: skip


def _lines(query: str, facts: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, facts)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
