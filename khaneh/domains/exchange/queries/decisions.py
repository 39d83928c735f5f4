"""What brokers made of proposals for a need: taken up or laid aside."""

from __future__ import annotations

from typing import NamedTuple

from khaneh.domains.exchange.models import Decision
from khaneh.domains.exchange.queries.postings import posting
from khaneh.domains.exchange.types import ProposedKind
from khaneh.kernel.actor import Actor


class DecisionRow(NamedTuple):
    """One decision; `title` is that of the moment, in the language of the need."""

    kind: ProposedKind
    key: int
    accepted: bool
    title: str


def decisions_of(need_id: int, *, actor: Actor) -> list[DecisionRow]:
    """All of a need for its brokers, what was taken up for its owner, nothing for others. Eight statements. Raises NotFound."""
    row = posting(need_id, actor=actor)
    found = Decision.objects.filter(need_id=need_id).order_by("kind", "decided_at", "pk")
    if not row.brokers:
        found = found.filter(accepted=True) if row.owns else found.none()
    return [DecisionRow(ProposedKind(one.kind), one.key, one.accepted, one.title) for one in found]
