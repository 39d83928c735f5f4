"""Are these two records about the same thing? Keys that find candidates, a folded form to keep, a score that explains itself.

Import for a contribution: `comparable(description)` once, `keys_of(comparable)`, join the keys, `score` each candidate.
"""

from khaneh.domains.catalogue.rules.matching.comparable import Comparable, comparable
from khaneh.domains.catalogue.rules.matching.keys import MOST, TOO_COMMON, MatchKeys, keys, keys_of
from khaneh.domains.catalogue.rules.matching.verdict import Decision, Evidence, Verdict, score, surely_different

__all__ = [
    "MOST",
    "TOO_COMMON",
    "Comparable",
    "Decision",
    "Evidence",
    "MatchKeys",
    "Verdict",
    "comparable",
    "keys",
    "keys_of",
    "score",
    "surely_different",
]
