"""What a reviewer does: says what ties them to the applicants, then reads, scores and submits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from khaneh.domains.programmes import queries as programmes
from khaneh.domains.programmes.types import CriterionRow
from khaneh.domains.selection import notices, permissions
from khaneh.domains.selection.errors import Conflicted, ReviewStateRefused, ScoresMissing
from khaneh.domains.selection.models import Review, Round, Score, Tie
from khaneh.domains.selection.queries.parties import parties, ties_between, ties_of
from khaneh.domains.selection.services import holding
from khaneh.domains.selection.types.lists import DECLARABLE, ReviewState, TieKind
from khaneh.infrastructure import db
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import Invalid, NotFound

LONGEST = 4000
_WRITTEN = (ReviewState.DECLARED, ReviewState.DRAFTED)


class Mark(NamedTuple):
    """A score for a criterion, None where there is none yet, and a comment."""

    value: int | None
    comment: str = ""


def declare_clear(*, actor: Actor, review_id: int, now: datetime) -> None:
    """Declare that nothing ties one to the applicants; from here on the application can be read. Declared again it changes nothing.

    Raises NotFound, ReviewStateRefused, and Conflicted where something is known that does: then the review has ended.
    """
    with db.transaction():
        review = _own(review_id, actor)
        if review.declared_at is not None and review.state in (*_WRITTEN, ReviewState.SUBMITTED):
            return
        if review.state != ReviewState.ASSIGNED:
            raise ReviewStateRefused(review_id=review_id, state=review.state)
        kinds = ties_of(actor.account_id or 0, review.application_id, now=now)
        if kinds:
            _conflicted(review, kinds[0], "", by_itself=True, actor=actor, now=now)
        else:
            Review.objects.filter(pk=review_id).update(
                state=ReviewState.DECLARED.value, declared_at=now, changed_at=now
            )
            holding.note(
                "review.declared", actor=actor, of=review.round, now=now, application_id=review.application_id,
                review_id=review_id,
            )  # fmt: skip
    if kinds:
        raise Conflicted(kinds=[kind.value for kind in kinds])


def declare_conflict(
    *, actor: Actor, review_id: int, kind: TieKind, note: str = "", lasting: bool = False, now: datetime
) -> None:
    """Declare what ties one to the applicants, before or after having scored. Before, the review ends; a submitted one is set aside.

    With `lasting` it is remembered for other calls: towards the organisation, else towards everybody of the team. Raises NotFound,
    ReviewStateRefused, Invalid.
    """
    wrong = {}
    if kind not in DECLARABLE:
        wrong["kind"] = "not_in_list"
    if len(note) > LONGEST:
        wrong["note"] = "too_long"
    if wrong:
        raise Invalid(fields=wrong)
    with db.transaction():
        review = _own(review_id, actor)
        if review.state in (ReviewState.CONFLICTED, ReviewState.SET_ASIDE):
            return
        if review.state == ReviewState.TAKEN_BACK:
            raise ReviewStateRefused(review_id=review_id, state=review.state)
        _conflicted(review, kind, note.strip(), by_itself=False, actor=actor, now=now)
        if lasting and actor.account_id is not None:
            party = parties([programmes.application(review.application_id)])[review.application_id]
            ends: list[dict[str, int]] = (
                [{"organisation_id": party.organisation_id}]
                if party.organisation_id is not None
                else [{"other_id": number} for number in sorted(party.accounts)]
            )
            for end in ends:
                Tie.objects.get_or_create(
                    account_id=actor.account_id, kind=kind.value, ended_at=None, **end, defaults={"declared_at": now}
                )


def save_review(
    *, actor: Actor, review_id: int, marks: Mapping[str, Mark], comment: str, note: str, now: datetime
) -> None:
    """Keep a review as far as it is written. `marks` by the criterion's code. Raises NotFound, ReviewStateRefused, Invalid."""
    with db.transaction():
        review = _own(review_id, actor)
        _save(review, marks, comment, note, now)


def submit_review(
    *, actor: Actor, review_id: int, marks: Mapping[str, Mark], comment: str, note: str, now: datetime
) -> None:
    """Keep a review and hand it in, with a score for each criterion; from then on it stays. Handed in again it changes nothing.

    Raises NotFound, ReviewStateRefused, Invalid, ScoresMissing, and Conflicted where something has come to tie them since: then the review has
    ended.
    """
    with db.transaction():
        review = _own(review_id, actor)
        if review.state == ReviewState.SUBMITTED:
            return
        criteria = _save(review, marks, comment, note, now)
        kinds = ties_of(actor.account_id or 0, review.application_id, now=now)
        if kinds:
            review.refresh_from_db(fields=["state"])
            _conflicted(review, kinds[0], "", by_itself=True, actor=actor, now=now)
        else:
            scored = set(Score.objects.filter(review_id=review_id).values_list("criterion_id", flat=True))
            if missing := [one.code for one in criteria if one.id not in scored]:
                raise ScoresMissing(criteria=missing)
            Review.objects.filter(pk=review_id).update(
                state=ReviewState.SUBMITTED.value, submitted_at=now, changed_at=now
            )
            holding.note(
                "review.submitted", actor=actor, of=review.round, now=now, application_id=review.application_id,
                review_id=review_id,
            )  # fmt: skip
    if kinds:
        raise Conflicted(kinds=[kind.value for kind in kinds])


def set_aside(*, actor: Actor, review_id: int, kind: TieKind, note: str, now: datetime) -> None:
    """An officer learns what ties a reviewer to the applicants: the review ends, or is set aside where it was submitted.

    Raises NotFound, ReviewStateRefused, Invalid.
    """
    if len(note) > LONGEST:
        raise Invalid(fields={"note": "too_long"})
    with db.transaction():
        review = holding.held_review(review_id)
        permissions.require_run(actor, review.round.house_id)
        if review.state in (ReviewState.CONFLICTED, ReviewState.SET_ASIDE, ReviewState.TAKEN_BACK):
            raise ReviewStateRefused(review_id=review_id, state=review.state)
        _conflicted(review, kind, note.strip(), by_itself=False, actor=actor, now=now)


def recheck(found: Round, *, actor: Actor, now: datetime) -> int:
    """Look again for ties of everybody who has not ended their reviews, and end those that must be. Inside the caller's transaction and lock.

    Gives how many ended. Six statements and those of the sources, and three for each that ends.
    """
    open_ = list(
        Review.objects.filter(round=found, state__in=[ReviewState.ASSIGNED, *_WRITTEN, ReviewState.SUBMITTED])
        .select_related("reviewer", "round")
        .order_by("pk")
    )
    rows = {row.id: row for row in programmes.applications_of(found.call_id)}
    wanted = {one.application_id for one in open_}
    accounts = sorted({one.reviewer.account_id for one in open_ if one.reviewer.account_id is not None})
    known = ties_between(accounts, [row for key, row in rows.items() if key in wanted], now=now)
    ended = 0
    for review in open_:
        kinds = known.get((review.reviewer.account_id or 0, review.application_id))
        if kinds:
            _conflicted(review, kinds[0], "", by_itself=True, actor=actor, now=now)
            ended += 1
    return ended


def _own(review_id: int, actor: Actor) -> Review:
    """The review with its lock, for its reviewer alone. Raises NotFound."""
    review = holding.held_review(review_id)
    if actor.account_id is None or review.reviewer.account_id != actor.account_id:
        raise NotFound(what="review")
    return review


def _save(
    review: Review, marks: Mapping[str, Mark], comment: str, note: str, now: datetime
) -> tuple[CriterionRow, ...]:
    if review.state not in _WRITTEN:
        raise ReviewStateRefused(review_id=review.pk, state=review.state)
    criteria = programmes.call(review.round.call_id).criteria
    by_code = {one.code: one for one in criteria}
    wrong = {name: "too_long" for name, text in (("comment", comment), ("note", note)) if len(text) > LONGEST}
    for code, mark in marks.items():
        if code not in by_code:
            wrong[code] = "not_in_list"
        elif mark.value is not None and not 0 <= mark.value <= by_code[code].scale_max:
            wrong[code] = "out_of_range"
        elif len(mark.comment) > LONGEST:
            wrong[code] = "too_long"
    if wrong:
        raise Invalid(fields=wrong)
    Score.objects.filter(review=review, criterion_id__in=[by_code[code].id for code in marks]).delete()
    Score.objects.bulk_create(
        Score(
            review=review, criterion_id=by_code[code].id, value=mark.value, maximum=by_code[code].scale_max,
            comment=mark.comment.strip(),
        )
        for code, mark in marks.items()
        if mark.value is not None
    )  # fmt: skip
    Review.objects.filter(pk=review.pk).update(
        state=ReviewState.DRAFTED.value, comment=comment.strip(), note=note.strip(), changed_at=now
    )
    return criteria


def _conflicted(review: Review, kind: TieKind, note: str, *, by_itself: bool, actor: Actor, now: datetime) -> None:
    """End a review for a conflict. What was not submitted goes; what was is kept, set aside, and every later ranking says so."""
    submitted = review.state == ReviewState.SUBMITTED
    if review.state in _WRITTEN:
        review.scores.all().delete()
    Review.objects.filter(pk=review.pk).update(
        state=(ReviewState.SET_ASIDE if submitted else ReviewState.CONFLICTED).value, conflict=kind.value,
        conflict_note=note, ended_at=now, changed_at=now, **({} if submitted else {"comment": "", "note": ""}),
    )  # fmt: skip
    holding.note(
        "review.set_aside" if submitted else "review.conflicted", actor=actor, of=review.round, now=now,
        application_id=review.application_id, review_id=review.pk, tie=kind.value, by_itself=by_itself,
    )  # fmt: skip
    notices.tell_officers("selection.review_conflicted", review, now=now)
