"""Keys to one's own calendar: made for a telephone or a program, ended when it is lost or sold, opened by whoever has one."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.core.cache import cache

from khaneh.domains.people import queries, rules
from khaneh.domains.people.errors import CalendarKeyUnknown, TooManyCalls
from khaneh.domains.people.models import CalendarKey
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import VISITOR, Actor
from khaneh.kernel.refusal import Invalid, NotAllowed, NotFound

LONGEST_NAME = 100
MOST_KEYS = 20
LONGEST_KEY = 200
WRONG_A_MINUTE = 30  # from one address
_USED = timedelta(minutes=10)


def make_calendar_key(*, actor: Actor, name: str, now: datetime) -> tuple[int, str]:
    """Make a key that reads the actor's calendar and does nothing else; gives its id and the key, which nobody can read again.

    Raises NotAllowed (no key makes keys), Invalid.
    """
    if actor.account_id is None or actor.token_id is not None:
        raise NotAllowed(act="people.make_calendar_key")
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        why = "too_long" if len(name) > LONGEST_NAME else "control_characters" if name else "missing"
        raise Invalid(fields={"name": why})
    secret = f"{rules.CALENDAR_PREFIX}{secrets.token_urlsafe(32)}"
    with db.transaction():
        db.lock(("people.account", actor.account_id))
        if CalendarKey.objects.filter(account_id=actor.account_id).count() >= MOST_KEYS:
            raise Invalid(fields={"name": "too_many"})
        made = CalendarKey.objects.create(
            account_id=actor.account_id, name=name, digest=rules.digest(secret), made_at=now
        )
        journal.record("people.calendar_key.made", actor=actor, made=made.pk)
    return made.pk, secret


def end_calendar_key(*, actor: Actor, key_id: int) -> None:
    """End a key at once: whoever has it reads nothing more. Raises NotFound, also for one that is another's."""
    with db.transaction():
        mine = CalendarKey.objects.filter(pk=key_id, account_id=actor.account_id or 0)
        if actor.token_id is not None or not mine.delete()[0]:
            raise NotFound(what="calendar_key")
        journal.record("people.calendar_key.ended", actor=actor, ended=key_id)


def open_calendar_key(secret: str, *, now: datetime, address: str = "") -> Actor:
    """Whose calendar a key opens, with the roles that count at this moment. Three statements.

    Raises CalendarKeyUnknown, also where the account is closed; TooManyCalls for many wrong ones from one address.
    """
    found = None
    if secret.startswith(rules.CALENDAR_PREFIX) and len(secret) <= LONGEST_KEY and secret.isascii():
        found = CalendarKey.objects.filter(digest=rules.digest(secret)).first()
    owner = queries.actor(found.account_id, now=now) if found is not None else VISITOR
    if found is None or owner is VISITOR:
        _count_wrong(address)
        raise CalendarKeyUnknown
    if found.used_at is None or now - found.used_at > _USED:
        CalendarKey.objects.filter(pk=found.pk).update(used_at=now)
    return owner


def _count_wrong(address: str) -> None:
    """Keys cannot be guessed; this keeps whoever tries from keeping the database busy."""
    if not address:
        return
    key = f"people.calendar.wrong.{address}"
    count = int(cache.get(key) or 0) + 1
    if count > WRONG_A_MINUTE:
        raise TooManyCalls(seconds=60, limit=WRONG_A_MINUTE)
    cache.set(key, count, 60)
