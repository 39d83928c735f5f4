"""The locks of every act on a selection, its trail, and what every act reads first.

One statement at the beginning of an act, in one order (`db.lock` sorts): applications, then rounds. Programmes holds the application's own row after that, for
each step of its life; whoever withdraws holds that row alone and waits for no lock of ours, so that nobody waits in a circle.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from khaneh.domains.selection import permissions
from khaneh.domains.selection.models import Review, Round, Trail
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import NotFound


def hold(*, rounds: Iterable[int] = (), applications: Iterable[int] = ()) -> None:
    """Hold these until the transaction ends. One statement."""
    things = [("selection.round", number) for number in rounds]
    things += [("selection.application", number) for number in applications]
    db.lock(*things)


def held_round(round_id: int, *, actor: Actor, applications: Iterable[int] = ()) -> Round:
    """A round with its lock and those of these applications, for who runs it. Raises NotFound."""
    hold(rounds=[round_id], applications=applications)
    found = Round.objects.filter(pk=round_id).first()
    if found is None:
        raise NotFound(what="round")
    permissions.require_run(actor, found.house_id)
    return found


def held_review(review_id: int) -> Review:
    """A review with the lock of its round, and its reviewer and round beside it. Raises NotFound."""
    round_id = Review.objects.filter(pk=review_id).values_list("round_id", flat=True).first()
    if round_id is None:
        raise NotFound(what="review")
    hold(rounds=[round_id])
    return Review.objects.select_related("reviewer", "round").get(pk=review_id)


def note(kind: str, *, actor: Actor, of: Round, now: datetime, application_id: int | None = None, **facts: Any) -> None:
    """Write an act down: in the round's trail, and in the journal of the house. Two statements."""
    Trail.objects.create(
        round=of, application_id=application_id, kind=kind, facts=facts, account_id=actor.account_id, at=now
    )
    more = {} if application_id is None else {"application_id": application_id}
    journal.record(f"selection.{kind}", actor=actor, house_id=of.house_id, round_id=of.pk, **more, **facts)
