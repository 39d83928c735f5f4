"""Everything that reads events, as frozen rows. Each function says how many statements it costs, whatever the number of rows."""

from khaneh.domains.events.queries.busy import busy
from khaneh.domains.events.queries.events import (
    calendar,
    coming_of_house,
    counts_by_kind,
    event,
    event_ids_of_house,
    events_by_ids,
    events_of_houses,
    occurrences,
    public_event_ids,
)
from khaneh.domains.events.queries.figures import figures
from khaneh.domains.events.queries.registrations import (
    desk_event,
    own,
    registration,
    registrations_of,
    requests_of,
    roster,
)
from khaneh.domains.events.queries.unmet import unmet

__all__ = [
    "busy",
    "calendar",
    "coming_of_house",
    "counts_by_kind",
    "desk_event",
    "event",
    "event_ids_of_house",
    "events_by_ids",
    "events_of_houses",
    "figures",
    "occurrences",
    "own",
    "public_event_ids",
    "registration",
    "registrations_of",
    "requests_of",
    "roster",
    "unmet",
]
