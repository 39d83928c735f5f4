"""Readers: how they stand, what they have, blocking a card, and goodbye."""

from __future__ import annotations

from dataclasses import dataclass

from khaneh.formats.sip2.messages.layout import Answer, Message, always, fixed, perhaps, several


@dataclass(frozen=True, kw_only=True)
class PatronStatus(Message):
    """How a reader stands."""

    code = "23"
    language: str = fixed(3, "000")
    at: str = fixed(18)
    institution: str = always("AO")
    patron: str = always("AA")
    terminal_password: str = always("AC")
    pin: str = always("AD")


@dataclass(frozen=True, kw_only=True)
class PatronStatusAnswer(Answer):
    """How the reader stands; also the answer to a block. `flags` are fourteen places, Y or blank."""

    code = "24"
    flags: str = fixed(14)
    language: str = fixed(3, "000")
    at: str = fixed(18)
    institution: str = always("AO")
    patron: str = always("AA")
    name: str = always("AE")
    valid: str | None = perhaps("BL")
    pin_valid: str | None = perhaps("CQ")
    currency: str | None = perhaps("BH")
    owed: str | None = perhaps("BV")


@dataclass(frozen=True, kw_only=True)
class PatronInformation(Message):
    """Everything about a reader; a Y in one of the first places of `summary` asks for the items of that list, from `first` to `last`."""

    code = "63"
    language: str = fixed(3, "000")
    at: str = fixed(18)
    summary: str = fixed(10)
    institution: str = always("AO")
    patron: str = always("AA")
    terminal_password: str | None = perhaps("AC")
    pin: str | None = perhaps("AD")
    first: str | None = perhaps("BP")
    last: str | None = perhaps("BQ")


@dataclass(frozen=True, kw_only=True)
class PatronInformationAnswer(Answer):
    """Counts of four digits, and the items of the list that was asked for."""

    code = "64"
    flags: str = fixed(14)
    language: str = fixed(3, "000")
    at: str = fixed(18)
    holds: str = fixed(4, "0000")
    overdue: str = fixed(4, "0000")
    charged: str = fixed(4, "0000")
    fines: str = fixed(4, "0000")
    recalls: str = fixed(4, "0000")
    unavailable_holds: str = fixed(4, "0000")
    institution: str = always("AO")
    patron: str = always("AA")
    name: str = always("AE")
    holds_limit: str | None = perhaps("BZ")
    overdue_limit: str | None = perhaps("CA")
    charged_limit: str | None = perhaps("CB")
    valid: str | None = perhaps("BL")
    pin_valid: str | None = perhaps("CQ")
    currency: str | None = perhaps("BH")
    owed: str | None = perhaps("BV")
    fee_limit: str | None = perhaps("CC")
    hold_items: tuple[str, ...] = several("AS")
    overdue_items: tuple[str, ...] = several("AT")
    charged_items: tuple[str, ...] = several("AU")
    fine_items: tuple[str, ...] = several("AV")
    recall_items: tuple[str, ...] = several("BU")
    unavailable_hold_items: tuple[str, ...] = several("CD")


@dataclass(frozen=True, kw_only=True)
class EndSession(Message):
    """The reader goes."""

    code = "35"
    at: str = fixed(18)
    institution: str = always("AO")
    patron: str = always("AA")
    terminal_password: str | None = perhaps("AC")
    pin: str | None = perhaps("AD")


@dataclass(frozen=True, kw_only=True)
class EndSessionAnswer(Answer):
    """Goodbye."""

    code = "36"
    ended: str = fixed(1, "Y")
    at: str = fixed(18)
    institution: str = always("AO")
    patron: str = always("AA")


@dataclass(frozen=True, kw_only=True)
class BlockPatron(Message):
    """A card was left in the machine, or somebody tampers with it."""

    code = "01"
    retained: str = fixed(1, "N")
    at: str = fixed(18)
    institution: str = always("AO")
    reason: str = always("AL")
    patron: str = always("AA")
    terminal_password: str = always("AC")


@dataclass(frozen=True, kw_only=True)
class PatronEnable(Message):
    """Lift such a block."""

    code = "25"
    at: str = fixed(18)
    institution: str = always("AO")
    patron: str = always("AA")
    terminal_password: str | None = perhaps("AC")
    pin: str | None = perhaps("AD")


@dataclass(frozen=True, kw_only=True)
class PatronEnableAnswer(Answer):
    """How the reader stands after it."""

    code = "26"
    flags: str = fixed(14)
    language: str = fixed(3, "000")
    at: str = fixed(18)
    institution: str = always("AO")
    patron: str = always("AA")
    name: str = always("AE")
    valid: str | None = perhaps("BL")
    pin_valid: str | None = perhaps("CQ")
