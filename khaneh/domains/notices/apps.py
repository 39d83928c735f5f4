"""The notices domain's Django app."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Registers the domain's tables and the frame that messages are put in."""

    name = "khaneh.domains.notices"
    label = "notices"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the frame known."""
        from khaneh.domains.notices import frame, registry

        registry.register(frame.FRAME, frame.texts())
