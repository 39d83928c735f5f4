"""The exchange's tables."""

from khaneh.domains.exchange.models.matches import Agreement, Decision, Match, Outcome
from khaneh.domains.exchange.models.postings import Posting, Review
from khaneh.domains.exchange.models.vectors import LearntWeights, MatchText

__all__ = ["Agreement", "Decision", "LearntWeights", "Match", "MatchText", "Outcome", "Posting", "Review"]
