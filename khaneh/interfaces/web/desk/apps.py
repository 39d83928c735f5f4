"""The desk's Django app: templates, template tags and translations, no tables."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """Holds no models: an interface never does."""

    name = "khaneh.interfaces.web.desk"
    label = "desk"
