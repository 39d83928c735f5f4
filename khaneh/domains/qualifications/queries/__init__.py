"""Everything that reads qualifications."""

from khaneh.domains.qualifications.queries.definitions import choices, qualification, qualifications, rows_by_id
from khaneh.domains.qualifications.queries.holders import Held, Which, counts, holders
from khaneh.domains.qualifications.queries.holdings import (
    held_by,
    held_ids,
    holding,
    holdings_of,
    holds,
    once_held,
    trained,
)

__all__ = [
    "Held",
    "Which",
    "choices",
    "counts",
    "held_by",
    "held_ids",
    "holders",
    "holding",
    "holdings_of",
    "holds",
    "once_held",
    "qualification",
    "qualifications",
    "rows_by_id",
    "trained",
]
