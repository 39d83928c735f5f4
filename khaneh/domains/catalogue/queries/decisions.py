"""Merges and the pairs that wait for a person."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection
from django.db.models import QuerySet

from khaneh.domains.catalogue import scope
from khaneh.domains.catalogue.models import Contribution, ContributionVersion, MergeDecision, ReviewPair
from khaneh.domains.catalogue.queries.pages import lines
from khaneh.domains.catalogue.queries.provenance import evidence_rows
from khaneh.domains.catalogue.types import DecisionRow, ReviewRow, ReviewState
from khaneh.domains.people import queries as people
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import NotFound

# A pair is offered to those whose houses gave something to both of its records: of those that ask the same by now, the first one.
_QUEUE = """
SELECT p.id FROM catalogue_review_pair AS p
WHERE p.state = 'open' AND p.standing_left <> p.standing_right AND NOT EXISTS (
    SELECT FROM catalogue_review_pair AS q
    WHERE q.standing_left = p.standing_left AND q.standing_right = p.standing_right
        AND (q.state = 'different' OR (q.state = 'open' AND q.id < p.id)))
AND (%(all)s OR NOT EXISTS (
    SELECT FROM catalogue_contribution AS c JOIN catalogue_source AS s ON s.id = c.source_id
    WHERE c.record_id IN (p.standing_left, p.standing_right)
        AND (s.house_id IS NULL OR s.house_id <> ALL(%(houses)s::bigint[]))))
"""


def review_pairs(*, actor: Actor, limit: int = 50) -> list[ReviewRow]:
    """Pairs to judge, those that were put back last at the end, else the oldest first. A bounded number of statements."""
    return _rows(_ids(actor, " ORDER BY p.put_back_at NULLS FIRST, p.id LIMIT %(limit)s", limit=limit))


def review_pair(pair_id: int, *, actor: Actor) -> ReviewRow:
    """One pair, judged or not. Raises NotFound for one that the actor may not judge."""
    pair = ReviewPair.objects.filter(pk=pair_id).first()
    if pair is None or not may_judge(actor, [pair.standing_left, pair.standing_right]):
        raise NotFound(what="review_pair")
    return _rows([pair_id])[0]


def review_count(*, actor: Actor) -> int:
    """How many pairs the actor could judge; counted up to 10,000. A bounded number of statements."""
    return len(_ids(actor, " LIMIT %(limit)s", limit=10_000))


def decisions_of(record_id: int) -> list[DecisionRow]:
    """Every merge into or out of a record, the latest first, undone ones too. Two statements."""
    found = MergeDecision.objects.filter(into_record_id=record_id) | MergeDecision.objects.filter(
        from_record_id=record_id
    )
    return _decision_rows(list(found.order_by("-pk")[:500]))


def decisions(
    *, actor: Actor, limit: int = 50, before: int | None = None, automatic: bool | None = None
) -> list[DecisionRow]:
    """Merges, the latest first, for those who may see the workbench. Two statements; nothing for others."""
    if not scope.may_see_workbench(actor):
        return []
    found = MergeDecision.objects.order_by("-pk")
    if before is not None:
        found = found.filter(pk__lt=before)
    if automatic is not None:
        found = found.filter(is_automatic=automatic)
    return _decision_rows(list(found[:limit]))


def contribution_bytes(contribution_id: int, *, actor: Actor, version: int | None = None) -> bytes:
    """What a source gave, byte for byte; an earlier `version` where one is asked for.

    For those who may import for the house that gave it. A bounded number of statements. Raises NotFound.
    """
    found = _open_to(actor, Contribution.objects.filter(pk=contribution_id))
    standing = found.values_list("version", "raw").first()
    if standing is None:
        raise NotFound(what="contribution")
    if version is None or version == standing[0]:
        return bytes(standing[1])
    kept = ContributionVersion.objects.filter(contribution_id=contribution_id, version=version)
    raw = kept.values_list("raw", flat=True).first()
    if raw is None:
        raise NotFound(what="contribution")
    return bytes(raw)


def downloadable(record_id: int, *, actor: Actor) -> frozenset[int]:
    """Those of a record's contributions whose bytes `contribution_bytes` gives the actor. A bounded number of statements."""
    return frozenset(_open_to(actor, Contribution.objects.filter(record_id=record_id)).values_list("pk", flat=True))


def _open_to(actor: Actor, found: QuerySet[Contribution]) -> QuerySet[Contribution]:
    houses = scope.house_scope(actor)
    return found if houses is None else found.filter(source__house_id__in=houses)


def houses_of(record_ids: Sequence[int]) -> set[int | None]:
    """The houses whose sources gave something to the records; None among them for a source without one. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT s.house_id FROM catalogue_contribution AS c JOIN catalogue_source AS s ON s.id = c.source_id"
            " WHERE c.record_id = ANY(%s::bigint[])",
            [list(record_ids)],
        )
        return {row[0] for row in cursor.fetchall()}


def kept_apart(one: int, other: int) -> bool:
    """Whether somebody said of these two records, or of what they stand for by now, that they are different. One statement."""
    left, right = sorted((one, other))
    return ReviewPair.objects.filter(
        standing_left=left, standing_right=right, state=ReviewState.DIFFERENT.value
    ).exists()


def may_judge(actor: Actor, record_ids: Sequence[int]) -> bool:
    """Whether the actor's roles cover every house that gave something to the records."""
    houses = scope.house_scope(actor, scope.CATALOGUERS)
    return houses is None or houses_of(record_ids) <= set(houses)


def _decision_rows(found: Sequence[MergeDecision]) -> list[DecisionRow]:
    names = people.account_names(number for one in found for number in (one.account_id, one.undone_by))
    return [
        DecisionRow(
            id=one.pk,
            from_record_id=one.from_record_id,
            into_record_id=one.into_record_id,
            contributions=tuple(one.contributions),
            automatic=one.is_automatic,
            account_id=one.account_id,
            decided_by=names.get(one.account_id or 0, ""),
            reason=one.reason,
            score=one.score,
            evidence=evidence_rows(one.evidence),
            at=one.at,
            undone_at=one.undone_at,
            undone_by=names.get(one.undone_by or 0, ""),
            undo_reason=one.undo_reason,
        )
        for one in found
    ]


def _ids(actor: Actor, rest: str, *, limit: int) -> list[int]:
    houses = scope.house_scope(actor, scope.CATALOGUERS)
    with connection.cursor() as cursor:
        cursor.execute(_QUEUE + rest, {"all": houses is None, "houses": sorted(houses or ()), "limit": limit})
        return [row[0] for row in cursor.fetchall()]


def _rows(ids: Sequence[int]) -> list[ReviewRow]:
    pairs = ReviewPair.objects.in_bulk(list(ids))
    shown = lines([record for pair in pairs.values() for record in (pair.standing_left, pair.standing_right)])
    by_id = {line.id: line for line in shown}
    return [
        ReviewRow(
            id=pair.pk,
            left=by_id[pair.standing_left],
            right=by_id[pair.standing_right],
            score=pair.score,
            evidence=evidence_rows(pair.evidence),
            state=_answered(pair),
            added_at=pair.added_at,
            reason=pair.reason,
        )
        for number in ids
        if (pair := pairs.get(number)) is not None
    ]


def _answered(pair: ReviewPair) -> ReviewState:
    """The state of the question as it stands by now: a merge of the two elsewhere has answered it too."""
    if pair.state == ReviewState.OPEN and pair.standing_left == pair.standing_right:
        return ReviewState.SAME
    return ReviewState(pair.state)
