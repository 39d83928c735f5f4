"""Calendars to subscribe to, as files: everybody's of a space or a house, one's own by a secret address."""

from __future__ import annotations

import hashlib

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from django.views.decorators.http import require_safe

from khaneh.domains.people import services as people
from khaneh.domains.people.errors import TooManyCalls
from khaneh.formats.ical import Feed, write
from khaneh.interfaces.protocols.ical import registry, sources
from khaneh.kernel.refusal import Refusal

MEDIA_TYPE = "text/calendar; charset=utf-8"
_FRESH_SECONDS = 300
sources.ready()


@require_safe
def public(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """A calendar for everybody: of a space, a house. `?lang=` is its language, else the browser's."""
    try:
        found = registry.feed(kind, key, language=request.LANGUAGE_CODE, now=timezone.now())
    except Refusal as refusal:
        return refused(refusal)
    response = answered(request, found, f"{kind}-{key}")
    response["Cache-Control"] = f"public, max-age={_FRESH_SECONDS}"
    patch_vary_headers(response, ("Accept-Language", "Cookie"))
    return response


@require_safe
def person(request: HttpRequest, secret: str) -> HttpResponse:
    """One's own calendar. The address is its password: it is known to whoever was given it and to nobody else."""
    now = timezone.now()
    try:
        owner = people.open_calendar_key(secret, now=now, address=request.META.get("REMOTE_ADDR", ""))
        found = registry.feed("person", "own", language=owner.language, now=now, actor=owner, refresh_minutes=15)
    except Refusal as refusal:
        return refused(refusal)
    response = answered(request, found, "khaneh")
    response["Cache-Control"] = "private, no-cache"
    response["Referrer-Policy"] = "no-referrer"
    return response


def answered(request: HttpRequest, found: Feed, name: str) -> HttpResponse:
    """The calendar, or that nothing has changed since the caller read it."""
    body = write(found)
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    response: HttpResponse
    if is_known(request, etag):
        response = HttpResponseNotModified()
    else:
        response = HttpResponse(body, content_type=MEDIA_TYPE)
        safe = "".join(one for one in name if one.isascii() and (one.isalnum() or one in "-_."))
        response["Content-Disposition"] = f'inline; filename="{safe}.ics"'
    response["ETag"] = etag
    response["X-Robots-Tag"] = "noindex"
    return response


def is_known(request: HttpRequest, etag: str) -> bool:
    """Whether the caller has this already. What was compressed on its way has a weak tag (RFC 9110, 13.1.2: they are compared as equal)."""
    return etag in {one.removeprefix("W/") for one in parse_etags(request.headers.get("If-None-Match", ""))}


def refused(refusal: Refusal) -> HttpResponse:
    """Why not, for a program: its code alone."""
    status = 429 if isinstance(refusal, TooManyCalls) else 404
    response = HttpResponse(f"{refusal.code}\n", status=status, content_type="text/plain; charset=utf-8")
    if status == 429:
        response["Retry-After"] = str(refusal.facts["seconds"])
    # The address may hold a key, and the log must not.
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response
