"""The acts that are asked about. Higher domains register theirs in `AppConfig.ready`; policies know nothing else of them."""

from __future__ import annotations

from khaneh.domains.policies.types import ActType
from khaneh.kernel.refusal import NotFound

_acts: dict[str, ActType] = {}


def register(act: ActType) -> None:
    """Make an act known. The same code again replaces it. Raises ValueError for a definition that contradicts itself."""
    facts = [fact.name for fact in act.facts]
    terms = [term.name for term in act.terms]
    if len({*facts}) < len(facts) or len({*terms}) < len(terms) or "effect" in terms:
        raise ValueError(f"{act.code}: a fact or term is named twice")
    for limit in act.limits:
        if limit.term not in terms or limit.counted not in facts:
            raise ValueError(f"{act.code}: a limit of {limit.term} by {limit.counted} that is not defined")
        if limit.right is not None and limit.right not in act.rights:
            raise ValueError(f"{act.code}: the right {limit.right} is not defined")
    unknown = set(act.defaults) - set(terms)
    if unknown:
        raise ValueError(f"{act.code}: defaults for unknown terms {sorted(unknown)}")
    _acts[act.code] = act


def act(code: str) -> ActType:
    """A registered act. Raises NotFound."""
    found = _acts.get(code)
    if found is None:
        raise NotFound(what="act")
    return found


def acts() -> list[ActType]:
    """All of them, by code."""
    return [_acts[code] for code in sorted(_acts)]


def forget(code: str) -> None:
    """Take an act away again; for tests that register one of their own."""
    _acts.pop(code, None)
