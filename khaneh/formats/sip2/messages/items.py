"""Copies: what is known of one, and what the machine keeps about it."""

from __future__ import annotations

from dataclasses import dataclass

from khaneh.formats.sip2.messages.layout import Answer, Message, always, fixed, perhaps


@dataclass(frozen=True, kw_only=True)
class ItemInformation(Message):
    """What is known of a copy."""

    code = "17"
    at: str = fixed(18)
    institution: str = always("AO")
    item: str = always("AB")
    terminal_password: str | None = perhaps("AC")


@dataclass(frozen=True, kw_only=True)
class ItemInformationAnswer(Answer):
    """`circulation` says what the copy is doing, 01 to 13."""

    code = "18"
    circulation: str = fixed(2, "01")
    security: str = fixed(2, "00")
    fee_type: str = fixed(2, "01")
    at: str = fixed(18)
    queue: str | None = perhaps("CF")
    due: str | None = perhaps("AH")
    hold_until: str | None = perhaps("CM")
    item: str = always("AB")
    title: str = always("AJ")
    owner: str | None = perhaps("BG")
    media: str | None = perhaps("CK")
    permanent_location: str | None = perhaps("AQ")
    current_location: str | None = perhaps("AP")


@dataclass(frozen=True, kw_only=True)
class ItemStatusUpdate(Message):
    """The machine has properties of a copy to keep."""

    code = "19"
    at: str = fixed(18)
    institution: str = always("AO")
    item: str = always("AB")
    terminal_password: str | None = perhaps("AC")
    properties: str = always("CH")


@dataclass(frozen=True, kw_only=True)
class ItemStatusUpdateAnswer(Answer):
    """Whether they were kept."""

    code = "20"
    ok: str = fixed(1, "0")
    at: str = fixed(18)
    item: str = always("AB")
    title: str | None = perhaps("AJ")
    properties: str | None = perhaps("CH")
