"""One record of two, and two again of one: by a person, with a reason, and so that taking it back restores what was."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from django.db import connection

from khaneh.domains.catalogue import permissions
from khaneh.domains.catalogue.errors import AlreadyDecided, CannotMerge, ReasonMissing
from khaneh.domains.catalogue.models import Contribution, Copy, MergeDecision, Record, ReviewPair, Work
from khaneh.domains.catalogue.queries.decisions import houses_of, kept_apart
from khaneh.domains.catalogue.queries.pages import standing
from khaneh.domains.catalogue.services import refreshing, regrouping
from khaneh.domains.catalogue.services.importing.state import MATCHING
from khaneh.domains.catalogue.types import ReviewState
from khaneh.domains.discovery import services as discovery
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import NotFound

Judgement = Literal["same", "different", "later"]


def merge_records(*, actor: Actor, from_record_id: int, into_record_id: int, reason: str, now: datetime) -> int:
    """Move the contributions and copies of one record into another and give the decision's id.

    The record that is merged away keeps its row and its address. Raises ReasonMissing, NotFound, NotAllowed, CannotMerge.
    """
    if not reason.strip():
        raise ReasonMissing(act="merge")
    with db.transaction():
        db.lock(MATCHING)
        permissions.require_catalogue(actor, house_ids=houses_of([from_record_id, into_record_id]))
        return _merge(actor, from_record_id, into_record_id, now, reason=reason.strip())


def undo_merge(*, actor: Actor, decision_id: int, reason: str, now: datetime) -> None:
    """Take a merge back: what it moved returns to the record it came from, wherever later merges carried it.

    The two are kept apart from then on: the program merges them by itself no more. Raises ReasonMissing, NotFound, NotAllowed,
    AlreadyDecided.
    """
    if not reason.strip():
        raise ReasonMissing(act="undo")
    with db.transaction():
        db.lock(MATCHING)
        decision = MergeDecision.objects.select_for_update().filter(pk=decision_id).first()
        if decision is None:
            raise NotFound(what="merge")
        target = standing(decision.into_record_id)
        permissions.require_catalogue(actor, house_ids=houses_of([target]))
        if decision.undone_at is not None:
            raise AlreadyDecided(state="undone")
        _return(decision, target)
        Record.objects.filter(pk=decision.from_record_id).update(merged_into_id=None)
        decision.undone_at = now
        decision.undone_by = actor.account_id
        decision.undo_reason = reason.strip()
        decision.save(update_fields=["undone_at", "undone_by", "undo_reason"])
        _keep_apart(actor, decision.from_record_id, target, decision, reason.strip(), now)
        regrouping.follow([decision.from_record_id, target], before=dict(decision.works or []))
        _renewed([decision.from_record_id, target], now)
        journal.record(
            "catalogue.merge.undone", actor=actor, decision_id=decision_id, record_id=decision.from_record_id, of=target
        )


def judge_pair(*, actor: Actor, pair_id: int, judgement: Judgement, now: datetime, reason: str = "") -> None:
    """Say of a pair of the review queue that it is the same (the younger record is merged into the older), different, or for later.

    What is judged are the records that stand for the two by now. Raises NotFound, NotAllowed, AlreadyDecided.
    """
    with db.transaction():
        db.lock(MATCHING)
        pair = ReviewPair.objects.select_for_update().filter(pk=pair_id).first()
        if pair is None:
            raise NotFound(what="review_pair")
        left, right = pair.standing_left, pair.standing_right
        permissions.require_catalogue(actor, house_ids=houses_of([left, right]))
        if pair.state != ReviewState.OPEN:
            raise AlreadyDecided(state=pair.state)
        if left == right or kept_apart(left, right):
            raise AlreadyDecided(state="elsewhere")
        if judgement == "later":
            pair.put_back_at = now
            pair.save(update_fields=["put_back_at"])
            return
        pair.state = judgement
        pair.reason = reason.strip()
        pair.account_id = actor.account_id
        pair.judged_at = now
        pair.save(update_fields=["state", "reason", "account_id", "judged_at"])
        if judgement == "same":
            _merge(actor, right, left, now, reason=pair.reason, score=pair.score, evidence=pair.evidence)
        journal.record(
            "catalogue.pair.judged", actor=actor, pair_id=pair_id, judgement=judgement, left_id=left, right_id=right
        )


def move_to_work(*, actor: Actor, record_ids: Sequence[int], work_id: int | None, reason: str, now: datetime) -> int:
    """Put records into one work: `work_id`, or a work of their own where it is None. The program moves them no more.

    Gives the work's id. Raises ReasonMissing, NotFound, NotAllowed.
    """
    if not reason.strip():
        raise ReasonMissing(act="work")
    with db.transaction():
        db.lock(MATCHING)
        records = list(Record.objects.select_for_update().filter(pk__in=record_ids, merged_into__isnull=True))
        if not records or len(records) != len(set(record_ids)):
            raise NotFound(what="record")
        permissions.require_catalogue(actor, house_ids=houses_of(list(record_ids)))
        if work_id is None:
            work_id = Work.objects.create().pk
        elif not Work.objects.filter(pk=work_id).exists():
            raise NotFound(what="work")
        before = {record.work_id for record in records if record.work_id is not None}
        Record.objects.filter(pk__in=record_ids).update(work_id=work_id, work_is_manual=True, changed_at=now)
        discovery.touch("record", record_ids)
        discovery.touch("work", {work_id, *before} | regrouping.split(before))
        journal.record(
            "catalogue.work.regrouped",
            actor=actor,
            record_ids=sorted(record_ids),
            work_id=work_id,
            from_work_ids=sorted(before),
            reason=reason.strip(),
        )
        return work_id


def merge_automatically(
    *, from_record_id: int, into_record_id: int, now: datetime, actor: Actor, score: float, evidence: Any
) -> int:
    """A merge that the program decided outside an import. In the caller's transaction, under the lock MATCHING."""
    return _merge(actor, from_record_id, into_record_id, now, reason="", score=score, evidence=evidence, automatic=True)


def _merge(
    actor: Actor,
    from_id: int,
    into_id: int,
    now: datetime,
    *,
    reason: str,
    score: float | None = None,
    evidence: Any = None,
    automatic: bool = False,
) -> int:
    found = {record.pk: record for record in Record.objects.select_for_update().filter(pk__in=[from_id, into_id])}
    if len(found) < 2:
        if from_id == into_id and found:
            raise CannotMerge(why="the-same")
        raise NotFound(what="record")
    if any(record.merged_into_id is not None for record in found.values()):
        raise CannotMerge(why="merged-away")
    contributions = list(Contribution.objects.filter(record_id=from_id).order_by("pk").values_list("pk", flat=True))
    loose = Copy.objects.filter(record_id=from_id, contribution__isnull=True)
    copies = list(loose.order_by("pk").values_list("pk", flat=True))
    Contribution.objects.filter(record_id=from_id).update(record_id=into_id)
    Copy.objects.filter(record_id=from_id).update(record_id=into_id)
    Record.objects.filter(pk=from_id).update(merged_into_id=into_id)
    before = regrouping.places([from_id, into_id])
    discovery.touch("work", regrouping.join([into_id]))
    after = regrouping.places(before)
    decision = MergeDecision.objects.create(
        from_record_id=from_id,
        into_record_id=into_id,
        contributions=contributions,
        copies=copies,
        works=[[record, work] for record, work in sorted(before.items()) if after[record] != work] or None,
        score=score,
        evidence=evidence or [],
        reason=reason,
        is_automatic=automatic,
        account_id=actor.account_id,
        at=now,
    )
    _renewed([from_id, into_id], now)
    journal.record(
        "catalogue.records.merged", actor=actor, decision_id=decision.pk, from_record_id=from_id, into_record_id=into_id
    )
    return decision.pk


def _return(decision: MergeDecision, target: int) -> None:
    """Give back what the merge carried to `target`: all that began with the merged record or with one that was merged into it.

    Not simply the list that the decision keeps: some of it may have been taken out since and have come back another way.
    """
    from_id = decision.from_record_id
    moved = Contribution.objects.filter(record_id=target, own_record_id__in=_below(from_id))
    numbers = list(moved.values_list("pk", flat=True))
    moved.update(record_id=from_id)
    Copy.objects.filter(contribution_id__in=numbers, record_id=target).update(record_id=from_id)
    # Copies that no contribution brought go back by the last merge that carried them.
    later = MergeDecision.objects.filter(undone_at__isnull=True, pk__gt=decision.pk, copies__overlap=decision.copies)
    elsewhere = (
        {copy for one in later.exclude(from_record_id=target) for copy in one.copies} if decision.copies else set()
    )
    loose = set(decision.copies) - elsewhere
    Copy.objects.filter(pk__in=loose, record_id=target).update(record_id=from_id)


def _below(record_id: int) -> list[int]:
    """The record and all that were merged into it, directly or through others. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH RECURSIVE below(id) AS (SELECT %s::bigint UNION SELECT r.id FROM catalogue_record AS r JOIN below AS b"
            " ON r.merged_into_id = b.id) SELECT id FROM below",
            [record_id],
        )
        return [row[0] for row in cursor.fetchall()]


def _keep_apart(actor: Actor, one: int, other: int, decision: MergeDecision, reason: str, now: datetime) -> None:
    left, right = sorted((one, other))
    ReviewPair.objects.update_or_create(
        left_id=left,
        right_id=right,
        defaults={
            "state": ReviewState.DIFFERENT.value,
            "score": decision.score or 0.0,
            "evidence": decision.evidence,
            "reason": reason,
            "account_id": actor.account_id,
            "judged_at": now,
        },
    )


def _renewed(record_ids: list[int], now: datetime) -> None:
    Record.objects.filter(pk__in=record_ids).update(changed_at=now)
    refreshing.refresh(record_ids)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT work_id FROM catalogue_record WHERE id = ANY(%s::bigint[]) AND work_id IS NOT NULL",
            [record_ids],
        )
        works = [row[0] for row in cursor.fetchall()]
    discovery.touch("record", record_ids)
    discovery.touch("work", works)
