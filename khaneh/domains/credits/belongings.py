"""What of balances somebody may have, for the menu of their account."""

from khaneh.domains.credits.models import Balance
from khaneh.infrastructure import belongings


def register() -> None:
    """Name it."""
    belongings.register("credits.balances", lambda actor: Balance.objects.filter(account=actor.account_id))
