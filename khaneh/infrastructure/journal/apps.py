"""The journal's Django app."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    """Holds one table, `journal_entry`."""

    name = "khaneh.infrastructure.journal"
    label = "journal"
    default_auto_field = "django.db.models.BigAutoField"
