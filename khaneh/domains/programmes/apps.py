"""The programmes domain's Django app."""

from typing import Any

from django.apps import AppConfig
from django.utils import timezone


class ProgrammesConfig(AppConfig):
    """Registers the domain's tables, its act with the policies, its news with the notices, and calls with discovery."""

    name = "khaneh.domains.programmes"
    label = "programmes"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make applying known to the policies, what people are told of, and what can be found; take part in telling and erasing."""
        from khaneh.domains.people.services import personal_data
        from khaneh.domains.policies import registry
        from khaneh.domains.profiles.types import on_withdrawn
        from khaneh.domains.programmes import belongings, discovered, notices, services
        from khaneh.domains.programmes.rules.acts import APPLYING
        from khaneh.infrastructure import journal

        registry.register(APPLYING)
        notices.register()
        belongings.register()
        discovered.register()
        personal_data.register("programmes", services.export_member, services.erase_member)
        journal.follow("people.account.closed", _account_closed)
        on_withdrawn("programmes", services.withdraw_organisation)


def _account_closed(kind: str, house_id: int | None, facts: dict[str, Any]) -> None:
    from khaneh.domains.programmes import services

    services.erase_account(facts["account"], timezone.now())
