"""What of their finds a member may keep, for the menu of their account."""

from khaneh.domains.discovery.models import ReaderList, SavedSearch
from khaneh.infrastructure import belongings


def register() -> None:
    """Name it."""
    belongings.register("discovery.lists", lambda actor: ReaderList.objects.filter(member__account=actor.account_id))
    belongings.register(
        "discovery.searches", lambda actor: SavedSearch.objects.filter(member__account=actor.account_id)
    )
