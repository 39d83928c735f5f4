"""The exchange domain's Django app."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """Registers the domain's tables."""

    name = "khaneh.domains.exchange"
    label = "exchange"
    default_auto_field = "django.db.models.BigAutoField"
