"""Who is proposed for nothing: what the matching does not see is seen by nobody."""

from __future__ import annotations

from typing import NamedTuple

from khaneh.domains.exchange.models import MatchText, Posting
from khaneh.domains.exchange.queries.proposals import (
    LEAST,
    MOST,
    need_side,
    need_text,
    shelf,
    vector_of,
    weights_in_force,
)
from khaneh.domains.exchange.rules import matching
from khaneh.domains.exchange.rules.shelf import terms_of
from khaneh.domains.exchange.types import OPEN, PostingKind, ProposedKind
from khaneh.domains.network import queries as network
from khaneh.domains.network.types import Ref

_WORDS = 12  # a profile of fewer words says too little to be found by


class Unseen(NamedTuple):
    """An organisation that no open need proposes: with the best score it had for any, and how many words its profile has."""

    organisation: Ref
    best: float
    words: int

    @property
    def is_terse(self) -> bool:
        """Whether its profile says so little that nothing could find it."""
        return self.words < _WORDS


class Coverage(NamedTuple):
    """Of so many organisations with a profile, so many are among those proposed for one of the open needs; the others, the nearest first."""

    needs: int
    organisations: int
    proposed: int
    unseen: tuple[Unseen, ...]


def coverage(*, needs: int = 500, most: int = 200) -> Coverage:
    """How far the proposals reach, over the `needs` last published open ones; `most` of those who are never proposed. For the staff.

    Some thirty milliseconds of processor time a need. Four statements and one a need.
    """
    held, weights = shelf(), weights_in_force()
    kind = ProposedKind.ORGANISATION.value
    found = Posting.objects.filter(kind=PostingKind.NEED.value, state__in=[state.value for state in OPEN])
    asked = list(found.select_related("region").order_by("-published_at", "-pk")[:needs])
    best: dict[int, float] = {row.key: 0.0 for row in held.rows if row.kind == kind}
    proposed: set[int] = set()
    for one in asked:
        near = held.nearest(
            vector_of(one.pk),
            terms_of(need_text(one)),
            group=one.language,
            kinds=[kind],
            most=max(len(best), 1),
            without_organisation=one.organisation_id,
        )
        wanted = need_side(one)
        scores = {}
        for row in near:
            evidence = matching.features(wanted, row.row.side, meaning=row.meaning, words=row.words)
            scores[row.row.key] = matching.score(evidence, weights)
        for key, score in scores.items():
            best[key] = max(best[key], score)
        first = sorted((key for key, score in scores.items() if score >= LEAST), key=lambda key: (-scores[key], key))
        proposed.update(first[: MOST[ProposedKind.ORGANISATION]])
    left = sorted(set(best) - proposed, key=lambda key: (-best[key], key))[:most]
    refs = network.organisation_refs(left)
    words = dict(MatchText.objects.filter(kind=kind, key__in=left).values_list("key", "text"))
    unseen = tuple(
        Unseen(refs[key], round(best[key], 4), len(words.get(key, "").split())) for key in left if key in refs
    )
    return Coverage(len(asked), len(best), len(proposed), unseen)
