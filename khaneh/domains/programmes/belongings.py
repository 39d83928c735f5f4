"""What of applications somebody may have, for the menu of their account."""

from khaneh.domains.programmes.models import Application, ApplicationMember
from khaneh.infrastructure import belongings


def register() -> None:
    """Name it."""
    belongings.register("programmes.applications", lambda actor: Application.objects.filter(account=actor.account_id))
    belongings.register("programmes.shared", lambda actor: ApplicationMember.objects.filter(account=actor.account_id))
