"""Everything that reads sessions, meetings and demo days, as frozen rows."""

from khaneh.domains.meetings.queries.matchmakings import (
    clashes,
    desk_page,
    figures,
    free_times,
    matchmaking,
    matchmakings_coming,
    matchmakings_of,
    matchmakings_of_event,
    matchmakings_of_house,
    meetings_of,
    own_page,
    plan_again,
    published,
    rounds,
)
from khaneh.domains.meetings.queries.pitches import (
    answer_for,
    demo_day,
    interests_for,
    is_demo_day,
    is_own_pitch,
)
from khaneh.domains.meetings.queries.standings import standings

__all__ = [
    "answer_for",
    "clashes",
    "demo_day",
    "desk_page",
    "figures",
    "free_times",
    "interests_for",
    "is_demo_day",
    "is_own_pitch",
    "matchmaking",
    "matchmakings_coming",
    "matchmakings_of",
    "matchmakings_of_event",
    "matchmakings_of_house",
    "meetings_of",
    "own_page",
    "plan_again",
    "published",
    "rounds",
    "standings",
]
