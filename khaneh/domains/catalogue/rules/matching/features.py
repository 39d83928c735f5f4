"""What two records have in common, feature by feature, each as one word. No weights, no decision.

Every reader takes two Comparables and says one of a small set of words, the same for (a, b) and (b, a). The words are the columns of
the scorecard (`weights.json`) and, with the two values, the evidence that a librarian sees.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from rapidfuzz.distance import Indel
from rapidfuzz.fuzz import token_set_ratio, token_sort_ratio

from khaneh.domains.catalogue.rules.matching.comparable import Comparable
from khaneh.domains.catalogue.rules.matching.skeleton import skeleton

_similarity = Indel.normalized_similarity


class Seen(NamedTuple):
    """The word for one feature, and the two values it came from, as short text for people."""

    feature: str
    word: str
    left: str = ""
    right: str = ""


def compare(a: Comparable, b: Comparable) -> list[Seen]:
    """Every feature that has something to say about a pair, in the order of the scorecard. Silence is left out."""
    bones = bool(a.bones or b.bones)
    title = _title(a, b, bones)
    seen = [title]
    if title.word in ("equal", "main-equal", "near"):
        seen.append(Seen("title-length", _length(a, b)))
    if title.word in _WORDS_COMPARED:
        seen.append(_title_words(a, b, bones))
    for plain in _PLAIN:
        one = plain(a, b)
        if one is not None:
            seen.append(one)
    for boned in _BONED:
        one = boned(a, b, bones)
        if one is not None:
            seen.append(one)
    if (
        seen[-1].word == "different"
        and seen[-1].feature == "place"
        and seen[-2].feature == "publisher"
        and seen[-2].word == "different"
    ):
        # Neither alone proves another edition: firms have several towns, and towns several spellings of one firm.
        seen.append(Seen("imprint", "different", seen[-2].left, seen[-2].right))
    return seen


def _join(title: str, rest: str) -> str:
    return f"{title} {rest}" if rest else title


def _title(a: Comparable, b: Comparable, bones: bool) -> Seen:
    left, right = _join(a.title, a.rest), _join(b.title, b.rest)
    if not left or not right:
        return Seen("title", "missing", left, right)
    word = _titles(a.title, a.rest, left, b.title, b.rest, right)
    if word not in ("equal", "main-equal") and bones:
        abones, bbones = a.bones or skeleton(a.title), b.bones or skeleton(b.title)
        arest, brest = a.rest_bones or skeleton(a.rest), b.rest_bones or skeleton(b.rest)
        other = _titles(abones, arest, _join(abones, arest), bbones, brest, _join(bbones, brest))
        word = min(word, other, key=_TITLE_ORDER.__getitem__)
    if word in _WEAK_TITLES and (a.variants or b.variants) and _variant(a, b, left, right):
        word = "variant"
    return Seen("title", word, left, right)


_TITLE_ORDER = {
    word: place
    for place, word in enumerate(
        ("equal", "main-equal", "near", "begins", "main-differs", "close", "contained", "some", "different")
    )
}
_WEAK_TITLES = frozenset(("main-differs", "close", "contained", "some", "different"))


def _titles(a: str, arest: str, left: str, b: str, brest: str, right: str) -> str:
    if left == right or left.replace(" ", "") == right.replace(" ", ""):
        return "equal"
    if a == b:
        if not arest or not brest:
            return "main-equal"
        return "near" if _similarity(arest, brest) >= 0.75 else "main-differs"
    similar = _similarity(left, right)
    if similar >= 0.92:
        return "near"
    short, long = (left, right) if len(left) < len(right) else (right, left)
    if (len(short) >= 8 and long.startswith(short)) or (
        len(short) >= 20 and _similarity(short, long[: len(short)]) >= 0.9
    ):
        return "begins"
    if similar >= 0.8 or token_sort_ratio(left, right) >= 88:
        return "close"
    # A short title inside a long one by chance says little.
    if len(short) >= 12 and token_set_ratio(left, right) >= 92:
        return "contained"
    return "some" if similar >= 0.6 else "different"


def _variant(a: Comparable, b: Comparable, left: str, right: str) -> bool:
    own, other = {a.title, left, *a.variants}, {b.title, right, *b.variants}
    return any(len(title) > 8 for title in own & other)


_WORDS_COMPARED = frozenset(("near", "close", "begins", "contained"))


def _title_words(a: Comparable, b: Comparable, bones: bool) -> Seen:
    """Which words differ between two titles that are alike as a whole: "Crawfish in …" is not "Catfish in …"."""
    mine: list[str] = []
    theirs: list[str] = []
    if bones and bool(a.title.isascii()) != bool(b.title.isascii()):
        word = _ODD[-1]  # two scripts: only the skeletons can be compared
    else:
        # Vietnamese words are short, and each counts.
        shortest = 2 if "vie" in (a.language, b.language) else 3
        word, mine, theirs = odd_words(
            _join(a.title, a.rest).split(), _join(b.title, b.rest).split(), shortest=shortest
        )
    if bones and word != "same":
        other = odd_words(
            _join(a.bones or skeleton(a.title), a.rest_bones or skeleton(a.rest)).split(),
            _join(b.bones or skeleton(b.title), b.rest_bones or skeleton(b.rest)).split(),
            shortest=3,
        )
        if _ODD.index(other[0]) <= _ODD.index(word):
            word, mine, theirs = other
    return Seen("title-words", word, " ".join(mine), " ".join(theirs))


_ODD = ("same", "spelling", "added", "added-many", "added-number", "replaced-one", "replaced")


def odd_words(left: list[str], right: list[str], *, shortest: int = 3) -> tuple[str, list[str], list[str]]:
    """How two lists of words differ, and the words that only one side has.

    Words under `shortest` letters do not count (skeletons of particles are a letter or two), unless a single letter stands for a single
    letter: "Algebra A" is not "Algebra B".
    """
    mine = [word for word in left if word not in right]
    theirs = [word for word in right if word not in left]
    if not mine and not theirs:
        return "same", mine, theirs
    if "".join(mine) == "".join(theirs):
        return "spelling", mine, theirs
    mine, theirs = _unmatched(mine, theirs, shortest)
    if not mine and not theirs:
        return "spelling", mine, theirs
    if not mine or not theirs:
        if len(mine + theirs) == 1 and (mine + theirs)[0].isdecimal() and len((mine + theirs)[0]) < 3:
            # "Physics" and "Physics 2"; a year or a street number is no such thing.
            return "added-number", mine, theirs
        return ("added" if len(mine) + len(theirs) <= 4 else "added-many"), mine, theirs
    return ("replaced-one" if len(mine) == len(theirs) == 1 else "replaced"), mine, theirs


def _unmatched(mine: list[str], theirs: list[str], shortest: int) -> tuple[list[str], list[str]]:
    left_over, rest = [], list(theirs)
    for word in mine:
        near = next((other for other in rest if _same_word(word, other)), None)
        if near is None:
            left_over.append(word)
        else:
            rest.remove(near)
    if len(left_over) == len(rest) == 1 and len(left_over[0]) == len(rest[0]) == 1:
        return left_over, rest
    return [word for word in left_over if _telling(word, shortest)], [word for word in rest if _telling(word, shortest)]


def _same_word(one: str, two: str) -> bool:
    if one.isdecimal() or two.isdecimal():
        return one == two
    if len(one) < 4 or len(two) < 4:
        return one[:1] == two[:1] and (one.startswith(two) or two.startswith(one))
    return _similarity(one, two) >= 0.8 or one.startswith(two) or two.startswith(one)


def _telling(word: str, shortest: int) -> bool:
    return word.isdecimal() or (len(word) >= shortest and word not in _CONNECTING)


_CONNECTING = frozenset(
    [
        "a",
        "an",
        "the",
        "and",
        "or",
        "of",
        "in",
        "on",
        "at",
        "to",
        "by",
        "for",
        "with",
        "from",
        "ses",
        "sur",
        "les",
        "des",
        "der",
        "die",
        "das",
        "und",
        "von",
        "aux",
        "del",
        "per",
        "con",
        "min",
        "le",
        "la",
        "l",
        "d",
        "de",
        "du",
        "et",
        "en",
        "il",
        "i",
        "e",
        "y",
        "al",
        "el",
        "bi",
        "li",
        "fi",
        "wa",
        "va",
        "u",
        "b",
        "f",
        "ibn",
        "ed",
        "his",
        "its",
        "s",
        "t",
    ]
)


def _length(a: Comparable, b: Comparable) -> str:
    words = min(_join(a.title, a.rest).count(" "), _join(b.title, b.rest).count(" ")) + 1
    return "one-word" if words == 1 else "two-words" if words == 2 else "short" if words <= 4 else "long"


def _numbers(a: Comparable, b: Comparable) -> Seen | None:
    if not a.title_numbers and not b.title_numbers:
        return None
    left, right = set(a.title_numbers), set(b.title_numbers)
    if left == right:
        word = "same"
    elif not left or not right:
        word = "one-side"
    elif left <= right or right <= left:
        word = "fewer"
    else:
        word = "differ"
    return Seen("title-numbers", word, _listed(a.title_numbers), _listed(b.title_numbers))


def _listed(numbers: tuple[int, ...]) -> str:
    return " ".join(map(str, numbers))


def _part(a: Comparable, b: Comparable) -> Seen | None:
    if not (a.part or b.part or a.part_name or b.part_name):
        return None
    left = f"{_listed(a.part)} {a.part_name}".strip()
    right = f"{_listed(b.part)} {b.part_name}".strip()
    if not left or not right:
        # The part may stand in the other's title.
        have, lack = (a, b) if left else (b, a)
        inside = have.part and set(have.part) <= set(lack.title_numbers)
        named = have.part_name and have.part_name in _join(lack.title, lack.rest)
        word = "in-title" if inside or named else "one-side"
    elif a.part and b.part:
        word = "same" if a.part == b.part else "differ"
        if word == "same" and odd_words(a.part_name.split(), b.part_name.split())[0].startswith("replaced"):
            word = "differ"
    else:
        same = odd_words(a.part_name.split(), b.part_name.split())[0] in ("same", "spelling", "added")
        word = "same" if same else "differ"
    return Seen("part", word, left, right)


def _names(a: Comparable, b: Comparable, bones: bool) -> Seen | None:
    left, right = a.names, b.names
    if not left and not right:
        return None
    shown = (left[0].replace("|", ", ") if left else "", right[0].replace("|", ", ") if right else "")
    if left and right:
        word = _people(left, right)
        if bones and word in ("similar", "different"):
            other = _boned(a.name_bones, b.name_bones)
            word = other if other != "different" else word
        if word != "different":
            return Seen("author", word, *shown)
    if _stated(a, b) or _stated(b, a) or (bones and (_stated_bones(a, b) or _stated_bones(b, a))):
        return Seen("author", "stated", *shown)
    return Seen("author", "different", *shown) if left and right else None


def _people(left: tuple[str, ...], right: tuple[str, ...]) -> str:
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


def _statement(a: Comparable, b: Comparable, bones: bool) -> Seen | None:
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


def _year(a: Comparable, b: Comparable) -> Seen | None:
    if a.year is None or b.year is None:
        return None
    shown = (str(a.year), str(b.year))
    gap = abs(a.year - b.year)
    if gap == 0:
        word = "same"
    elif set(a.years) & set(b.years):
        word = "claimed"  # a copyright or original date of one is the date of the other
    elif _within(a, b.year) or _within(b, a.year):
        word = "within"
    else:
        word = "next" if gap == 1 else "near" if gap <= 3 else "far" if gap <= 10 else "very-far"
    return Seen("year", word, *shown)


def _within(a: Comparable, year: int) -> bool:
    return a.year is not None and a.year_end is not None and a.year <= year <= a.year_end


def _publisher(a: Comparable, b: Comparable, bones: bool) -> Seen | None:
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


def _place(a: Comparable, b: Comparable, bones: bool) -> Seen | None:
    if not a.place or not b.place:
        return None
    shown = (a.place, b.place)
    if a.place == b.place or _similarity(a.place, b.place) >= 0.8 or a.place in b.place or b.place in a.place:
        return Seen("place", "same", *shown)
    if bones:
        left, right = a.place_bones or skeleton(a.place), b.place_bones or skeleton(b.place)
        if left and left == right:
            return Seen("place", "same", *shown)
    return Seen("place", "different", *shown)


def _extent(a: Comparable, b: Comparable) -> Seen | None:
    a_set, b_set = _is_set(a), _is_set(b)
    if a_set is None and b_set is None and (a.pages is None or b.pages is None):
        return None
    shown = (_extent_text(a), _extent_text(b))
    if a_set is not None and b_set is not None and a_set != b_set:
        return Seen("extent", "set-and-single", *shown)
    if a_set and b_set:
        if not a.volumes or not b.volumes:
            return None
        return Seen("extent", "same-volumes" if a.volumes == b.volumes else "other-volumes", *shown)
    if a.pages is None or b.pages is None:
        return None
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


def _edition(a: Comparable, b: Comparable) -> Seen | None:
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


def _height(a: Comparable, b: Comparable) -> Seen | None:
    if a.height is None or b.height is None:
        return None
    gap = abs(a.height - b.height)
    word = "same" if gap == 0 else "near" if gap == 1 else "apart" if gap <= 3 else "far"
    return Seen("height", word, f"{a.height} cm", f"{b.height} cm")


def _series(a: Comparable, b: Comparable) -> Seen | None:
    if not a.series or not b.series:
        return None
    alike = token_set_ratio(a.series, b.series) >= 80
    if a.series_numbers and b.series_numbers and not set(a.series_numbers) & set(b.series_numbers):
        word = "other-number" if alike else "different"
    else:
        word = "same" if alike else "different"
    return Seen("series", word, a.series[:60], b.series[:60])


def _language(a: Comparable, b: Comparable) -> Seen | None:
    if not a.language or not b.language:
        return None
    return None if a.language == b.language else Seen("language", "different", a.language, b.language)


def _form(a: Comparable, b: Comparable) -> Seen | None:
    if a.form == b.form or {a.form, b.form} <= _BOOKISH:
        return None
    return Seen("form", "different", a.form, b.form)


_BOOKISH = frozenset(("book", "electronic"))  # told apart by carrier


def _carrier(a: Comparable, b: Comparable) -> Seen | None:
    if not a.carrier or not b.carrier:
        return None
    return None if a.carrier == b.carrier else Seen("carrier", "different", a.carrier, b.carrier)


def _isbn(a: Comparable, b: Comparable) -> Seen | None:
    left, right = a.isbns or a.issns, b.isbns or b.issns
    if not left or not right:
        return None
    shared = set(left) & set(right)
    if shared:
        number = min(shared)
        return Seen("isbn", "same", number, number)
    return Seen("isbn", "different", left[0], right[0])


def _number(a: Comparable, b: Comparable) -> Seen | None:
    if not a.numbers or not b.numbers:
        return None
    shared = set(a.numbers) & set(b.numbers)
    if shared:
        number = min(shared)
        return Seen("number", "same", number, number)
    return None


_PLAIN: tuple[Callable[[Comparable, Comparable], Seen | None], ...] = (
    _numbers, _part, _year, _extent, _edition, _height, _series, _language, _form, _carrier, _isbn, _number,
)  # fmt: skip
_BONED: tuple[Callable[[Comparable, Comparable, bool], Seen | None], ...] = (_names, _statement, _publisher, _place)
