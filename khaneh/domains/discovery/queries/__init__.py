"""What can be asked of the index. Nothing here writes, and nothing decides: rules read the tables."""

from khaneh.domains.discovery.queries.searching import more_like, search, status
from khaneh.domains.discovery.queries.suggesting import suggest

__all__ = ["more_like", "search", "status", "suggest"]
