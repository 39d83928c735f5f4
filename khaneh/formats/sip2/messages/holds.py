"""Acts: requests of readers."""

from __future__ import annotations

from dataclasses import dataclass

from khaneh.formats.sip2.messages.layout import Answer, Message, always, fixed, perhaps


@dataclass(frozen=True, kw_only=True)
class Hold(Message):
    """Place (+), remove (-) or change (*) a request. `kind` 2 is any copy of the title, 3 this very copy."""

    code = "15"
    mode: str = fixed(1, "+")
    at: str = fixed(18)
    expires: str | None = perhaps("BW")
    pickup: str | None = perhaps("BS")
    kind: str | None = perhaps("BY")
    institution: str = always("AO")
    patron: str = always("AA")
    pin: str | None = perhaps("AD")
    item: str | None = perhaps("AB")
    title: str | None = perhaps("AJ")
    terminal_password: str | None = perhaps("AC")
    fee_acknowledged: str | None = perhaps("BO")


@dataclass(frozen=True, kw_only=True)
class HoldAnswer(Answer):
    """Whether it was done, whether a copy is ready, and the place in the queue."""

    code = "16"
    ok: str = fixed(1, "0")
    available: str = fixed(1, "N")
    at: str = fixed(18)
    expires: str | None = perhaps("BW")
    queue: str | None = perhaps("BR")
    pickup: str | None = perhaps("BS")
    institution: str = always("AO")
    patron: str = always("AA")
    item: str | None = perhaps("AB")
    title: str | None = perhaps("AJ")
