"""What of reviewing somebody may have, for the menu of their account."""

from khaneh.domains.selection.models import Reviewer
from khaneh.infrastructure import belongings


def register() -> None:
    """Name it."""
    belongings.register("selection.reviewers", lambda actor: Reviewer.objects.filter(account=actor.account_id))
