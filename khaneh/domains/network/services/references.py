"""Codes in a draft, turned into ids: what does not exist is a problem of its field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from django.db.models import Model, QuerySet

from khaneh.kernel.refusal import Invalid

_Row = TypeVar("_Row", bound=Model)


def find(rows: QuerySet[_Row], code: str, *, field: str, problems: dict[str, str]) -> _Row | None:
    """The row of a code, None for an empty one; one that is not among `rows` is noted as `unknown_code`. One statement."""
    if not code:
        return None
    row = rows.filter(code=code).first()
    if row is None:
        problems.setdefault(field, "unknown_code")
    return row


def known(ids: Mapping[str, int], code: str, *, field: str, problems: dict[str, str]) -> int | None:
    """As `find`, among ids that are read already. No statement."""
    if code and code not in ids:
        problems.setdefault(field, "unknown_code")
    return ids.get(code) if code else None


def refuse_if_any(problems: dict[str, str]) -> None:
    """Raises Invalid when there is a problem."""
    if problems:
        raise Invalid(fields=problems)


def differs(row: Model, values: dict[str, object]) -> bool:
    """Whether writing these values would change the row."""
    return any(getattr(row, name) != value for name, value in values.items())
