"""Everything that reads networking, as frozen rows."""

from khaneh.domains.networking.queries.following import (
    by_secret,
    digests,
    follows_of,
    preview,
    subscription,
    subscriptions,
)
from khaneh.domains.networking.queries.programmes import programmes_of_network
from khaneh.domains.networking.queries.sharing import (
    shared_mentors,
    sharing,
    sharings_of_house,
    sharings_of_mentor,
    usable_by,
)

__all__ = [
    "by_secret",
    "digests",
    "follows_of",
    "preview",
    "programmes_of_network",
    "shared_mentors",
    "sharing",
    "sharings_of_house",
    "sharings_of_mentor",
    "subscription",
    "subscriptions",
    "usable_by",
]
