"""The journal: what happened, once, in the transaction in which it happened. Append-only; news travels upward from here."""

from typing import Any

from khaneh.kernel.actor import Actor


def record(kind: str, *, actor: Actor, house_id: int | None = None, **facts: Any) -> None:
    """Add one entry, e.g. `record("catalogue.merge.undone", actor=actor, record_id=7)`.

    `kind` is domain.thing.happened, stable for ever. Facts are JSON values; never a credential, never what somebody reads. One
    statement, in the caller's transaction.
    """
    from khaneh.infrastructure.journal.models import Entry  # the app registry must be ready first

    Entry.objects.create(kind=kind, account_id=actor.account_id, house_id=house_id, facts=facts)
