"""What a receipt stands for: the canonical bytes of a submission, their digest, and the number that people read out. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

# Letters and digits that nobody mistakes for one another.
_LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"


def canonical(content: Mapping[str, Any]) -> bytes:
    """The bytes of a submission: JSON with sorted keys and no spaces, in UTF-8; equal content gives equal bytes."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest(content: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical bytes, in hexadecimal."""
    return hashlib.sha256(canonical(content)).hexdigest()


def receipt(application_id: int, version: int, digest: str) -> str:
    """The number on a receipt, e.g. `A-000412-2-K7QX`: application, version, and four letters of the digest that catch a misread digit."""
    value = int(digest[:10], 16)
    letters = ""
    for _ in range(4):
        value, rest = divmod(value, len(_LETTERS))
        letters += _LETTERS[rest]
    return f"A-{application_id:06d}-{version}-{letters}"
