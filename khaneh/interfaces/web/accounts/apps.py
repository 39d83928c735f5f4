"""The accounts pages' Django app: templates that stand before allauth's own, and what happens when somebody signs up."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Holds no models."""

    name = "khaneh.interfaces.web.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Listen to allauth, which makes the accounts."""
        from allauth.account.signals import user_signed_up  # the app registry must be ready first

        from khaneh.interfaces.web.accounts.adapter import signed_up

        user_signed_up.connect(signed_up, dispatch_uid="khaneh.accounts.signed_up")
