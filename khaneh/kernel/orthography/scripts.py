"""Which script a text is in. Pure."""

from __future__ import annotations

from collections import Counter
from functools import cache

import icu

_NO_SCRIPT = frozenset({"Zyyy", "Zinh", "Zzzz"})


@cache
def _script(char: str) -> str:
    return str(icu.Script.getScript(char).getShortName())


def script_of(text: str) -> str:
    """The ISO 15924 code that most of the letters have ('Arab', 'Latn', 'Cyrl', 'Hani' …), or '' where there is no letter."""
    if text.isascii():
        return "Latn" if any(map(str.isalpha, text)) else ""
    counts = Counter(map(_script, filter(str.isalpha, text)))
    for code in _NO_SCRIPT:
        counts.pop(code, None)
    return counts.most_common(1)[0][0] if counts else ""
