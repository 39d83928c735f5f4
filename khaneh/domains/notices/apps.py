"""The notices domain's Django app."""

from datetime import datetime
from typing import Any

from django.apps import AppConfig
from django.utils import timezone


class NoticesConfig(AppConfig):
    """Registers the domain's tables, the frame of messages, and its part in what people may ask: their data, forgetting, merging."""

    name = "khaneh.domains.notices"
    label = "notices"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the frame known; take part in handing out, erasing and merging members."""
        from khaneh.domains.notices import frame, registry, services
        from khaneh.domains.people.services import personal_data
        from khaneh.infrastructure import journal

        registry.register(frame.FRAME, frame.texts())
        personal_data.register("notices", services.export_member, _erase)
        journal.follow("people.member.merged", _merge)
        journal.follow("people.account.closed", _account_closed)


def _erase(member_id: int, now: datetime) -> None:
    from khaneh.domains.notices import services

    services.erase_member(member_id, now=now)


def _account_closed(kind: str, house_id: int | None, facts: dict[str, Any]) -> None:
    from khaneh.domains.notices import services

    services.erase_account(facts["account"], now=timezone.now())


def _merge(kind: str, house_id: int | None, facts: dict[str, Any]) -> None:
    from khaneh.domains.notices import services

    services.merge_members(kept_id=facts["kept"], gone_id=facts["gone"])
