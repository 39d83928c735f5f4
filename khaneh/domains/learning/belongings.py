"""What of courses somebody may have, for the menu of their account."""

from khaneh.domains.learning.models import Enrolment
from khaneh.infrastructure import belongings


def register() -> None:
    """Name it."""
    belongings.register("learning.enrolments", lambda actor: Enrolment.objects.filter(account=actor.account_id))
