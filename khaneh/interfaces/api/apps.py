"""The API's Django app: one template, no tables."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Holds no models: an interface never does."""

    name = "khaneh.interfaces.api"
    label = "api"
