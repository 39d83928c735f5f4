"""The Django app of the pages of the exchange: templates and translations, no tables."""

from django.apps import AppConfig


class ExchangePagesConfig(AppConfig):
    """Holds no models: an interface never does."""

    name = "khaneh.interfaces.web.exchange"
    label = "exchange_pages"
