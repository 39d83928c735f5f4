"""The messages of the protocol, as dataclasses. A field is text; None is a field that is absent, which an empty one is not.

Fixed fields come first, in their order on the line; the others are named there by two letters. Field names follow the protocol's
definition (3M, Standard Interchange Protocol 2.00, 1998-2006); CS, CT, CV and CY on a return follow the common extensions for sorters.
"""

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


@dataclass(frozen=True, kw_only=True)
class Login(Message):
    """Who the machine is. Only the algorithms 0, plain text, are in use anywhere."""

    code = "93"
    user_algorithm: str = fixed(1, "0")
    password_algorithm: str = fixed(1, "0")
    user: str = always("CN")
    password: str = always("CO")
    location: str | None = perhaps("CP")


@dataclass(frozen=True, kw_only=True)
class LoginAnswer(Message):
    """Whether it may go on."""

    code = "94"
    ok: str = fixed(1, "0")


@dataclass(frozen=True, kw_only=True)
class MachineStatus(Message):
    """How the machine is: 0 well, 1 out of paper, 2 about to go down; and how wide its printer is."""

    code = "99"
    status: str = fixed(1, "0")
    print_width: str = fixed(3, "080")
    version: str = fixed(4, "2.00")


@dataclass(frozen=True, kw_only=True)
class ServerStatus(Answer):
    """What the server does for this machine. `timeout` counts tenths of a second."""

    code = "98"
    online: str = fixed(1, "Y")
    check_in: str = fixed(1, "Y")
    check_out: str = fixed(1, "Y")
    renewal: str = fixed(1, "Y")
    status_update: str = fixed(1, "N")
    offline: str = fixed(1, "Y")
    timeout: str = fixed(3, "100")
    retries: str = fixed(3, "003")
    at: str = fixed(18)
    version: str = fixed(4, "2.00")
    institution: str = always("AO")
    library: str | None = perhaps("AM")
    supported: str = always("BX")
    terminal: str | None = perhaps("AN")


@dataclass(frozen=True, kw_only=True)
class ResendToServer(Message):
    """The machine asks for the last answer again."""

    code = "97"


@dataclass(frozen=True, kw_only=True)
class ResendToMachine(Message):
    """The server asks for the last message again."""

    code = "96"


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


REQUESTS: tuple[type[Message], ...] = (
    PatronStatus, CheckOut, CheckIn, BlockPatron, MachineStatus, ResendToServer, Login, PatronInformation, EndSession, FeePaid,
    ItemInformation, ItemStatusUpdate, PatronEnable, Hold, Renew, RenewAll,
)  # fmt: skip
ANSWERS: tuple[type[Message], ...] = (
    PatronStatusAnswer, CheckOutAnswer, CheckInAnswer, ServerStatus, ResendToMachine, LoginAnswer, PatronInformationAnswer,
    EndSessionAnswer, FeePaidAnswer, ItemInformationAnswer, ItemStatusUpdateAnswer, PatronEnableAnswer, HoldAnswer, RenewAnswer,
    RenewAllAnswer,
)  # fmt: skip
MESSAGES: dict[str, type[Message]] = {kind.code: kind for kind in (*REQUESTS, *ANSWERS)}
