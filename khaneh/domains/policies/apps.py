"""The policies domain's Django app."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class PoliciesConfig(AppConfig):
    """Registers the domain's tables, and keeps the acts' definitions and the tree of places true to what they are."""

    name = "khaneh.domains.policies"
    label = "policies"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Follow houses and regions that move; keep the definitions of registered acts after each migration."""
        from khaneh.domains.policies import services
        from khaneh.infrastructure import journal

        journal.follow("network.", services.places_moved)
        post_migrate.connect(_keep_definitions, sender=self)


def _keep_definitions(**_given: Any) -> None:
    from django.db import connection

    from khaneh.domains.policies import registry, services

    if "policies_actdefinition" not in connection.introspection.table_names():
        return  # migrated back to before there were policies
    for act in registry.acts():
        services.ensure_act(act=act.code)
