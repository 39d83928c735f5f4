"""Days of the exchange. Pure: instants are passed in."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

_ZONES = {"IR": "Asia/Tehran", "VN": "Asia/Ho_Chi_Minh"}

# The owner is asked so long before the last day whether it is to be shown on; who was asked or is interested hears within so long; what came
# of an agreement is asked so long after it.
RENEW_BEFORE = timedelta(days=14)
ANSWER_WITHIN = timedelta(days=30)
OUTCOME_AFTER = timedelta(days=60)
# Unanswered for so long, a need counts among those that are gathered.
UNANSWERED_AFTER = timedelta(days=60)
# So long after its last day nobody is asked about it any more.
FORGOTTEN_AFTER = timedelta(days=365)


def day_in(country: str, now: datetime) -> date:
    """The day that it is in a country."""
    return now.astimezone(ZoneInfo(_ZONES.get(country, "UTC"))).date()
