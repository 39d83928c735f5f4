"""The events domain's Django app."""

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

        registry.register(REGISTERING)
        notices.register()
        belongings.register()
        discovered.register()
        personal_data.register("events", services.export_member, services.erase_member, closer=services.erase_account)
