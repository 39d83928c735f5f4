"""Floating collections: which copies float, how many a house shall have, and where a surplus copy goes. Spec: CIRC-FLOAT."""

from __future__ import annotations

from khaneh.domains.catalogue import services as catalogue_services
from khaneh.domains.catalogue.queries import LendingCopy
from khaneh.domains.circulation import permissions
from khaneh.domains.circulation.models import FloatLimit
from khaneh.domains.circulation.queries import floating as queries
from khaneh.domains.circulation.rules import floating
from khaneh.domains.circulation.rules.targeting import UNKNOWN_KM
from khaneh.domains.network import queries as network
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import Invalid

MOST = 1_000_000
_LONGEST = 200


def surplus_goes_to(copy: LendingCopy, *, house_id: int) -> int | None:
    """The house to which a floating copy that came in here is sent because this one has too many; None: it stays.

    One statement where the house has no limit, two where it has room, four otherwise. In the transaction that holds the copy: two copies
    that come in at once may leave a house one over its limit, and the next return puts that right.
    """
    collection = queries.collection_of(house_id=house_id, location=copy.location)
    if collection is None:
        return None
    here = queries.stands(collection=collection, house_id=house_id, but_copy_id=copy.id)[0]
    if here.number < here.most:
        return None
    stands = [one for one in queries.stands(collection=collection, but_copy_id=copy.id) if one.house_id != house_id]
    between = network.distances()

    def kilometres(other: int) -> float:
        km = between(house_id, other)
        return UNKNOWN_KM if km is None else km

    return floating.where_fewest(stands, kilometres=kilometres)


def set_float_limit(*, actor: Actor, house_id: int, collection: str, least: int, most: int) -> None:
    """Say how many floating copies of a collection a house shall have; it takes part from then on. For who leads the house.

    Raises NotAllowed, NotFound, Invalid.
    """
    permissions.require_lead(actor, house_id=house_id)
    problems = {}
    if not 0 <= least <= MOST:
        problems["least"] = "out_of_range"
    if not max(least, 1) <= most <= MOST:
        problems["most"] = "out_of_range"
    if len(collection) > _LONGEST:
        problems["collection"] = "too_long"
    if problems:
        raise Invalid(fields=problems)
    with db.transaction():
        FloatLimit.objects.update_or_create(
            house_id=house_id, collection=collection.strip(), defaults={"least": least, "most": most}
        )
        journal.record(
            "circulation.float.limited", actor=actor, house_id=house_id, collection=collection.strip(), least=least, most=most
        )  # fmt: skip


def drop_float_limit(*, actor: Actor, house_id: int, collection: str) -> None:
    """The house takes part no more: what is returned there stays, and nothing is sent there. Raises NotAllowed, NotFound."""
    permissions.require_lead(actor, house_id=house_id)
    with db.transaction():
        FloatLimit.objects.filter(house_id=house_id, collection=collection).delete()
        journal.record("circulation.float.unlimited", actor=actor, house_id=house_id, collection=collection)


def let_collection_float(*, actor: Actor, house_id: int, collection: str, on: bool) -> int:
    """Let all copies that a house owns in a collection float, or call them home from now on; gives how many changed. Raises NotAllowed."""
    permissions.require_lead(actor, house_id=house_id)
    with db.transaction():
        changed = catalogue_services.let_float(house_id=house_id, location=collection, floating=on)
        journal.record(
            "circulation.float.switched", actor=actor, house_id=house_id, collection=collection, on=on, copies=changed
        )  # fmt: skip
    return changed
