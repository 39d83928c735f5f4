"""Which encoding bytes are in, decided by how much like words each reading looks. It answers None rather than a wrong name.

Values are those of single fields or subfields; UTF-8 is not guessed here, because bytes that are valid UTF-8 and hold anything beyond ASCII
are that (`read` and `detect` ask first).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from khaneh.formats.marc.encodings import ENCODINGS, DecodeError
from khaneh.formats.marc.encodings.persian import order_of
from khaneh.formats.marc.encodings.plausibility import plausibility

# Earlier ones win where two give the same text.
CANDIDATES = (
    "marc-8", "windows-1252", "windows-1256", "iran-system", "iran-system-logical", "isiri-3342", "iso-8859-6", "tcvn3", "vni",
    "windows-1258", "viscii", "vps", "windows-1251", "cp866", "koi8-r", "iso-5426",
)  # fmt: skip
_UNIMARC_ONLY = ("iso-5426",)
_MARC21_ONLY = ("marc-8",)

_NOT_LATIN = frozenset(
    (
        "windows-1256",
        "iran-system",
        "iran-system-logical",
        "isiri-3342",
        "iso-8859-6",
        "windows-1251",
        "cp866",
        "koi8-r",
    )
)
_RUN = re.compile(rb"[\x80-\xff]+")
_INSIDE_LATIN = re.compile(rb"(?<=[A-Za-z])[\x80-\xff]+|[\x80-\xff]+(?=[A-Za-z])")

SURE = 0.62  # a reading below this is not believed
MARGIN = 0.12  # nor one that is not this much better than the next different reading
_EXPECTED_BONUS = 0.18  # what the leader or the rest of the file says
_ENOUGH = 6  # characters beyond ASCII; with fewer the difference must be plain
_PLAIN = 0.25
_BEYOND_DOUBT = 0.4


class Guess(NamedTuple):
    """One candidate, its score (0 to 1, with the bonus of an expected encoding) and how much evidence there was."""

    name: str
    score: float
    evidence: int
    text: str


def guess(
    values: Sequence[bytes], *, expected: Sequence[str] = (), dialect: str = "marc21", limit: int = 20_000
) -> list[Guess]:
    """Candidates that can read every value, best first. Looks at up to `limit` bytes of the values beyond ASCII."""
    sample = _sample(values, limit)
    if not sample:
        return []
    left_out = _UNIMARC_ONLY if dialect == "marc21" else _MARC21_ONLY
    joined = b" ".join(sample)
    order = order_of(joined)
    # Some tables turn bytes into plain punctuation, which hides that they stood inside a Latin word.
    touching = len(_INSIDE_LATIN.findall(joined)) / max(1, len(_RUN.findall(joined)))
    found: list[Guess] = []
    # Escape sequences belong to MARC-8 alone.
    candidates = ("marc-8",) if b"\x1b" in joined else dict.fromkeys((*expected, *CANDIDATES))
    for name in candidates:
        if name == "utf-8" or name not in ENCODINGS or (name in left_out and name not in expected):
            continue
        if (name == "iran-system" and order == "logical") or (name == "iran-system-logical" and order == "visual"):
            continue
        try:
            text = "\n".join(map(ENCODINGS[name].decode, sample))
        except DecodeError:
            continue
        score, evidence = plausibility(text)
        if name in _NOT_LATIN:
            score *= 1.0 - touching
        found.append(Guess(name, score + (_EXPECTED_BONUS if name in expected else 0.0), evidence, text))
    found.sort(key=lambda candidate: -candidate.score)
    return found


def _sample(values: Sequence[bytes], limit: int) -> list[bytes]:
    """The values beyond ASCII, each once, without delimiters that a codec might take for letters."""
    sample: dict[bytes, None] = {}
    size = 0
    for value in values:
        if not value.isascii() or b"\x1b" in value:
            first, *rest = value.split(b"\x1f")
            for piece in (first, *(subfield[1:] for subfield in rest)):
                if not piece.isascii() or b"\x1b" in piece:
                    sample.setdefault(piece)
                    size += len(piece)
        if size > limit:
            break
    return list(sample)


def decide(
    values: Sequence[bytes], *, expected: Sequence[str] = (), dialect: str = "marc21"
) -> tuple[str | None, list[Guess]]:
    """The encoding that is sure, or None, and the ranking behind it."""
    ranking = guess(values, expected=expected, dialect=dialect)
    if not ranking:
        return None, ranking
    best = ranking[0]
    rivals = [
        candidate
        for candidate in ranking[1:]
        if candidate.text != best.text and not _loses_where_they_differ(best, candidate)
    ]
    sure = best.score >= SURE and (not rivals or best.score - rivals[0].score >= MARGIN)
    if not sure:
        return None, ranking
    if best.name in expected or best.evidence >= _ENOUGH:
        return best.name, ranking
    if best.score >= 0.85 and (not rivals or best.score - rivals[0].score >= _BEYOND_DOUBT):
        return best.name, ranking
    plain = best.score >= 0.95 or not rivals or best.score - rivals[0].score >= _PLAIN
    if best.evidence < 3 or not plain:
        return None, ranking
    return best.name, ranking


def _loses_where_they_differ(best: Guess, rival: Guess) -> bool:
    """Whether two readings that agree on most words are told apart by the others, as windows-1252 and VISCII are by one ç."""
    ours, theirs = best.text.split(), rival.text.split()
    if len(ours) != len(theirs):
        return False
    pairs = [(our, their) for our, their in zip(ours, theirs, strict=True) if our != their]
    right = plausibility(" ".join(our for our, _ in pairs))
    wrong = plausibility(" ".join(their for _, their in pairs))
    return right.evidence > 0 and right.score >= SURE and right.score - wrong.score >= _PLAIN * 1.4
