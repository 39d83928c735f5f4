"""Features of the issue: year, imprint, extent, edition, height and series."""

from __future__ import annotations

from rapidfuzz.distance import Indel
from rapidfuzz.fuzz import token_set_ratio

from khaneh.domains.catalogue.rules.matching.comparable import Comparable
from khaneh.domains.catalogue.rules.matching.seen import Seen
from khaneh.domains.catalogue.rules.matching.skeleton import skeleton

_similarity = Indel.normalized_similarity


def year(a: Comparable, b: Comparable) -> Seen | None:
    if a.year is None or b.year is None:
        return None
    shown = (str(a.year), str(b.year))
    gap = abs(a.year - b.year)
    if gap == 0:
        word = "same"
    elif set(a.years) & set(b.years):
        # A copyright or original date of one is the date of the other: of this issue when near, of a reprint when not.
        word = "claimed" if gap <= 2 else "reprint"
    elif _within(a, b.year) or _within(b, a.year):
        word = "within"
    else:
        word = "next" if gap == 1 else "near" if gap <= 3 else "far" if gap <= 10 else "very-far"
    return Seen("year", word, *shown)


def _within(a: Comparable, year: int) -> bool:
    return a.year is not None and a.year_end is not None and a.year <= year <= a.year_end


def publisher(a: Comparable, b: Comparable, bones: bool) -> Seen | None:
    if not a.publisher or not b.publisher:
        return None
    shown = (" ".join(a.publisher), " ".join(b.publisher))
    word = _words_shared(a.publisher, b.publisher)
    if word != "same" and bones:
        left = a.publisher_bones or tuple(skeleton(" ".join(a.publisher)).split())
        right = b.publisher_bones or tuple(skeleton(" ".join(b.publisher)).split())
        if left and right:
            other = _words_shared(left, right)
            word = other if word == "different" else word
    return Seen("publisher", word, *shown)


def _words_shared(left: tuple[str, ...], right: tuple[str, ...]) -> str:
    if left == right:
        return "same"
    shared = set(left) & set(right)
    if shared:
        return "same" if len(shared) >= min(len(left), len(right)) else "partly"
    if _similarity(" ".join(left), " ".join(right)) >= 0.75:
        return "partly"
    # Initials and abbreviations: "u p" or "off" for "office".
    short, long = (left, right) if len(left) <= len(right) else (right, left)
    return "partly" if any(w.startswith(s) for s in short for w in long if len(s) > 2) else "different"


def place(a: Comparable, b: Comparable, bones: bool) -> Seen | None:
    if not a.place or not b.place:
        return None
    shown = (a.place, b.place)
    if a.place == b.place or _similarity(a.place, b.place) >= 0.8 or a.place in b.place or b.place in a.place:
        return Seen("place", "same", *shown)
    if bones:
        left, right = a.place_bones or skeleton(a.place), b.place_bones or skeleton(b.place)
        if left and left == right:
            return Seen("place", "same", *shown)
    if a.place in b.places or b.place in a.places:
        return Seen("place", "shared", *shown)
    return Seen("place", "different", *shown)


def extent(a: Comparable, b: Comparable) -> Seen | None:
    a_set, b_set = _is_set(a), _is_set(b)
    if a_set is None and b_set is None and (a.pages is None or b.pages is None):
        return None
    shown = (_extent_text(a), _extent_text(b))
    if a_set is not None and b_set is not None and a_set != b_set:
        return Seen("extent", "set-and-single", *shown)
    if a_set and b_set:
        if not a.volumes or not b.volumes:
            return None if a.volumes or b.volumes else Seen("extent", "open-sets", *shown)
        return Seen("extent", "same-volumes" if a.volumes == b.volumes else "other-volumes", *shown)
    if a.pages is None or b.pages is None:
        return Seen("extent", "one-volume", *shown) if a.pages == b.pages and a_set is b_set is False else None
    gap = abs(a.pages - b.pages)
    largest = max(a.pages, b.pages)
    if gap == 0:
        word = "same" if largest > 32 else "same-thin"
    elif gap <= max(2, largest * 0.01):
        word = "near"
    else:
        word = "close" if gap <= largest * 0.05 else "apart" if gap <= largest * 0.2 else "far"
    return Seen("extent", word, *shown)


def _extent_text(own: Comparable) -> str:
    if own.volumes is not None and own.volumes != 1:
        return f"{own.volumes or ''} v".strip()
    return "" if own.pages is None else f"{own.pages} p"


def _is_set(own: Comparable) -> bool | None:
    return None if own.volumes is None else own.volumes != 1


def edition(a: Comparable, b: Comparable) -> Seen | None:
    if not a.edition_text and not b.edition_text:
        return None
    shown = (a.edition_text[:60], b.edition_text[:60])
    if a.edition is not None and b.edition is not None:
        word = "same" if a.edition == b.edition else "differ"
    elif a.edition_text and b.edition_text:
        word = "same" if _similarity(a.edition_text, b.edition_text) >= 0.7 else "unlike"
    else:
        number = a.edition if a.edition_text else b.edition
        word = "first-or-none" if number == 1 else "later-or-none" if number else "one-side"
    return Seen("edition", word, *shown)


def height(a: Comparable, b: Comparable) -> Seen | None:
    if a.height is None or b.height is None:
        return None
    gap = abs(a.height - b.height)
    word = "same" if gap == 0 else "near" if gap == 1 else "apart" if gap <= 3 else "far"
    return Seen("height", word, f"{a.height} cm", f"{b.height} cm")


def series(a: Comparable, b: Comparable) -> Seen | None:
    if not a.series or not b.series:
        return None
    alike = token_set_ratio(a.series, b.series) >= 80
    if a.series_numbers and b.series_numbers and not set(a.series_numbers) & set(b.series_numbers):
        word = "other-number" if alike else "different"
    else:
        word = "same" if alike else "different"
    return Seen("series", word, a.series[:60], b.series[:60])
