"""The discovery domain's Django app."""

from django.apps import AppConfig


class DiscoveryConfig(AppConfig):
    """Registers the domain's tables."""

    name = "khaneh.domains.discovery"
    label = "discovery"
    default_auto_field = "django.db.models.BigAutoField"
