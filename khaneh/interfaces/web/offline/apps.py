"""The offline desk's Django app: templates and translations, no tables."""

from django.apps import AppConfig


class OfflineDeskConfig(AppConfig):
    """Holds no models: an interface never does."""

    name = "khaneh.interfaces.web.offline"
    label = "offline_desk"
