"""How much somebody has booked of one kind of space: what quotas are judged by."""

from __future__ import annotations

from datetime import datetime

from khaneh.domains.spaces.rules import quotas
from khaneh.domains.spaces.types import COUNTED
from khaneh.infrastructure import db
from khaneh.kernel.calendars import Calendar

_STATES = ", ".join(f"'{state.value}'" for state in COUNTED)
_OF = {
    # What somebody books for an organisation counts for it and not for them.
    # Whoever is named in a group counts with it; an array, so that each side of the OR is found by its index.
    "person": """((b.account_id = %(subject)s AND b.organisation_id IS NULL) OR b.id = ANY (ARRAY(
    SELECT p.booking_id FROM spaces_bookingperson p WHERE p.account_id = %(subject)s AND p.counts AND p.left_at IS NULL)))""",
    "organisation": "b.organisation_id = %(subject)s",
}
_WITHIN = "".join(
    f", b.starts >= %({span}_first)s::timestamptz AND b.starts < %({span}_last)s::timestamptz AS in_{span}"
    for span in quotas.SPANS
)
_SPANS = "".join(
    f", count(*) FILTER (WHERE in_{span}), coalesce(sum(length) FILTER (WHERE in_{span}), 0)::bigint"
    for span in quotas.SPANS
)
_COUNT = f"""
SELECT count(*) FILTER (WHERE lasts AND starts < %(ends)s::timestamptz AND ends > %(starts)s::timestamptz),
  count(*) FILTER (WHERE lasts AND ends > %(now)s::timestamptz){_SPANS}
FROM (SELECT b.starts, b.ends, b.state NOT IN ('done', 'no_show') AS lasts, extract(epoch FROM b.ends - b.starts) / 60 AS length{_WITHIN}
FROM spaces_booking b
WHERE %(of)s AND b.kind = %(kind)s AND b.state IN ({_STATES}) AND b.id IS DISTINCT FROM %(except)s::bigint
  AND b.terms -> 'own_use' IS NULL
  AND (b.starts >= least(%(week_first)s::timestamptz, %(year_first)s::timestamptz, %(now)s::timestamptz) - interval '366 days')) AS counted
"""  # noqa: S608
# The facts of a subject in the order of the columns, and whether the booking that is asked about is added.
_FACTS = {subject: [(f"{subject}.{count}", count.endswith("_minutes")) for count in quotas.COUNTS] for subject in _OF}
_STATEMENTS = {subject: _COUNT.replace("%(of)s", condition) for subject, condition in _OF.items()}


def counts_of(
    subject: str,
    number: int,
    *,
    kind: str,
    starts: datetime,
    ends: datetime,
    zone: str,
    reckoning: Calendar,
    now: datetime,
    except_id: int | None = None,
) -> db.Read:
    """What a person (their own bookings) or an organisation has booked of a kind, everywhere, by the names of `quotas.COUNTS`; what is booked
    for courses and events is the house's own use and counts against nobody.

    Times are those that are there already; minutes include the booking that is asked about. A part of `db.read`. `except_id` is left out.
    """
    spans = quotas.spans(starts, zone=zone, reckoning=reckoning)
    bounds = {
        f"{name}_{end}": instant
        for name, pair in zip(quotas.SPANS, spans, strict=True)
        for end, instant in zip(("first", "last"), pair, strict=True)
    }
    minutes = int((ends - starts).total_seconds() // 60)

    def made(row: tuple[int, ...] | None) -> dict[str, int]:
        return {
            fact: value + (minutes if adds else 0)
            for (fact, adds), value in zip(_FACTS[subject], row or (), strict=True)
        }

    values = {
        "subject": number,
        "kind": kind,
        "starts": starts,
        "ends": ends,
        "now": now,
        "except": except_id or 0,
        **bounds,
    }
    return db.Read(_STATEMENTS[subject], values, len(quotas.COUNTS), made)
