"""From what two records have in common to a verdict: the same, different, or a question for a person. Pure and symmetric."""

from __future__ import annotations

from collections.abc import Mapping
from math import exp
from typing import Final, Literal, NamedTuple

from khaneh.domains.catalogue.rules.matching.comparable import Comparable
from khaneh.domains.catalogue.rules.matching.features import GLANCED, LENGTH_TOLD, compare, glance
from khaneh.domains.catalogue.rules.matching.scorecard import (
    BIAS,
    DIFFERENT_BELOW,
    NEVER_ALONE,
    NEVER_SAME,
    OTHER_YEAR,
    POINTS,
    SAME_EXTENT,
    SAME_FROM,
    WORTH_ASKING,
)
from khaneh.domains.catalogue.rules.matching.titles import TITLE_WORDS, WORDS_COMPARED, title

Decision = Literal["same", "different", "unsure"]


class Evidence(NamedTuple):
    """One feature that spoke: its name and word ("year:near"), the two values, and its points (natural-log odds, + is for same)."""

    feature: str
    left: str
    right: str
    weight: float


class Verdict(NamedTuple):
    """`score` is the probability, 0 to 1, that both describe one edition; `decision` also heeds what may never merge by itself."""

    score: float
    decision: Decision
    evidence: tuple[Evidence, ...]


def score(a: Comparable, b: Comparable) -> Verdict:
    """Compare two folded records. `score(a, b)` and `score(b, a)` differ only in the sides of the evidence."""
    total = BIAS
    evidence: list[Evidence] = []
    words: dict[str, str] = {}
    alone = True
    never = asked = False
    points_of = POINTS.get
    for feature, word, left, right in compare(a, b):
        key = (feature, word)
        words[feature] = word
        points = points_of(key, 0.0)
        if key in NEVER_ALONE:
            alone = False
            never = never or key in NEVER_SAME
        elif key in WORTH_ASKING:
            asked = True
        elif not points:
            continue
        total += points
        evidence.append(Evidence(f"{feature}:{word}", left, right, points))
    probability = 1.0 / (1.0 + exp(-total)) if total > -60 else 0.0
    decision: Decision
    if never and not asked:
        decision = "different"
    elif probability >= SAME_FROM and alone and (asked or enough(words)):
        decision = "same"
    elif not asked and (probability < DIFFERENT_BELOW or (not _substantial(words) and words.get("year") in OTHER_YEAR)):
        # In a brief list the year is all that tells one edition from the next.
        decision = "different"
    else:
        decision = "unsure"
    evidence.sort(key=_strength)
    return Verdict(probability, decision, tuple(evidence))


def _most(feature: str) -> float:
    return max(0.0, *(points for (named, _), points in POINTS.items() if named == feature))


def _most_by_title(word: str) -> float:
    """What titles that are so alike can add at most: length counts where they are as good as equal, words where they are only alike."""
    return (
        POINTS.get(("title", word), 0.0)
        + (_most("title-length") if word in LENGTH_TOLD else 0.0)
        + (_most("title-words") if word in WORDS_COMPARED else 0.0)
    )


_BY_TITLE: Final[dict[str, float]] = {
    word: _most_by_title(word) for word in {word for feature, word in POINTS if feature == "title"} | TITLE_WORDS
}
_MOST_BY_TITLES: Final[float] = max(_BY_TITLE.values())
_MOST_BY_AUTHOR: Final[float] = _most("author")
_MOST_LEFT: Final[float] = _MOST_BY_TITLES + sum(
    _most(feature)
    for feature in {feature for feature, _ in POINTS} - GLANCED - {"title", "title-length", "title-words", "author"}
)


_BELOW_EVEN: Final[float] = -1e-9  # `score` adds the same points in another order


def surely_different(a: Comparable, b: Comparable) -> bool:
    """Whether `score` would say "different" whatever the features say that take long to read.

    Never true of a pair that `score` holds for the same or asks about. Most books that share a title or a maker are told apart by it,
    in a tenth of the time, and most others once their titles are read.
    """
    total = BIAS + _MOST_LEFT
    author = _MOST_BY_AUTHOR
    for seen in glance(a, b):
        key = seen[:2]
        if key in WORTH_ASKING:
            return False
        if seen.feature == "author":
            author = POINTS.get(key, 0.0)
        else:
            total += POINTS.get(key, 0.0)
    if total + author < _BELOW_EVEN:
        return True
    word = title(a, b, bool(a.bones or b.bones)).word
    return total - _MOST_BY_TITLES + _BY_TITLE[word] + author < _BELOW_EVEN


def enough(words: Mapping[str, str]) -> bool:
    """Whether two records without a common identifier say enough to merge unasked.

    Different authors need the same extent, or the same imprint, to be one book. Where nothing physical and no publisher can be compared,
    as in brief lists, the rest must agree to the letter: title, an author and the year, and no part, number or edition that only one
    side names.
    """
    if words.get("author") == "different" and words.get("extent") not in SAME_EXTENT:
        return (
            words.get("publisher") in ("same", "partly")
            and words.get("place") == words.get("year") == "same"
            and words.get("extent") not in ("far", "apart")
            and words.get("title-length") != "one-word"
        )
    if words.get("extent") not in SAME_EXTENT:
        # Another publisher's book of a somewhat different title, or a later edition of another size against one that names none,
        # needs the same pages.
        if words.get("publisher") == "different" and words.get("title") != "equal":
            return False
        if words.get("edition") == "later-or-none" and words.get("height") in ("apart", "far"):
            return False
    # A later edition is another one where a record that names none has another publisher or year.
    if words.get("edition") == "later-or-none" and (
        words.get("publisher") == "different" or words.get("year") in ("next", "reprint", "within")
    ):
        return False
    if _substantial(words):
        return True
    return (
        words.get("title") == "equal"
        and words.get("author") in ("same", "shared", "stated")
        and words.get("year") in ("same", "claimed")
        and words.get("title-numbers") in (None, "same")
        and words.get("part") in (None, "same", "in-title")
        and words.get("edition") in (None, "same", "first-or-none")
    )


def _substantial(words: Mapping[str, str]) -> bool:
    """Whether more than title, author and year was compared."""
    return "extent" in words or "publisher" in words or "height" in words


def _strength(one: Evidence) -> tuple[float, str]:
    return (-abs(one.weight), one.feature)
