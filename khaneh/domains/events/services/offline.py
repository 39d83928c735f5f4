"""The door without a line: a signed list to take along, and what was checked in by it, sent later."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.core import signing
from django.db.models import Sum

from khaneh.domains.events.errors import ListWrong
from khaneh.domains.events.models import CheckIn, Registration
from khaneh.domains.events.queries.registrations import desk_event, registration_rows
from khaneh.domains.events.services.coming import check_in, check_in_guest
from khaneh.domains.events.types import (
    HOLDING,
    CheckedIn,
    OfflineAnswer,
    OfflineEntry,
    OfflineList,
    OfflineOutcome,
)
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import Refusal

_SALT = "khaneh.events.offline"
# So long after it was made a list is taken back: a device that lay in a drawer over a holiday loses nothing.
KEPT = timedelta(days=30)
MOST_ENTRIES = 2000


def offline_list(*, actor: Actor, event_id: int, now: datetime) -> OfflineList:
    """Who is expected, with a token that says which event, who took the list and when. Writes nothing. Raises NotFound."""
    event = desk_event(event_id, actor=actor)
    expected = Registration.objects.filter(event_id=event_id, state__in=[state.value for state in HOLDING])
    token = signing.dumps({"event": event_id, "by": actor.account_id, "at": int(now.timestamp())}, salt=_SALT)
    guests = CheckIn.objects.filter(event_id=event_id, registration=None, undone_at=None).aggregate(total=Sum("people"))
    return OfflineList(token, event, tuple(registration_rows(expected.order_by("pk"))), guests["total"] or 0, now)


def take_offline(
    *, actor: Actor, event_id: int, token: str, entries: Sequence[OfflineEntry], now: datetime
) -> list[OfflineAnswer]:
    """Take what was checked in without a line, in the order in which it happened; each by itself, so that one that is refused keeps none
    from being taken. Sent again it changes nothing. Gives an answer for each entry. Raises ListWrong, NotFound.
    """
    _require_ours(token, event_id, now)
    ordered = sorted(entries[:MOST_ENTRIES], key=lambda one: one.at)
    answers = {one.client_id: _taken(one, actor, event_id, now) for one in ordered}
    return [answers[one.client_id] for one in entries[:MOST_ENTRIES]]


def _taken(one: OfflineEntry, actor: Actor, event_id: int, now: datetime) -> OfflineAnswer:
    # A device whose clock is ahead was not there in the future.
    at = min(one.at, now)
    try:
        done: CheckedIn
        if one.registration_id is None and not one.code:
            done = check_in_guest(
                actor=actor, event_id=event_id, name=one.name, people_count=one.people or 1, client_id=one.client_id,
                at=at, now=now,
            )  # fmt: skip
        else:
            done = check_in(
                actor=actor, event_id=event_id, registration_id=one.registration_id, scanned=one.code,
                people_count=one.people, client_id=one.client_id, at=at, now=now,
            )  # fmt: skip
    except Refusal as refused:
        return OfflineAnswer(one.client_id, OfflineOutcome.REFUSED, refused.code)
    return OfflineAnswer(one.client_id, OfflineOutcome.AGAIN if done.again else OfflineOutcome.TAKEN)


def _require_ours(token: str, event_id: int, now: datetime) -> None:
    try:
        said = signing.loads(token, salt=_SALT)
    except signing.BadSignature as error:
        raise ListWrong from error
    made = datetime.fromtimestamp(said["at"], tz=now.tzinfo)
    if said["event"] != event_id or not made - timedelta(minutes=5) <= now <= made + KEPT:
        raise ListWrong
