"""What is known of a copy, and how the machine and the server are: messages 17, 19 and 99."""

from __future__ import annotations

from datetime import datetime

from khaneh.domains.catalogue.types import CopyState
from khaneh.domains.circulation.errors import CopyUnknown
from khaneh.domains.circulation.queries import machines as queries
from khaneh.domains.circulation.queries.machines import CopyAtMachine
from khaneh.domains.circulation.types import LoanState
from khaneh.domains.network import queries as network
from khaneh.formats import sip2
from khaneh.formats.sip2 import messages as m
from khaneh.interfaces.protocols.sip2 import wording
from khaneh.interfaces.protocols.sip2.lending import media_of
from khaneh.interfaces.protocols.sip2.permitted import supported
from khaneh.interfaces.protocols.sip2.session import Session

# The protocol's circulation status.
_OF_STATE = {
    CopyState.ON_ORDER: "02", CopyState.AVAILABLE: "03", CopyState.ON_LOAN: "04", CopyState.IN_PROCESS: "06",
    CopyState.ON_HOLD_SHELF: "08", CopyState.IN_TRANSIT: "10", CopyState.LOST: "12", CopyState.MISSING: "13",
}  # fmt: skip
_CLAIMED, _OTHER = "11", "01"


def information(session: Session, message: m.ItemInformation, now: datetime) -> m.Message:
    """17. Who has it is nobody's business here."""
    doing = queries.copy_at_machine(barcode=message.item)
    label = queries.copy_label(message.item)
    if doing is None or label is None:
        raise CopyUnknown(barcode=message.item)
    copy, zone = doing.copy, session.zone
    houses = network.house_refs([number for number in (copy.house_id, copy.at_house_id) if number is not None])
    owner = houses.get(copy.house_id) if copy.house_id is not None else None
    here = houses.get(copy.at_house_id) if copy.at_house_id is not None else None
    return session.answer_to(
        message,
        now,
        circulation=status_of(doing),
        security="02",
        queue=str(doing.waiting),
        due=sip2.show_instant(doing.due_at, zone) if doing.due_at is not None else None,
        hold_until=sip2.show_instant(doing.shelf_until, zone) if doing.shelf_until is not None else None,
        title=label.title or label.barcode,
        owner=owner.code if owner else None,
        media=media_of(label.item_type),
        permanent_location=_place(owner.code if owner else "", label.location),
        current_location=here.code if here and doing.loan_id is None else None,
    )


def status_of(doing: CopyAtMachine) -> str:
    """What the copy is doing, in the protocol's code."""
    if doing.loan_state == LoanState.LOST:
        return "12"
    if doing.loan_id is not None and doing.is_claimed:
        return _CLAIMED
    return _OF_STATE.get(doing.copy.state, _OTHER)


def keep_properties(session: Session, message: m.ItemStatusUpdate, now: datetime) -> m.Message:
    """19. There is nowhere to keep them, and the answer says so."""
    label = queries.copy_label(message.item)
    if label is None:
        raise CopyUnknown(barcode=message.item)
    return session.answer_to(
        message, now, ok="0", title=label.title or label.barcode, screen=(session.say(wording.NOT_KEPT),)
    )


def server_status(session: Session, message: m.MachineStatus, now: datetime) -> m.Message:
    """99."""
    width = message.print_width.strip()
    session.print_width = int(width) if width.isdigit() else 0
    kind, house = session.machine.kind, session.house
    may = supported(kind)
    return session.answer_to(
        message,
        now,
        check_in="Y" if m.CheckIn in may else "N",
        check_out="Y" if m.CheckOut in may else "N",
        renewal="Y" if m.Renew in may else "N",
        offline="Y" if m.CheckIn in may else "N",
        institution=house.code,
        library=house.names.pick(session.machine.language),
        supported="".join("Y" if one in may else "N" for one in m.REQUESTS),
        terminal=session.machine.name,
    )


def _place(house: str, location: str) -> str:
    return "/".join(part for part in (house, location) if part)
