"""What a machine did while it had no line (no-block messages): done at its own time, or kept for a person. Spec: CIRC-SIP-2, CIRC-OFF-6.

The copy has left or come back already, so the machine is told yes either way: refused, it would tell the same again and again.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from khaneh.domains.circulation import services
from khaneh.domains.circulation.services import late_acts
from khaneh.domains.circulation.types import ConflictKind, ConflictSource, EntryAct
from khaneh.formats import sip2
from khaneh.formats.sip2 import messages as m
from khaneh.interfaces.protocols.sip2 import wording
from khaneh.interfaces.protocols.sip2.lending import happened
from khaneh.interfaces.protocols.sip2.readers import NotIdentified
from khaneh.interfaces.protocols.sip2.session import Handler, Session
from khaneh.kernel.refusal import Refusal


def is_late(message: m.Message) -> bool:
    """Whether the message tells of a loan or a return that has happened."""
    return isinstance(message, m.CheckOut | m.CheckIn) and message.no_block == "Y" and message.cancel != "Y"


def take(session: Session, handler: Handler, message: Any, now: datetime) -> m.Message:
    """Do it, or keep it for a person where it does not agree with what is known here."""
    try:
        if isinstance(message, m.CheckIn) and _lent_since(session, message, now):
            return _keep(session, message, ConflictKind.LENT_SINCE, {}, now)
        return handler(session, message, now)
    except NotIdentified:
        return _keep(session, message, ConflictKind.CARD_UNKNOWN, {}, now)
    except Refusal as refusal:
        told: dict[str, Any] = {name: refusal.facts[name] for name in ("reasons", "loan_id") if name in refusal.facts}
        return _keep(session, message, late_acts.kind_of(refusal), told, now)


def _lent_since(session: Session, message: m.CheckIn, now: datetime) -> bool:
    """Whether the copy went out again after it came back: that loan is not what ended."""
    stands = late_acts.standing_of(message.item, lock=True)
    return stands is not None and stands.lent_at is not None and stands.lent_at > _at(session, message, now)


def _keep(
    session: Session, message: m.CheckOut | m.CheckIn, kind: ConflictKind, told: dict[str, Any], now: datetime
) -> m.Message:
    facts: dict[str, Any] = {**told, "barcode": message.item}
    lends = isinstance(message, m.CheckOut)
    if isinstance(message, m.CheckOut):
        due = sip2.parse_instant(message.offline_due, session.zone)
        facts |= {"card": message.patron.strip(), **({"due": due.isoformat()} if due is not None else {})}
    services.keep_conflict(
        source=ConflictSource.SIP2,
        house_id=session.machine.house.id,
        terminal_id=session.machine.id,
        act=(EntryAct.CHECK_OUT if lends else EntryAct.CHECK_IN).value,
        kind=kind,
        facts=facts,
        happened_at=_at(session, message, now),
        now=now,
    )
    return session.answer_to(message, now, ok="1", screen=(session.say(wording.KEPT_FOR_DESK),))


def _at(session: Session, message: m.CheckOut | m.CheckIn, now: datetime) -> datetime:
    told = message.returned if isinstance(message, m.CheckIn) and message.returned.strip() else message.at
    return happened(told, session.zone, now)
