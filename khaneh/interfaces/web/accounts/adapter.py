"""Where allauth meets us: what a new account starts with, and which look a reader finds after signing in."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from khaneh.domains.people import services as people
from khaneh.domains.people.types import Preferences
from khaneh.interfaces.web import reader


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-up may be closed by setting; who signs in reads as their account says."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Whether anybody may make an account (KHANEH_SIGN_UP=closed says no)."""
        return bool(settings.KHANEH_SIGN_UP_OPEN)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        # By the account alone: the site is reached by several names, and each would otherwise allow as many guesses again.
        return "account:" + str(credentials.get("email", "")).strip().lower()

    def post_login(self, request: HttpRequest, user: Any, **facts: Any) -> HttpResponse:
        """Go on, in the account's language and calendar."""
        response: HttpResponse = super().post_login(request, user, **facts)
        remember_look(response, language=user.language, calendar=user.calendar)
        return response


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Accounts that come from an OpenID Connect provider."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """A provider that the operator has set may always bring its people."""
        return True

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> Any:
        """Take over the name; we keep it whole."""
        user = super().populate_user(request, sociallogin, data)
        parts = (data.get("first_name"), data.get("last_name"))
        # allauth may keep the account in the session before it is stored, where a default of the database cannot go.
        user.created_at = timezone.now()
        user.name = (data.get("name") or " ".join(part for part in parts if part))[: people.LONGEST_NAME]
        return user


def display_name(user: Any) -> str:
    """How allauth's messages name somebody: by name, or by address where there is none."""
    return str(user.get_full_name())


def signed_up(request: HttpRequest, user: Any, **facts: Any) -> None:
    """Start the account with the look in which its holder was reading."""
    look = reader.current()
    people.record_sign_up(
        account_id=user.pk,
        preferences=Preferences(name=user.name, language=look.language, calendar=look.calendar_wish),
    )
    user.language, user.calendar = look.language, look.calendar_wish


def remember_look(response: HttpResponse, *, language: str, calendar: str) -> None:
    """Set the cookies from which every page takes its language and calendar."""
    for name, value in ((settings.LANGUAGE_COOKIE_NAME, language), ("calendar", calendar)):
        response.set_cookie(
            name,
            value,
            max_age=reader.COOKIE_SECONDS,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
