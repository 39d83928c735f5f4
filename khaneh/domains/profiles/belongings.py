"""What of profiles somebody may have, for the menu of their account."""

from khaneh.domains.profiles.models import Mentor, SignUp
from khaneh.infrastructure import belongings


def register() -> None:
    """Name it."""
    belongings.register("profiles.mentors", lambda actor: Mentor.objects.filter(account=actor.account_id))
    belongings.register("profiles.signups", lambda actor: SignUp.objects.filter(account=actor.account_id))
