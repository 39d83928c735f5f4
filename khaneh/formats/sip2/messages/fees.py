"""Acts: money that a machine took."""

from __future__ import annotations

from dataclasses import dataclass

from khaneh.formats.sip2.messages.layout import Answer, Message, always, fixed, perhaps


@dataclass(frozen=True, kw_only=True)
class FeePaid(Message):
    """A machine took money."""

    code = "37"
    at: str = fixed(18)
    fee_type: str = fixed(2, "01")
    payment_type: str = fixed(2, "00")
    currency: str = fixed(3)
    amount: str = always("BV")
    institution: str = always("AO")
    patron: str = always("AA")
    terminal_password: str | None = perhaps("AC")
    pin: str | None = perhaps("AD")
    fee: str | None = perhaps("CG")
    transaction: str | None = perhaps("BK")


@dataclass(frozen=True, kw_only=True)
class FeePaidAnswer(Answer):
    """Whether the ledger has it."""

    code = "38"
    accepted: str = fixed(1, "N")
    at: str = fixed(18)
    institution: str = always("AO")
    patron: str = always("AA")
    transaction: str | None = perhaps("BK")
