"""What of networking somebody may have, for the menu of their account."""

from khaneh.domains.networking.models import Sharing, Subscription
from khaneh.infrastructure import belongings


def register() -> None:
    """Name it."""
    belongings.register("networking.following", lambda actor: Subscription.objects.filter(account=actor.account_id))
    belongings.register("networking.mentor", lambda actor: Sharing.objects.filter(mentor=actor.account_id))
