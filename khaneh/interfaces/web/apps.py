"""The pages' Django app: templates and static files, no tables."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Holds no models: an interface never does."""

    name = "khaneh.interfaces.web"
    label = "web"
