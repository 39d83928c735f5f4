"""What every page needs before its view runs: the reader's language and the actor."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation

from khaneh.interfaces.web import reader


class LanguageMiddleware:
    """The language of the page: `?lang=` for this page, else the cookie, else the browser's wish, else English."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = request.GET.get("lang", "")
        language = asked if asked in reader.LANGUAGES else translation.get_language_from_request(request)
        language = language[:2] if language[:2] in reader.LANGUAGES else "en"
        with translation.override(language), reader.reading(reader.of(request, language)):
            request.LANGUAGE_CODE = language
            response = self._get_response(request)
            response.headers.setdefault("Content-Language", language)
            return response


class ActorMiddleware:
    """Puts `request.actor` beside `request.user`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)
