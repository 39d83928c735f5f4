"""The parts of a page's frame, which are rendered once for many readers: each reader sees their own."""

from __future__ import annotations

from types import SimpleNamespace

from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from django.utils import translation

from khaneh.interfaces.web import context as pages
from khaneh.interfaces.web import reader
from khaneh.interfaces.web.templatetags.frame import frame_part


def part(
    name: str, address: str, *, language: str = "en", theme: str = "auto", staff: bool = False, signed_in: bool = False
) -> str:
    request = RequestFactory().get(address)
    request.user = SimpleNamespace(is_authenticated=True) if signed_in else AnonymousUser()
    request.actor = SimpleNamespace(grants=("a role",) if staff else ())  # type: ignore[attr-defined]
    with translation.override(language), reader.reading(reader.Reader(language=language, theme=theme)):
        return str(frame_part({**pages.site(request), "request": request, "user": request.user}, name))


def test_each_reader_sees_their_own_address_language_and_wishes() -> None:
    first, second = part("footer", "/search?q=one&page=2"), part("footer", "/records/7")
    assert 'href="/search?q=one&amp;page=2&amp;lang=vi"' in first
    assert 'href="/records/7?lang=vi"' in second
    assert "q=one" not in second
    assert "خانه‌های" in part("footer", "/records/7", language="fa")
    dark, plain = part("header", "/records/7", theme="dark"), part("header", "/records/7")
    assert 'value="dark" aria-pressed="true"' in dark
    assert 'value="dark" aria-pressed="false"' in plain


def test_an_address_brings_no_markup() -> None:
    html = part("header", '/records/7?x="><script>alert(1)</script>')
    assert "<script" not in html


def test_a_visitor_is_not_shown_what_staff_were() -> None:
    staff, visitor = part("header", "/", staff=True, signed_in=True), part("header", "/")
    assert 'href="/desk/"' in staff
    assert "My account" in staff
    assert "/desk/" not in visitor
    assert "Sign in" in visitor


def test_the_page_at_hand_is_marked() -> None:
    assert '<a href="/houses" aria-current="page">' in part("tab_links", "/houses")
    assert "aria-current" not in part("tab_links", "/records/7")
