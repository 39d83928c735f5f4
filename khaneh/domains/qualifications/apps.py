"""The qualifications domain's Django app."""

from typing import Any

from django.apps import AppConfig


class QualificationsConfig(AppConfig):
    """Registers the domain's tables, its events with the notices, and its part in what becomes of members."""

    name = "khaneh.domains.qualifications"
    label = "qualifications"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the events known; take part in handing out and erasing members."""
        from khaneh.domains.people.services import personal_data
        from khaneh.domains.qualifications import belongings, notices, services
        from khaneh.infrastructure import journal

        notices.register()
        belongings.register()
        personal_data.register("qualifications", services.export_member, services.erase_member)
        journal.follow("people.account.closed", _account_closed)


def _account_closed(kind: str, house_id: int | None, facts: dict[str, Any]) -> None:
    from khaneh.domains.qualifications import services

    services.erase_account(facts["account"])
