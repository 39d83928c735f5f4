"""The Django app of the pages of residencies: templates and translations, no tables."""

from django.apps import AppConfig


class ResidencyPagesConfig(AppConfig):
    """Holds no models: an interface never does."""

    name = "khaneh.interfaces.web.residencies"
    label = "residency_pages"
