"""Taking a device's log in: each entry is verified and kept before anything is done about it. Spec: CIRC-OFF-2, CIRC-OFF-3, CIRC-OFF-4."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from khaneh.domains.circulation import permissions
from khaneh.domains.circulation.errors import LogGap, LogTampered
from khaneh.domains.circulation.models import OfflineDevice, OfflineEntry
from khaneh.domains.circulation.rules import chain, clock
from khaneh.domains.circulation.services import conflicts, devices
from khaneh.domains.circulation.types import ConflictKind, ConflictSource, EntryAct, SignedEntry
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import Invalid

MOST_AT_ONCE = 500


def receive_entries(
    *, actor: Actor, device_id: int, entries: Sequence[SignedEntry], clock_now: dict[str, object], now: datetime
) -> int:
    """Keep the entries of a device that are not here yet; gives the number that is expected next. Told again, nothing is kept twice.

    `entries` follow each other; `clock_now` is what the device's clocks say at this moment (wall, run, ticks). Those before a faulty one are
    kept; then the device is doubted and nothing more is taken of it (LogTampered, which a person sees among the conflicts). Six statements
    and one for all entries. Raises NotAllowed, NotFound, Invalid, LogGap, LogTampered.
    """
    if len(entries) > MOST_AT_ONCE:
        raise Invalid(fields={"entries": "too_many"})
    try:
        arrival = chain.reading(dict(clock_now))
    except (ValueError, TypeError, KeyError) as error:
        raise Invalid(fields={"clock": "not_understood"}) from error
    with db.transaction():
        device = devices.held(device_id)
        permissions.require_desk(actor, house_id=device.house_id)
        if device.doubted_at is not None:
            raise LogTampered(device_id=device_id, number=device.last_number + 1)
        sound, faulty = _verified(device, entries)
        _keep(device, sound, arrival, now)
        if faulty is not None:
            _doubt(actor, device, faulty, now)
        expected = device.last_number + 1
    if faulty is not None:
        raise LogTampered(device_id=device_id, number=expected)
    return expected


Sound = tuple[chain.Entry, SignedEntry, bytes]


def _verified(device: OfflineDevice, entries: Sequence[SignedEntry]) -> tuple[list[Sound], SignedEntry | None]:
    """The entries that go on where the log ended, and the first that cannot be its. Raises LogGap."""
    number, before = device.last_number, bytes(device.last_digest)
    told = [(_read(sent), sent) for sent in entries]
    known = _known(device, [entry.number for entry, _ in told if entry is not None])
    sound: list[Sound] = []
    for entry, sent in told:
        if entry is None:
            return sound, sent
        digest = chain.digest(sent.body)
        if entry.device_id == device.pk and entry.number <= device.last_number:
            if known.get(entry.number) != digest:
                return sound, sent
            continue
        if entry.device_id == device.pk and entry.number > number + 1 and not sound:
            raise LogGap(device_id=device.pk, expected=number + 1)
        follows = (entry.device_id, entry.number, entry.previous) == (device.pk, number + 1, before)
        if not follows or not chain.is_signed(sent.body, sent.signature, bytes(device.public_key)):
            return sound, sent
        sound.append((entry, sent, digest))
        number, before = entry.number, digest
    return sound, None


def _read(sent: SignedEntry) -> chain.Entry | None:
    """What an entry says; None for what is none, or no act of ours."""
    try:
        entry = chain.read(sent.body)
    except chain.NotAnEntry:
        return None
    return entry if entry.act in set(EntryAct) else None


def _known(device: OfflineDevice, numbers: Sequence[int]) -> dict[int, bytes]:
    """Digests of those entries that were kept before. One statement, none for an upload that goes on where the log ended."""
    before = [number for number in numbers if number <= device.last_number]
    if not before:
        return {}
    found = OfflineEntry.objects.filter(device_id=device.pk, number__in=before)
    return {number: bytes(digest) for number, digest in found.values_list("number", "digest")}


def _keep(device: OfflineDevice, sound: Sequence[Sound], arrival: clock.Reading, now: datetime) -> None:
    device.seen_at = now
    if sound:
        last = OfflineEntry.objects.filter(device_id=device.pk, number=device.last_number).first()
        told = clock.told(
            [entry.stamp for entry, _, _ in sound],
            arrival=arrival,
            now=now,
            after=last.happened_at if last is not None else None,
        )
        OfflineEntry.objects.bulk_create(
            OfflineEntry(
                device_id=device.pk, number=entry.number, act=entry.act, digest=digest, signature=sent.signature,
                body=sent.body, happened_at=when.at, unsure_seconds=_seconds(when.unsure), received_at=now,
            )
            for (entry, sent, digest), when in zip(sound, told, strict=True)
        )  # fmt: skip
        device.last_number, device.last_digest = sound[-1][0].number, sound[-1][2]
    device.save(update_fields=["seen_at", "last_number", "last_digest"])


def _doubt(actor: Actor, device: OfflineDevice, faulty: SignedEntry, now: datetime) -> None:
    device.doubted_at = now
    device.save(update_fields=["doubted_at"])
    conflicts.keep_conflict(
        source=ConflictSource.OFFLINE, house_id=device.house_id, device_id=device.pk, number=device.last_number + 1,
        act="", kind=ConflictKind.TAMPERED, facts={"body": faulty.body[: chain.LONGEST_BODY]}, happened_at=now, now=now,
    )  # fmt: skip
    journal.record("circulation.device.doubted", actor=actor, house_id=device.house_id, device_id=device.pk)


def _seconds(span: timedelta) -> int:
    return int(span.total_seconds())
