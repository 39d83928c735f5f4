"""What somebody may have made of their account, for its menu."""

from khaneh.domains.people.models import CalendarKey, Member, Token
from khaneh.infrastructure import belongings


def register() -> None:
    """Name it."""
    belongings.register("people.calendars", lambda actor: CalendarKey.objects.filter(account=actor.account_id))
    belongings.register(
        "people.history", lambda actor: Member.objects.filter(account=actor.account_id, keep_history=True)
    )
    belongings.register(
        "people.tokens", lambda actor: Token.objects.filter(account=actor.account_id, revoked_at__isnull=True)
    )
