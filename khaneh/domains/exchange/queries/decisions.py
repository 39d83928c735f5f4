"""What brokers made of proposals for a need: taken up or laid aside."""

from __future__ import annotations

from typing import NamedTuple

from khaneh.domains.exchange.models import Decision
from khaneh.domains.exchange.queries import naming
from khaneh.domains.exchange.queries.postings import posting
from khaneh.domains.exchange.types import ProposedKind
from khaneh.kernel.actor import Actor

# What may withdraw or close; the page of a record tells itself what became of it.
_LOOKED_UP = (ProposedKind.MENTOR, ProposedKind.MACHINE, ProposedKind.COURSE)


class DecisionRow(NamedTuple):
    """One decision; `title` is that of the moment, in the language of the need, `code` what its page is found by, where that is no number."""

    kind: ProposedKind
    key: int
    accepted: bool
    title: str
    code: str


def decisions_of(need_id: int, *, actor: Actor) -> list[DecisionRow]:
    """All of a need for its brokers, what was taken up for its owner, nothing for others. What is gone since is left out.

    At most 24 statements. Raises NotFound.
    """
    row = posting(need_id, actor=actor)
    found = Decision.objects.filter(need_id=need_id).order_by("kind", "decided_at", "pk")
    if not row.brokers:
        found = found.filter(accepted=True) if row.owns else found.none()
    stored = list(found)
    there = {kind: naming.named(kind, [one.key for one in stored if one.kind == kind]) for kind in _LOOKED_UP}
    told = []
    for one in stored:
        kind = ProposedKind(one.kind)
        known = there[kind].get(one.key) if kind in there else None
        if kind not in there or known is not None:
            told.append(DecisionRow(kind, one.key, one.accepted, one.title, known.code if known else ""))
    return told
