"""Everything that reads residencies, as frozen rows."""

from khaneh.domains.residencies.queries.evidence import evidence
from khaneh.domains.residencies.queries.figures import fates
from khaneh.domains.residencies.queries.mentoring import mentors_for, sessions_of, slots_for, slots_of
from khaneh.domains.residencies.queries.residencies import (
    accepted_without,
    places_for,
    residencies_mentored,
    residencies_of,
    residencies_of_house,
    residency,
)
from khaneh.domains.residencies.queries.support import ledger_of_house, lines_of_house, sums_of_house, support
from khaneh.domains.residencies.queries.ties import ties

__all__ = [
    "accepted_without",
    "evidence",
    "fates",
    "ledger_of_house",
    "lines_of_house",
    "mentors_for",
    "places_for",
    "residencies_mentored",
    "residencies_of",
    "residencies_of_house",
    "residency",
    "sessions_of",
    "slots_for",
    "slots_of",
    "sums_of_house",
    "support",
    "ties",
]
