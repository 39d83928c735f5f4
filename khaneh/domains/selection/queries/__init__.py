"""Everything that reads selections."""

from khaneh.domains.selection.queries.boards import application_of, board, proposals_for, reviewers, trail
from khaneh.domains.selection.queries.outcomes import letter, outcome, outcomes
from khaneh.domains.selection.queries.rankings import case, ranking, rankings, recompute
from khaneh.domains.selection.queries.rounds import public_commitment, round_of_call, rounds_run, slots, usual
from khaneh.domains.selection.queries.tasks import task, task_document, tasks

__all__ = [
    "application_of",
    "board",
    "case",
    "letter",
    "outcome",
    "outcomes",
    "proposals_for",
    "public_commitment",
    "ranking",
    "rankings",
    "recompute",
    "reviewers",
    "round_of_call",
    "rounds_run",
    "slots",
    "task",
    "task_document",
    "tasks",
    "trail",
    "usual",
]
