"""Which kinds of document and which facets there are. Domains above register theirs in `AppConfig.ready`; this one has none."""

from __future__ import annotations

from khaneh.domains.discovery.types import Facet, Kind
from khaneh.kernel.labels import Label

_kinds: dict[str, Kind] = {}
_facets: dict[str, Facet] = {}


def register(kind: Kind) -> None:
    """Make a kind findable. Raises ValueError when another kind has its name; registering the same one again does nothing."""
    if _kinds.get(kind.name, kind) != kind:
        raise ValueError(f"two kinds are called {kind.name!r}")
    _kinds[kind.name] = kind


def replace(kind: Kind) -> None:
    """Let a kind's documents come from elsewhere, in its place: for a higher domain that knows more of the same things."""
    _kinds[kind.name] = kind


def unregister(name: str) -> None:
    """Forget a kind; for tests that register one of their own."""
    _kinds.pop(name, None)


def register_facet(facet: Facet) -> None:
    """Add a facet, or replace the standing one of this name, e.g. to give it a `describe`."""
    _facets[facet.name] = facet


def kinds() -> tuple[Kind, ...]:
    """Every kind, in the order of registration."""
    return tuple(_kinds.values())


def kind(name: str) -> Kind | None:
    """The kind of this name, or None."""
    return _kinds.get(name)


def facets() -> tuple[Facet, ...]:
    """Every facet, in the order in which a result list shows them."""
    return tuple(_facets.values())


def facet(name: str) -> Facet | None:
    """The facet of this name, or None."""
    return _facets.get(name)


def hierarchical() -> frozenset[str]:
    """The names of the facets whose values are paths."""
    return frozenset(f.name for f in _facets.values() if f.hierarchical)


for _facet in (
    Facet("kind", Label(en="Kind", fa="نوع", vi="Loại")),
    Facet("available", Label(en="Availability", fa="موجود بودن", vi="Tình trạng sẵn có")),
    Facet("digital", Label(en="Digital copy", fa="نسخهٔ دیجیتال", vi="Bản số hóa")),
    Facet("region", Label(en="Region", fa="منطقه", vi="Khu vực"), hierarchical=True, size=40),
    Facet("house", Label(en="House", fa="خانه", vi="Cơ sở"), hierarchical=True, size=40),
    Facet("form", Label(en="Form", fa="شکل", vi="Dạng tài liệu")),
    Facet("language", Label(en="Language", fa="زبان", vi="Ngôn ngữ")),
    Facet("script", Label(en="Script", fa="خط", vi="Chữ viết")),
    Facet("author", Label(en="Author", fa="پدیدآور", vi="Tác giả")),
    Facet("subject", Label(en="Subject", fa="موضوع", vi="Chủ đề")),
    Facet("genre", Label(en="Genre", fa="ژانر", vi="Thể loại")),
    Facet("year", Label(en="Year", fa="سال", vi="Năm")),
):
    register_facet(_facet)
