"""How near what mentors can do is to what a team plans: words that both use, the fewer mentors use them the more, and sectors. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from math import log
from typing import NamedTuple

from khaneh.kernel.orthography import search_key

# A short word in Latin letters is a syllable of Vietnamese, or joins others: it says nothing by itself.
_SHORTEST, _SHORTEST_LATIN, _MOST_WORDS = 4, 6, 6
_BY_WORDS, _BY_SECTOR = 70, 30
# Some syllables are as long as that; without their marks they are one of these.
_SYLLABLE = re.compile(r"(?:ngh?|nh|tr|ch|kh|ph|th|qu|gi|[bcdghklmnrstvx])?[aeiouy]{1,3}(?:ng|nh|ch|[cmnpt])?")
# Words that every plan and every mentor uses: they join others, or say that something is done, not what.
_SAY_NOTHING = frozenset(
    search_key(
        "برای اینکه چنین همین همان همچنین است نیست بودن هستند هستیم داریم دارند دارم دارد داشتن کردن کرده کنیم کنند شدن شده شود شوند باید نباید "
        "خواهیم خواهد خواهند می‌خواهیم می‌دهیم می‌دهند هنوز همهٔ بدون میان دربارهٔ دیگر بسیار بیشتر کمتر سپس وقتی آنها اینها خودش هایی "
        "about across after again against almost already although always another around because become before behind being between cannot "
        "different during either enough everything further having itself little making matter myself nothing number others otherwise people "
        "perhaps rather really several should something sometimes themselves therefore things through together toward towards until using "
        "various whether which while within without working would years yourself"
    ).split()
)
# So many words that no other mentor uses are everything that words can say.
_ENOUGH = 6


class Can(NamedTuple):
    """What a mentor says of what they can do, and the sectors that they know."""

    texts: tuple[str, ...]
    sectors: tuple[str, ...]


class Fit(NamedTuple):
    """From 0 to 100, and the words that say so, the weightiest first."""

    score: int
    words: tuple[str, ...]


def fits(wanted: Iterable[str], sectors: Iterable[str], mentors: Mapping[int, Can]) -> dict[int, Fit]:
    """Each mentor's fit. Words of four letters and more (six in Latin ones) count; a sector that both name, or one within it, 30."""
    asked, of_team = _words(wanted), tuple(sectors)
    said = {key: _words(can.texts) for key, can in mentors.items()}
    used = Counter(word for words in said.values() for word in words)
    whole = _ENOUGH * _weight(1, len(said))
    found = {}
    for key, can in mentors.items():
        common = sorted(asked & said[key], key=lambda word: (used[word], -len(word), word))
        weight = sum(_weight(used[word], len(said)) for word in common)
        shared = any(one.startswith(other) or other.startswith(one) for one in of_team for other in can.sectors)
        score = round(_BY_WORDS * min(1.0, weight / whole)) + (_BY_SECTOR if shared else 0)
        found[key] = Fit(score, tuple(common[:_MOST_WORDS]))
    return found


def _weight(mentors_using: int, mentors: int) -> float:
    return log((2 + mentors) / (1 + mentors_using)) + 0.1


def _words(texts: Iterable[str]) -> set[str]:
    return {
        word
        for text in texts
        for word in search_key(text).split()
        if len(word) >= (_SHORTEST_LATIN if word.isascii() else _SHORTEST)
        and word not in _SAY_NOTHING
        and not _SYLLABLE.fullmatch(word)
    }
