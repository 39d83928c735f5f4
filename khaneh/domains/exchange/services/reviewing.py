"""What brokers decide on what was submitted."""

from __future__ import annotations

from datetime import datetime

from khaneh.domains.exchange import notices, permissions, queries
from khaneh.domains.exchange.models import Posting, Review
from khaneh.domains.exchange.rules.drafts import LONGEST_NOTE
from khaneh.domains.exchange.services import holding
from khaneh.domains.exchange.services.postings import show
from khaneh.domains.exchange.types import CloseReason, PostingRow, PostingState, ReviewReason, ReviewVerdict
from khaneh.infrastructure import db
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import Invalid, NotFound


def approve(*, actor: Actor, posting_id: int, now: datetime, publish: bool = True) -> PostingRow:
    """It can be published; with `publish` it is, else its owner does it. Of two who decide at once the second is told how it stands.

    Raises NotFound, OwnSide, StateRefused.
    """
    with db.transaction():
        found = _held(actor, posting_id)
        _decided(found, ReviewVerdict.APPROVED, None, "", actor, now)
        holding.move(found, PostingState.REVIEWED, actor=actor, now=now)
        if publish:
            show(found, actor=actor, now=now)
        notices.tell_owners("exchange.reviewed", found, now=now)
    return queries.posting(posting_id, actor=actor)


def send_back(*, actor: Actor, posting_id: int, reason: ReviewReason, now: datetime, note: str = "") -> PostingRow:
    """Its owner changes something and submits it again. Raises NotFound, OwnSide, StateRefused, Invalid."""
    note = _note(reason, note)
    with db.transaction():
        found = _held(actor, posting_id)
        _decided(found, ReviewVerdict.RETURNED, reason, note, actor, now)
        holding.move(found, PostingState.DRAFT, actor=actor, now=now)
        notices.tell_owners("exchange.reviewed", found, now=now)
    return queries.posting(posting_id, actor=actor)


def refuse(*, actor: Actor, posting_id: int, reason: ReviewReason, now: datetime, note: str = "") -> PostingRow:
    """It does not belong here; after some of these an organisation may have one waiting at a time. Raises as `send_back`."""
    note = _note(reason, note)
    with db.transaction():
        found = _held(actor, posting_id)
        _decided(found, ReviewVerdict.REFUSED, reason, note, actor, now)
        holding.move(found, PostingState.CLOSED, actor=actor, now=now, reason=CloseReason.REFUSED)
        notices.tell_owners("exchange.reviewed", found, now=now)
    return queries.posting(posting_id, actor=actor)


def _held(actor: Actor, posting_id: int) -> Posting:
    found = holding.held_posting(posting_id)
    if not permissions.brokers(actor, house_id=found.broker_house_id) or found.state == PostingState.DRAFT:
        raise NotFound(what="posting")
    permissions.require_between(actor, found.organisation_id)
    holding.require_state(found, PostingState.SUBMITTED)
    return found


def _decided(
    found: Posting, verdict: ReviewVerdict, reason: ReviewReason | None, note: str, actor: Actor, now: datetime
) -> None:
    Review.objects.create(
        posting=found, verdict=verdict.value, reason=reason.value if reason else "", note=note, decided_at=now,
        decided_by_id=actor.account_id,
    )  # fmt: skip
    holding.note(
        "exchange.posting.decided", found, actor=actor, verdict=verdict.value, reason=reason.value if reason else ""
    )


def _note(reason: ReviewReason, note: str) -> str:
    if reason not in list(ReviewReason):
        raise Invalid(fields={"reason": "not_in_list"})
    if len(note) > LONGEST_NOTE:
        raise Invalid(fields={"note": "too_long"})
    return note.strip()
