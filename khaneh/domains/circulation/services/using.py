"""A copy read in the house. Spec: CIRC-USE."""

from __future__ import annotations

from datetime import datetime

from khaneh.domains.catalogue import queries as catalogue
from khaneh.domains.catalogue import services as catalogue_services
from khaneh.domains.catalogue.types import CopyState
from khaneh.domains.circulation import permissions
from khaneh.domains.circulation.errors import CopyOnLoan, CopyUnknown
from khaneh.domains.circulation.queries.holding import holding
from khaneh.domains.circulation.services.counting import count
from khaneh.domains.circulation.types import Act, Channel
from khaneh.domains.network import queries as network
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import Actor


def use_in_house(*, actor: Actor, house_id: int, barcode: str, now: datetime, channel: Channel = Channel.DESK) -> None:
    """Count that a copy was read in the house; a missing one is found by this. Raises NotAllowed, CopyUnknown, CopyOnLoan."""
    permissions.require_desk(actor, house_id=house_id)
    house = network.house_facts(house_id)
    with db.transaction():
        copy = catalogue.lending_copy(barcode=barcode, lock=True)
        if copy is None:
            raise CopyUnknown(barcode=barcode)
        held = holding(copy_id=copy.id)
        if held.loan_id is not None:
            raise CopyOnLoan(barcode=barcode, loan_id=held.loan_id, to_same_member=False)
        if copy.state in (CopyState.MISSING, CopyState.LOST):
            catalogue_services.set_copy_state(copy_id=copy.id, state=CopyState.AVAILABLE)
        count(Act.IN_HOUSE_USE, house=house, member=None, item_type=copy.item_type.value, channel=channel, now=now)
        journal.record("circulation.copy.used_in_house", actor=actor, house_id=house_id, copy_id=copy.id)
