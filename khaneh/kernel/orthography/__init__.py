"""How Persian, Arabic, Vietnamese and other scripts are written, so that what is the same to a reader is the same to the program.

Keys for searching and matching, order, scripts, digits, keyboards. Pure: no stored text is ever altered by what lives here, and
nothing here knows records, queries or an index.
"""

from khaneh.kernel.orthography.articles import ARTICLES
from khaneh.kernel.orthography.collation import filing_key, is_filed_first_in_persian, sort_key
from khaneh.kernel.orthography.keyboards import (
    latin_keys_as_persian,
    other_layout_readings,
    persian_keys_as_latin,
)
from khaneh.kernel.orthography.letters import latin_digits, persian_digits
from khaneh.kernel.orthography.scripts import script_of
from khaneh.kernel.orthography.tokens import (
    Chunk,
    Word,
    affixes_joined,
    chunk,
    chunks,
    exact_key,
    match_key,
    search_key,
    words,
)
from khaneh.kernel.orthography.vietnamese import telex, toneless, unify_tone_placement, vni

__all__ = [
    "ARTICLES",
    "Chunk",
    "Word",
    "affixes_joined",
    "chunk",
    "chunks",
    "exact_key",
    "filing_key",
    "is_filed_first_in_persian",
    "latin_digits",
    "latin_keys_as_persian",
    "match_key",
    "other_layout_readings",
    "persian_digits",
    "persian_keys_as_latin",
    "script_of",
    "search_key",
    "sort_key",
    "telex",
    "toneless",
    "unify_tone_placement",
    "vni",
    "words",
]
