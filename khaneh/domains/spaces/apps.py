"""The spaces domain's Django app."""

from django.apps import AppConfig


class SpacesConfig(AppConfig):
    """Registers the domain's tables, its act with the policies, its events with the notices, and spaces with discovery."""

    name = "khaneh.domains.spaces"
    label = "spaces"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make booking known to the policies, what people are told of, and what can be found; take part in handing out and erasing members."""
        from khaneh.domains.people.services import personal_data
        from khaneh.domains.policies import registry
        from khaneh.domains.spaces import discovered, notices, services
        from khaneh.domains.spaces.rules.acts import BOOKING

        registry.register(BOOKING)
        notices.register()
        discovered.register()
        personal_data.register(
            "spaces", services.export_member, services.erase_member, closer=services.erase_account, above=0
        )
