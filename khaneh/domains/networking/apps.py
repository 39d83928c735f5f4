"""The networking domain's Django app."""

from typing import Any

from django.apps import AppConfig
from django.utils import timezone


class NetworkingConfig(AppConfig):
    """Registers the domain's tables, its events with the notices, and its hooks with the domains below."""

    name = "khaneh.domains.networking"
    label = "networking"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make known what people are told of; hear of what becomes public; limit what is shared; take part in handing out and erasing."""
        from khaneh.domains.networking import belongings, notices, services
        from khaneh.domains.people.services import personal_data
        from khaneh.domains.profiles.types import on_withdrawn
        from khaneh.domains.residencies.types import on_session
        from khaneh.domains.spaces.types import share_by
        from khaneh.infrastructure import journal

        notices.register()
        belongings.register()
        personal_data.register("networking", services.export_member, services.erase_member)
        journal.follow("people.account.closed", _account_closed)
        for prefix in services.NEWS_PREFIXES:
            journal.follow(prefix, services.became_public)
        on_withdrawn("networking", services.withdraw_organisation)
        share_by(services.terms_of_sharing)
        on_session("networking", services.count_session)


def _account_closed(kind: str, house_id: int | None, facts: dict[str, Any]) -> None:
    from khaneh.domains.networking import services

    services.erase_account(facts["account"], timezone.now())
