"""The spaces domain's Django app."""

from django.apps import AppConfig


class SpacesConfig(AppConfig):
    """Registers the domain's tables, its act with the policies and its events with the notices."""

    name = "khaneh.domains.spaces"
    label = "spaces"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make booking known to the policies, and what people are told of."""
        from khaneh.domains.policies import registry
        from khaneh.domains.spaces import notices
        from khaneh.domains.spaces.rules.acts import BOOKING

        registry.register(BOOKING)
        notices.register()
