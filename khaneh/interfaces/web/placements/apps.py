"""The Django app of the pages of placements: templates and translations, no tables."""

from django.apps import AppConfig


class PlacementPagesConfig(AppConfig):
    """Holds no models: an interface never does."""

    name = "khaneh.interfaces.web.placements"
    label = "placement_pages"
