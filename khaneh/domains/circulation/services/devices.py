"""Devices that lend without a line: taking one on, cutting one off. Spec: CIRC-OFF-1."""

from __future__ import annotations

from datetime import datetime

from khaneh.domains.circulation import permissions
from khaneh.domains.circulation.errors import DeviceRevoked
from khaneh.domains.circulation.models import OfflineDevice
from khaneh.domains.circulation.rules import chain
from khaneh.domains.circulation.types import SignedEntry
from khaneh.domains.network import queries as network
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import Invalid, NotAllowed, NotFound

LONGEST_NAME = 60
DAYS = range(1, 32)
_KEY = 32
_FRESH = 600.0  # seconds


def enrol_device(
    *,
    actor: Actor,
    house_id: int,
    name: str,
    public_key: bytes,
    recovery_key: bytes,
    now: datetime,
    snapshot_days: int = 7,
) -> int:
    """Let a device lend for one house without a line, by the right enrol_device; gives its id.

    `public_key` (SubjectPublicKeyInfo, P-256) verifies its log; `recovery_key` (32 bytes) opens what it keeps when its passphrase is
    forgotten, and is given out by the same right only. Its snapshot may be used for `snapshot_days` after it was drawn. Raises NotAllowed,
    NotFound, Invalid.
    """
    _require_enrol(actor, house_id)
    problems = {}
    if not name.strip() or len(name.strip()) > LONGEST_NAME:
        problems["name"] = "too_long" if name.strip() else "required"
    if not chain.is_key(public_key) or len(recovery_key) != _KEY:
        problems["key"] = "not_understood"
    if snapshot_days not in DAYS:
        problems["snapshot_days"] = "out_of_range"
    if problems:
        raise Invalid(fields=problems)
    with db.transaction():
        made = OfflineDevice.objects.create(
            house_id=house_id, name=name.strip(), public_key=public_key, recovery_key=recovery_key,
            snapshot_days=snapshot_days, enrolled_by_id=actor.account_id, enrolled_at=now, last_digest=chain.BEGINNING,
        )  # fmt: skip
        journal.record("circulation.device.enrolled", actor=actor, house_id=house_id, device_id=made.pk)
    return made.pk


def revoke_device(*, actor: Actor, device_id: int, now: datetime) -> None:
    """Cut a device off for ever: it gets no snapshot, and what still arrives of its log is kept for a person.

    Raises NotAllowed, NotFound.
    """
    with db.transaction():
        device = held(device_id)
        _require_enrol(actor, device.house_id)
        if device.revoked_at is not None:
            return
        device.revoked_at = now
        device.save(update_fields=["revoked_at"])
        journal.record("circulation.device.revoked", actor=actor, house_id=device.house_id, device_id=device_id)


def recover_device(*, actor: Actor, device_id: int) -> bytes:
    """The key of a device whose passphrase was forgotten, by the right enrol_device. Raises NotAllowed, NotFound, DeviceRevoked."""
    with db.transaction():
        device = held(device_id)
        _require_enrol(actor, device.house_id)
        if device.revoked_at is not None:
            raise DeviceRevoked(device_id=device_id)
        journal.record("circulation.device.recovered", actor=actor, house_id=device.house_id, device_id=device_id)
    return bytes(device.recovery_key)


def require_device(*, device_id: int, proof: SignedEntry, now: datetime) -> None:
    """That the device itself asks, not only somebody who may work at its desk: it signed its number and the time, `device:milliseconds`.

    So the members of a house leave in bulk only for a device that somebody with the right took on. One statement. Raises NotFound,
    NotAllowed.
    """
    device = OfflineDevice.objects.filter(pk=device_id).first()
    if device is None:
        raise NotFound(what="device")
    number, _, told = proof.body.partition(":")
    fresh = told.isdecimal() and len(told) < 16 and abs(int(told) / 1000 - now.timestamp()) < _FRESH
    if (
        not fresh
        or number != str(device_id)
        or not chain.is_signed(proof.body, proof.signature, bytes(device.public_key))
    ):
        raise NotAllowed(act="circulation.device")


def note_snapshot(*, device_id: int, now: datetime) -> None:
    """The device has a snapshot of this instant. One statement."""
    OfflineDevice.objects.filter(pk=device_id).update(snapshot_at=now, seen_at=now)


def held(device_id: int) -> OfflineDevice:
    """The device's row, locked, so that its log grows by one upload at a time. Raises NotFound."""
    device = OfflineDevice.objects.select_for_update(of=("self",)).filter(pk=device_id).first()
    if device is None:
        raise NotFound(what="device")
    return device


def _require_enrol(actor: Actor, house_id: int) -> None:
    place = network.house_facts(house_id).place
    permissions.require_rights(actor, place, {"enrol_device"})
