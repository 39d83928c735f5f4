"""The group of who waits: named anew without losing the place, and left by whoever is named."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from khaneh.domains.spaces import notices
from khaneh.domains.spaces.errors import WaitingEnded
from khaneh.domains.spaces.models import Space, Waiting, WaitingPerson
from khaneh.domains.spaces.queries.rows import rows
from khaneh.domains.spaces.services import companions
from khaneh.domains.spaces.services.waiting import held_waiting, refuse_too_many, write_persons
from khaneh.domains.spaces.types import PersonDraft, SpaceState, WaitingState
from khaneh.infrastructure import db, jobs, journal
from khaneh.kernel.actor import SYSTEM, Actor
from khaneh.kernel.refusal import NotFound


def name_waiting(*, actor: Actor, waiting_id: int, persons: Sequence[PersonDraft], now: datetime) -> None:
    """Say anew who is to come along, by who waits or the desk: the entry keeps its place, and is looked at again at once.

    A name without a card goes on standing for the member whom it stood for. Once it is offered the group is that of the bookings. Raises
    NotFound, WaitingEnded, WaitingChanged, Invalid (as `companions`; persons: no_room).
    """
    with db.transaction():
        waits = Waiting.objects.filter(pk=waiting_id).values_list("account_id", flat=True).first()
        drafted = companions.companions(persons, account_id=waits, now=now)
        entry = held_waiting(waiting_id, actor, others=companions.accounts_of(drafted))
        if entry.state != WaitingState.WAITING or entry.last <= now:
            raise WaitingEnded(waiting_id=waiting_id, state=entry.state)
        there = list(WaitingPerson.objects.filter(waiting_id=waiting_id, left_at=None).order_by("pk"))
        stays, new = companions.matched(there, drafted)
        people = max(entry.people - (len(there) - len(stays)), len(drafted) + 1)
        spaces = Space.objects.filter(house_id=entry.house_id, kind=entry.kind, state=SpaceState.ACTIVE.value)
        if entry.space_id is not None:
            spaces = spaces.filter(pk=entry.space_id)
        refuse_too_many(entry, rows(spaces), people=people, named=len(drafted))
        WaitingPerson.objects.filter(pk__in=[one.pk for one in there if one.pk not in stays]).delete()
        write_persons(waiting_id, new, now=now)
        Waiting.objects.filter(pk=waiting_id).update(people=people)
        journal.record(
            "spaces.waiting.group_changed", actor=actor, house_id=entry.house_id, waiting_id=waiting_id, named=len(drafted)
        )  # fmt: skip
        _look_again(entry)


def leave_group(*, actor: Actor, waiting_id: int, now: datetime) -> None:
    """Somebody who is named is not to come: who waits is told, and keeps the place. Done again, nothing happens. Raises NotFound, WaitingChanged."""
    with db.transaction():
        if actor.account_id is None:
            raise NotFound(what="waiting")
        found = WaitingPerson.objects.filter(waiting_id=waiting_id, account_id=actor.account_id).order_by("-pk").first()
        if found is None:
            raise NotFound(what="waiting")
        # They are none of those who deal with the entry, and leave it all the same.
        entry = held_waiting(waiting_id, SYSTEM)
        if entry.state != WaitingState.WAITING:
            raise WaitingEnded(waiting_id=waiting_id, state=entry.state)
        if not WaitingPerson.objects.filter(pk=found.pk, left_at=None).update(left_at=now):
            return
        # Never fewer than whoever waits.
        Waiting.objects.filter(pk=waiting_id).update(people=max(entry.people - 1, 1))
        journal.record("spaces.waiting.person_left", actor=actor, house_id=entry.house_id, waiting_id=waiting_id)
        notices.tell_left(entry, found, now=now)
        _look_again(entry)


def _look_again(entry: Waiting) -> None:
    """Have what is free offered, perhaps to this entry as it is now."""
    space_id = entry.space_id
    if space_id is None:
        found = Space.objects.filter(house_id=entry.house_id, kind=entry.kind).order_by("pk")
        space_id = found.values_list("pk", flat=True).first()
    if space_id is not None:
        jobs.defer("spaces.offer", space_id=space_id)
