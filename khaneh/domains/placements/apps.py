"""The placements domain's Django app."""

from typing import Any

from django.apps import AppConfig
from django.utils import timezone


class PlacementsConfig(AppConfig):
    """Registers the domain's tables, its events with the notices, and vacancies with discovery."""

    name = "khaneh.domains.placements"
    label = "placements"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make known what people are told of and what can be found; take part in handing out and erasing members."""
        from khaneh.domains.people.services import personal_data
        from khaneh.domains.placements import belongings, discovered, notices, services
        from khaneh.domains.profiles.types import on_withdrawn
        from khaneh.infrastructure import journal

        notices.register()
        belongings.register()
        discovered.register()
        personal_data.register("placements", services.export_member, services.erase_member)
        journal.follow("people.account.closed", _account_closed)
        on_withdrawn("placements", services.close_for_withdrawn)


def _account_closed(kind: str, house_id: int | None, facts: dict[str, Any]) -> None:
    from khaneh.domains.placements import services

    services.erase_account(facts["account"], timezone.now())
