"""What of the search for work somebody may have, for the menu of their account."""

from khaneh.domains.placements.models import Placement, Seeker
from khaneh.infrastructure import belongings


def register() -> None:
    """Name it."""
    belongings.register("placements.seekers", lambda actor: Seeker.objects.filter(account=actor.account_id))
    belongings.register("placements.placements", lambda actor: Placement.objects.filter(account=actor.account_id))
