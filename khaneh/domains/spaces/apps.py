"""The spaces domain's Django app."""

from django.apps import AppConfig


class SpacesConfig(AppConfig):
    """Registers the domain's tables."""

    name = "khaneh.domains.spaces"
    label = "spaces"
    default_auto_field = "django.db.models.BigAutoField"
