"""Rounds of the courier and the bookmobile: planned, driven, copies loaded and put down, what stays behind. Spec: CIRC-RUN."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from khaneh.domains.catalogue import queries as catalogue
from khaneh.domains.circulation import permissions
from khaneh.domains.circulation.errors import CopyUnknown, RunEnded, RunGoesElsewhere
from khaneh.domains.circulation.models import Run, RunStop, Transfer
from khaneh.domains.circulation.queries import runs as queries
from khaneh.domains.circulation.queries.holding import holding
from khaneh.domains.circulation.queries.runs import RunRow, StopRow
from khaneh.domains.circulation.services import returning
from khaneh.domains.circulation.types import Returned, RunState, TransferState
from khaneh.domains.network import queries as network
from khaneh.domains.network.types import Role
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import Actor, Grant
from khaneh.kernel.refusal import Invalid, NotFound

MOST_STOPS = 60
_LONGEST = 120
_FARTHEST = timedelta(days=400)


class StopDraft(NamedTuple):
    """A stop as it is planned: a house, or a place of a bookmobile."""

    house_id: int | None
    place: str = ""
    planned_at: datetime | None = None


class Handled(StrEnum):
    """What a scan at a stop did."""

    LOADED = "loaded"
    ABOARD = "aboard"  # it had been loaded before
    RECEIVED = "received"
    LEFT_AT_BASE = "left_at_base"
    STAYS = "stays"  # it belongs here, or somebody here waits for it


class Scan(NamedTuple):
    """A scan at a stop: what it did, the house that the copy goes to, and what taking it in said where it was taken in."""

    handled: Handled
    to_house_id: int | None
    returned: Returned | None = None


def plan_run(
    *,
    actor: Actor,
    day: date,
    stops: Sequence[StopDraft],
    now: datetime,
    name: str = "",
    base_house_id: int | None = None,
    bookmobile_id: int | None = None,
    driver_id: int | None = None,
    run_id: int | None = None,
) -> int:
    """Plan a round, or plan one anew that has not begun (`run_id`); gives its number. For the desk of its base or bookmobile.

    Raises NotAllowed, NotFound, Invalid, RunEnded.
    """
    house_id = bookmobile_id or base_house_id
    problems = _problems(day, stops, now, name, bookmobile_id)
    if house_id is None:
        problems["base"] = "required"
    if problems or house_id is None:
        raise Invalid(fields=problems)
    for place in {house_id, base_house_id or house_id}:
        permissions.require_desk(actor, house_id=place)
    for stop in stops:
        if stop.house_id is not None:
            network.house_facts(stop.house_id)
    facts: dict[str, Any] = {
        "day": day, "name": name.strip(), "base_id": base_house_id, "bookmobile_id": bookmobile_id, "driver_id": driver_id,
    }  # fmt: skip
    with db.transaction():
        if run_id is None:
            run_id = Run.objects.create(**facts).pk
        else:
            queries.run(actor, run_id)
            held = Run.objects.select_for_update(of=("self",)).get(pk=run_id)
            if held.state != RunState.PLANNED:
                raise RunEnded(run_id=run_id, state=held.state)
            Run.objects.filter(pk=run_id).update(**facts)
            RunStop.objects.filter(run_id=run_id).delete()
        RunStop.objects.bulk_create(
            RunStop(run_id=run_id, position=n, house_id=stop.house_id, place=stop.place.strip(), planned_at=stop.planned_at)
            for n, stop in enumerate(stops, 1)
        )  # fmt: skip
        journal.record("circulation.run.planned", actor=actor, house_id=house_id, run_id=run_id)
    return run_id


def repeat_run(*, actor: Actor, run_id: int, day: date, now: datetime) -> int:
    """The same round on another day, at the same times of the clock; gives its number. Raises NotFound, NotAllowed, Invalid."""
    row = queries.run(actor, run_id)
    home = row.bookmobile or row.base
    zone = ZoneInfo(network.house_facts(home.id).calendar.zone) if home is not None else ZoneInfo("UTC")
    return plan_run(
        actor=actor,
        day=day,
        now=now,
        name=row.name,
        base_house_id=row.base.id if row.base else None,
        bookmobile_id=row.bookmobile.id if row.bookmobile else None,
        driver_id=row.driver_id,
        stops=[
            StopDraft(
                stop.house.id if stop.house else None,
                stop.place,
                _as_then(stop.planned_at.astimezone(zone), row.day, day) if stop.planned_at else None,
            )
            for stop in row.stops
        ],
    )


def start_run(*, actor: Actor, run_id: int, now: datetime) -> None:
    """Set out. Doing it again changes nothing. Raises NotFound, NotAllowed, RunEnded."""
    with db.transaction():
        row = _held(actor, run_id)
        if row.state is RunState.PLANNED:
            Run.objects.filter(pk=run_id).update(state=RunState.UNDER_WAY.value, started_at=now)
            journal.record("circulation.run.started", actor=actor, house_id=_house(row), run_id=run_id)


def reach_stop(*, actor: Actor, run_id: int, stop_id: int, now: datetime) -> None:
    """The round has come to a stop. Doing it again changes nothing. Raises NotFound, NotAllowed, RunEnded."""
    with db.transaction():
        row = _held(actor, run_id)
        _reach(row, _stop(row, stop_id), now)


def miss_stop(*, actor: Actor, run_id: int, stop_id: int, now: datetime) -> int:
    """A stop is passed by: what waits there goes with the next round, and so does what is aboard for it, from the base; gives how many are
    aboard for it. Raises NotFound, NotAllowed, RunEnded, Invalid (it was reached)."""
    with db.transaction():
        row = _held(actor, run_id)
        stop = _stop(row, stop_id)
        if stop.reached_at is not None:
            raise Invalid(fields={"stop_id": "reached"})
        RunStop.objects.filter(pk=stop_id, missed_at=None).update(missed_at=now)
        house = stop.house.id if stop.house is not None else None
        journal.record(
            "circulation.run.stop_missed", actor=actor, house_id=house or _house(row), run_id=run_id, stop_id=stop_id
        )
        aboard: int = _aboard(run_id).filter(to_house_id=house).count() if house is not None else 0
    return aboard


def scan_at_stop(*, actor: Actor, run_id: int, stop_id: int, barcode: str, now: datetime) -> Scan:
    """Do with a copy what is to be done at a stop: what is aboard for it is received, at the base what goes on is put down; anything else
    is loaded if the round brings it where it goes. About twenty statements.

    A copy that is nowhere on its way is taken in here first, as its house's desk does. The driver acts with a desk's role at the stop, for
    this alone. Raises NotFound, NotAllowed, RunEnded, CopyUnknown, RunGoesElsewhere, Invalid (the stop is no house).
    """
    with db.transaction():
        row = _held(actor, run_id)
        stop = _stop(row, stop_id)
        if stop.house is None:
            raise Invalid(fields={"stop_id": "no_house"})
        _set_out(actor, row, now)
        _reach(row, stop, now)
        crew = _crew(actor, stop.house.id)
        copy = catalogue.lending_copy(barcode=barcode, lock=True)
        if copy is None:
            raise CopyUnknown(barcode=barcode)
        held = holding(copy_id=copy.id)
        if held.transfer_id is None:
            back = returning.check_in(actor=crew, house_id=stop.house.id, barcode=barcode, now=now)
            if back.transfer_id is None:
                return Scan(Handled.STAYS, None, back)
            return _load(row, stop, Transfer.objects.get(pk=back.transfer_id), barcode, now)
        transfer = Transfer.objects.get(pk=held.transfer_id)
        bus = row.bookmobile.id if row.bookmobile is not None else None
        if bus is not None and transfer.to_house_id == bus:
            # The bookmobile is the house that it goes to: with it aboard, it has arrived.
            back = returning.check_in(actor=_crew(actor, bus), house_id=bus, barcode=barcode, now=now)
            return Scan(Handled.RECEIVED, bus, back)
        if transfer.to_house_id == stop.house.id:
            # Whoever forgot to scan it out: it came with this round all the same.
            Transfer.objects.filter(pk=transfer.pk, run_id__isnull=True).update(run_id=run_id)
            back = returning.check_in(actor=crew, house_id=stop.house.id, barcode=barcode, now=now)
            return Scan(Handled.RECEIVED, stop.house.id, back)
        on_bus = bus is not None and (transfer.waits_at_id or transfer.from_house_id) == bus
        if not on_bus and (transfer.loaded_at is None or transfer.run_id != run_id):
            return _load(row, stop, transfer, barcode, now)
        if row.base is not None and stop.house.id == row.base.id and not _comes_to(row, stop, transfer.to_house_id):
            _put_down(transfer.pk, stop.house.id)
            return Scan(Handled.LEFT_AT_BASE, transfer.to_house_id)
        return Scan(Handled.ABOARD, transfer.to_house_id)


def end_run(*, actor: Actor, run_id: int, now: datetime) -> int:
    """The round is over: what is still aboard is at the base, and goes with the next round; stops not come to are missed; gives how many are
    left aboard. Raises NotFound, NotAllowed, RunEnded."""
    with db.transaction():
        row = _held(actor, run_id)
        RunStop.objects.filter(run_id=run_id, reached_at=None, missed_at=None).update(missed_at=now)
        home = row.base or row.bookmobile
        left: int = _aboard(run_id).update(
            run_id=None, loaded_at=None, waits_at_id=home.id if home is not None else None
        )
        Run.objects.filter(pk=run_id).update(state=RunState.DONE.value, ended_at=now, started_at=row.started_at or now)
        journal.record("circulation.run.ended", actor=actor, house_id=_house(row), run_id=run_id, left=left)
    return left


def cancel_run(*, actor: Actor, run_id: int, now: datetime) -> None:
    """The round does not set out: what was to go with it goes with the next. Raises NotFound, NotAllowed, RunEnded."""
    with db.transaction():
        row = _held(actor, run_id)
        if row.state is not RunState.PLANNED:
            raise RunEnded(run_id=run_id, state=row.state.value)
        Run.objects.filter(pk=run_id).update(state=RunState.CANCELLED.value, ended_at=now)
        journal.record("circulation.run.cancelled", actor=actor, house_id=_house(row), run_id=run_id)


def _as_then(planned: datetime, day: date, other: date) -> datetime:
    """The same time of the clock on another day; what was planned for after midnight stays after it."""
    return datetime.combine(other + (planned.date() - day), planned.time(), planned.tzinfo)


def _problems(
    day: date, stops: Sequence[StopDraft], now: datetime, name: str, bookmobile_id: int | None
) -> dict[str, str]:
    problems = {}
    if not timedelta(days=-1) <= day - now.date() <= _FARTHEST:
        problems["day"] = "out_of_range"
    if len(name) > _LONGEST:
        problems["name"] = "too_long"
    if not 2 <= len(stops) <= MOST_STOPS:
        problems["stops"] = "out_of_range"
    times = [stop.planned_at for stop in stops if stop.planned_at is not None]
    if any(later <= earlier for earlier, later in pairwise(times)):
        problems["stops"] = "not_in_order"
    for before, stop in zip([None, *stops], stops, strict=False):
        if (stop.house_id is None) == (not stop.place.strip()) or len(stop.place) > _LONGEST:
            problems["stops"] = "required"
        elif stop.house_id is None and bookmobile_id is None:
            problems["stops"] = "place_without_bookmobile"
        elif before is not None and stop.house_id is not None and before.house_id == stop.house_id:
            problems["stops"] = "twice"
    return problems


def _held(actor: Actor, run_id: int) -> RunRow:
    """The round, held, if it is not over. The round before the copy in the order of locks."""
    if not Run.objects.select_for_update(of=("self",), no_key=True).filter(pk=run_id).exists():
        raise NotFound(what="run")
    row = queries.run(actor, run_id)
    if row.state in (RunState.DONE, RunState.CANCELLED):
        raise RunEnded(run_id=run_id, state=row.state.value)
    return row


def _crew(actor: Actor, house_id: int) -> Actor:
    """Who drives, with a desk's role at the stop: what is brought is handed over there."""
    role = Grant(Role.CIRCULATION.value, house_id=house_id)
    return Actor(actor.account_id, actor.name, (*actor.grants, role), actor.language, actor.is_system)


def _stop(row: RunRow, stop_id: int) -> StopRow:
    found = next((stop for stop in row.stops if stop.id == stop_id), None)
    if found is None:
        raise NotFound(what="stop")
    return found


def _house(row: RunRow) -> int | None:
    home = row.base or row.bookmobile
    return home.id if home is not None else None


def _set_out(actor: Actor, row: RunRow, now: datetime) -> None:
    if row.state is RunState.PLANNED:
        Run.objects.filter(pk=row.id).update(state=RunState.UNDER_WAY.value, started_at=now)
        journal.record("circulation.run.started", actor=actor, house_id=_house(row), run_id=row.id)


def _reach(row: RunRow, stop: StopRow, now: datetime) -> None:
    if stop.reached_at is None:
        RunStop.objects.filter(pk=stop.id).update(reached_at=now, missed_at=None)


def _aboard(run_id: int) -> Any:
    return Transfer.objects.filter(run_id=run_id, state=TransferState.SENT.value, loaded_at__isnull=False)


def _comes_to(row: RunRow, stop: StopRow, house_id: int) -> bool:
    """Whether the round still comes to a house after this stop."""
    return any(
        other.position > stop.position and other.missed_at is None and other.house is not None and other.house.id == house_id
        for other in row.stops
    )  # fmt: skip


def _load(row: RunRow, stop: StopRow, transfer: Transfer, barcode: str, now: datetime) -> Scan:
    """Put a copy aboard, if the round brings it to its house, or to the base from where another does."""
    direct = _comes_to(row, stop, transfer.to_house_id)
    via = row.base is not None and _comes_to(row, stop, row.base.id) and transfer.to_house_id in queries.onward(row)
    if not (direct or via):
        raise RunGoesElsewhere(barcode=barcode, to_house_id=transfer.to_house_id)
    Transfer.objects.filter(pk=transfer.pk).update(run_id=row.id, loaded_at=now, waits_at_id=None)
    return Scan(Handled.LOADED, transfer.to_house_id)


def _put_down(transfer_id: int, house_id: int) -> None:
    Transfer.objects.filter(pk=transfer_id).update(run_id=None, loaded_at=None, waits_at_id=house_id)
