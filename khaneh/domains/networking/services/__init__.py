"""Everything that changes something of networking."""

from khaneh.domains.networking.services.digesting import make_digests
from khaneh.domains.networking.services.following import follow, set_wishes, stop, stop_by_secret, unfollow
from khaneh.domains.networking.services.news import NEWS_PREFIXES, became_public
from khaneh.domains.networking.services.personal import (
    erase_account,
    erase_member,
    export_member,
    withdraw_organisation,
)
from khaneh.domains.networking.services.sharing import (
    accept_sharing,
    agree_sharing,
    decline_sharing,
    end_past,
    end_sharing,
    offer_sharing,
)
from khaneh.domains.networking.services.using import count_session, terms_of_sharing

__all__ = [
    "NEWS_PREFIXES",
    "accept_sharing",
    "agree_sharing",
    "became_public",
    "count_session",
    "decline_sharing",
    "end_past",
    "end_sharing",
    "erase_account",
    "erase_member",
    "export_member",
    "follow",
    "make_digests",
    "offer_sharing",
    "set_wishes",
    "stop",
    "stop_by_secret",
    "terms_of_sharing",
    "unfollow",
    "withdraw_organisation",
]
