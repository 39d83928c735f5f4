"""A device that lends without a line, as the browser's program is one: a key, a chain, two clocks that a test may set wrong."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from khaneh.domains.circulation import services
from khaneh.domains.circulation.types import Replayed, SignedEntry
from khaneh.kernel.actor import SYSTEM, Actor


@dataclass
class Device:
    """`time` is what it really is; the wall clock is `off` by some span, the ticks count since `began`."""

    house_id: int
    time: datetime
    id: int = 0
    number: int = 0
    previous: str = "00" * 32
    off: timedelta = timedelta(0)
    run: str = "run-1"
    known: dict[str, Any] | None = None
    unsent: list[SignedEntry] = field(default_factory=list)
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    began: datetime = field(init=False)

    def enrol(self, *, actor: Actor = SYSTEM, now: datetime | None = None) -> Device:
        """Made known to the server."""
        self.began = self.time
        self.id = services.enrol_device(
            actor=actor, house_id=self.house_id, name="Tablet", public_key=self.public(), recovery_key=bytes(32),
            now=now or self.time,
        )  # fmt: skip
        return self

    def public(self) -> bytes:
        """SubjectPublicKeyInfo."""
        return self.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

    def clock(self) -> dict[str, Any]:
        """A look at both clocks."""
        ticks = (self.time - self.began).total_seconds() * 1000
        return {"wall": (self.time + self.off).timestamp() * 1000, "run": self.run, "ticks": ticks}

    def hear(self) -> None:
        """The line is there: the server tells its time."""
        self.known = {"server": self.time.timestamp() * 1000, "clock": self.clock()}

    def reopen(self) -> None:
        """The page is opened again: its ticks begin anew."""
        self.run, self.began = f"run-{secrets.token_hex(4)}", self.time

    def write(self, act: str, *, after: timedelta = timedelta(minutes=1), **facts: Any) -> SignedEntry:
        """Another act in the log, some time after the last."""
        self.time += after
        self.number += 1
        body = json.dumps(
            {
                "device": self.id, "number": self.number, "previous": self.previous, "salt": secrets.token_hex(16),
                "act": act, "clock": self.clock(), "known": self.known, "facts": facts,
            },
            ensure_ascii=False,
        )  # fmt: skip
        self.previous = hashlib.sha256(body.encode()).hexdigest()
        entry = SignedEntry(body, self.sign(body))
        self.unsent.append(entry)
        return entry

    def lend(self, card: str, barcode: str, **more: Any) -> SignedEntry:
        """A loan."""
        return self.write("check_out", card=card, barcode=barcode, **more)

    def take_back(self, barcode: str, **more: Any) -> SignedEntry:
        """A return."""
        return self.write("check_in", barcode=barcode, **more)

    def sign(self, body: str) -> bytes:
        """As the Web Cryptography API signs: r and s one after the other."""
        r, s = decode_dss_signature(self.key.sign(body.encode(), ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32) + s.to_bytes(32)

    def send(
        self, entries: list[SignedEntry] | None = None, *, actor: Actor = SYSTEM, now: datetime | None = None
    ) -> list[Replayed]:
        """The line is back: the log goes up and is done."""
        moment = now or self.time
        sent = self.unsent if entries is None else entries
        services.receive_entries(actor=actor, device_id=self.id, entries=sent, clock_now=self.clock(), now=moment)
        if entries is None:
            self.unsent = []
        return services.replay_pending(actor=actor, device_id=self.id, now=moment)


def utc(hour: int, minute: int = 0, *, day: int = 2) -> datetime:
    """An instant of March 2026."""
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)
