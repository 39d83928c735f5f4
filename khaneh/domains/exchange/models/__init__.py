"""The exchange's tables."""

from khaneh.domains.exchange.models.matches import Agreement, Decision, Match, Outcome
from khaneh.domains.exchange.models.postings import Posting, Review

__all__ = ["Agreement", "Decision", "Match", "Outcome", "Posting", "Review"]
