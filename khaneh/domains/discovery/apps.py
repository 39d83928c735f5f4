"""The discovery domain's Django app."""

from django.apps import AppConfig


class DiscoveryConfig(AppConfig):
    """Registers the domain's tables."""

    name = "khaneh.domains.discovery"
    label = "discovery"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the kinds of the domains below, which cannot do it themselves."""
        from khaneh.domains.discovery import network_kinds  # the app registry must be ready first

        network_kinds.register()
