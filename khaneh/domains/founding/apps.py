"""The founding domain's Django app."""

from typing import Any

from django.apps import AppConfig


class FoundingConfig(AppConfig):
    """Registers the domain's tables, its events with the notices, and standards with discovery."""

    name = "khaneh.domains.founding"
    label = "founding"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make known what people are told of and what can be found; take part in handing out and erasing members."""
        from khaneh.domains.founding import discovered, notices, services
        from khaneh.domains.people.services import personal_data
        from khaneh.infrastructure import journal

        notices.register()
        discovered.register()
        personal_data.register("founding", services.export_member, services.erase_member)
        journal.follow("people.account.closed", _account_closed)


def _account_closed(kind: str, house_id: int | None, facts: dict[str, Any]) -> None:
    from khaneh.domains.founding import services

    services.erase_account(facts["account"])
