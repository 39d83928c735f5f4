"""What a reviewer sees: before they have declared that nothing ties them, who applies and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from khaneh.domains.programmes import queries as programmes
from khaneh.domains.programmes.types import ApplicationRow, CallRow, FileRow
from khaneh.domains.selection.models import Review
from khaneh.domains.selection.queries.boards import score_rows
from khaneh.domains.selection.queries.parties import applicants, ties_of
from khaneh.domains.selection.types.lists import OPENED, ReviewState
from khaneh.domains.selection.types.rows import Applicant, TaskRow
from khaneh.kernel.actor import SYSTEM, Actor
from khaneh.kernel.refusal import NotFound

_OPENED = [state.value for state in OPENED]


def tasks(actor: Actor, *, limit: int = 200) -> list[TaskRow]:
    """One's own reviews, what waits first. A fixed number of statements."""
    if actor.account_id is None:
        return []
    found = list(
        Review.objects.filter(reviewer__account_id=actor.account_id)
        .exclude(state=ReviewState.TAKEN_BACK.value)
        .select_related("round", "reviewer")
        .order_by("-assigned_at", "-pk")[:limit]
    )
    rows = programmes.applications_by_ids(one.application_id for one in found)
    calls = programmes.calls_by_ids(one.round.call_id for one in found)
    who = applicants(rows.values())
    done = (ReviewState.SUBMITTED, ReviewState.CONFLICTED, ReviewState.SET_ASIDE)
    lines = [_row(one, calls[one.round.call_id], who[one.application_id], rows[one.application_id]) for one in found]
    return sorted(lines, key=lambda line: line.state in done)


def task(review_id: int, *, actor: Actor, now: datetime) -> TaskRow:
    """One review, for its reviewer. A fixed number of statements. Raises NotFound."""
    one = _own(review_id, actor)
    row = programmes.application(one.application_id)
    call = programmes.call(one.round.call_id)
    ties = ties_of(actor.account_id or 0, row.id, now=now) if one.state == ReviewState.ASSIGNED else ()
    line = _row(one, call, applicants([row])[row.id], row)
    if one.state not in _OPENED:
        return replace(line, ties=ties)
    submissions = programmes.submissions_of(row.id)
    content = next((sent.content for sent in submissions if sent.version == row.version), None)
    return replace(
        line,
        content=content or {},
        scores=score_rows(call.criteria, one.scores.all()),
        comment=one.comment,
        note=one.note,
    )


def task_document(review_id: int, digest: str, *, actor: Actor) -> tuple[FileRow, bytes]:
    """A submitted document of an application that one judges, once one has declared. Raises NotFound."""
    one = _own(review_id, actor)
    if one.state not in _OPENED:
        raise NotFound(what="document")
    return programmes.document(one.application_id, digest, actor=SYSTEM)


def _own(review_id: int, actor: Actor) -> Review:
    found = (
        Review.objects.filter(pk=review_id)
        .exclude(state=ReviewState.TAKEN_BACK.value)
        .select_related("round", "reviewer")
        .first()
    )
    if found is None or actor.account_id is None or found.reviewer.account_id != actor.account_id:
        raise NotFound(what="review")
    return found


def _row(one: Review, call: CallRow, who: Applicant, row: ApplicationRow) -> TaskRow:
    return TaskRow(
        id=one.pk,
        call=call.names,
        house=call.house,
        number=one.application_id,
        applicant=who,
        state=ReviewState(one.state),
        assigned_at=one.assigned_at,
        submitted_at=one.submitted_at,
        application=row if one.state in _OPENED else None,
    )
