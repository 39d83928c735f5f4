"""What of events somebody may have, for the menu of their account."""

from khaneh.domains.events.models import Registration
from khaneh.infrastructure import belongings


def register() -> None:
    """Name it."""
    belongings.register("events.registrations", lambda actor: Registration.objects.filter(account=actor.account_id))
