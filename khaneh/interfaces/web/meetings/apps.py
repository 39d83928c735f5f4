"""The Django app of the pages of meetings: templates and translations, no tables."""

from django.apps import AppConfig


class MeetingPagesConfig(AppConfig):
    """Holds no models: an interface never does."""

    name = "khaneh.interfaces.web.meetings"
    label = "meeting_pages"
