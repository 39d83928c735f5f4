"""What a program may take back. Who had a copy stands in no table after its return, so the answer to an act carries it, sealed: only this
installation opens it, for as long as an act may be undone; to whoever else reads it, it says nothing of a reader."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import NamedTuple

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

from khaneh.domains.circulation.services import UNDO_FOR
from khaneh.kernel.refusal import NotFound


class Act(NamedTuple):
    """A loan or a return at a house; `charge_id` is the line of the ledger for lateness, if there was one."""

    name: str
    house_id: int
    loan_id: int
    member_id: int | None = None
    charge_id: int | None = None


def seal(act: Act) -> str:
    """The act as the caller keeps it."""
    return _box().encrypt(json.dumps(act).encode()).decode()


def unseal(text: str) -> Act:
    """The act that was sealed. Raises NotFound for what is no seal of ours or too old."""
    try:
        return Act(*json.loads(_box().decrypt(text, ttl=int(UNDO_FOR.total_seconds()))))
    except InvalidToken as wrong:
        raise NotFound(what="undo") from wrong


def _box() -> Fernet:
    key = hashlib.sha256(b"khaneh.api.undo\0" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
