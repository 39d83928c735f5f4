"""The circulation domain's Django app."""

from django.apps import AppConfig


class CirculationConfig(AppConfig):
    """Registers the domain's tables, its acts with the policies, and its events with the notices."""

    name = "khaneh.domains.circulation"
    label = "circulation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the acts of lending known, and what people are told of."""
        from khaneh.domains.circulation import notices
        from khaneh.domains.circulation.rules.acts import ACTS
        from khaneh.domains.policies import registry

        for act in ACTS:
            registry.register(act)
        notices.register()
