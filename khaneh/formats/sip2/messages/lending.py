"""Acts: lending, taking back, renewing."""

from __future__ import annotations

from dataclasses import dataclass

from khaneh.formats.sip2.messages.layout import Answer, Message, always, fixed, perhaps, several


@dataclass(frozen=True, kw_only=True)
class CheckOut(Message):
    """Lend a copy. With `no_block` Y it happened already, when there was no line, at `at`."""

    code = "11"
    may_renew: str = fixed(1, "N")
    no_block: str = fixed(1, "N")
    at: str = fixed(18)
    offline_due: str = fixed(18)
    institution: str = always("AO")
    patron: str = always("AA")
    item: str = always("AB")
    terminal_password: str = always("AC")
    properties: str | None = perhaps("CH")
    pin: str | None = perhaps("AD")
    fee_acknowledged: str | None = perhaps("BO")
    cancel: str | None = perhaps("BI")


@dataclass(frozen=True, kw_only=True)
class CheckOutAnswer(Answer):
    """Whether it is lent; `desensitize` tells the machine to let the copy through the gate."""

    code = "12"
    ok: str = fixed(1, "0")
    renewed: str = fixed(1, "N")
    magnetic: str = fixed(1, "N")
    desensitize: str = fixed(1, "N")
    at: str = fixed(18)
    institution: str = always("AO")
    patron: str = always("AA")
    item: str = always("AB")
    title: str = always("AJ")
    due: str = always("AH")
    media: str | None = perhaps("CK")
    transaction: str | None = perhaps("BK")


@dataclass(frozen=True, kw_only=True)
class CheckIn(Message):
    """Take a copy back; `returned` is when the reader put it in the box."""

    code = "09"
    no_block: str = fixed(1, "N")
    at: str = fixed(18)
    returned: str = fixed(18)
    location: str = always("AP")
    institution: str = always("AO")
    item: str = always("AB")
    terminal_password: str = always("AC")
    properties: str | None = perhaps("CH")
    cancel: str | None = perhaps("BI")


@dataclass(frozen=True, kw_only=True)
class CheckInAnswer(Answer):
    """Whether it is taken back, and where a sorter sends it: bin, destination, kind of alert, the card of whoever waits for it."""

    code = "10"
    ok: str = fixed(1, "0")
    resensitize: str = fixed(1, "N")
    magnetic: str = fixed(1, "N")
    alert: str = fixed(1, "N")
    at: str = fixed(18)
    institution: str = always("AO")
    item: str = always("AB")
    permanent_location: str = always("AQ")
    title: str | None = perhaps("AJ")
    sort_bin: str | None = perhaps("CL")
    patron: str | None = perhaps("AA")
    media: str | None = perhaps("CK")
    call_number: str | None = perhaps("CS")
    destination: str | None = perhaps("CT")
    alert_type: str | None = perhaps("CV")
    hold_patron: str | None = perhaps("CY")


@dataclass(frozen=True, kw_only=True)
class Renew(Message):
    """Renew a loan, named by the copy (AB)."""

    code = "29"
    third_party: str = fixed(1, "N")
    no_block: str = fixed(1, "N")
    at: str = fixed(18)
    offline_due: str = fixed(18)
    institution: str = always("AO")
    patron: str = always("AA")
    pin: str | None = perhaps("AD")
    item: str | None = perhaps("AB")
    title: str | None = perhaps("AJ")
    terminal_password: str | None = perhaps("AC")
    properties: str | None = perhaps("CH")
    fee_acknowledged: str | None = perhaps("BO")


@dataclass(frozen=True, kw_only=True)
class RenewAnswer(CheckOutAnswer):
    """As for a loan."""

    code = "30"


@dataclass(frozen=True, kw_only=True)
class RenewAll(Message):
    """Renew whatever may be."""

    code = "65"
    at: str = fixed(18)
    institution: str = always("AO")
    patron: str = always("AA")
    pin: str | None = perhaps("AD")
    terminal_password: str | None = perhaps("AC")
    fee_acknowledged: str | None = perhaps("BO")


@dataclass(frozen=True, kw_only=True)
class RenewAllAnswer(Answer):
    """What was renewed and what was not."""

    code = "66"
    ok: str = fixed(1, "0")
    renewed_count: str = fixed(4, "0000")
    unrenewed_count: str = fixed(4, "0000")
    at: str = fixed(18)
    institution: str = always("AO")
    renewed: tuple[str, ...] = several("BM")
    unrenewed: tuple[str, ...] = several("BN")
