"""The nightly round: what has run out ends, and who will lose something is told in time."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import DurationField, ExpressionWrapper, F, Q, Value

from khaneh.domains.qualifications import notices
from khaneh.domains.qualifications.models import Holding
from khaneh.domains.qualifications.services.awarding import end
from khaneh.domains.qualifications.types import Swept
from khaneh.infrastructure import db

BATCH = 500


def sweep(*, now: datetime, limit: int = BATCH) -> Swept:
    """One round of at most `limit` endings and as many warnings; call it again while it did something. Passes over what somebody holds."""
    with db.transaction():
        over = list(
            Holding.objects.select_for_update(skip_locked=True)
            .filter(ended_at=None, valid_until__lte=now)
            .order_by("valid_until", "pk")[:limit]
        )
        for one in over:
            end(one, now=now)
    with db.transaction():
        # Warned of this very end and no other: a use or another date since then is another warning.
        close = (
            Holding.objects.select_for_update(of=("self",), skip_locked=True)
            .select_related("qualification")
            .filter(
                ~Q(warned_until=F("valid_until")) | Q(warned_until__isnull=True),
                ended_at=None,
                valid_until__gt=now,
                valid_until__lte=Value(now)
                + ExpressionWrapper(
                    F("qualification__warn_days") * Value(timedelta(days=1)), output_field=DurationField()
                ),
            )
            .order_by("valid_until", "pk")[:limit]
        )
        due = list(close)
        for one in due:
            notices.tell_ending(
                holding_id=one.pk, account_id=one.account_id, house_id=one.house_id, until=one.valid_until, now=now
            )
            Holding.objects.filter(pk=one.pk).update(warned_until=one.valid_until)
    return Swept(ended=len(over), warned=len(due))
