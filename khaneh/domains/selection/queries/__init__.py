"""Everything that reads selections."""

from khaneh.domains.selection.queries.boards import application_of, board, contract_of, proposals_for, reviewers, trail
from khaneh.domains.selection.queries.casing import number_of
from khaneh.domains.selection.queries.outcomes import letter, outcome, outcomes
from khaneh.domains.selection.queries.proposing import compared
from khaneh.domains.selection.queries.rankings import case, line_of, ranking, rankings, reckon, recompute
from khaneh.domains.selection.queries.rounds import (
    call_of,
    calls_run,
    lottery,
    round_of_call,
    slots,
    usual,
)
from khaneh.domains.selection.queries.tasks import task, task_document, tasks
from khaneh.domains.selection.rules.contracts import WORDS as CONTRACT_WORDS

__all__ = [
    "CONTRACT_WORDS",
    "application_of",
    "board",
    "call_of",
    "calls_run",
    "case",
    "compared",
    "contract_of",
    "letter",
    "line_of",
    "lottery",
    "number_of",
    "outcome",
    "outcomes",
    "proposals_for",
    "ranking",
    "rankings",
    "reckon",
    "recompute",
    "reviewers",
    "round_of_call",
    "slots",
    "task",
    "task_document",
    "tasks",
    "trail",
    "usual",
]
