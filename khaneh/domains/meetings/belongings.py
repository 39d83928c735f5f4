"""What of meetings somebody may have, for the menu of their account."""

from khaneh.domains.meetings.models import Person
from khaneh.domains.meetings.types import PersonState
from khaneh.infrastructure import belongings


def register() -> None:
    """Name it."""
    belongings.register(
        "meetings.people",
        lambda actor: Person.objects.filter(account=actor.account_id).exclude(state=PersonState.DECLINED.value),
    )
