"""The Django app of the reader's pages of spaces: templates and translations, no tables."""

from django.apps import AppConfig


class SpacePagesConfig(AppConfig):
    """Holds no models: an interface never does."""

    name = "khaneh.interfaces.web.spaces"
    label = "space_pages"
