"""Which function answers which message, and which messages change something."""

from __future__ import annotations

from khaneh.formats.sip2 import messages as m
from khaneh.interfaces.protocols.sip2 import afterwards, copies, lending, patrons
from khaneh.interfaces.protocols.sip2.permitted import is_permitted
from khaneh.interfaces.protocols.sip2.session import Handler, Session

HANDLERS: dict[type[m.Message], Handler] = {
    m.PatronStatus: patrons.status,
    m.PatronInformation: patrons.information,
    m.EndSession: patrons.end,
    m.BlockPatron: patrons.block,
    m.PatronEnable: patrons.enable,
    m.CheckOut: lending.check_out,
    m.CheckIn: lending.check_in,
    m.Renew: lending.renew,
    m.RenewAll: lending.renew_all,
    m.Hold: lending.hold,
    m.FeePaid: lending.fee_paid,
    m.ItemInformation: copies.information,
    m.ItemStatusUpdate: copies.keep_properties,
    m.MachineStatus: copies.server_status,
}
ONCE: frozenset[type[m.Message]] = frozenset(
    {m.CheckOut, m.CheckIn, m.Renew, m.RenewAll, m.Hold, m.FeePaid, m.BlockPatron, m.PatronEnable}
)
LATE = (afterwards.is_late, afterwards.take)


def open_session(address: str = "") -> Session:
    """The session of a line that has just been opened."""
    return Session(HANDLERS, ONCE, is_permitted, LATE, address=address)
