"""Features of the titles: how alike they are, which words differ, which numbers and parts they name."""

from __future__ import annotations

from rapidfuzz.distance import Indel
from rapidfuzz.fuzz import token_set_ratio, token_sort_ratio

from khaneh.domains.catalogue.rules.matching.comparable import Comparable
from khaneh.domains.catalogue.rules.matching.seen import Seen
from khaneh.domains.catalogue.rules.matching.skeleton import skeleton

_similarity = Indel.normalized_similarity


def _join(title: str, rest: str) -> str:
    return f"{title} {rest}" if rest else title


def title(a: Comparable, b: Comparable, bones: bool) -> Seen:
    left, right = _join(a.title, a.rest), _join(b.title, b.rest)
    if not left or not right:
        return Seen("title", "missing", left, right)
    word = _titles(a.title, a.rest, left, b.title, b.rest, right)
    if word not in ("equal", "main-equal") and bones:
        abones, bbones = a.bones or skeleton(a.title), b.bones or skeleton(b.title)
        arest, brest = a.rest_bones or skeleton(a.rest), b.rest_bones or skeleton(b.rest)
        other = _titles(abones, arest, _join(abones, arest), bbones, brest, _join(bbones, brest))
        word = min(word, other, key=_ORDER_OF_TITLES.__getitem__)
    if word in _WEAK_TITLES and (a.variants or b.variants) and _variant(a, b, left, right):
        word = "variant"
    return Seen("title", word, left, right)


_ORDER_OF_TITLES = {
    word: place
    for place, word in enumerate(
        ("equal", "main-equal", "near", "begins", "main-differs", "close", "contained", "some", "different")
    )
}
TITLE_WORDS = frozenset((*_ORDER_OF_TITLES, "missing", "variant"))
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


WORDS_COMPARED = frozenset(("near", "close", "begins", "contained"))


def title_words(a: Comparable, b: Comparable, bones: bool) -> Seen:
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
    mine, theirs = _without(left, right), _without(right, left)
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


def _without(words: list[str], others: list[str]) -> list[str]:
    """The words that the others have not, each as often as it is missing: "System manual … system" has one that "Users manual … system" lacks."""
    rest = [word for word in words if word not in others]
    if len(words) == len(rest) or len(set(words)) == len(words):
        return rest
    for word in dict.fromkeys(words):
        if word in others:
            rest += [word] * (words.count(word) - others.count(word))
    return rest


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
    return _similarity(one, two) >= 0.82 or one.startswith(two) or two.startswith(one)


def _telling(word: str, shortest: int) -> bool:
    return word.isdecimal() or (len(word) >= shortest and word not in _CONNECTING)


_CONNECTING = frozenset(
    (
        "a an the and or of in on at to by for with from ses sur les des der die "
        "das und von aux del per con min le la l d de du et en il i e y al el bi li fi wa va u b f ibn ed his its s t"
    ).split()
)


def length(a: Comparable, b: Comparable) -> str:
    words = min(_join(a.title, a.rest).count(" "), _join(b.title, b.rest).count(" ")) + 1
    return "one-word" if words == 1 else "two-words" if words == 2 else "short" if words <= 4 else "long"


def numbers(a: Comparable, b: Comparable) -> Seen | None:
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


def _listed(values: tuple[int, ...]) -> str:
    return " ".join(map(str, values))


def part(a: Comparable, b: Comparable) -> Seen | None:
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
