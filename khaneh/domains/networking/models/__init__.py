"""Rows of networking, and what PostgreSQL keeps of them."""

from khaneh.domains.networking.models.following import Digest, Follow, News, Subscription
from khaneh.domains.networking.models.sharing import Sharing

__all__ = ["Digest", "Follow", "News", "Sharing", "Subscription"]
