"""What somebody may have earned, for the menu of their account."""

from khaneh.domains.qualifications.models import Holding
from khaneh.infrastructure import belongings


def register() -> None:
    """Name it."""
    belongings.register("qualifications.holdings", lambda actor: Holding.objects.filter(account=actor.account_id))
