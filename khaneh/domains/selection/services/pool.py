"""Who judges the applications of a call, and which of them."""

from __future__ import annotations

from datetime import datetime

from khaneh.domains.people import queries as people
from khaneh.domains.programmes import queries as programmes
from khaneh.domains.programmes import services as acting
from khaneh.domains.programmes.types import ApplicationState
from khaneh.domains.selection import notices
from khaneh.domains.selection.errors import (
    ApplicationStateRefused,
    AssignedAlready,
    CallNotClosed,
    Conflicted,
    ReviewerAlready,
    ReviewerFull,
    ReviewStateRefused,
    RulesNotFixed,
)
from khaneh.domains.selection.models import Review, Reviewer, Round
from khaneh.domains.selection.queries import proposing
from khaneh.domains.selection.queries.parties import ties_of
from khaneh.domains.selection.services import holding
from khaneh.domains.selection.types.lists import OPENED, WAITING, ReviewState
from khaneh.infrastructure import db
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import Invalid, NotFound

LONGEST_COMPETENCE = 4000
_JUDGED = (ApplicationState.ELIGIBLE, ApplicationState.UNDER_REVIEW)


def add_reviewer(
    *, actor: Actor, round_id: int, email: str, competence: str = "", load: int | None = None, now: datetime
) -> int:
    """Ask somebody with an account to judge; who left before is back. `competence` are words by which applications are proposed to them.

    Gives the reviewer's number. Raises NotFound, ReviewerAlready, Invalid.
    """
    account = people.account_by_email(email)
    wrong = {}
    if account is None:
        wrong["email"] = "no_account"
    if len(competence) > LONGEST_COMPETENCE:
        wrong["competence"] = "too_long"
    if load is not None and not 1 <= load <= 500:
        wrong["load"] = "out_of_range"
    if wrong or account is None:
        raise Invalid(fields=wrong)
    with db.transaction():
        found = holding.held_round(round_id, actor=actor)
        before = Reviewer.objects.filter(round_id=round_id, account_id=account.id).first()
        if before is not None and before.left_at is None:
            raise ReviewerAlready(reviewer_id=before.pk)
        facts = {"competence": competence.strip(), "load": load or found.load, "added_at": now, "left_at": None}
        made, _ = Reviewer.objects.update_or_create(round_id=round_id, account_id=account.id, defaults=facts)
        holding.note("reviewer.added", actor=actor, of=found, now=now, reviewer_id=made.pk)
    return made.pk


def remove_reviewer(*, actor: Actor, reviewer_id: int, now: datetime) -> None:
    """Somebody judges no more: what they have not submitted is taken back, what they have counts. Raises NotFound."""
    with db.transaction():
        one = Reviewer.objects.filter(pk=reviewer_id).first()
        if one is None:
            raise NotFound(what="reviewer")
        found = holding.held_round(one.round_id, actor=actor)
        if one.left_at is not None:
            return
        Reviewer.objects.filter(pk=reviewer_id).update(left_at=now)
        for review in Review.objects.filter(reviewer_id=reviewer_id, state__in=WAITING).order_by("pk"):
            _take_back(review, found, actor=actor, now=now)
        holding.note("reviewer.left", actor=actor, of=found, now=now, reviewer_id=reviewer_id)


def assign(*, actor: Actor, reviewer_id: int, application_id: int, now: datetime) -> int:
    """Give an application to a reviewer, whom nothing known ties to it and who has room. Gives the review's number.

    The first makes an application that meets the conditions one under review. Raises NotFound, RulesNotFixed, CallNotClosed,
    ApplicationStateRefused, AssignedAlready, ReviewerFull, Conflicted.
    """
    with db.transaction():
        one = Reviewer.objects.filter(pk=reviewer_id, left_at__isnull=True).first()
        if one is None or one.account_id is None:
            raise NotFound(what="reviewer")
        found = holding.held_round(one.round_id, actor=actor, applications=[application_id])
        return _assign(found, one, application_id, actor=actor, now=now)


def assign_all(*, actor: Actor, round_id: int, now: datetime) -> int:
    """Give every application the reviews that it lacks, by competence and load (`rules.competence`). Gives how many were assigned.

    Raises NotFound, RulesNotFixed, CallNotClosed.
    """
    with db.transaction():
        found = holding.held_round(round_id, actor=actor)
        _require_ready(found, now)
        pairs = proposing.pairs(found, now=now)
        holding.hold(applications=[application_id for application_id, _ in pairs] or [0])
        reviewers = Reviewer.objects.in_bulk([reviewer_id for _, reviewer_id in pairs])
        for application_id, reviewer_id in pairs:
            _assign(found, reviewers[reviewer_id], application_id, actor=actor, now=now)
    return len(pairs)


def take_back(*, actor: Actor, review_id: int, now: datetime) -> None:
    """Take a review that is not submitted from its reviewer. Raises NotFound, ReviewStateRefused."""
    with db.transaction():
        review = holding.held_review(review_id)
        found = holding.held_round(review.round_id, actor=actor)
        if review.state not in WAITING:
            raise ReviewStateRefused(review_id=review_id, state=review.state)
        _take_back(review, found, actor=actor, now=now)


def _assign(found: Round, one: Reviewer, application_id: int, *, actor: Actor, now: datetime) -> int:
    _require_ready(found, now)
    row = programmes.application(application_id)
    if row.call_id != found.call_id:
        raise NotFound(what="application")
    if row.state not in _JUDGED:
        raise ApplicationStateRefused(application_id=application_id, state=row.state.value)
    before = Review.objects.filter(reviewer=one, application_id=application_id).first()
    if before is not None and before.state != ReviewState.TAKEN_BACK:
        raise AssignedAlready(review_id=before.pk)
    if Review.objects.filter(reviewer=one, state__in=[*WAITING, ReviewState.SUBMITTED]).count() >= one.load:
        raise ReviewerFull(reviewer_id=one.pk, load=one.load)
    if kinds := ties_of(one.account_id or 0, application_id, now=now):
        raise Conflicted(kinds=[kind.value for kind in kinds])
    if before is None:
        before = Review.objects.create(
            round=found,
            reviewer=one,
            application_id=application_id,
            version=row.version,
            assigned_at=now,
            changed_at=now,
        )
    else:
        before.scores.all().delete()
        Review.objects.filter(pk=before.pk).update(
            state=ReviewState.ASSIGNED.value, version=row.version, declared_at=None, comment="", note="", conflict="",
            conflict_note="", assigned_at=now, ended_at=None, changed_at=now,
        )  # fmt: skip
    if row.state is ApplicationState.ELIGIBLE:
        acting.advance(actor=actor, application_id=application_id, to=ApplicationState.UNDER_REVIEW, reason="", now=now)
    holding.note(
        "review.assigned", actor=actor, of=found, now=now, application_id=application_id, review_id=before.pk,
        reviewer_id=one.pk,
    )  # fmt: skip
    notices.tell_reviewer("selection.review_assigned", before, one, found, now=now)
    return before.pk


def _take_back(review: Review, found: Round, *, actor: Actor, now: datetime) -> None:
    if review.state in OPENED:
        review.scores.all().delete()
    Review.objects.filter(pk=review.pk).update(
        state=ReviewState.TAKEN_BACK.value, comment="", note="", ended_at=now, changed_at=now
    )
    holding.note(
        "review.taken_back", actor=actor, of=found, now=now, application_id=review.application_id, review_id=review.pk
    )


def _require_ready(found: Round, now: datetime) -> None:
    if found.fixed_at is None:
        raise RulesNotFixed(round_id=found.pk)
    call = programmes.call(found.call_id)
    if call.closes_at is None or now < call.closes_at:
        raise CallNotClosed(call_id=found.call_id)
