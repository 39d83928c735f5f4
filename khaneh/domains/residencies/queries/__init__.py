"""Everything that reads residencies, as frozen rows."""

from khaneh.domains.residencies.queries.busy import busy
from khaneh.domains.residencies.queries.evidence import evidence
from khaneh.domains.residencies.queries.figures import fates
from khaneh.domains.residencies.queries.mentoring import compared, mentors_for, sessions_of, slots_for, slots_of
from khaneh.domains.residencies.queries.network import (
    Graduate,
    MentorSpan,
    graduates,
    houses_lived_in,
    session_minutes,
    states_by_programme,
)
from khaneh.domains.residencies.queries.residencies import (
    accepted_without,
    places_for,
    residencies_mentored,
    residencies_of,
    residencies_of_house,
    residency,
)
from khaneh.domains.residencies.queries.support import ledger_of_house, lines_of_house, sums_of_house, support
from khaneh.domains.residencies.queries.teams import Team, team_names, teams
from khaneh.domains.residencies.queries.ties import ties

__all__ = [
    "Graduate",
    "MentorSpan",
    "Team",
    "accepted_without",
    "busy",
    "compared",
    "evidence",
    "fates",
    "graduates",
    "houses_lived_in",
    "ledger_of_house",
    "lines_of_house",
    "mentors_for",
    "places_for",
    "residencies_mentored",
    "residencies_of",
    "residencies_of_house",
    "residency",
    "session_minutes",
    "sessions_of",
    "slots_for",
    "slots_of",
    "states_by_programme",
    "sums_of_house",
    "support",
    "team_names",
    "teams",
    "ties",
]
