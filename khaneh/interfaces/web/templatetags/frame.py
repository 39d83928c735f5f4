"""The page's frame: header, footer and shortcuts, rendered once for all who see the same. They were an eighth of what a page costs.

Only what `frame_part` names reaches these templates, so nothing of one reader can stay in a part that another reader is shown.
"""

from __future__ import annotations

from functools import cache, lru_cache
from html import escape
from typing import Any

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.safestring import SafeString

from khaneh.interfaces.web import reader
from khaneh.interfaces.web.requests import actor_of

register = template.Library()

# Stand for the page's own address until a part is put into a page: one without a query, one with a query.
_HERE, _ASKED = "\ue000", "\ue000?\ue000"


@register.simple_tag(takes_context=True)
def frame_part(context: dict[str, Any], name: str) -> SafeString:
    """A part of the frame, `web/components/<name>.html`."""
    request, who, here = context["request"], reader.current(), context["here"]
    places = (*_places(), context["account_url"], context["desk_url"])
    stands = _ASKED if "?" in here else _HERE
    render = _rendered.__wrapped__ if settings.DEBUG else _rendered
    html = render(
        name,
        language=who.language,
        theme=who.theme,
        calendar=who.calendar,
        here=stands,
        current=request.path if request.path in places else "",
        account_url=context["account_url"],
        desk_url=context["desk_url"],
        is_staff=bool(actor_of(request).grants),
        is_signed_in=bool(context["user"].is_authenticated),
        hide_header_search=bool(context.get("hide_header_search")),
    )
    return SafeString(html.replace(stands, escape(here)))


@cache
def _places() -> tuple[str, ...]:
    return reverse("home"), reverse("search"), reverse("houses"), reverse("spaces")


@lru_cache(maxsize=1024)
def _rendered(name: str, **facts: Any) -> str:
    with translation.override(facts["language"]):
        return str(render_to_string(f"web/components/{name}.html", {**facts, "site_languages": reader.LANGUAGES}))
