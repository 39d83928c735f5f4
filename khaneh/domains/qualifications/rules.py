"""How long a qualification holds. Pure: instants are passed in."""

from __future__ import annotations

import calendar
import re
from datetime import datetime

from khaneh.domains.qualifications.types import QualificationDraft
from khaneh.kernel.labels import Label

MOST_MONTHS = 240
MOST_WARN_DAYS = 365
LONGEST_NAME, LONGEST_TEXT = 300, 10_000
_CODE = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")


def months_after(instant: datetime, months: int) -> datetime:
    """The same day so many months later, or the last day of a month that is shorter; Gregorian, as certificates are dated abroad too."""
    at = instant.month - 1 + months
    year, month = instant.year + at // 12, at % 12 + 1
    return instant.replace(year=year, month=month, day=min(instant.day, calendar.monthrange(year, month)[1]))


def expiry(awarded_at: datetime, valid_months: int | None) -> datetime | None:
    """When it ends by date; None for never."""
    return None if valid_months is None else months_after(awarded_at, valid_months)


def lapse(awarded_at: datetime, last_used_at: datetime | None, disuse_months: int | None) -> datetime | None:
    """When it ends by disuse; None for never. What was never used counts from the day of the award."""
    return None if disuse_months is None else months_after(last_used_at or awarded_at, disuse_months)


def problems(draft: QualificationDraft) -> dict[str, str]:
    """What is wrong with a draft: a field and a stable reason each."""
    found: dict[str, str] = {}
    if not _CODE.fullmatch(draft.code):
        found["code"] = "format" if draft.code else "required"
    if not any(name.strip() for name in draft.names):
        found["names"] = "required"
    elif _longest(draft.names) > LONGEST_NAME:
        found["names"] = "too_long"
    if _longest(draft.descriptions) > LONGEST_TEXT:
        found["descriptions"] = "too_long"
    for name, months in (("valid_months", draft.valid_months), ("disuse_months", draft.disuse_months)):
        if months is not None and not 1 <= months <= MOST_MONTHS:
            found[name] = "out_of_range"
    if not 0 <= draft.warn_days <= MOST_WARN_DAYS:
        found["warn_days"] = "out_of_range"
    return found


def _longest(label: Label) -> int:
    return max(len(text) for text in label)
