"""The catalogue domain's Django app."""

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    """Registers the domain's tables."""

    name = "khaneh.domains.catalogue"
    label = "catalogue"
    default_auto_field = "django.db.models.BigAutoField"
