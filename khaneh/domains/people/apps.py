"""The people domain's Django app."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Registers the domain's tables, and what somebody may have made of their account."""

    name = "khaneh.domains.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make known what stands in the account's menu."""
        from khaneh.domains.people import belongings  # the app registry must be ready first

        belongings.register()
