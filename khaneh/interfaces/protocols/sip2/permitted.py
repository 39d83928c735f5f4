"""Which messages each kind of machine is heard on. A gate that was stolen can ask for titles, and lend nothing."""

from __future__ import annotations

from collections.abc import Mapping

from khaneh.domains.circulation.queries.terminals import TerminalRow
from khaneh.domains.circulation.types import TerminalKind
from khaneh.formats.sip2 import messages as m

_ALWAYS = frozenset({m.Login, m.MachineStatus, m.ResendToServer, m.ItemInformation})
_OF_KIND: Mapping[TerminalKind, frozenset[type[m.Message]]] = {
    TerminalKind.SELF_CHECK: frozenset(m.REQUESTS) - {m.ItemStatusUpdate},
    TerminalKind.SORTER: frozenset({m.CheckIn}),
    TerminalKind.GATE: frozenset(),
    TerminalKind.PAYMENT: frozenset({m.PatronStatus, m.PatronInformation, m.FeePaid, m.EndSession}),
}


def supported(kind: TerminalKind) -> frozenset[type[m.Message]]:
    """The messages that a kind of machine may send and that do something."""
    return _ALWAYS | _OF_KIND[kind]


def is_permitted(terminal: TerminalRow, message: type[m.Message]) -> bool:
    """Whether the machine is answered, if only to say that nothing is kept (19)."""
    return message is m.ItemStatusUpdate or message in supported(terminal.kind)
