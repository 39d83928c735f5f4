"""After an event: what those who came thought of it, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from khaneh.domains.events import permissions
from khaneh.domains.events.errors import NotThen, RegistrationEnded
from khaneh.domains.events.models import Event, Feedback, Outcome, OutcomeCount, Registration
from khaneh.domains.events.services.judging import hold
from khaneh.domains.events.services.registering import houses_of
from khaneh.domains.events.types import OUTCOMES, EventState, RegistrationState
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import Invalid, NotFound

LONGEST_WORDS, LONGEST_TEXT = 4000, 20_000
MOST = 1_000_000


def give_feedback(*, actor: Actor, registration_id: int, rating: int, now: datetime, words: str = "") -> None:
    """A mark from 1 to 5 and perhaps words, by who registered and came (or was not counted at the door); again, it is changed.

    Raises NotFound, NotThen before the start, RegistrationEnded where they did not come, Invalid.
    """
    words = words.strip()
    if not 1 <= rating <= 5 or len(words) > LONGEST_WORDS:
        raise Invalid(fields={"words": "too_long"} if len(words) > LONGEST_WORDS else {"rating": "out_of_range"})
    with db.transaction():
        found = Registration.objects.filter(pk=registration_id).select_related("event").first()
        if found is None or found.account_id is None or found.account_id != actor.account_id:
            raise NotFound(what="registration")
        event = found.event
        if now < event.starts or event.state in (EventState.PROPOSED, EventState.CANCELLED):
            raise NotThen(**{"from": event.starts.isoformat(), "until": None})
        hold(event_id=event.pk, account_id=found.account_id)
        if found.state not in (RegistrationState.ATTENDED, RegistrationState.CONFIRMED):
            raise RegistrationEnded(registration_id=registration_id, state=found.state)
        Feedback.objects.update_or_create(
            registration_id=registration_id,
            defaults={"event_id": event.pk, "rating": rating, "words": words, "given_at": now},
        )
        journal.record("events.feedback.given", actor=actor, house_id=event.house_id, event_id=event.pk)


def record_outcome(
    *,
    actor: Actor,
    event_id: int,
    now: datetime,
    text: str = "",
    counts: Mapping[str, int] | None = None,
    attendance: int | None = None,
) -> None:
    """What came of an event: words, how many were there where nobody counted, and counts by kind (OUTCOMES). Takes the place of what was
    written before. Raises NotFound, NotThen before the start, Invalid.
    """
    text, counts = text.strip(), {kind: number for kind, number in (counts or {}).items() if number}
    wrong = {}
    if len(text) > LONGEST_TEXT:
        wrong["text"] = "too_long"
    if set(counts) - set(OUTCOMES):
        wrong["counts"] = "not_in_list"
    elif any(not 1 <= number <= MOST for number in counts.values()):
        wrong["counts"] = "out_of_range"
    if attendance is not None and not 0 <= attendance <= MOST:
        wrong["attendance"] = "out_of_range"
    if wrong:
        raise Invalid(fields=wrong)
    with db.transaction():
        houses = houses_of(event_id)
        if not houses or not permissions.may_desk(actor, house_ids=houses):
            raise NotFound(what="event")
        hold(event_id=event_id)
        event = Event.objects.get(pk=event_id)
        if now < event.starts or event.state in (EventState.PROPOSED, EventState.CANCELLED):
            raise NotThen(**{"from": event.starts.isoformat(), "until": None})
        Outcome.objects.update_or_create(
            event_id=event_id,
            defaults={
                "attendance": attendance, "text": text, "recorded_at": now, "recorded_by_id": actor.account_id,
            },
        )  # fmt: skip
        OutcomeCount.objects.filter(event_id=event_id).delete()
        OutcomeCount.objects.bulk_create(
            OutcomeCount(event_id=event_id, kind=kind, number=counts[kind]) for kind in OUTCOMES if kind in counts
        )
        journal.record("events.outcome.recorded", actor=actor, house_id=event.house_id, event_id=event_id)
