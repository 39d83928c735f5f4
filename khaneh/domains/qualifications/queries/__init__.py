"""Everything that reads qualifications."""

from khaneh.domains.qualifications.queries.definitions import choices, qualification, qualifications, rows_by_id
from khaneh.domains.qualifications.queries.holdings import held_by, held_ids, holding, holdings_of, trained

__all__ = [
    "choices",
    "held_by",
    "held_ids",
    "holding",
    "holdings_of",
    "qualification",
    "qualifications",
    "rows_by_id",
    "trained",
]
