"""Features of what a thing is: language, form, carrier; and the numbers that name it."""

from __future__ import annotations

from khaneh.domains.catalogue.rules.matching.comparable import Comparable
from khaneh.domains.catalogue.rules.matching.people import people
from khaneh.domains.catalogue.rules.matching.seen import Seen


def language(a: Comparable, b: Comparable) -> Seen | None:
    one, two = a.language, b.language
    if not one or not two or one == two or _STAGES.get(one, one) == _STAGES.get(two, two):
        return None
    if one in b.languages or two in a.languages:
        return None  # a text in both, coded under either
    return Seen("language", "different", one, two)


# Codes between which cataloguers do not agree: stages of one language, and two codes of one.
_STAGES = {
    "ang": "eng", "enm": "eng", "fro": "fre", "frm": "fre", "fra": "fre", "gmh": "ger", "goh": "ger", "deu": "ger", "fas": "per",
    "prs": "per", "peo": "per", "pal": "per", "gre": "grc", "ell": "grc",
}  # fmt: skip


def translation(a: Comparable, b: Comparable) -> Seen | None:
    """Whether one is a translation and the other its original, or another's translation, as far as the languages do not tell."""
    if (a.originals and not b.language) or (b.originals and not a.language):
        return Seen("translation", "one-side", *(" ".join(own.originals) or own.language for own in (a, b)))
    if not a.translators or not b.translators:
        return None
    left, right = a.translators[0], b.translators[0]
    if left.isascii() != right.isascii() or people(a.translators, b.translators) != "different":
        return None
    return Seen("translation", "other-translator", left.replace("|", ", "), right.replace("|", ", "))


def form(a: Comparable, b: Comparable) -> Seen | None:
    if a.form == b.form or {a.form, b.form} <= _BOOKISH:
        return None
    return Seen("form", "different", a.form, b.form)


_BOOKISH = frozenset(("book", "electronic"))  # told apart by carrier


def carrier(a: Comparable, b: Comparable) -> Seen | None:
    if not a.carrier or not b.carrier:
        return None
    return None if a.carrier == b.carrier else Seen("carrier", "different", a.carrier, b.carrier)


def isbn(a: Comparable, b: Comparable) -> Seen | None:
    left, right = a.isbns or a.issns, b.isbns or b.issns
    if not left or not right:
        return None
    shared = set(left) & set(right)
    if shared:
        number = min(shared)
        return Seen("isbn", "same", number, number)
    return Seen("isbn", "different", left[0], right[0])


def number(a: Comparable, b: Comparable) -> Seen | None:
    if not a.numbers or not b.numbers:
        return None
    shared = set(a.numbers) & set(b.numbers)
    if shared:
        number = min(shared)
        return Seen("number", "same", number, number)
    return None
