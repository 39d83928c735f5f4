"""The circulation domain's Django app."""

from django.apps import AppConfig


class CirculationConfig(AppConfig):
    """Registers the domain's tables."""

    name = "khaneh.domains.circulation"
    label = "circulation"
    default_auto_field = "django.db.models.BigAutoField"
