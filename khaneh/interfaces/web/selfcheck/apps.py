"""The self-check's Django app: templates and translations, no tables."""

from django.apps import AppConfig


class SelfCheckConfig(AppConfig):
    """Holds no models: an interface never does."""

    name = "khaneh.interfaces.web.selfcheck"
    label = "selfcheck"
