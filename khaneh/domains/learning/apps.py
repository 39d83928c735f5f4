"""The learning domain's Django app."""

from typing import Any

from django.apps import AppConfig


class LearningConfig(AppConfig):
    """Registers the domain's tables, its act with the policies, its events with the notices, and courses with discovery."""

    name = "khaneh.domains.learning"
    label = "learning"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make enrolling known to the policies, what people are told of, and what can be found; take part in handing out and erasing members."""
        from khaneh.domains.learning import belongings, discovered, notices, services
        from khaneh.domains.learning.rules.acts import ENROLMENT
        from khaneh.domains.people.services import personal_data
        from khaneh.domains.policies import registry
        from khaneh.infrastructure import journal

        registry.register(ENROLMENT)
        notices.register()
        belongings.register()
        discovered.register()
        personal_data.register("learning", services.export_member, services.erase_member, closer=services.erase_account)
        journal.follow("spaces.booking.cancelled", _booking_cancelled)


def _booking_cancelled(kind: str, house_id: int | None, facts: dict[str, Any]) -> None:
    from khaneh.domains.learning import services

    services.note_lost(facts["booking_id"])
