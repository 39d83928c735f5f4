"""The scorecard: how many points each feature's word gives, which words forbid a merge, and where the decision lines are.

Points are natural-log odds. `weights.json` holds those that were learnt (`benchmarks/train_matching.py` makes it, seeded, from labelled
pairs of records without identifiers); the ones here are set by hand because no labelled set has identifiers, and each says why.
"""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Final

_DATA = json.loads(files(__package__).joinpath("weights.json").read_text("utf-8"))

BIAS: Final[float] = _DATA["bias"]
SAME_FROM: Final[float] = _DATA["same_from"]  # probability from which a pair merges by itself
# Below even odds nobody is asked: a brief catalogue has three other editions for every true pair there.
DIFFERENT_BELOW: Final[float] = 0.5

POINTS: Final[dict[tuple[str, str], float]] = {
    (feature, word): points for feature, words in _DATA["weights"].items() for word, points in words.items()
} | {
    # One ISBN is one edition, but publishers reuse them and cataloguers copy them from the wrong book: strong, not decisive.
    ("isbn", "same"): 5.0,
    # Both have ISBNs and share none: hardback and paperback, or another edition.
    ("isbn", "different"): -2.0,
    # A number of one agency quoted by both, e.g. OCLC's: as near to certain as catalogues get, yet some are wrong.
    ("number", "same"): 6.0,
    # Coded carelessly in old records, so it speaks neither way; but a translation can keep its original's title, so a person is asked.
    ("language", "different"): 0.0,
    ("translation", "one-side"): 0.0,
    ("translation", "other-translator"): 0.0,
    # A title may be missing in a brief record; then nothing may merge by itself.
    ("title", "missing"): -4.0,
}

# A word here keeps a pair from merging by itself whatever its points: one edition, volume, year, format or publisher is not another.
NEVER_ALONE: Final[frozenset[tuple[str, str]]] = frozenset(
    {
        ("part", "differ"),
        ("edition", "differ"),
        ("year", "near"),
        ("year", "far"),
        ("year", "very-far"),
        ("carrier", "different"),
        ("form", "different"),
        ("title-numbers", "differ"),
        ("imprint", "different"),
        ("language", "different"),
        ("translation", "one-side"),
        ("translation", "other-translator"),
        ("series-title", "other-issue"),
        # A printing of another year with other pages is another issue.
        ("reissue", "reset"),
        ("title", "different"),
        ("title", "some"),
        ("title", "missing"),
        ("title-words", "replaced"),
        ("title-words", "replaced-one"),
        ("title-words", "added-number"),
    }
)
SAME_EXTENT: Final[frozenset[str]] = frozenset({"same", "same-thin", "same-volumes", "near"})
OTHER_YEAR: Final[frozenset[str]] = frozenset({"next", "near", "far", "very-far"})
# These are never the same thing, so nobody need be asked: volume 1 is not volume 2.
NEVER_SAME: Final[frozenset[tuple[str, str]]] = frozenset({("part", "differ")})
# Two records that share an identifier are always worth a person's look.
WORTH_ASKING: Final[frozenset[tuple[str, str]]] = frozenset({("isbn", "same"), ("number", "same")})
