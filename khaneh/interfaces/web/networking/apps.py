"""The Django app of the pages of networking: templates and translations, no tables."""

from django.apps import AppConfig


class NetworkingPagesConfig(AppConfig):
    """Holds no models: an interface never does."""

    name = "khaneh.interfaces.web.networking"
    label = "networking_pages"
