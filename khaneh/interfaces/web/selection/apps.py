"""The Django app of the pages of selection: templates and translations, no tables."""

from django.apps import AppConfig


class SelectionPagesConfig(AppConfig):
    """Holds no models: an interface never does."""

    name = "khaneh.interfaces.web.selection"
    label = "selection_pages"
