"""The profiles domain's Django app."""

from typing import Any

from django.apps import AppConfig
from django.utils import timezone


class ProfilesConfig(AppConfig):
    """Registers the domain's tables, its events with the notices, mentors and profiles with discovery."""

    name = "khaneh.domains.profiles"
    label = "profiles"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make known what people are told of and what can be found; take part in handing out and erasing; hear of the register."""
        from khaneh.domains.people.services import personal_data
        from khaneh.domains.profiles import belongings, discovered, notices, queries, registry, services
        from khaneh.infrastructure import journal

        notices.register()
        belongings.register()
        discovered.register()
        registry.register_texts("mentors", queries.every_mentor_tells)
        personal_data.register("profiles", services.export_member, services.erase_member)
        journal.follow("people.account.closed", _account_closed)
        journal.follow("network.organisation.changed", _organisation_changed)


def _account_closed(kind: str, house_id: int | None, facts: dict[str, Any]) -> None:
    from khaneh.domains.profiles import services

    services.erase_account(facts["account"], timezone.now())


def _organisation_changed(kind: str, house_id: int | None, facts: dict[str, Any]) -> None:
    from khaneh.domains.profiles import services

    services.refresh([facts["organisation_id"]])
