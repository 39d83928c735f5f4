"""The reader's wishes: language, calendar, theme, and the house they start from. Kept in cookies, nothing else."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from khaneh.interfaces.web import reader


def _back(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) or not wanted.startswith("/"):
        return "/"
    parts = urlsplit(wanted)
    # A page asked for with ?lang= would go on speaking the old language.
    query = urlencode([pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] != "lang"])
    return urlunsplit(("", "", parts.path, query, parts.fragment))


# Without a token pages carry no cookie of their own and stay cacheable; the worst a forger reaches is another theme.
@csrf_exempt
@require_POST
def set_preferences(request: HttpRequest) -> HttpResponse:
    """Keep what was chosen and go back to the page."""
    response = HttpResponseRedirect(_back(request))
    chosen: dict[str, str] = {}
    if request.POST.get("language") in reader.LANGUAGES:
        chosen[settings.LANGUAGE_COOKIE_NAME] = request.POST["language"]
    chosen |= {name: request.POST[name] for name, values in reader.COOKIES.items() if request.POST.get(name) in values}
    if "house" in request.POST and len(request.POST["house"]) <= 64:
        chosen[reader.HOUSE_COOKIE] = request.POST["house"]
    for name, value in chosen.items():
        response.set_cookie(
            name, value, max_age=reader.COOKIE_SECONDS, samesite="Lax", secure=request.is_secure(), httponly=True
        )
    return response
