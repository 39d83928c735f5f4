"""The meetings domain's Django app."""

from typing import Any

from django.apps import AppConfig
from django.utils import timezone


class MeetingsConfig(AppConfig):
    """Registers the domain's tables, what it tells people of, and what it does when somebody or an organisation leaves."""

    name = "khaneh.domains.meetings"
    label = "meetings"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make known what people are told of; take part in handing out and erasing what is kept of members, and when organisations withdraw."""
        from khaneh.domains.meetings import belongings, notices, services
        from khaneh.domains.people.services import personal_data
        from khaneh.domains.profiles.types import on_withdrawn
        from khaneh.infrastructure import journal

        belongings.register()
        notices.register()
        personal_data.register("meetings", services.export_member, services.erase_member)
        journal.follow("people.account.closed", _account_closed)
        on_withdrawn("meetings", services.withdraw_organisation)


def _account_closed(kind: str, house_id: int | None, facts: dict[str, Any]) -> None:
    from khaneh.domains.meetings import services

    services.erase_account(facts["account"], timezone.now())
