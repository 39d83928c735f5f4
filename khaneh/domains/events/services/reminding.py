"""Reminding those who come, once for each start: who was told of another time is reminded of that."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import DurationField, ExpressionWrapper, F, Q, Value

from khaneh.domains.events import notices
from khaneh.domains.events.models import Registration
from khaneh.domains.events.types import COMING_EVENTS, RegistrationState
from khaneh.infrastructure import db

BATCH = 500


def remind(*, now: datetime, limit: int = BATCH) -> int:
    """Remind those whose event starts within its hours. Gives how many; a second round at the same time reminds nobody."""
    before = ExpressionWrapper(F("event__remind_hours") * Value(timedelta(hours=1)), output_field=DurationField())
    due = Registration.objects.filter(
        ~Q(reminded_for=F("event__starts")) | Q(reminded_for=None),
        state=RegistrationState.CONFIRMED.value,
        event__state__in=[state.value for state in COMING_EVENTS],
        event__remind_hours__gt=0,
        event__starts__gt=now,
        event__starts__lte=now + before,
    )
    with db.transaction():
        # Another process that reminds at the same time takes others.
        found = list(
            due.select_related("event").select_for_update(skip_locked=True, of=("self",)).order_by("pk")[:limit]
        )
        for one in found:
            one.reminded_for = one.event.starts
        Registration.objects.bulk_update(found, ["reminded_for"])
        # Who registered a moment ago has just been told of it.
        notices.tell_reminder([one for one in found if one.registered_at < now - timedelta(hours=2)], now=now)
    return len(found)
