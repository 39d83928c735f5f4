"""Everything that reads policies, as frozen values. Each function says how many statements it costs."""

from khaneh.domains.policies.queries.decisions import ask, explain
from khaneh.domains.policies.queries.sets import (
    act,
    acts,
    compare,
    conflicts_from,
    covered,
    draft,
    history,
    in_force,
    ordered,
    place_refs,
    rule_set,
    rule_sets,
    scope_of_set,
    set_at,
    version,
    writable,
)
from khaneh.domains.policies.queries.trying import try_draft

__all__ = [
    "act",
    "acts",
    "ask",
    "compare",
    "conflicts_from",
    "covered",
    "draft",
    "explain",
    "history",
    "in_force",
    "ordered",
    "place_refs",
    "rule_set",
    "rule_sets",
    "scope_of_set",
    "set_at",
    "try_draft",
    "version",
    "writable",
]
