"""Devices that lend without a line, and what a person must settle of what they did."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Count

from khaneh.domains.catalogue.queries.within import with_catalogue
from khaneh.domains.circulation import permissions
from khaneh.domains.circulation.models import Conflict, OfflineDevice, OfflineEntry
from khaneh.domains.circulation.types import ConflictKind, ConflictSource, ConflictState, EntryOutcome, Replayed
from khaneh.domains.network import queries as network
from khaneh.domains.people import queries as people
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import NotFound

_TITLES = with_catalogue(
    """
SELECT c.barcode, c.title
FROM {copies} c WHERE c.barcode = ANY (%s) AND NOT c.withdrawn
"""
)


@dataclass(frozen=True, slots=True)
class DeviceRow:
    """A device. `expected` is the number of the entry that comes next."""

    id: int
    house_id: int
    name: str
    snapshot_days: int
    enrolled_at: datetime
    seen_at: datetime | None
    snapshot_at: datetime | None
    revoked_at: datetime | None
    doubted_at: datetime | None
    expected: int

    @property
    def acts(self) -> int:
        """How many entries of its log are here."""
        return self.expected - 1


@dataclass(frozen=True, slots=True)
class ConflictRow:
    """Something to settle, or settled. `facts` are what was scanned; `member` and `title` say it in words where they are known."""

    id: int
    source: ConflictSource
    device: str
    number: int | None
    act: str
    kind: ConflictKind
    done: bool
    happened_at: datetime
    recorded_at: datetime
    facts: Mapping[str, Any]
    member: str
    member_id: int | None
    barcode: str
    title: str
    state: ConflictState
    settled_at: datetime | None
    reason: str


def device(actor: Actor, device_id: int) -> DeviceRow:
    """One device, for whoever works at the desk of its house. Raises NotFound."""
    found = OfflineDevice.objects.filter(pk=device_id).first()
    if found is None or not permissions.works_at_desk(actor, house_id=found.house_id):
        raise NotFound(what="device")
    return _row(found)


def devices(actor: Actor, *, house_id: int) -> list[DeviceRow]:
    """The devices of a house, those in use first. One statement. Raises NotAllowed."""
    permissions.require_desk(actor, house_id=house_id)
    found = OfflineDevice.objects.filter(house_id=house_id).order_by("-enrolled_at", "-pk")[:200]
    return sorted(map(_row, found), key=lambda row: row.revoked_at is not None)


def may_enrol(actor: Actor, *, house_id: int) -> bool:
    """Whether the actor has the right enrol_device at the house."""
    return "enrol_device" in permissions.rights_of(actor, network.house_facts(house_id).place)


def outcomes(actor: Actor, *, device_id: int, numbers: Collection[int]) -> list[Replayed]:
    """What became of these entries of a device, as far as they are done. Two statements. Raises NotFound."""
    device(actor, device_id)
    found = OfflineEntry.objects.filter(device_id=device_id, number__in=list(numbers)).exclude(outcome="")
    return [
        Replayed(entry.number, EntryOutcome(entry.outcome), entry.result or {}) for entry in found.order_by("number")
    ]


def cards_of(member_ids: Collection[int]) -> dict[int, str]:
    """The cards of members that a device has registered. At most two statements."""
    return {number: line.card for number, line in people.lines(set(member_ids)).items()} if member_ids else {}


def open_conflicts(actor: Actor, *, house_id: int) -> int:
    """How many wait to be settled at a house. One statement. Raises NotAllowed."""
    permissions.require_desk(actor, house_id=house_id)
    return Conflict.objects.filter(house_id=house_id, state=ConflictState.OPEN.value).count()


def conflicts(actor: Actor, *, house_id: int, settled: bool = False, limit: int = 200) -> list[ConflictRow]:
    """What is to be settled at a house, oldest first; or what was, last first. At most five statements. Raises NotAllowed."""
    permissions.require_desk(actor, house_id=house_id)
    rows = Conflict.objects.filter(house_id=house_id).select_related("device", "terminal")
    if settled:
        rows = rows.exclude(state=ConflictState.OPEN.value).order_by("-settled_at", "-pk")
    else:
        rows = rows.filter(state=ConflictState.OPEN.value).order_by("recorded_at", "pk")
    found = list(rows[:limit])
    members = people.lines({row.member_id for row in found if row.member_id is not None})
    named = _titles({str(row.facts.get("barcode", "")) for row in found if row.facts.get("barcode")})
    return [_conflict(row, members, named) for row in found]


def conflict_counts(actor: Actor, *, house_ids: Collection[int]) -> dict[int, int]:
    """How many wait at each of these houses, for a page that leads there. One statement."""
    mine = [number for number in house_ids if permissions.works_at_desk(actor, house_id=number)]
    found = Conflict.objects.filter(house_id__in=mine, state=ConflictState.OPEN.value).values("house_id")
    return dict(found.annotate(number=Count("pk")).order_by("house_id").values_list("house_id", "number"))


def _titles(barcodes: Collection[str]) -> dict[str, str]:
    if not barcodes:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_TITLES, [list(barcodes)])
        return dict(cursor.fetchall())


def _conflict(row: Conflict, members: Mapping[int, Any], named: Mapping[str, str]) -> ConflictRow:
    facts = row.facts
    barcode = str(facts.get("barcode", "") or "")
    line = members.get(row.member_id) if row.member_id is not None else None
    name = line.name if line is not None else f"{facts.get('given_name', '')} {facts.get('family_name', '')}".strip()
    machine = row.device or row.terminal
    return ConflictRow(
        id=row.pk,
        source=ConflictSource(row.source),
        device=machine.name if machine is not None else "",
        number=row.number,
        act=row.act,
        kind=ConflictKind(row.kind),
        done=row.done,
        happened_at=row.happened_at,
        recorded_at=row.recorded_at,
        facts=facts,
        member=name,
        member_id=row.member_id,
        barcode=barcode,
        title=named.get(barcode, ""),
        state=ConflictState(row.state),
        settled_at=row.settled_at,
        reason=row.reason,
    )


def _row(found: OfflineDevice) -> DeviceRow:
    return DeviceRow(
        id=found.pk,
        house_id=found.house_id,
        name=found.name,
        snapshot_days=found.snapshot_days,
        enrolled_at=found.enrolled_at,
        seen_at=found.seen_at,
        snapshot_at=found.snapshot_at,
        revoked_at=found.revoked_at,
        doubted_at=found.doubted_at,
        expected=found.last_number + 1,
    )
