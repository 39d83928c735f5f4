"""What two records have in common, feature by feature, each as one word. No weights, no decision.

Every reader takes two Comparables and says one of a small set of words, the same for (a, b) and (b, a). The words are the columns of
the scorecard (`weights.json`) and, with the two values, the evidence that a librarian sees. The readers are in `titles`, `people`,
`issue` and `nature`; here are their order and the few features that two others make together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from khaneh.domains.catalogue.rules.matching import issue, nature, people, titles
from khaneh.domains.catalogue.rules.matching.comparable import Comparable
from khaneh.domains.catalogue.rules.matching.seen import Seen

_Plain = Callable[[Comparable, Comparable], Seen | None]
_Boned = Callable[[Comparable, Comparable, bool], Seen | None]

_PLAIN: tuple[_Plain, ...] = (
    titles.numbers, titles.part, issue.year, issue.extent, issue.edition, issue.height, issue.series,
    nature.language, nature.translation, nature.form, nature.carrier, nature.isbn, nature.number,
)  # fmt: skip
_QUICK: tuple[_Plain, ...] = (
    issue.year,
    issue.extent,
    issue.height,
    titles.numbers,
    nature.form,
    nature.isbn,
    nature.number,
)
GLANCED = frozenset(("year", "extent", "height", "title-numbers", "form", "isbn", "number"))
_BONED: tuple[_Boned, ...] = (people.names, people.statement, issue.publisher, issue.place)

LENGTH_TOLD = frozenset(("equal", "main-equal", "near"))  # titles whose length says how much that is worth
_WHOLE_TITLE = frozenset(("equal", "main-equal"))
_SAME_AUTHOR = frozenset(("same", "shared", "stated"))
_SAME_SHEETS = frozenset(("same", "same-thin", "same-volumes"))
_REISSUED = frozenset(("next", "claimed", "reprint"))


def compare(a: Comparable, b: Comparable) -> list[Seen]:
    """Every feature that has something to say about a pair, in the order of the scorecard. Silence is left out."""
    bones = bool(a.bones or b.bones)
    title = titles.title(a, b, bones)
    seen = [title]
    if title.word in LENGTH_TOLD:
        seen.append(Seen("title-length", titles.length(a, b)))
    if title.word in titles.WORDS_COMPARED:
        seen.append(titles.title_words(a, b, bones))
    for plain in _PLAIN:
        one = plain(a, b)
        if one is not None:
            seen.append(one)
    for boned in _BONED:
        one = boned(a, b, bones)
        if one is not None:
            seen.append(one)
    words = {one.feature: one.word for one in seen}
    if words.get("publisher") == words.get("place") == "different":
        # Neither alone proves another edition: firms have several towns, and towns several spellings of one firm.
        shown = next(one for one in seen if one.feature == "publisher")
        seen.append(
            Seen(
                "imprint", "co-edition" if not bones and _one_printing(words) else "different", shown.left, shown.right
            )
        )
    if words.get("series") == "other-number" and title.word not in _WHOLE_TITLE:
        shown = next(one for one in seen if one.feature == "series")
        seen.append(Seen("series-title", "other-issue", shown.left, shown.right))
    if words.get("year") in _REISSUED:
        seen.append(Seen("reissue", _reissue(words)))
    return seen


def glance(a: Comparable, b: Comparable) -> list[Seen]:
    """Those features of `compare` that cost next to nothing, with the same words: GLANCED, and the author where that is the same."""
    seen = [one for quick in _QUICK if (one := quick(a, b)) is not None]
    if a.names and b.names and a.names[0] == b.names[0]:
        seen.append(Seen("author", "same"))
    return seen


def _one_printing(words: Mapping[str, str]) -> bool:
    """Whether two imprints are on the same sheets: a London and a New York firm's name on one printing of one year and size.

    Not asked of books in Arabic script, where Beirut and Cairo houses set the same text in one year on their own.
    """
    return (
        words["title"] in _WHOLE_TITLE
        and words.get("year") == "same"
        and words.get("author") in _SAME_AUTHOR
        and words.get("extent") in _SAME_SHEETS
        and words.get("height") == "same"
        and words.get("edition") != "differ"
        and words.get("title-numbers", "same") == "same"
    )


def _reissue(words: Mapping[str, str]) -> str:
    """What a printing of another year shares with the first: another size or another number of pages is another setting."""
    if words.get("extent", "same") not in _SAME_SHEETS:
        return "reset"
    if words.get("height", "same") != "same":
        return "resized"
    return "alike" if "extent" in words else "unknown"
