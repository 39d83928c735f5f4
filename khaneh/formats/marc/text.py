"""Bytes of fields into text: which encoding each field of one record is really in, whatever the leader says.

Serialisations call it with the undecoded values of a record; it answers with text, the encoding used, and what was found on the way.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from khaneh.formats.marc.encodings import DecodeError, decode
from khaneh.formats.marc.encodings.guess import decide
from khaneh.formats.marc.encodings.plausibility import plausibility
from khaneh.formats.marc.problems import Problem, doubt, note

# The encoding of the file is believed from here on, without asking for rivals.
_BELIEVABLE = 0.5
_VIETNAMESE = frozenset(("tcvn3", "vni", "viscii", "vps", "windows-1258"))
_NON_LATIN = frozenset(
    ("windows-1256", "iran-system", "iran-system-logical", "isiri-3342", "windows-1251", "cp866", "koi8-r")
)

_SUSPECT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1d\x7f-\x87\x8a-\x97\x99-\x9b\x9d-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffd]"
    "|[ÂÃÄÅÐÑØÙÚÛáâ][\x80-\xbfŒœŠšŸŽžƒˆ˜–—‘’‚“”„†‡•…‰‹›€™]"
)
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Controls other than tab, line ends and the delimiters of fields and subfields.
_CONTROLS = bytes(byte for byte in range(0x20) if byte not in (0x09, 0x0A, 0x0D, 0x1E, 0x1F)) + b"\x7f"
# How the characters that _SUSPECT looks for begin in UTF-8: without any of these there is nothing to search for.
_SUSPECT_LEAD = re.compile(
    b"[\xc2\xc5\xcb" + re.escape(_CONTROLS) + b"]|\xe2(?:\x80|\x81|\x82\xac|\x84\xa2)|\xef\xbf\xbd|\xd8\x9c"
)
_SUSPECT_BYTES = _CONTROLS + b"\xc2\xc5\xcb\xe2\xef"
_BEYOND_LATIN1 = bytes(range(0xC4, 0x100))
# A Latin letter beside a sign or an accented letter where European words have none: old Vietnamese or Persian bytes taken for Latin-1.
_OLD_BYTES = re.compile("[A-Za-z][\xa1-\xbf\xd7\xf7][a-z]|[aeouyôöAEOUY][âáàåãäùøûõïÙØÛÕÏÂÁÀÅÃÄ]|[\xc0-\xff]{3}")


class Decoded(NamedTuple):
    """The texts in the order of the values, and the encoding that most of them are in."""

    texts: list[str]
    encoding: str
    problems: list[Problem]


def check(text: str, problems: list[Problem]) -> None:
    """Report what a text holds that text should not: controls, direction tricks, lost characters, earlier wrong conversions."""
    check_utf8(text.encode("utf-8", "surrogatepass"), problems)


def check_utf8(data: bytes, problems: list[Problem]) -> None:
    """`check` of a text in UTF-8: searching bytes first is what makes this cheap for text without a flaw."""
    if data.isascii():
        if len(data.translate(None, _CONTROLS)) != len(data):
            _check_suspect(data.decode(), problems)
        return
    rare = len(data.translate(None, _SUSPECT_BYTES)) != len(data) or b"\xd8\x9c" in data
    if rare and _SUSPECT_LEAD.search(data):
        text = data.decode("utf-8", "surrogatepass")
        if _SUSPECT.search(text):
            _check_suspect(text, problems)
    # Latin-1 ends at U+00FF: in UTF-8, nothing but these two begins a character there.
    if (b"\xc3" in data or b"\xc2" in data) and len(data.translate(None, _BEYOND_LATIN1)) == len(data):
        text = data.decode("utf-8", "surrogatepass")
        if _OLD_BYTES.search(text):
            _check_old_bytes(text, problems)


def _check_suspect(text: str, problems: list[Problem]) -> None:
    found = _SUSPECT.findall(text)
    lost = sum(item == "\ufffd" for item in found)
    if lost:
        problems.append(doubt("replacement-characters", count=lost))
    bidi = sorted({item for item in found if item in _BIDI})
    if bidi:
        problems.append(note("bidi-controls", characters=[f"U+{ord(item):04X}" for item in bidi]))
    controls = sorted({item for item in found if len(item) == 1 and item not in _BIDI and item != "\ufffd"})
    if controls:
        problems.append(note("control-characters", characters=[f"U+{ord(item):04X}" for item in controls[:10]]))
    if any(len(item) == 2 for item in found):
        for value in re.split("\x1e|\x1f.?", text):
            mended = mend_double_utf8(value)
            if mended is not None:
                problems.append(doubt("garbled-text", was="utf-8", repair="utf-8/utf-8", sample=mended[:80]))
                return


def mend_double_utf8(text: str) -> str | None:
    """The text before it was taken for windows-1252 and encoded in UTF-8 again, or None where it was not."""
    data = bytearray()
    for character in text:
        try:
            data += character.encode("cp1252")
        except UnicodeEncodeError:
            if ord(character) > 0xFF:
                return None
            data.append(ord(character))
    try:
        mended = data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return mended if mended != text and plausibility(mended).score >= plausibility(text).score else None


def _check_old_bytes(text: str, problems: list[Problem]) -> None:
    values = [value.encode("latin-1") for value in re.split("\x1e|\x1f.?", text) if _OLD_BYTES.search(value)]
    name, ranking = decide(values)
    if name is None or name not in _VIETNAMESE | _NON_LATIN:
        return
    best, latin = ranking[0], next((candidate for candidate in ranking if candidate.name == "windows-1252"), None)
    if best.evidence >= 4 and best.score >= 0.75 and (latin is None or best.score - latin.score > 0.3):
        problems.append(doubt("garbled-text", was=name, repair=f"utf-8/{name}", sample=best.text[:80]))


def decode_leniently(data: bytes, name: str) -> tuple[str, int]:
    """The text with U+FFFD for every byte that has no meaning, and how many there were."""
    if name == "utf-8":
        text = data.decode("utf-8", "replace")
        return text, text.count("\ufffd") - data.count(b"\xef\xbf\xbd")
    out: list[str] = []
    bad = 0
    while data:
        try:
            out.append(decode(data, name))
            break
        except DecodeError as error:
            position = max(0, min(error.position, len(data) - 1))
            if bad > 200:
                # Not this encoding at all: the rest is shown byte by byte.
                out.append(data.decode("ascii", "replace"))
                bad += sum(byte > 0x7F for byte in data)
                break
            head, _ = decode_leniently(data[:position], name) if position else ("", 0)
            out += (head, "\ufffd")
            bad += 1
            data = data[position + 1 :]
    return "".join(out), bad


def decode_forced(values: Sequence[bytes], tags: Sequence[str], name: str) -> Decoded:
    """Every value in the encoding that a person chose; bytes without a meaning in it are a doubt."""
    texts: list[str] = []
    problems: list[Problem] = []
    for value, tag in zip(values, tags, strict=True):
        try:
            texts.append(decode(value, name))
        except DecodeError as error:
            text, bad = decode_leniently(value, name)
            texts.append(text)
            problems.append(doubt("undecodable", tag=tag, encoding=name, position=error.position, bytes=bad))
    return Decoded(texts, name, problems)


def decode_values(
    values: Sequence[bytes], tags: Sequence[str], *, leader_says: str, file_says: str, dialect: str
) -> Decoded:
    """Every value in the encoding that it is in.

    `leader_says` is `utf-8`, `marc-8` or an empty string; `file_says` is what detection found for the file as a whole.
    """
    texts: list[str | None] = [_utf8(value) for value in values]
    problems: list[Problem] = []
    rest = [index for index, text in enumerate(texts) if text is None]
    marked = any(not value.isascii() for value in values)
    if not rest:
        if marked:
            _compare("utf-8", leader_says, file_says, problems)
        return Decoded([text for text in texts if text is not None], "utf-8", problems)
    unicode_too = any(text is not None and not text.isascii() for text in texts)
    if _damaged_utf8([values[index] for index in rest], unicode_too=unicode_too):
        for index in rest:
            text, bad = decode_leniently(values[index], "utf-8")
            texts[index] = text
            problems.append(doubt("undecodable", tag=tags[index], encoding="utf-8", bytes=bad))
        _compare("utf-8", leader_says, file_says, problems)
        return Decoded([text or "" for text in texts], "utf-8", problems)
    chosen = _choose(values, rest, leader_says, file_says, dialect, problems)
    for index, (name, sure) in zip(rest, chosen, strict=True):
        if sure:
            try:
                texts[index] = decode(values[index], name)
                continue
            except DecodeError:
                pass  # what was sure of all values together need not hold for one that ends within an escape sequence
        text, bad = decode_leniently(values[index], name)
        texts[index] = text
        if bad:
            problems.append(doubt("undecodable", tag=tags[index], encoding=name, bytes=bad))
    names = [name for name, _ in chosen]
    main = max(dict.fromkeys(names), key=names.count)
    if unicode_too or len(set(names)) > 1:
        used = {tags[index]: name for index, name in zip(rest, names, strict=True)}
        problems.append(note("mixed-encodings", fields=used, others="utf-8" if unicode_too else main))
    _compare(main, leader_says, file_says, problems)
    return Decoded([text or "" for text in texts], main, problems)


def _utf8(value: bytes) -> str | None:
    if b"\x1b" in value:
        return None
    try:
        return value.decode()
    except UnicodeDecodeError:
        return None


def _damaged_utf8(values: Sequence[bytes], *, unicode_too: bool) -> bool:
    """Whether values are UTF-8 with a few broken characters, rather than another encoding."""
    good = bad = 0
    for value in values:
        text = value.decode("utf-8", "replace")
        lost = text.count("\ufffd")
        bad += lost
        good += sum(character > "\x7f" for character in text) - lost
    return bad > 0 and good >= 2 * bad and (good >= 4 or unicode_too)


def _choose(
    values: Sequence[bytes],
    rest: Sequence[int],
    leader_says: str,
    file_says: str,
    dialect: str,
    problems: list[Problem],
) -> list[tuple[str, bool]]:
    """An encoding for each value that is not UTF-8, and whether all of its bytes have a meaning there."""
    pieces = [values[index] for index in rest]
    expected = [name for name in dict.fromkeys((file_says, leader_says)) if name and name != "utf-8"]
    # What the whole file showed is believed at once; what the leader says has to win against its rivals.
    if file_says and file_says != "utf-8":
        try:
            text = "\n".join(decode(piece, file_says) for piece in pieces)
        except DecodeError:
            text = ""
        if text and plausibility(text).score >= _BELIEVABLE:
            return [(file_says, True)] * len(pieces)
    decided, ranking = decide(pieces, expected=expected, dialect=dialect)
    if decided is not None:
        return [(decided, True)] * len(pieces)
    if any(b"\x1b" in piece for piece in pieces):
        # Broken MARC-8, for nothing else has escape sequences: its damage is shown where it is.
        return [("marc-8", False)] * len(pieces)
    # No one encoding reads them all: each value by itself.
    single: list[tuple[str, bool]] = []
    for piece in pieces:
        own, own_ranking = decide([piece], expected=expected, dialect=dialect)
        if own is not None:
            single.append((own, True))
            continue
        believable = next(
            (candidate for candidate in own_ranking if candidate.name in expected and candidate.score >= _BELIEVABLE),
            None,
        )
        if believable is None:
            break
        single.append((believable.name, True))
    if len(single) == len(pieces):
        return single
    if ranking:
        best = ranking[0]
        problems.append(
            doubt(
                "encoding-unsure", candidates=[[candidate.name, round(candidate.score, 2)] for candidate in ranking[:4]]
            )
        )
        return [(best.name, True)] * len(pieces)
    fallback = expected[0] if expected else "windows-1252"
    problems.append(doubt("encoding-unsure", candidates=[]))
    return [(fallback, False)] * len(pieces)


def _compare(used: str, leader_says: str, file_says: str, problems: list[Problem]) -> None:
    if leader_says and leader_says != used:
        problems.append(note("leader-encoding-wrong", leader=leader_says, actual=used))
    if file_says and file_says != used:
        problems.append(note("encoding-unlike-file", file=file_says, actual=used))
