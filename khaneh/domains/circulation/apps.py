"""The circulation domain's Django app."""

from django.apps import AppConfig


class CirculationConfig(AppConfig):
    """Registers the domain's tables, and its acts with the policies."""

    name = "khaneh.domains.circulation"
    label = "circulation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the acts of lending known."""
        from khaneh.domains.circulation.rules.acts import ACTS
        from khaneh.domains.policies import registry

        for act in ACTS:
            registry.register(act)
