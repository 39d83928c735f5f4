"""The Django app of the pages of profiles: templates and translations, no tables."""

from django.apps import AppConfig


class ProfilePagesConfig(AppConfig):
    """Holds no models: an interface never does."""

    name = "khaneh.interfaces.web.profiles"
    label = "profile_pages"
