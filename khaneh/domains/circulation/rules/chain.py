"""The log of a desk without a line: what an entry says, whether its signature holds, whether it follows the one before. Pure.

An entry is the exact bytes of a JSON object that the device wrote, and an ECDSA signature of them (P-256, SHA-256; r and s of 32 bytes one
after the other, as the Web Cryptography API gives it, IEEE P1363). Each names the digest of the one before, so that none can be taken out,
put in or changed without the next one telling. A random `salt` keeps a digest from telling what the entry said.
"""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import load_der_public_key

from khaneh.domains.circulation.rules.clock import Reading, Stamp

BEGINNING = bytes(32)
LONGEST_BODY = 8_192  # characters
_SIGNATURE = 64
_SHORTEST_SALT = 16


class NotAnEntry(ValueError):
    """What came is no entry of a log."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One act as a device wrote it down. `facts` are what was scanned and promised; `previous` is the digest of the entry before."""

    device_id: int
    number: int
    previous: bytes
    act: str
    stamp: Stamp
    facts: dict[str, Any]


def digest(body: str) -> bytes:
    """What the next entry names."""
    return hashlib.sha256(body.encode()).digest()


def read(body: str) -> Entry:
    """What an entry says. Raises NotAnEntry."""
    if len(body) > LONGEST_BODY:
        raise NotAnEntry("too long")
    try:
        data = json.loads(body)
        previous = bytes.fromhex(data["previous"])
        facts = data["facts"]
        entry = Entry(int(data["device"]), int(data["number"]), previous, str(data["act"]), _stamp(data), facts)
        sound = isinstance(facts, dict) and len(previous) == len(BEGINNING) and len(data["salt"]) >= _SHORTEST_SALT
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError) as error:
        raise NotAnEntry("not an entry") from error
    if not sound or entry.number < 1:
        raise NotAnEntry("not an entry")
    return entry


def _stamp(data: dict[str, Any]) -> Stamp:
    known = data.get("known")
    return Stamp(
        reading=reading(data["clock"]),
        known=reading(known["clock"]) if known else None,
        known_at=datetime.fromtimestamp(float(known["server"]) / 1000, UTC) if known else None,
    )


def reading(data: dict[str, Any]) -> Reading:
    """A look at a device's two clocks. Raises ValueError, TypeError, KeyError."""
    found = Reading(wall=float(data["wall"]), run=str(data["run"])[:64], ticks=float(data["ticks"]))
    if not (math.isfinite(found.wall) and math.isfinite(found.ticks)):
        raise ValueError("no time")
    return found


def is_key(public_key: bytes) -> bool:
    """Whether the bytes (SubjectPublicKeyInfo) are a key that logs are signed with."""
    return _key(public_key) is not None


def is_signed(body: str, signature: bytes, public_key: bytes) -> bool:
    """Whether the device with this key wrote the entry."""
    key = _key(public_key)
    if key is None or len(signature) != _SIGNATURE:
        return False
    half = _SIGNATURE // 2
    der = encode_dss_signature(int.from_bytes(signature[:half]), int.from_bytes(signature[half:]))
    try:
        key.verify(der, body.encode(), ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


def _key(public_key: bytes) -> ec.EllipticCurvePublicKey | None:
    try:
        key = load_der_public_key(public_key)
    except ValueError:
        return None
    return key if isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1) else None
