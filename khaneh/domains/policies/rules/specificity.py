"""How specific a rule is within its scope. Between scopes the nearer one always wins."""

from __future__ import annotations

from collections.abc import Mapping

from khaneh.domains.policies.types import Group, Rule

# A rule about who somebody is wins over one about what they want, where and when, in this order; two conditions of the lower groups
# weigh as much as one of the higher, and then the two rules are equally specific: whoever writes them says which of them is meant.
WEIGHTS: Mapping[str, int] = {"who": 4, "what": 3, "where": 2, "when": 1}


def weight(rule: Rule, groups: Mapping[str, Group]) -> int:
    """The sum of its conditions' weights; more is more specific. A fact that the act no longer has weighs least."""
    return sum(WEIGHTS.get(groups.get(one.fact, "when"), 1) for one in rule.conditions)
