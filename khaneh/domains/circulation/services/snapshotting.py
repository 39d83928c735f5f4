"""Drawing what a desk without a line takes along: members, copies, and what the policies and the calendar answer in the coming days.

The device decides nothing by itself: for each category and kind of copy it gets the terms, for each term the due dates of the days to come.
Rows come in parts with a digest; a device that says which parts it has gets those that differ. Spec: CIRC-OFF-7.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from khaneh.domains.catalogue.types import ITEM_TYPES
from khaneh.domains.circulation import permissions
from khaneh.domains.circulation.errors import DeviceRevoked, LogTampered
from khaneh.domains.circulation.models import OfflineDevice
from khaneh.domains.circulation.queries import snapshot as rows
from khaneh.domains.circulation.rules import acts, due
from khaneh.domains.circulation.services import asking, devices
from khaneh.domains.circulation.types import Channel
from khaneh.domains.network import queries as network
from khaneh.domains.network.queries import HouseFacts
from khaneh.domains.people import queries as people
from khaneh.domains.policies import services as policies
from khaneh.domains.policies.types import Answer, Question, Value
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import NotFound

PARTS = 256
MOST_MEMBERS = 30_000
MOST_COPIES = 80_000
_NEAR = ("here", "region", "elsewhere")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a device takes along. `parts` are the parts that it has not: name to (digest, rows as JSON); `names` are all there are."""

    house_id: int
    as_of: datetime
    expires_at: datetime
    members: int
    copies: int
    size: int
    names: Mapping[str, str]
    parts: Mapping[str, bytes]
    terms: Mapping[str, Mapping[str, Any]]
    dues: Mapping[str, list[str]]
    first_day: str


def draw_snapshot(*, actor: Actor, device_id: int, have: Mapping[str, str], now: datetime) -> Snapshot:
    """What the device needs beyond the parts that it has (name to digest). Four statements, and one for each category of members at most.

    Raises NotAllowed, NotFound, DeviceRevoked, LogTampered.
    """
    device = OfflineDevice.objects.filter(pk=device_id).first()
    if device is None:
        raise NotFound(what="device")
    permissions.require_desk(actor, house_id=device.house_id)
    if device.revoked_at is not None:
        raise DeviceRevoked(device_id=device_id)
    if device.doubted_at is not None:
        raise LogTampered(device_id=device_id, number=device.last_number + 1)
    house = network.house_facts(device.house_id)
    names, parts, members, copies, size = _parts(house, have, now)
    terms = _terms(house, now)
    first = now.astimezone(ZoneInfo(house.calendar.zone)).date()
    lengths = {one["days"] for kinds in terms.values() for one in kinds.values()}
    devices.note_snapshot(device_id=device_id, now=now)
    return Snapshot(
        house_id=house.id,
        as_of=now,
        expires_at=now + timedelta(days=device.snapshot_days),
        members=members,
        copies=copies,
        size=size,
        names=names,
        parts=parts,
        terms=terms,
        dues={str(days): _dues(house, days, device.snapshot_days + 2, now) for days in sorted(lengths)},
        first_day=first.isoformat(),
    )


def _parts(
    house: HouseFacts, have: Mapping[str, str], now: datetime
) -> tuple[dict[str, str], dict[str, bytes], int, int, int]:
    buckets: dict[str, list[list[Any]]] = defaultdict(list)
    around = network.house_ids_in_region(house.regions[-1]) if house.regions else []
    house_ids = sorted({house.id, *around})
    members = copies = size = 0
    near = {number: _NEAR.index(asking.nearness(house, number)) for number in house_ids}
    for row, home in rows.members(
        house_id=house.id, house_ids=house_ids, currency=house.currency, now=now, limit=MOST_MEMBERS
    ):
        buckets[f"m{row[0] % PARTS}"].append([*row, near[home]])
        members += 1
    for row in rows.copies(house_id=house.id, limit=MOST_COPIES):
        buckets[f"c{row[0] % PARTS}"].append(row)
        copies += 1
    names, parts = {}, {}
    for name, found in buckets.items():
        data = orjson.dumps(sorted(found))
        size += len(data)
        names[name] = hashlib.sha256(data).hexdigest()[:16]
        if have.get(name) != names[name]:
            parts[name] = data
    return names, parts, members, copies, size


def _terms(house: HouseFacts, now: datetime) -> dict[str, dict[str, Any]]:
    """For each category and nearness, for each kind of copy: days, limits, and why nothing of the kind may be lent."""
    found: dict[str, dict[str, Any]] = {}
    for category in people.categories():
        for near in _NEAR:
            found[f"{category.code}|{_NEAR.index(near)}"] = {
                kind.value: _term(_ask(house, category.code, near, kind.value, now)) for kind in ITEM_TYPES
            }
    return found


def _ask(house: HouseFacts, category: str, near: str, item_type: str, now: datetime) -> Answer:
    """What somebody of the category would be answered of whom nothing else is known: age is not, so rules that ask for it do not decide."""
    facts: dict[str, Value] = {
        "member.category": category,
        "member.home": near,
        "member.blocked": False,
        "member.expired": False,
        "member.lacks_guardian": False,
        "member.loans": 0,
        "member.loans_of_type": 0,
        "member.overdue": 0,
        "member.debt": 0,
        "copy.type": item_type,
        "copy.state": "available",
        "copy.owner": "here",
        "copy.reserved": False,
        **asking.door(Channel.OFFLINE),
    }
    return policies.decide(Question(acts.LEND, house.id, facts, now), store=False)


def _term(answer: Answer) -> dict[str, Any]:
    days = answer.terms.get("loan_days")
    return {
        "days": days if isinstance(days, int) else 0,
        **{name: answer.terms.get(name) for name in ("loans_max", "overdue_max", "debt_max")},
        "refused": answer.refusals[0].label.to_dict() if answer.refusals else None,
    }


def _dues(house: HouseFacts, days: int, reach: int, now: datetime) -> list[str]:
    """When a loan of so many days is due that is made today, tomorrow, and so on."""
    zone = ZoneInfo(house.calendar.zone)
    today = now.astimezone(zone).date()
    mornings: Iterable[datetime] = (
        datetime.combine(today + timedelta(days=turn), time(0), zone) for turn in range(reach)
    )
    return [due.due_at(house.calendar, now=morning, days=days).isoformat() for morning in mornings]
