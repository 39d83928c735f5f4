"""The programmes domain's Django app."""

from django.apps import AppConfig


class ProgrammesConfig(AppConfig):
    """Registers the domain's tables."""

    name = "khaneh.domains.programmes"
    label = "programmes"
    default_auto_field = "django.db.models.BigAutoField"
