"""How a message is laid out: its fixed fields in their order, then its named ones. A field is text; None is one that is absent."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from functools import cache
from typing import Any, ClassVar, NamedTuple


def fixed(width: int, default: str = "") -> Any:
    """A field of so many bytes without a name, blank where nothing is given."""
    return field(default=default, metadata={"width": width})


def always(code: str) -> Any:
    """A named field that the protocol requires: written also when empty."""
    return field(default="", metadata={"code": code})


def perhaps(code: str) -> Any:
    """A named field that may be absent."""
    return field(default=None, metadata={"code": code})


def several(code: str) -> Any:
    """A named field that may occur again and again."""
    return field(default=(), metadata={"code": code, "several": True})


_LAST = ("AF", "AG")  # where machines look for them


class Slot(NamedTuple):
    """How a field is written: `width` for a fixed one, else its `code`."""

    name: str
    width: int
    code: str
    several: bool


@dataclass(frozen=True, kw_only=True)
class Message:
    """The base of all messages. `code` is the two digits that they begin with."""

    code: ClassVar[str] = ""

    @classmethod
    @cache
    def slots(cls) -> tuple[Slot, ...]:
        """The fields in the order in which they are written."""
        found = (
            Slot(one.name, one.metadata.get("width", 0), one.metadata.get("code", ""), "several" in one.metadata)
            for one in fields(cls)
        )
        return tuple(sorted(found, key=lambda slot: (not slot.width, slot.code in _LAST)))


@dataclass(frozen=True, kw_only=True)
class Answer(Message):
    """What a machine may show to its reader (AF) and print for them (AG)."""

    screen: tuple[str, ...] = several("AF")
    printed: tuple[str, ...] = several("AG")
