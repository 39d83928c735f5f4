"""What every template may use."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from khaneh.interfaces.web import assets, reader


def site(request: HttpRequest) -> dict[str, Any]:
    """Values for the page's frame: the reader, the page's address in each language, the fonts to fetch first."""
    query = request.GET.copy()
    query.pop("lang", None)
    here = request.path + (f"?{query.urlencode()}" if query else "")
    join = "&" if query else "?"
    who = reader.current()
    return {
        "reader": who,
        "site_languages": reader.LANGUAGES,
        "here": here,
        "canonical": settings.SITE_URL + request.path,
        "site_url": settings.SITE_URL,
        "alternates": [(code, f"{settings.SITE_URL}{here}{join}lang={code}") for code in reader.LANGUAGES],
        "asset_version": assets.version(),
        "account_url": _address_or("account", "/account/"),
        "desk_url": _address_or("desk", "/desk/"),
        "first_fonts": _FIRST_FONTS[who.language],
    }


def _address_or(name: str, otherwise: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return otherwise


_FIRST_FONTS = {
    "fa": ("vazirmatn-arabic",),
    "vi": (
        "be-vietnam-pro-latin-400",
        "be-vietnam-pro-latin-600",
        "be-vietnam-pro-vietnamese-400",
        "be-vietnam-pro-vietnamese-600",
    ),
    "en": ("be-vietnam-pro-latin-400", "be-vietnam-pro-latin-600"),
}
