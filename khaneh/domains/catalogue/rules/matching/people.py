"""Features of the people: authors by name, and statements of responsibility."""

from __future__ import annotations

from rapidfuzz.distance import Indel
from rapidfuzz.fuzz import token_set_ratio, token_sort_ratio

from khaneh.domains.catalogue.rules.matching.comparable import Comparable
from khaneh.domains.catalogue.rules.matching.seen import Seen
from khaneh.domains.catalogue.rules.matching.skeleton import skeleton

_similarity = Indel.normalized_similarity


def names(a: Comparable, b: Comparable, bones: bool) -> Seen | None:
    left, right = a.names, b.names
    if not left and not right:
        return None
    shown = (left[0].replace("|", ", ") if left else "", right[0].replace("|", ", ") if right else "")
    if left and right:
        word = people(left, right)
        if bones and word in ("similar", "different"):
            other = _boned(a.name_bones, b.name_bones)
            word = other if other != "different" else word
        if word != "different":
            return Seen("author", word, *shown)
    if _stated(a, b) or _stated(b, a) or (bones and (_stated_bones(a, b) or _stated_bones(b, a))):
        return Seen("author", "stated", *shown)
    return Seen("author", "different", *shown) if left and right else None


def people(left: tuple[str, ...], right: tuple[str, ...]) -> str:
    """Whether two lists of "family|given" name the same first person, a common one, a similar one or none."""
    if left[0] == right[0]:
        return "same"
    found = "different"
    for i, one in enumerate(left):
        family, _, given = one.partition("|")
        for j, two in enumerate(right):
            other_family, _, other_given = two.partition("|")
            if one == two or (family == other_family and _given(given, other_given)):
                if i == 0 and j == 0:
                    return "same"
                found = "shared"
            elif found == "different" and (
                _similarity(one, two) >= 0.85 or (not (given and other_given) and token_sort_ratio(one, two) >= 90)
            ):
                found = "similar"
    return found


def _given(one: str, two: str) -> bool:
    """Compatible forenames: one is missing, or first letters agree wherever both have a name."""
    if not one or not two or one == two:
        return True
    first, second = one.split(), two.split()
    for mine, theirs in zip(first, second, strict=False):
        if mine[0] != theirs[0]:
            return False
        if len(mine) > 1 and len(theirs) > 1 and not (mine.startswith(theirs) or theirs.startswith(mine)):
            return _similarity(mine, theirs) >= 0.75
    return True


def _boned(left: tuple[str, ...], right: tuple[str, ...]) -> str:
    found = "different"
    for i, one in enumerate(left):
        for j, two in enumerate(right):
            if len(one) >= 3 and len(two) >= 3 and (one == two or token_set_ratio(one, two) >= 85):
                if i == 0 and j == 0:
                    return "same"
                found = "shared"
    return found


def _stated(a: Comparable, b: Comparable) -> bool:
    if not b.statement and not b.rest:
        return False
    words = set(b.statement.split()) | set(b.rest.split())
    for name in a.names[:2]:
        family = name.partition("|")[0].rsplit(" ", 1)[-1]
        if len(family) > 2 and family in words:
            return True
    return False


def _stated_bones(a: Comparable, b: Comparable) -> bool:
    text = b.statement_bones or skeleton(b.statement)
    if not text:
        return False
    words = set(text.split())
    for name in a.name_bones[:2]:
        own = [word for word in name.split() if len(word) > 1]
        if own and sum(word in words for word in own) * 2 > len(own):
            return True
    return False


def statement(a: Comparable, b: Comparable, bones: bool) -> Seen | None:
    left, right = a.statement, b.statement
    if not left or not right:
        return None
    similar = token_set_ratio(left, right)
    if bones and similar < 80:
        similar = max(
            similar,
            token_set_ratio(a.statement_bones or skeleton(left), b.statement_bones or skeleton(right)),
        )
    word = "same" if similar >= 90 else "close" if similar >= 65 else "different"
    return Seen("statement", word, left[:80], right[:80])
