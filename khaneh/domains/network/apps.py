"""The network domain's Django app."""

from django.apps import AppConfig


class NetworkConfig(AppConfig):
    """Registers the domain's tables."""

    name = "khaneh.domains.network"
    label = "network"
    default_auto_field = "django.db.models.BigAutoField"
