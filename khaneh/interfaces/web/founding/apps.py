"""The Django app of the pages of founding: templates and translations, no tables."""

from django.apps import AppConfig


class FoundingPagesConfig(AppConfig):
    """Holds no models: an interface never does."""

    name = "khaneh.interfaces.web.founding"
    label = "founding_pages"
