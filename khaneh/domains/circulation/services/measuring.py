"""How long things took lately, measured from what has ended: nobody is named, no copy, no title. Spec: CIRC-QUEUE-4."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from khaneh.domains.circulation.models.paces import QUANTILES
from khaneh.domains.circulation.rules.waiting import ENOUGH
from khaneh.infrastructure import db

# What is older says little about today.
LOOKED_BACK = timedelta(days=365)

# Days from the due date to the return (below zero when it came early); a loan that was lost and not found never came.
_RETURNS = """
SELECT house_id, extract(epoch FROM ended_at - due_at) / 86400 AS days, false AS never
FROM circulation_loan WHERE state = 'returned' AND ended_at >= %(since)s
UNION ALL SELECT house_id, NULL, true FROM circulation_loan WHERE state = 'lost' AND lost_at >= %(since)s
"""
# From asking a house to having the copy in hand there; what was not found or not answered never came.
_FETCHES = """
SELECT house_id, CASE WHEN state = 'captured' THEN extract(epoch FROM ended_at - asked_at) / 86400 END, state <> 'captured'
FROM circulation_target WHERE state IN ('captured', 'not_found', 'silent') AND asked_at >= %(since)s
"""
_TRANSFERS = """
SELECT to_house_id, CASE WHEN state = 'received' THEN extract(epoch FROM ended_at - sent_at) / 86400 END, state = 'lost'
FROM circulation_transfer WHERE state IN ('received', 'lost') AND ended_at >= %(since)s
"""
_SHELVES = """
SELECT pickup_house_id, extract(epoch FROM ended_at - captured_at) / 86400, false
FROM circulation_request WHERE captured_at IS NOT NULL AND ended_at >= %(since)s AND ended_at >= captured_at
"""
_KINDS = {"return": _RETURNS, "fetch": _FETCHES, "transfer": _TRANSFERS, "shelf": _SHELVES}
_MEASURE = """
INSERT INTO circulation_pace (kind, house_id, number, quantiles, never, measured_at)
SELECT %(kind)s, house, number, quantiles, never, %(now)s FROM (
    SELECT house_id AS house, count(*) AS number, avg(never::int) AS never,
           percentile_cont(%(shares)s::float8[]) WITHIN GROUP (ORDER BY days) AS quantiles, count(days) AS ended
    FROM ({source}) AS one (house_id, days, never) GROUP BY GROUPING SETS ((house_id), ())
) AS measured WHERE ended >= %(enough)s
ON CONFLICT ON CONSTRAINT circulation_pace_once DO UPDATE
SET number = excluded.number, quantiles = excluded.quantiles, never = excluded.never, measured_at = excluded.measured_at
"""


def measure_paces(*, now: datetime) -> int:
    """Measure each kind of thing at every house and in the network; gives how many figures were written. Five statements, for the night.

    A house with fewer than `ENOUGH` is not measured by itself: the network's figure, or the assumed, stands for it.
    """
    shares = [step / (QUANTILES - 1) for step in range(QUANTILES)]
    written = 0
    with db.transaction(), connection.cursor() as cursor:
        for kind, source in _KINDS.items():
            facts: dict[str, Any] = {
                "kind": kind,
                "now": now,
                "since": now - LOOKED_BACK,
                "shares": shares,
                "enough": ENOUGH,
            }
            cursor.execute(_MEASURE.format(source=source), facts)
            written += cursor.rowcount
        # What has not been measured again had too little to go by.
        cursor.execute("DELETE FROM circulation_pace WHERE measured_at < %s", [now])
    return written
