"""The exchange domain's Django app."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.apps import AppConfig

if TYPE_CHECKING:
    from khaneh.kernel.actor import Actor


class ExchangeConfig(AppConfig):
    """Registers the domain's tables, its events with the notices, needs and offers with discovery."""

    name = "khaneh.domains.exchange"
    label = "exchange"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make known what people are told of and what can be found; take part in handing out and erasing members."""
        from khaneh.domains.exchange import discovered, notices, services
        from khaneh.domains.people.services import personal_data
        from khaneh.domains.profiles.types.withdrawal import on_withdrawn
        from khaneh.infrastructure import journal

        notices.register()
        discovered.register()
        personal_data.register("exchange", services.export_member, services.erase_member)
        journal.follow("people.account.closed", _account_closed)
        on_withdrawn("exchange", _organisation_withdrawn)


def _account_closed(kind: str, house_id: int | None, facts: dict[str, Any]) -> None:
    from khaneh.domains.exchange import services

    services.erase_account(facts["account"])


def _organisation_withdrawn(*, organisation_id: int, actor: Actor, now: datetime) -> None:
    from khaneh.domains.exchange import services

    services.withdraw_organisation(organisation_id=organisation_id, actor=actor, now=now)
