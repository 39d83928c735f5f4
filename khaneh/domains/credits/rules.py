"""What work earns, and what a draft of a credit must be. Pure."""

from __future__ import annotations

import re

from khaneh.domains.credits.types import WORK_KINDS, UnitDraft
from khaneh.kernel.money import is_credit

LONGEST_NAME = 100
MOST_MINUTES = 24 * 60
GREATEST = 10**12
_SOURCE = re.compile(r"[a-z_]+(\.[a-z_]+)+:[0-9]+(:[a-z_]+)?")


def earned(minutes: int, per_hour: int) -> int:
    """What so many minutes earn. A part of an hour counts as such, rounded up as a price is: what an hour of work bought, three
    thirds of an hour buy too.
    """
    return -(-minutes * per_hour // 60)


def problems(draft: UnitDraft) -> dict[str, str]:
    """What is wrong with a credit. Reasons: required, format, too_long, not_in_list, out_of_range."""
    found = {}
    if not is_credit(draft.code):
        found["code"] = "format" if draft.code else "required"
    if not any(name.strip() for name in draft.names):
        found["names"] = "required"
    elif max(map(len, draft.names)) > LONGEST_NAME:
        found["names"] = "too_long"
    if set(draft.rates) - set(WORK_KINDS):
        found["rates"] = "not_in_list"
    elif any(not 0 < rate <= 10**6 for rate in draft.rates.values()):
        found["rates"] = "out_of_range"
    return found


def is_source(text: str) -> bool:
    """Whether it names something by part, thing and number."""
    return bool(_SOURCE.fullmatch(text))
