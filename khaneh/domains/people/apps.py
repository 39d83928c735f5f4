"""The people domain's Django app."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Registers the domain's tables."""

    name = "khaneh.domains.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"
