"""The exchange's tables."""

from khaneh.domains.exchange.models.gatherings import GatheredNeed, Gathering
from khaneh.domains.exchange.models.matches import Agreement, Decision, Match, Outcome
from khaneh.domains.exchange.models.postings import Posting, Review
from khaneh.domains.exchange.models.vectors import LearntWeights, MatchText, NearRecord

__all__ = [
    "Agreement",
    "Decision",
    "GatheredNeed",
    "Gathering",
    "LearntWeights",
    "Match",
    "MatchText",
    "NearRecord",
    "Outcome",
    "Posting",
    "Review",
]
