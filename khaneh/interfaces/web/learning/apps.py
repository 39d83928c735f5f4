"""The Django app of the pages of learning: templates and translations, no tables."""

from django.apps import AppConfig


class LearningPagesConfig(AppConfig):
    """Holds no models: an interface never does."""

    name = "khaneh.interfaces.web.learning"
    label = "learning_pages"
