"""Everything that changes policies: deciding (which keeps the decision), drafts, publishing, what ships with an act."""

from khaneh.domains.policies.registry import register
from khaneh.domains.policies.services.asking import Asked, asked
from khaneh.domains.policies.services.deciding import decide, decision, keep, prune_decisions
from khaneh.domains.policies.services.drafting import discard_draft, open_draft, publish, remove_rule, save_rule
from khaneh.domains.policies.services.keeping import ensure_act, ensure_defaults, ensure_shipped, places_moved

__all__ = [
    "Asked",
    "asked",
    "decide",
    "decision",
    "discard_draft",
    "ensure_act",
    "ensure_defaults",
    "ensure_shipped",
    "keep",
    "open_draft",
    "places_moved",
    "prune_decisions",
    "publish",
    "register",
    "remove_rule",
    "save_rule",
]
