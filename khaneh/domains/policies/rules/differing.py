"""What differs between two versions of a set."""

from __future__ import annotations

from collections.abc import Sequence

from khaneh.domains.policies.types import Rule, RuleChange


def differences(before: Sequence[Rule], after: Sequence[Rule]) -> tuple[RuleChange, ...]:
    """Rules added, changed and removed, by their number: those of `after` in its order, then the removed."""
    old = {rule.id: rule for rule in before}
    new = {rule.id: rule for rule in after}
    found = [RuleChange(old.get(rule.id), rule) for rule in after if old.get(rule.id) != rule]
    found += [RuleChange(rule, None) for rule in before if rule.id not in new]
    return tuple(found)
