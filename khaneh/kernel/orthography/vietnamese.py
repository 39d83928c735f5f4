"""Vietnamese syllables: tone marks, where they sit, and the keystrokes (Telex, VNI) that make them. Pure.

The tone of an open oa, oe or uy may be written on either vowel (hòa, hoà); keys use the first, as most catalogues do.
"""

from __future__ import annotations

import re
import unicodedata

TONES = {"f": "\u0300", "s": "\u0301", "x": "\u0303", "r": "\u0309", "j": "\u0323"}  # by Telex key
_TONE_MARKS = frozenset(TONES.values())
_VNI_TONES = {"1": "\u0301", "2": "\u0300", "3": "\u0309", "4": "\u0303", "5": "\u0323"}
_VNI_SHAPES = {"6": {"a": "â", "e": "ê", "o": "ô"}, "7": {"o": "ơ", "u": "ư"}, "8": {"a": "ă"}, "9": {"d": "đ"}}
_DOUBLED = {"a": "â", "e": "ê", "o": "ô", "d": "đ"}
_HOOKED = {"a": "ă", "o": "ơ", "u": "ư"}
_VOWELS = frozenset("aăâeêioôơuưy")
_SHAPED = frozenset("ăâêôơư")

_SYLLABLE = re.compile(
    r"(ngh|ng|nh|gh|gi|qu|ch|kh|ph|th|tr|[bcdđghklmnpqrstvx])?([aăâeêioôơuưy]{1,3})(ch|ng|nh|[cmnpt])?"
)
# An open syllable's moved tone (hoà), and a closed one's (hòan for hoàn).
_OPEN_LATE = re.compile(r"([ou])([àáảãạèéẻẽẹỳýỷỹỵ])$")
_CLOSED_EARLY = re.compile(r"([òóỏõọùúủũụ])([aey])(?=(?:ch|ng|nh|[cmnpt])$)")
_TONED = re.compile(r"[àáảãạèéẻẽẹỳýỷỹỵòóỏõọùúủũụ]")


def toneless(text: str) -> str:
    """The text without its tones; ă â ê ô ơ ư đ stay. NFC."""
    return unicodedata.normalize("NFC", "".join(c for c in unicodedata.normalize("NFD", text) if c not in _TONE_MARKS))


def has_shaped_letter(word: str) -> bool:
    """Whether a lower-case word has a letter that is a letter of its own in Vietnamese: ă â ê ô ơ ư đ."""
    return any(c in _SHAPED or c == "đ" for c in word)


def _carry(toned: str, bare: str) -> str:
    tone = next(c for c in unicodedata.normalize("NFD", toned) if c in _TONE_MARKS)
    return unicodedata.normalize("NFC", bare + tone)


def unify_tone_placement(word: str) -> str:
    """One lower-case NFC word with its tone where keys have it: hoà → hòa, thuỷ → thủy, hòan → hoàn; quý stays."""
    if not _TONED.search(word):
        return word
    late = _OPEN_LATE.search(word)
    if late:
        first, second = late.groups()
        bare = toneless(second)
        pair = first + bare
        after_q = word[: late.start()].endswith("q")
        if pair in ("oa", "oe", "uy") and not after_q and _is_syllable(toneless(word)):
            return word[: late.start()] + _carry(second, first) + bare
        return word
    early = _CLOSED_EARLY.search(word)
    if early:
        first, second = early.groups()
        if toneless(first) + second in ("oa", "oe", "uy") and _is_syllable(toneless(word)):
            return word[: early.start()] + toneless(first) + _carry(first, second) + word[early.end() :]
    return word


def _is_syllable(word: str) -> bool:
    return _SYLLABLE.fullmatch(word) is not None


def _place_tone(word: str, tone: str) -> str:
    """Put a combining tone on the vowel that carries it in a toneless syllable."""
    match = _SYLLABLE.fullmatch(word)
    if match is None:
        return word
    start, vowels, final = match.start(2), match.group(2), match.group(3)
    shaped = [i for i, c in enumerate(vowels) if c in _SHAPED]
    if shaped:
        at = shaped[-1]
    elif len(vowels) == 1:
        at = 0
    elif final or len(vowels) == 3:
        at = min(1, len(vowels) - 1) if len(vowels) == 3 else len(vowels) - 1
    else:
        at = 0
    at += start
    return unicodedata.normalize("NFC", word[: at + 1] + tone + word[at + 1 :])


def _hook(letters: list[str]) -> bool:
    """Apply Telex w (or VNI 7 to a pair): uo → ươ first, else the last a, o or u."""
    text = "".join(letters)
    pair = max(text.rfind("uo"), text.rfind("ưo"))
    if pair >= 0 and not (pair > 0 and letters[pair - 1] == "q"):
        letters[pair : pair + 2] = ["ư", "ơ"]
        return True
    for i in range(len(letters) - 1, -1, -1):
        if letters[i] in _HOOKED:
            letters[i] = _HOOKED[letters[i]]
            return True
    return False


def _telex_word(word: str) -> str:
    letters: list[str] = []
    tone = ""
    for key in word:
        if key in TONES and any(c in _VOWELS for c in letters):
            tone = TONES[key]
        elif key == "z" and tone:
            tone = ""
        elif key == "w":
            if not _hook(letters):
                letters.append("ư")
        elif key in _DOUBLED and key in letters and not (key == "d" and letters[0] != "d"):
            at = len(letters) - 1 - letters[::-1].index(key)
            letters[at] = _DOUBLED[key]
        else:
            letters.append(key)
    return _finish(letters, tone, word)


def _vni_word(word: str) -> str:
    letters: list[str] = []
    tone = ""
    for key in word:
        if key in _VNI_TONES and letters:
            tone = _VNI_TONES[key]
        elif key == "7" and letters:
            _hook(letters)
        elif key in _VNI_SHAPES and letters:
            shapes = _VNI_SHAPES[key]
            for i in range(len(letters) - 1, -1, -1):
                if letters[i] in shapes:
                    letters[i] = shapes[letters[i]]
                    break
        else:
            letters.append(key)
    return _finish(letters, tone, word)


def _finish(letters: list[str], tone: str, typed: str) -> str:
    made = "".join(letters)
    if not _is_syllable(made):
        return typed
    return _place_tone(made, tone) if tone else made


def telex(text: str) -> str:
    """What Telex keystrokes mean: 'hoaf binhf' → 'hòa bình'. A word that makes no Vietnamese syllable stays as typed."""
    return " ".join(_telex_word(w) for w in text.lower().split())


def vni(text: str) -> str:
    """What VNI keystrokes mean: 'vie65t nam' → 'việt nam'. A word that makes no Vietnamese syllable stays as typed."""
    return " ".join(_vni_word(w) for w in text.lower().split())
