"""Text as words, and each word's forms: exact, without tones, folded. Pure.

A text is cut at white space into chunks, and every chunk's forms are remembered: a catalogue repeats its words, so almost all of a
text is looked up. What a chunk is made of is decided here; what a single letter is, in `letters.py`.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from khaneh.kernel.orthography.letters import EXACT, FOLDED, JOINT, is_arabic_script, is_unspaced
from khaneh.kernel.orthography.vietnamese import has_shaped_letter, toneless, unify_tone_placement

_REMEMBERED = 300_000  # chunks; about 100 bytes each, cleared when full
_LONGEST_WORD = 60  # characters of a token: longer ones are noise and would swell the dictionary

_ASCII_WORD = re.compile(r"[a-z0-9]+")
_LANGUAGE_NAME = re.compile(r"\W*([a-z])(\+\+|#)\W*")  # C++ and C# are words
_ELISION = re.compile(r"^(\W*(?:[ldjmtsnc]|qu|jusqu|lorsqu|puisqu|dell|all|nell|sull|un))['’](?=[^\W\d_]{2})")
_ARABIC_ARTICLE = re.compile(r"^(?:ال(?=.{3})|[وبکف]ال(?=.{4})|لل(?=.{4}))")

# Persian affixes that are written joined, split or with a ZWNJ by different hands.
_PREFIXES = frozenset({"می", "نمی", "همی", "بی", "هم"})
_SUFFIXES = frozenset(
    [
        "ها",
        "های",
        "هایی",
        "هایم",
        "هایت",
        "هایش",
        "هایمان",
        "هایتان",
        "هایشان",
        "هایشان",
        "ام",
        "ات",
        "اش",
        "ای",
        "اند",
        "ایم",
        "اید",
        "تر",
        "تری",
        "ترین",
        "ترینها",
        "مان",
        "تان",
        "شان",
    ]
)


class Chunk(NamedTuple):
    """The forms of one run of characters between spaces. Words within a form are separated by one space.

    `exact` and `folded` have the same number of words. `joined` holds the folded words made by taking
    ZWNJs or hyphens away, all of them first; `toneless`
    the words that keep a Vietnamese letter when their tone is gone.
    """

    exact: str
    folded: str
    toneless: str
    joined: str
    affix: int  # 1: a Persian prefix such as می, 2: a suffix such as ها, 0: neither


class Word(NamedTuple):
    """A chunk where it stands in its text: characters `start` to `end`."""

    start: int
    end: int
    chunk: Chunk


_EMPTY = Chunk("", "", "", "", 0)
_chunks: dict[str, Chunk] = {}


def chunk(raw: str) -> Chunk:
    """The forms of one run of characters without white space."""
    known = _chunks.get(raw)
    if known is None:
        if len(_chunks) >= _REMEMBERED:
            _chunks.clear()
        known = _chunks[raw] = _ascii_chunk(raw) if raw.isascii() else _any_chunk(raw)
    return known


def chunks(text: str) -> list[Chunk]:
    """The chunks of a text, those without a word left out."""
    known = _chunks.get
    return [c for c in [known(raw) or chunk(raw) for raw in text.split()] if c.folded]


def _ascii_chunk(raw: str) -> Chunk:
    lowered = raw.lower()
    named = _LANGUAGE_NAME.fullmatch(lowered)
    if named:
        word = named.group(1) + named.group(2)
        return Chunk(word, word, "", "", 0)
    elided = False
    if "'" in lowered or "`" in lowered:
        elided = _ELISION.match(lowered) is not None
        lowered = _ELISION.sub(r"\1 ", lowered).replace("'", "").replace("`", "")
    words = [w[:_LONGEST_WORD] for w in _ASCII_WORD.findall(lowered)]
    if not words:
        return _EMPTY
    text = " ".join(words)
    # Who leaves the hyphen or the apostrophe out writes one word: email, lhistoire.
    one = elided or ("-" in lowered and _is_joint(lowered))
    joined = "".join(words) if one and len(words) > 1 else ""
    return Chunk(text, text, "", joined[:_LONGEST_WORD], 0)


def _is_joint(lowered: str) -> bool:
    return re.fullmatch(r"[^a-z0-9]*[a-z0-9]+(?:-[a-z0-9]+)+[^a-z0-9]*", lowered) is not None


def _any_chunk(raw: str) -> Chunk:
    text = unicodedata.normalize("NFKC", raw).lower()
    text = _ELISION.sub(rf"\1{JOINT}", text)
    text = unicodedata.normalize("NFC", text.translate(EXACT))
    exact: list[str] = []
    folded: list[str] = []
    without: list[str] = []
    joined: list[str] = []
    for group in text.split():
        parts = [p for part in group.split(JOINT) if part for p in _runs(part)]
        if not parts:
            continue
        forms = [_fold(p) for p in parts]
        exact += parts
        folded += forms
        if not group.isascii():
            without += [
                t for p, f in zip(parts, forms, strict=True) if (t := toneless(p)) != f and has_shaped_letter(t)
            ]
        if JOINT in group and 1 < len(parts) <= 5:
            whole = len(parts)
            spans = [(start, end) for start in range(whole) for end in range(start + 2, whole + 1)]
            spans.sort(key=lambda span: span[0] - span[1])
            joined += [_fold("".join(parts[start:end]))[:_LONGEST_WORD] for start, end in spans]
    if not exact:
        return _EMPTY
    affix = 0
    if len(exact) == 1:
        affix = 1 if exact[0] in _PREFIXES else 2 if exact[0] in _SUFFIXES else 0
    return Chunk(" ".join(exact), " ".join(folded), " ".join(without), " ".join(joined), affix)


def _runs(part: str) -> list[str]:
    """One word, or pairs of characters where the script has no spaces."""
    if not any(map(is_unspaced, part)):
        return [unify_tone_placement(part)[:_LONGEST_WORD]]
    runs: list[str] = []
    start = 0
    for at in range(1, len(part) + 1):
        if at == len(part) or is_unspaced(part[at]) != is_unspaced(part[start]):
            run = part[start:at]
            if is_unspaced(run[0]) and len(run) > 2:
                runs += [run[i : i + 2] for i in range(len(run) - 1)]
            else:
                runs.append(run[:_LONGEST_WORD])
            start = at
    return runs


def _fold(word: str) -> str:
    """The lowest tier of one exact word; never empty and never with a space in it."""
    folded = word.translate(FOLDED)
    if is_arabic_script(folded):
        # Again where an article stands before an article, so that a folded word stays as it is.
        while (shorter := _ARABIC_ARTICLE.sub("", folded)) != folded:
            folded = shorter
    return folded or word


def words(text: str) -> list[Word]:
    """Every word where it stands, for marking it in the text as it was written.

    A chunk of several words (a ZWNJ or hyphen inside) gives each its own place.
    """
    found: list[Word] = []
    for match in re.finditer(r"\S+", text):
        raw, offset = match.group(), match.start()
        whole = chunk(raw)
        if not whole.folded:
            continue
        pieces = list(_pieces(raw)) if whole.joined or " " in whole.folded else []
        if len(pieces) < 2:
            start, end = next(iter(_pieces(raw)), (0, len(raw)))
            found.append(Word(offset + start, offset + end, whole))
        else:
            for start, end in pieces:
                piece = chunk(raw[start:end])
                if piece.folded:
                    found.append(Word(offset + start, offset + end, piece._replace(joined=whole.joined)))
    return found


def _pieces(raw: str) -> list[tuple[int, int]]:
    """The stretches of a chunk that hold letters, digits or marks that are not separators."""
    pieces: list[tuple[int, int]] = []
    start = -1
    for at, char in enumerate(raw):
        form = EXACT[ord(char)]
        separates = form in (" ", JOINT)
        if separates and start >= 0:
            pieces.append((start, at))
            start = -1
        elif not separates and start < 0 and form:
            start = at
    if start >= 0:
        pieces.append((start, len(raw)))
    return pieces


def affixes_joined(parts: list[Chunk]) -> list[str]:
    """Folded words made by joining a Persian affix that stands alone to its neighbour: می رود → میرود, کتاب ها → کتابها."""
    made: list[str] = []
    for at, part in enumerate(parts):
        if part.affix == 1 and at + 1 < len(parts):
            made.append(part.folded + parts[at + 1].folded.split(" ", 1)[0])
        elif part.affix == 2 and at:
            made.append(parts[at - 1].folded.rsplit(" ", 1)[-1] + part.folded)
    return made


def exact_key(text: str) -> str:
    """The text's exact words with one space between: letters unified, marks and tones kept."""
    return " ".join([c.exact for c in chunks(text)])


class _Folded(dict[str, str]):
    """The folded form of a chunk, remembered: a text's key is then made without a step of ours for each of its words."""

    def __missing__(self, raw: str) -> str:
        if len(self) >= _REMEMBERED:
            self.clear()
        folded = self[raw] = chunk(raw).folded
        return folded


_folded_of = _Folded().__getitem__


def search_key(text: str) -> str:
    """The text's folded words with one space between: what is compared when a reader types without marks. Idempotent."""
    return " ".join(filter(None, map(_folded_of, text.split())))


def match_key(text: str) -> str:
    """The folded words with nothing between: blind to spaces, ZWNJ, hyphens, marks and case; for telling the same title twice."""
    return "".join(map(_folded_of, text.split())).replace(" ", "")
