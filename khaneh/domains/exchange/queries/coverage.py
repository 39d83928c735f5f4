"""Who is proposed for nothing, and why: what the matching does not see is seen by nobody."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Case, Count, IntegerField, Q, Value, When
from django.db.models.functions import Length

from khaneh.domains.exchange import permissions
from khaneh.domains.exchange.models import MatchText, Posting
from khaneh.domains.exchange.queries.proposals import (
    LEAST,
    LOOKED_AT,
    MOST,
    need_side,
    need_text,
    shelf,
    vector_of,
    weights_in_force,
)
from khaneh.domains.exchange.rules import matching
from khaneh.domains.exchange.rules.shelf import terms_of
from khaneh.domains.exchange.types import OPEN, PostingKind, ProposedKind, Unproposed
from khaneh.domains.network import queries as network
from khaneh.domains.network.types import Ref
from khaneh.infrastructure import meaning
from khaneh.kernel.actor import Actor

_WORDS = 12  # a profile of fewer words says too little to be found by
_TERMS = 8  # and so does one of fewer that tell something
_KIND = ProposedKind.ORGANISATION.value


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


class Reach(NamedTuple):
    """What the open needs propose: of how many needs, how many companies, and the best score that each company had that was looked at."""

    needs: int
    organisations: int
    best: Mapping[int, float]
    proposed: frozenset[int]


class ReachRow(NamedTuple):
    """A company as the proposals see it. `reason` is None for one that has been proposed, on that day for the last time."""

    organisation: Ref
    reason: Unproposed | None
    proposed_at: datetime | None
    best: float | None
    words: int


class ReachPage(NamedTuple):
    """One page of companies; how many were ever proposed, how many never, by reason.

    Who has never had a profile for everybody cannot be proposed, and is in no list here.
    """

    total: int
    proposed: int
    reasons: Mapping[Unproposed, int]
    rows: tuple[ReachRow, ...]


def reach(*, needs: int = 500) -> Reach:
    """Whom the `needs` last published open needs propose. Some thirty milliseconds of processor time and a statement a need."""
    held, weights = shelf(), weights_in_force()
    found = Posting.objects.filter(kind=PostingKind.NEED.value, state__in=[state.value for state in OPEN])
    asked = list(found.select_related("region").order_by("-published_at", "-pk")[:needs])
    best: dict[int, float] = {}
    proposed: set[int] = set()
    for one in asked:
        near = held.nearest(
            vector_of(one.pk),
            terms_of(need_text(one)),
            group=one.language,
            kinds=[_KIND],
            most=LOOKED_AT,
            without_organisation=one.organisation_id,
        )
        wanted = need_side(one)
        scores = {}
        for row in near:
            evidence = matching.features(wanted, row.row.side, meaning=row.meaning, words=row.words)
            scores[row.row.key] = matching.score(evidence, weights)
        for key, score in scores.items():
            best[key] = max(best.get(key, 0.0), score)
        first = sorted((key for key, score in scores.items() if score >= LEAST), key=lambda key: (-scores[key], key))
        proposed.update(first[: MOST[ProposedKind.ORGANISATION]])
    return Reach(len(asked), sum(row.kind == _KIND for row in held.rows), best, frozenset(proposed))


def coverage(*, needs: int = 500, most: int = 200) -> Coverage:
    """How far the proposals reach at this moment, and `most` of those who are never proposed. For the staff. As `reach`, and three statements."""
    found = reach(needs=needs)
    live = MatchText.objects.filter(kind=_KIND, gone=False).values_list("key", flat=True)
    left = sorted(set(live) - found.proposed, key=lambda key: (-found.best.get(key, 0.0), key))[:most]
    refs = network.organisation_refs(left)
    words = dict(MatchText.objects.filter(kind=_KIND, key__in=left).values_list("key", "text"))
    unseen = tuple(
        Unseen(refs[key], round(found.best.get(key, 0.0), 4), len(words.get(key, "").split()))
        for key in left
        if key in refs
    )
    return Coverage(found.needs, found.organisations, len(found.proposed), unseen)


def reach_page(*, actor: Actor, reason: Unproposed | None = None, offset: int = 0, limit: int = 50) -> ReachPage:
    """Companies that were never proposed, as the last nightly reckoning left it, those that came nearest first; of one reason if given.

    Three statements. Raises NotAllowed.
    """
    permissions.require_reach(actor)
    every = _reasoned()
    counts = dict(every.values_list("why").annotate(number=Count("pk")).order_by("why"))
    reasons = {one: counts.get(at, 0) for at, one in enumerate(Unproposed, start=1)}
    wanted = every.exclude(why=0) if reason is None else every.filter(why=list(Unproposed).index(reason) + 1)
    page = list(
        wanted.order_by("-best", "key").values_list("key", "why", "proposed_at", "best", "text")[
            offset : offset + limit
        ]
    )
    refs = network.organisation_refs([key for key, *_ in page])
    rows = tuple(
        ReachRow(refs[key], list(Unproposed)[why - 1] if why else None, at, best, len(text.split()))
        for key, why, at, best, text in page
        if key in refs
    )
    return ReachPage(
        total=sum(reasons.values()) if reason is None else reasons[reason],
        proposed=counts.get(0, 0),
        reasons=reasons,
        rows=rows,
    )


def _reasoned() -> Any:  # a query with columns of its own
    """Companies with the number of the first reason that holds, 0 for those that have been proposed."""
    conditions = {
        Unproposed.WITHDRAWN: Q(gone=True),
        Unproposed.UNREAD: Q(vector__isnull=True) if meaning.available() else Q(pk__isnull=True),
        Unproposed.TERSE: Q(size__lt=4 * _TERMS),
        Unproposed.NO_SECTOR: Q(sectors=[]),
    }
    order = list(Unproposed)
    cases = [When(conditions[one], then=Value(order.index(one) + 1)) for one in conditions]
    cases.insert(1, When(proposed_at__isnull=False, then=Value(0)))
    last = Value(order.index(Unproposed.OUTRANKED) + 1)
    return MatchText.objects.filter(kind=_KIND).annotate(
        size=Length("terms"), why=Case(*cases, default=last, output_field=IntegerField())
    )
