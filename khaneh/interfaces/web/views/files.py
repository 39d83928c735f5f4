"""What browsers and search engines ask for beside pages: assets, manifest, service worker, robots, OpenSearch description."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from khaneh.interfaces.web import assets, reader

_FOR_EVER = "public, max-age=31536000, immutable"


@require_safe
def asset(request: HttpRequest, version: str, name: str) -> HttpResponse:
    """A file of the static folder, packed as the browser likes it. An old version's address gives today's file, for an hour."""
    found = assets.load(name)
    if found is None:
        raise Http404
    accepted = request.headers.get("Accept-Encoding", "")
    body, encoding = found.plain, ""
    if found.brotli is not None and "br" in accepted:
        body, encoding = found.brotli, "br"
    elif found.gzip is not None and "gzip" in accepted:
        body, encoding = found.gzip, "gzip"
    response = HttpResponse(body, content_type=found.content_type)
    response["Cache-Control"] = _FOR_EVER if version == assets.version() else "public, max-age=3600"
    response["Content-Length"] = str(len(body))
    if found.brotli is not None:
        response["Vary"] = "Accept-Encoding"
        # Says "already decided" to the middleware that would pack a second time.
        response["Content-Encoding"] = encoding or "identity"
    return response


@require_safe
def manifest(request: HttpRequest) -> JsonResponse:
    """The installable app, in the reader's language."""
    who = reader.current()
    return JsonResponse(
        {
            "id": "/",
            "name": _("Khaneh"),
            "short_name": _("Khaneh"),
            "description": _("Libraries and innovation houses of the region in one place."),
            "lang": who.language,
            "dir": who.direction,
            "start_url": "/",
            "scope": "/",
            "display": "standalone",
            "background_color": "#faf7f0",
            "theme_color": "#0a666c",
            "icons": [
                {"src": assets.url("img/icon.svg"), "sizes": "any", "type": "image/svg+xml"},
                {
                    "src": assets.url("img/icon-maskable.svg"),
                    "sizes": "any",
                    "type": "image/svg+xml",
                    "purpose": "maskable",
                },
            ],
            "shortcuts": [
                {"name": _("Search"), "url": reverse("search")},
                {"name": _("Houses near you"), "url": reverse("houses")},
            ],
        },
        content_type="application/manifest+json",
        json_dumps_params={"ensure_ascii": False},
    )


@require_safe
@cache_control(no_cache=True)
def service_worker(request: HttpRequest) -> HttpResponse:
    """The script that keeps the shell, the fonts and the offline page; its text changes with the assets."""
    return render(
        request, "web/files/sw.js", {"version": assets.version()}, content_type="text/javascript; charset=utf-8"
    )


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What crawlers may visit: everything public, but not endless lists of results."""
    lines = ["User-agent: *", "Disallow: /search", "Disallow: /suggest", "Disallow: /account", "Disallow: /accounts/"]
    lines += ["Disallow: /desk", "Disallow: /design", "", f"Sitemap: {settings.SITE_URL}{reverse('sitemap')}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
def opensearch(request: HttpRequest) -> HttpResponse:
    """Lets a browser search the network from its address bar."""
    return render(request, "web/files/opensearch.xml", content_type="application/opensearchdescription+xml")
