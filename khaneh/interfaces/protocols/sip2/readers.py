"""Who stands at the machine: the card, and the PIN where the machine asks for one."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from khaneh.domains.people import queries as people
from khaneh.domains.people import services
from khaneh.domains.people.queries import Standing
from khaneh.interfaces.protocols.sip2 import wording
from khaneh.kernel.labels import Label

PRESENT = timedelta(minutes=5)  # how long a reader who has shown card and PIN is taken to stand there
# What a PIN is remembered by while its reader stands there: worth nothing outside this process.
_KEY = secrets.token_bytes(32)


class NotIdentified(Exception):
    """Nobody, or not proved to be who the card says. `words` for the screen; `standing` when the card itself is somebody's."""

    def __init__(self, words: Label, standing: Standing | None = None) -> None:
        self.words = words
        self.standing = standing
        super().__init__(words.en)


@dataclass(frozen=True, slots=True)
class Reader:
    """A reader at the machine. `pin_fits` is None where none was given."""

    card: str
    standing: Standing
    pin_fits: bool | None
    proof: bytes
    until: datetime

    @property
    def member_id(self) -> int:
        """The member."""
        return self.standing.member_id


def identify(
    card: str, pin: str | None, *, asks_pin: bool, present: Reader | None, now: datetime, fresh: bool = False
) -> Reader:
    """The reader of a card. Who has shown a PIN needs not show it again while present; a wrong one is never passed over.

    One statement, none for whoever is present already unless `fresh`; those of the check for a PIN not yet shown, which must not be
    undone with an act: it counts wrong ones. Raises NotIdentified, PinLocked.
    """
    card = card.strip()
    here = present if present is not None and present.card == card and now < present.until else None
    standing = (
        here.standing if here is not None and not fresh else people.standing(now=now, card=card) if card else None
    )
    if standing is None:
        raise NotIdentified(wording.READER_UNKNOWN)
    fits, proof = (here.pin_fits, here.proof) if here is not None else (None, b"")
    if pin:
        told = _proof(standing.member_id, pin)
        if not (fits and hmac.compare_digest(told, proof)):
            if not services.check_pin(member_id=standing.member_id, pin=pin):
                raise NotIdentified(wording.PIN_WRONG, standing)
            fits, proof = True, told
    if asks_pin and not fits:
        raise NotIdentified(wording.PIN_NEEDED, standing)
    return Reader(card, standing, fits, proof, now + PRESENT)


def _proof(member_id: int, pin: str) -> bytes:
    return hmac.new(_KEY, f"{member_id}:{pin}".encode(), hashlib.sha256).digest()
