"""The events domain's Django app."""

from typing import Any

from django.apps import AppConfig


class EventsConfig(AppConfig):
    """Registers the domain's tables, its act with the policies, its news with the notices, and events with discovery."""

    name = "khaneh.domains.events"
    label = "events"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make registering known to the policies, what people are told of, and what can be found; take part in telling and erasing."""
        from khaneh.domains.events import belongings, discovered, notices, services
        from khaneh.domains.events.rules.acts import REGISTERING
        from khaneh.domains.people.services import personal_data
        from khaneh.domains.policies import registry
        from khaneh.infrastructure import journal

        registry.register(REGISTERING)
        notices.register()
        belongings.register()
        discovered.register()
        personal_data.register("events", services.export_member, services.erase_member, closer=services.erase_account)
        journal.follow("spaces.booking.cancelled", _booking_cancelled)
        journal.follow("spaces.booking.approved", _booking_approved)


def _booking_cancelled(kind: str, house_id: int | None, facts: dict[str, Any]) -> None:
    from khaneh.domains.events import services

    services.note_lost(facts["booking_id"])


def _booking_approved(kind: str, house_id: int | None, facts: dict[str, Any]) -> None:
    from khaneh.domains.events import services

    services.note_found(facts["booking_id"])
