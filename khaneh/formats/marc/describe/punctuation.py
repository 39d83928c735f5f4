"""ISBD punctuation off the ends of values, and which script a value is in. Nothing inside a value is changed."""

from __future__ import annotations

import re

from khaneh.formats.marc.description import Text
from khaneh.formats.marc.types import Field

_TRAILING = " \t\r\n\u00a0/:;,=،؛\u200e\u200f"
# Non-sorting marks: ISO 6630 in UNIMARC (as C1 controls after decoding), and the two MARC-8 bytes.
_NON_SORTING = re.compile("[\x88\x89\x98\x9c]")
_SPACES = re.compile(r"\s{2,}")
_NON_LATIN = re.compile("[\u0370-\u1cff\u2c00-\u2c5f\u2e80-\ua71f\ua7f0-\ud7ff\uf900-\ufaff\ufb13-\ufdff\ufe70-\ufeff]")
# A final full stop belongs to these words; after any longer word it is ISBD's.
_ABBREVIATIONS = frozenset(
    [
        "inc",
        "co",
        "corp",
        "ltd",
        "ed",
        "eds",
        "jr",
        "sr",
        "st",
        "dr",
        "etc",
        "dept",
        "bros",
        "assoc",
        "dist",
        "govt",
        "print",
        "off",
        "univ",
        "pub",
        "publ",
        "pr",
        "vol",
        "no",
        "pt",
        "repr",
        "rev",
        "vt",
        "calif",
        "mass",
        "conn",
        "ill",
        "mich",
        "wash",
        "fla",
        "tex",
        "pa",
        "va",
        "ca",
        "cie",
        "geb",
        "aufl",
        "bd",
        "hrsg",
        "u.a",
        "nxb",
        "tp",
    ]
)
_SCRIPTS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("Arab", re.compile("[\u0620-\u064a\u066e-\u06d3\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufefc]")),
    ("Latn", re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")),
    ("Cyrl", re.compile("[\u0400-\u052f]")),
    ("Hebr", re.compile("[\u05d0-\u05ea\ufb1d-\ufb4f]")),
    ("Grek", re.compile("[\u0370-\u03ff\u1f00-\u1fff]")),
    ("Hani", re.compile("[\u3400-\u9fff\uf900-\ufaff]")),
    ("Kana", re.compile("[\u3041-\u30ff]")),
    ("Hang", re.compile("[\uac00-\ud7a3]")),
    ("Deva", re.compile("[\u0900-\u097f]")),
    ("Armn", re.compile("[\u0531-\u058f]")),
    ("Geor", re.compile("[\u10a0-\u10ff]")),
    ("Thai", re.compile("[\u0e01-\u0e5b]")),
)


class _ScriptOf(dict[str, str]):
    """The script of a character, or "", found when a text first has it."""

    def __missing__(self, character: str) -> str:
        found = self[character] = next((code for code, letters in _SCRIPTS if letters.match(character)), "")
        return found


_script_of = _ScriptOf()


def is_latin(text: str) -> bool:
    """True when no letter of another script is in the text (digits and marks alone count as Latin)."""
    return text.isascii() or _NON_LATIN.search(text) is None


def scripts_of(text: str) -> tuple[str, ...]:
    """ISO 15924 codes of the scripts in a text, in the fixed order of the table."""
    if text.isascii():
        return ("Latn",) if any(map(str.isalpha, text)) else ()
    found = set(map(_script_of.__getitem__, set(text)))
    found.discard("")
    return tuple([code for code, _ in _SCRIPTS if code in found]) if len(found) > 1 else tuple(found)


def clean(text: str) -> str:
    """A value without ISBD punctuation at its ends, doubled spaces and unbalanced square brackets."""
    text = text.strip(_TRAILING)
    if not text:
        return ""
    if text[-1] == "." and text[-2:-1] != ".":
        last = text[text.rfind(" ") + 1 : -1]
        if len(last) > 1 and "." not in last and last.lower() not in _ABBREVIATIONS:
            text = text[:-1].rstrip(_TRAILING)
    if ("[" in text or "]" in text) and text.count("[") != text.count("]"):
        text = text.replace("[", "").replace("]", "").strip(_TRAILING)
    if "  " in text or "\n" in text or "\t" in text:
        text = _SPACES.sub(" ", text)
    if not text.isascii() and ("\x98" in text or "\x88" in text):
        text = _NON_SORTING.sub("", text)
    return text


def unbracketed(text: str) -> str:
    """A cleaned value without the brackets that say "supplied by the cataloguer"."""
    text = clean(text)
    if "[" in text or "]" in text:
        text = clean(text.replace("[", "").replace("]", ""))
    return text


def joined(field: Field, codes: str) -> str:
    """The subfields whose code is in `codes`, as they stand, with a space between."""
    return " ".join([value for code, value in field.subfields if code in codes])


def text_of(field: Field, twin: Field | None, codes: str) -> Text:
    """A field and its linked 880 as one Text: original script first, romanised beside it."""
    value = clean(joined(field, codes))
    if twin is None:
        return Text(value)
    return both(value, clean(joined(twin, codes)))


def both(value: str, other: str) -> Text:
    """Two forms of one value, in whichever order they came."""
    if not other or other == value:
        return Text(value)
    if not value:
        return Text(other)
    if not is_latin(other):
        return Text(other, value if is_latin(value) else "")
    return Text(value) if is_latin(value) else Text(value, other)
