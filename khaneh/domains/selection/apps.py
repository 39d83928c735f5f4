"""The selection domain's Django app."""

from typing import Any

from django.apps import AppConfig
from django.utils import timezone


class SelectionConfig(AppConfig):
    """Registers the domain's tables and its events with the notices; hears of who withdraws and who leaves."""

    name = "khaneh.domains.selection"
    label = "selection"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make known what people are told of; take part in handing out and erasing members; give places back that nobody wants."""
        from khaneh.domains.people.services import personal_data
        from khaneh.domains.selection import belongings, notices, services
        from khaneh.infrastructure import journal

        notices.register()
        belongings.register()
        personal_data.register("selection", services.export_member, services.erase_member)
        journal.follow("people.account.closed", _account_closed)
        journal.follow("programmes.application.moved", _application_moved)


def _account_closed(kind: str, house_id: int | None, facts: dict[str, Any]) -> None:
    from khaneh.domains.selection import services

    services.erase_account(facts["account"], timezone.now())


def _application_moved(kind: str, house_id: int | None, facts: dict[str, Any]) -> None:
    from khaneh.domains.programmes.types import ApplicationState
    from khaneh.domains.selection import services
    from khaneh.kernel.actor import SYSTEM

    if facts["after"] == ApplicationState.WITHDRAWN.value:
        services.release(application_id=facts["application_id"], actor=SYSTEM, now=timezone.now())
