"""The Django app of the pages of events: templates and translations, no tables."""

from django.apps import AppConfig


class EventPagesConfig(AppConfig):
    """Holds no models: an interface never does."""

    name = "khaneh.interfaces.web.events"
    label = "event_pages"
