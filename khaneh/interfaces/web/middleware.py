"""What every page needs before its view runs: the reader's language and the actor."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from time import monotonic

from allauth.account.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.functional import SimpleLazyObject

from khaneh.domains.people import queries as people
from khaneh.interfaces.web import reader, refusals
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import Refusal


class LanguageMiddleware:
    """The language of the page: `?lang=` for this page, else the cookie, else the browser's wish, else English."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = request.GET.get("lang", "")
        language = asked if asked in reader.LANGUAGES else translation.get_language_from_request(request)
        language = language[:2] if language[:2] in reader.LANGUAGES else "en"
        # On whose clocks a page shows its days is said by its view (clocks.follow), and never by the request before it.
        with translation.override(language), timezone.override(None), reader.reading(reader.of(request, language)):
            request.LANGUAGE_CODE = language
            response = self._get_response(request)
            response.headers.setdefault("Content-Language", language)
            if response.headers.get("Content-Type", "").startswith("text/html"):
                patch_vary_headers(response, ("Accept-Language", "Cookie"))
            return response


class RefusalMiddleware:
    """Shows a domain's refusal as a page. Missing and unseen look the same; a form's view answers its own refusals beside the field."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page for a refusal; anything else is an error and goes on its way."""
        return refusals.page(request, exception) if isinstance(exception, Refusal) else None


class SeenMiddleware:
    """Keeps when and from where somebody's browsers were last seen, for the list in their account: to within `EVERY` seconds.

    In place of allauth's own, which writes at every request: a third of the statements of whoever has signed in. A browser that is another
    one, or elsewhere, is written at once.
    """

    EVERY = 300.0
    _MOST = 20_000

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response
        self._written: dict[str, tuple[float, tuple[str, str]]] = {}  # by the key of the session: when, and from where

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = request.session.session_key
        if key and request.user.is_authenticated:
            where = (get_adapter().get_client_ip(request), request.META.get("HTTP_USER_AGENT", ""))
            at, before = self._written.get(key, (0.0, None))
            if where != before or monotonic() - at >= self.EVERY:
                UserSession.objects.create_from_request(request)
                if len(self._written) >= self._MOST:
                    self._written.clear()
                self._written[key] = (monotonic(), where)
        return self._get_response(request)


class ActorMiddleware:
    """Puts `request.actor` beside `request.user`: read once a request, and only by a page that asks who acts."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: _actor(request))  # type: ignore[attr-defined]
        return self._get_response(request)


def _actor(request: HttpRequest) -> Actor:
    account_id = request.user.pk if request.user.is_authenticated else None
    return replace(people.actor(account_id, now=timezone.now()), language=request.LANGUAGE_CODE)
