"""The events domain's Django app."""

from typing import Any

from django.apps import AppConfig
from django.utils import timezone


class EventsConfig(AppConfig):
    """Registers the domain's tables, its act with the policies, its news with the notices, and events with discovery."""

    name = "khaneh.domains.events"
    label = "events"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make registering known to the policies, what people are told of, and what can be found; take part in telling and erasing."""
        from khaneh.domains.events import discovered, notices, services
        from khaneh.domains.events.rules.acts import REGISTERING
        from khaneh.domains.people.services import personal_data
        from khaneh.domains.policies import registry
        from khaneh.infrastructure import journal

        registry.register(REGISTERING)
        notices.register()
        discovered.register()
        personal_data.register("events", services.export_member, services.erase_member)
        journal.follow("people.account.closed", _account_closed)


def _account_closed(kind: str, house_id: int | None, facts: dict[str, Any]) -> None:
    from khaneh.domains.events import services

    services.erase_account(facts["account"], timezone.now())
