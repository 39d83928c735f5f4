"""The Django app of the pages of programmes: templates and translations, no tables."""

from django.apps import AppConfig


class ProgrammePagesConfig(AppConfig):
    """Holds no models: an interface never does."""

    name = "khaneh.interfaces.web.programmes"
    label = "programme_pages"
