"""What of lending somebody may have, for the menu of their account."""

from khaneh.domains.circulation.models import FeeEntry
from khaneh.infrastructure import belongings


def register() -> None:
    """Name it."""
    belongings.register("circulation.fees", lambda actor: FeeEntry.objects.filter(member__account=actor.account_id))
