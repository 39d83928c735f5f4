"""The page itself, its manifest and its service worker. It is the same for everybody: who works at it is asked when it speaks to the server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from khaneh.domains.circulation.types import CONFLICT_KINDS
from khaneh.domains.people import queries as people
from khaneh.domains.people.types import BLOCK_REASONS
from khaneh.interfaces.web import assets, reader

SCRIPTS = sorted(path.name for path in (assets.ROOT / "js/offline").glob("*.js"))
_FONTS = sorted(path.name for path in (assets.ROOT / "fonts").glob("*.woff2"))


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """To the page in the reader's language."""
    return redirect("offline-desk-page", language=reader.current().language)


@require_safe
@cache_control(no_cache=True)
def page(request: HttpRequest, language: str) -> HttpResponse:
    """The desk, in the language of its address: a page that is kept on the device cannot ask for another."""
    with _speaking(language):
        context = {
            "direction": reader.current().direction,
            "categories": people.categories(),
            "blocks": BLOCK_REASONS,
            "kinds": CONFLICT_KINDS,
            "login_url": reverse("account_login"),
            "languages": reader.LANGUAGES,
        }
        return render(request, "offline/page.html", {**context, "reader": reader.current()})


@require_safe
def manifest(request: HttpRequest, language: str) -> JsonResponse:
    """The installable desk."""
    with _speaking(language):
        address = reverse("offline-desk-page", args=[language])
        icons = [("img/icon.svg", "any"), ("img/icon-maskable.svg", "maskable")]
        found = {
            "id": "/offline-desk/",
            "name": _("Khaneh: offline desk"),
            "short_name": _("Offline desk"),
            "description": _("Lends, takes back and registers when the line is down."),
            "lang": language,
            "dir": reader.current().direction,
            "start_url": address,
            "scope": "/offline-desk/",
            "display": "standalone",
            "background_color": "#faf7f0",
            "theme_color": "#0a666c",
            "icons": [
                {"src": assets.url(name), "sizes": "any", "type": "image/svg+xml", "purpose": purpose}
                for name, purpose in icons
            ],
        }
        return JsonResponse(found, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False})


@require_safe
@cache_control(no_cache=True)
def service_worker(request: HttpRequest) -> HttpResponse:
    """The script that keeps the page on the device; its text changes with the assets."""
    kept = [reverse("offline-desk-page", args=[code]) for code in reader.LANGUAGES]
    kept += [reverse("offline-desk-manifest", args=[code]) for code in reader.LANGUAGES]
    kept += [assets.url(name) for name in ("css/khaneh.css", "img/icons.svg", "img/icon.svg", "js/desk-sound.js")]
    kept += [assets.url(f"js/offline/{name}") for name in SCRIPTS] + [assets.url(f"fonts/{name}") for name in _FONTS]
    context = {"version": assets.version(), "kept": kept}
    return render(request, "offline/sw.js", context, content_type="text/javascript; charset=utf-8")


@contextmanager
def _speaking(language: str) -> Iterator[None]:
    if language not in reader.LANGUAGES:
        raise Http404
    with translation.override(language), reader.reading(replace(reader.current(), language=language)):
        yield
