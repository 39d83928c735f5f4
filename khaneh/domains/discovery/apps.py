"""The discovery domain's Django app."""

from datetime import datetime
from typing import Any

from django.apps import AppConfig


class DiscoveryConfig(AppConfig):
    """Registers the domain's tables, its event, and its part in what becomes of members."""

    name = "khaneh.domains.discovery"
    label = "discovery"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the kinds of the domains below, which cannot do it themselves; follow members."""
        from khaneh.domains.discovery import belongings, network_kinds, notices  # the app registry must be ready first
        from khaneh.domains.discovery.services import personal
        from khaneh.domains.people.services import personal_data
        from khaneh.infrastructure import journal

        network_kinds.register()
        notices.register()
        belongings.register()
        personal_data.register("discovery", personal.export_member, _erase)
        journal.follow("people.member.merged", _merged)


def _erase(member_id: int, now: datetime) -> None:
    from khaneh.domains.discovery.services import personal

    personal.erase_member(member_id)


def _merged(kind: str, house_id: int | None, facts: dict[str, Any]) -> None:
    from khaneh.domains.discovery.services import personal

    personal.merge_members(kept_id=facts["kept"], gone_id=facts["gone"])
