"""On whose clocks a page shows its days: those of the house that it is about. Without one they are shown in UTC.

The night of a house east of Greenwich begins on the server's day before: a fee of the first of Farvardin must not stand under 29 Esfand.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

from khaneh.domains.network import queries as network


def follow(house_id: int) -> None:
    """From here to the end of the request instants are shown on the clocks of a house. LanguageMiddleware ends it."""
    timezone.activate(ZoneInfo(network.house_facts(house_id).calendar.zone))


def day_of(value: date | datetime) -> date:
    """The day to show: of an instant as the database gives it (UTC) that of the page's clocks, of any other its own."""
    if not isinstance(value, datetime):
        return value
    return (timezone.localtime(value) if value.tzinfo in (UTC, ZoneInfo("UTC")) else value).date()


def today(house_id: int) -> date:
    """The day that it is in a house."""
    return network.house_facts(house_id).calendar.today(timezone.now())
