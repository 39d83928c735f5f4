"""What a reader may have meant: another keyboard, Vietnamese keystrokes, a slip of the finger. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rapidfuzz.distance import OSA

from khaneh.kernel.orthography import other_layout_readings, telex, vni

_SHORTEST = 4  # letters of a word that is corrected


def readings(text: str) -> tuple[str, ...]:
    """What the keys may have been meant for, likeliest first, without the text as it stands."""
    made = [*other_layout_readings(text), telex(text), vni(text)]
    typed = " ".join(text.lower().split())
    return tuple(r for r in dict.fromkeys(made) if r.strip() and r != typed)


def nearest(word: str, known: Iterable[tuple[str, int]]) -> str | None:
    """The known word (with its number of documents) that a slip or two make of `word`; None when nothing is near.

    One slip in a short word, two in one of eight letters or more: a letter too many, missing, wrong, or two changed over.
    """
    if len(word) < _SHORTEST:
        return None
    reach = 2 if len(word) >= 8 else 1
    best: tuple[int, int, str] | None = None
    for candidate, count in known:
        if abs(len(candidate) - len(word)) > reach or candidate == word:
            continue
        distance = OSA.distance(word, candidate, score_cutoff=reach)
        if distance <= reach:
            rank = (distance, -count, candidate)
            if best is None or rank < best:
                best = rank
    return best[2] if best else None


def replaced(text: str, words: Sequence[tuple[int, int, str]]) -> str:
    """The text with the characters from start to end put right, for each (start, end, word)."""
    for start, end, word in sorted(words, reverse=True):
        text = text[:start] + word + text[end:]
    return text
