"""Doing what a log says: each entry in a transaction of its own, with its outcome in it. Spec: CIRC-OFF-3, CIRC-OFF-5, CIRC-OFF-6."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import InterfaceError, OperationalError

from khaneh.domains.circulation import permissions
from khaneh.domains.circulation.errors import AlreadyRequested
from khaneh.domains.circulation.models import OfflineDevice, OfflineEntry, StrayReturn
from khaneh.domains.circulation.rules import chain
from khaneh.domains.circulation.services import conflicts, late_acts
from khaneh.domains.circulation.services.late_acts import MemberWaits
from khaneh.domains.circulation.types import (
    ConflictKind,
    ConflictSource,
    EntryAct,
    EntryOutcome,
    Replayed,
    ReturnedTo,
)
from khaneh.infrastructure import db
from khaneh.kernel.actor import SYSTEM, Actor
from khaneh.kernel.refusal import NotFound, Refusal

log = logging.getLogger(__name__)

# Guesses about a time that differ by more than this are shown to a person.
UNSURE_SECONDS = 24 * 3600
_TOLD = frozenset({"kind", "goes_to", "to_house_id", "returned", "member_id"})
_LEFT = timedelta(minutes=5)
# No log arrives later than this: snapshots last a month at most.
_STRAYS = timedelta(days=62)
_READERS = (ReturnedTo.HOLD_SHELF, ReturnedTo.TRANSIT_TO_READER)


class _Disagrees(Exception):
    """An act that does not agree with the rest: it is kept for a person."""

    def __init__(self, kind: ConflictKind, **facts: Any) -> None:
        super().__init__(kind)
        self.kind, self.facts = kind, facts


def replay_pending(*, actor: Actor, device_id: int, now: datetime, limit: int = 500) -> list[Replayed]:
    """Do what of a device's log is not done yet, oldest first, at most `limit` entries; gives what became of each.

    Killed at any moment and called again, it goes on where it stopped, and nothing is done twice. About twenty statements an entry. Raises
    NotAllowed, NotFound.
    """
    device = OfflineDevice.objects.filter(pk=device_id).first()
    if device is None:
        raise NotFound(what="device")
    permissions.require_desk(actor, house_id=device.house_id)
    waiting = OfflineEntry.objects.filter(device_id=device_id, outcome="").order_by("number")
    return [_replay(actor, device, number, now) for number in list(waiting.values_list("pk", flat=True)[:limit])]


def replay_left(*, now: datetime) -> int:
    """Do what was kept and not done: the line, the process or the server was gone in between. Gives how many entries."""
    waiting = OfflineEntry.objects.filter(outcome="", received_at__lt=now - _LEFT).order_by("device_id")
    numbers = list(waiting.values_list("device_id", flat=True).distinct())
    return sum(len(replay_pending(actor=SYSTEM, device_id=number, now=now)) for number in numbers)


def forget_strays(*, now: datetime) -> int:
    """Forget returns of copies that nobody had, when no log can arrive any more that they would end a loan of. One statement."""
    return StrayReturn.objects.filter(at__lt=now - _STRAYS).delete()[0]


def _replay(actor: Actor, device: OfflineDevice, entry_id: int, now: datetime) -> Replayed:
    with db.transaction():
        entry = OfflineEntry.objects.select_for_update(of=("self",)).get(pk=entry_id)
        if not entry.outcome:
            _act(actor, device, entry, now)
    return Replayed(entry.number, EntryOutcome(entry.outcome), entry.result or {})


def _act(actor: Actor, device: OfflineDevice, entry: OfflineEntry, now: datetime) -> None:
    """One entry, whose row is held: the act, what a person must know of it, and the outcome."""
    facts = chain.read(entry.body).facts if entry.body else {}
    try:
        # A part of the transaction that can be undone alone: what fails leaves the entry and its outcome.
        with db.transaction():
            doing = _ACTS[EntryAct(entry.act)] if device.revoked_at is None else _not_any_more
            outcome, entry.result = doing(actor, device, entry, facts, now)
    except _Disagrees as found:
        outcome = _hand_over(device, entry, found.kind, {**facts, **found.facts}, now)
    except MemberWaits:
        outcome = _hand_over(device, entry, ConflictKind.MEMBER_WAITS, facts, now)
    except Refusal as refusal:
        outcome = _hand_over(device, entry, late_acts.kind_of(refusal), {**facts, **_told(refusal)}, now)
    except (OperationalError, InterfaceError):
        raise  # the database is not there, or chose us to wait: the entry stays as it is and is done later
    except Exception:
        log.exception("circulation.replay.failed", extra={"device": device.pk, "entry": entry.number})
        outcome = _hand_over(device, entry, ConflictKind.FAILED, facts, now)
    if outcome is EntryOutcome.DONE and entry.unsure_seconds > UNSURE_SECONDS:
        _keep(device, entry, ConflictKind.TIME_UNSURE, {"seconds": entry.unsure_seconds}, now, done=True)
    # What the device tells its desk, and no more: neither loan nor fee, which would lead from the log to who read what.
    entry.result = {name: value for name, value in (entry.result or {}).items() if name in _TOLD}
    entry.outcome, entry.outcome_at, entry.body = outcome.value, now, None
    entry.save(update_fields=["outcome", "outcome_at", "result", "body"])


def _check_out(
    actor: Actor, device: OfflineDevice, entry: OfflineEntry, facts: dict[str, Any], now: datetime
) -> tuple[EntryOutcome, dict[str, Any]]:
    member_id = late_acts.member_of(device_id=device.pk, facts=facts)
    at = entry.happened_at
    stands = late_acts.standing_of(late_acts.text(facts, "barcode"))
    if stands is not None and stands.lent_at is not None and stands.lent_at > at:
        raise _Disagrees(ConflictKind.LENT_SINCE)
    return EntryOutcome.DONE, late_acts.lend(
        actor=actor, house_id=device.house_id, facts=facts, member_id=member_id, at=at, now=now
    )


def _check_in(
    actor: Actor, device: OfflineDevice, entry: OfflineEntry, facts: dict[str, Any], now: datetime
) -> tuple[EntryOutcome, dict[str, Any]]:
    at = entry.happened_at
    # Held: nobody lends it between this look and the return.
    stands = late_acts.standing_of(late_acts.text(facts, "barcode"), lock=True)
    if stands is not None and stands.lent_at is not None and stands.lent_at > at:
        raise _Disagrees(ConflictKind.LENT_SINCE)
    if stands is not None and stands.loan_id is None and late_acts.seen_since(stands, at):
        return EntryOutcome.SUPERSEDED, {}
    result, back = late_acts.take_back(actor=actor, house_id=device.house_id, facts=facts, at=at, now=now)
    if back.goes_to in _READERS:
        told = {"barcode": facts.get("barcode"), "goes_to": back.goes_to.value, "to_house_id": back.to_house_id}
        _keep(device, entry, ConflictKind.CAPTURED, told, now, done=True)
    return EntryOutcome.DONE, result


def _request(
    actor: Actor, device: OfflineDevice, entry: OfflineEntry, facts: dict[str, Any], now: datetime
) -> tuple[EntryOutcome, dict[str, Any]]:
    member_id = late_acts.member_of(device_id=device.pk, facts=facts)
    try:
        return EntryOutcome.DONE, late_acts.ask(
            actor=actor, house_id=device.house_id, facts=facts, member_id=member_id, at=entry.happened_at, now=now
        )
    except AlreadyRequested:
        return EntryOutcome.SUPERSEDED, {}


def _register(
    actor: Actor, device: OfflineDevice, entry: OfflineEntry, facts: dict[str, Any], now: datetime
) -> tuple[EntryOutcome, dict[str, Any]]:
    return EntryOutcome.DONE, late_acts.register(
        actor=actor, house_id=device.house_id, facts=facts, at=entry.happened_at
    )


def _not_any_more(
    actor: Actor, device: OfflineDevice, entry: OfflineEntry, facts: dict[str, Any], now: datetime
) -> tuple[EntryOutcome, dict[str, Any]]:
    """Perhaps it was done before the device was cut off, perhaps by a thief: a person decides."""
    raise _Disagrees(ConflictKind.DEVICE_REVOKED)


Doing = Callable[[Actor, OfflineDevice, OfflineEntry, dict[str, Any], datetime], tuple[EntryOutcome, dict[str, Any]]]
_ACTS: dict[EntryAct, Doing] = {
    EntryAct.CHECK_OUT: _check_out,
    EntryAct.CHECK_IN: _check_in,
    EntryAct.REGISTER: _register,
    EntryAct.REQUEST: _request,
}


def _hand_over(
    device: OfflineDevice, entry: OfflineEntry, kind: ConflictKind, facts: dict[str, Any], now: datetime
) -> EntryOutcome:
    entry.result = {"kind": kind.value}
    _keep(device, entry, kind, facts, now, done=False)
    return EntryOutcome.CONFLICT


def _keep(
    device: OfflineDevice, entry: OfflineEntry, kind: ConflictKind, facts: dict[str, Any], now: datetime, *, done: bool
) -> None:
    conflicts.keep_conflict(
        source=ConflictSource.OFFLINE, house_id=device.house_id, device_id=device.pk, number=entry.number,
        act=entry.act, kind=kind, facts=facts, happened_at=entry.happened_at, now=now, done=done,
        loan_id=(entry.result or {}).get("loan_id"),
    )  # fmt: skip


def _told(refusal: Refusal) -> dict[str, Any]:
    """What a refusal says that a person needs to settle it."""
    kept = ("reasons", "members", "fields", "loan_id")
    return {name: refusal.facts[name] for name in kept if name in refusal.facts}
