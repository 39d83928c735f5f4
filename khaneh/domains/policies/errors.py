"""The policies domain's refusals. Codes are stable; pages translate them. `PolicyRefused` stands in `types`."""

from __future__ import annotations

from khaneh.kernel.refusal import Refusal, RefusalKind


class RulesConflict(Refusal):
    """Two rules are equally specific, can both apply, and differ. Facts: conflicts, each with left, right, aspect and example."""

    code = "policies.rules_conflict"
    kind = RefusalKind.CONFLICT


class RulesTooEntangled(Refusal):
    """Whether two rules conflict could not be found out in reasonable time. Facts: left, right."""

    code = "policies.rules_too_entangled"
    kind = RefusalKind.LIMIT


class DraftChanged(Refusal):
    """Somebody saved, published or discarded the draft in the meantime. Facts: none."""

    code = "policies.draft_changed"
    kind = RefusalKind.CONFLICT


class NothingToPublish(Refusal):
    """The draft holds the rules that are in force already. Facts: none."""

    code = "policies.nothing_to_publish"
    kind = RefusalKind.CONFLICT
