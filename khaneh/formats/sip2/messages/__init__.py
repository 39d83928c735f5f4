"""The messages of the protocol, as dataclasses, a module a subject. A field is text; None is a field that is absent, which an empty one is not.

Fixed fields come first, in their order on the line; the others are named there by two letters. Field names follow the protocol's
definition (3M, Standard Interchange Protocol 2.00, 1998-2006); CS, CT, CV and CY on a return follow the common extensions for sorters.
"""

from __future__ import annotations

from khaneh.formats.sip2.messages.fees import (
    FeePaid,
    FeePaidAnswer,
)
from khaneh.formats.sip2.messages.holds import (
    Hold,
    HoldAnswer,
)
from khaneh.formats.sip2.messages.items import (
    ItemInformation,
    ItemInformationAnswer,
    ItemStatusUpdate,
    ItemStatusUpdateAnswer,
)
from khaneh.formats.sip2.messages.layout import (
    Answer,
    Message,
    Slot,
)
from khaneh.formats.sip2.messages.lending import (
    CheckIn,
    CheckInAnswer,
    CheckOut,
    CheckOutAnswer,
    Renew,
    RenewAll,
    RenewAllAnswer,
    RenewAnswer,
)
from khaneh.formats.sip2.messages.line import (
    Login,
    LoginAnswer,
    MachineStatus,
    ResendToMachine,
    ResendToServer,
    ServerStatus,
)
from khaneh.formats.sip2.messages.patrons import (
    BlockPatron,
    EndSession,
    EndSessionAnswer,
    PatronEnable,
    PatronEnableAnswer,
    PatronInformation,
    PatronInformationAnswer,
    PatronStatus,
    PatronStatusAnswer,
)

__all__ = [
    "ANSWERS",
    "MESSAGES",
    "REQUESTS",
    "Answer",
    "BlockPatron",
    "CheckIn",
    "CheckInAnswer",
    "CheckOut",
    "CheckOutAnswer",
    "EndSession",
    "EndSessionAnswer",
    "FeePaid",
    "FeePaidAnswer",
    "Hold",
    "HoldAnswer",
    "ItemInformation",
    "ItemInformationAnswer",
    "ItemStatusUpdate",
    "ItemStatusUpdateAnswer",
    "Login",
    "LoginAnswer",
    "MachineStatus",
    "Message",
    "PatronEnable",
    "PatronEnableAnswer",
    "PatronInformation",
    "PatronInformationAnswer",
    "PatronStatus",
    "PatronStatusAnswer",
    "Renew",
    "RenewAll",
    "RenewAllAnswer",
    "RenewAnswer",
    "ResendToMachine",
    "ResendToServer",
    "ServerStatus",
    "Slot",
]

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
