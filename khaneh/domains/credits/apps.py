"""The credits domain's Django app."""

from typing import Any

from django.apps import AppConfig
from django.utils import timezone


class CreditsConfig(AppConfig):
    """Registers the domain's tables, its events with the notices, and its part in what becomes of people."""

    name = "khaneh.domains.credits"
    label = "credits"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the events known; take part in handing out and erasing members, whose debts come first."""
        from khaneh.domains.credits import belongings, notices, services
        from khaneh.domains.people.services import personal_data
        from khaneh.infrastructure import journal

        notices.register()
        belongings.register()
        personal_data.register("credits", services.export_member, services.erase_member, owed=services.owed_by_member)
        personal_data.register_around(services.together)
        journal.follow("people.account.closed", _account_closed)


def _account_closed(kind: str, house_id: int | None, facts: dict[str, Any]) -> None:
    from khaneh.domains.credits import services

    services.erase_account(facts["account"], timezone.now())
