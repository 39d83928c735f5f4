"""Rows of selection, with what PostgreSQL itself keeps about them."""

from khaneh.domains.selection.models.deciding import Appeal, Contract, Decision, Letter, Slot, Trail
from khaneh.domains.selection.models.reviewing import RankingRun, Review, Reviewer, Round, Score, Tie

__all__ = [
    "Appeal",
    "Contract",
    "Decision",
    "Letter",
    "RankingRun",
    "Review",
    "Reviewer",
    "Round",
    "Score",
    "Slot",
    "Tie",
    "Trail",
]
