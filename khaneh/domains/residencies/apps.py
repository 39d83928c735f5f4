"""The residencies domain's Django app."""

from typing import Any

from django.apps import AppConfig
from django.utils import timezone


class ResidenciesConfig(AppConfig):
    """Registers the domain's tables, its events with the notices, and what it knows of ties with the selection."""

    name = "khaneh.domains.residencies"
    label = "residencies"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make known what people are told of; take part in handing out and erasing what is kept of members; say who has to do with whom."""
        from khaneh.domains.people.services import personal_data
        from khaneh.domains.profiles import registry as competence
        from khaneh.domains.profiles.types import on_withdrawn
        from khaneh.domains.residencies import belongings, notices, queries, services
        from khaneh.domains.selection import registry
        from khaneh.infrastructure import journal

        notices.register()
        competence.register_texts("residencies", queries.compared)
        belongings.register()
        personal_data.register("residencies", services.export_member, services.erase_member)
        journal.follow("people.account.closed", _account_closed)
        on_withdrawn("residencies", services.withdraw_organisation)
        registry.register_ties("residencies", queries.ties)


def _account_closed(kind: str, house_id: int | None, facts: dict[str, Any]) -> None:
    from khaneh.domains.residencies import services

    services.erase_account(facts["account"], timezone.now())
