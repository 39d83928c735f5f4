"""The locks of every act of the exchange, and what follows when a match changes.

One statement at the beginning of an act, in one order (`db.lock` sorts): organisations, then needs and offers. What is scarce is that a need
is agreed on once, and how much an organisation may submit.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from khaneh.domains.discovery import services as discovery
from khaneh.domains.exchange import notices
from khaneh.domains.exchange.errors import MatchStateRefused, StateRefused
from khaneh.domains.exchange.models import Match, Posting
from khaneh.domains.exchange.types import ALIVE, OPEN, CloseReason, EndReason, MatchState, PostingKind, PostingState
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import SYSTEM, Actor
from khaneh.kernel.refusal import NotFound

_ALIVE = [state.value for state in ALIVE]


def hold(*, postings: Iterable[int] = (), organisations: Iterable[int] = ()) -> None:
    """Hold these until the transaction ends. One statement."""
    db.lock(
        *(("exchange.posting", number) for number in postings),
        *(("exchange.organisation", number) for number in organisations),
    )


def held_posting(posting_id: int, *, organisations: Iterable[int] = ()) -> Posting:
    """A need or offer with its lock. Raises NotFound."""
    hold(postings=[posting_id], organisations=organisations)
    found = Posting.objects.filter(pk=posting_id).first()
    if found is None:
        raise NotFound(what="posting")
    return found


def held_match(match_id: int) -> Match:
    """A match with the lock of its need. Raises NotFound."""
    need_id = Match.objects.filter(pk=match_id).values_list("need_id", flat=True).first()
    if need_id is None:
        raise NotFound(what="match")
    hold(postings=[need_id])
    return Match.objects.select_related("need").get(pk=match_id)


def require_state(posting: Posting, *allowed: PostingState) -> None:
    """Raises StateRefused."""
    if posting.state not in allowed:
        raise StateRefused(posting_id=posting.pk, state=posting.state)


def require_match_state(match: Match, *allowed: MatchState) -> None:
    """Raises MatchStateRefused."""
    if match.state not in allowed:
        raise MatchStateRefused(match_id=match.pk, state=match.state)


def move(
    posting: Posting, state: PostingState, *, actor: Actor, now: datetime, reason: CloseReason | None = None
) -> None:
    """Write another state, and have it found or not found any more."""
    before, posting.state = posting.state, state.value
    posting.close_reason = reason.value if reason else ""
    Posting.objects.filter(pk=posting.pk).update(state=state.value, close_reason=posting.close_reason, changed_at=now)
    discovery.touch(posting.kind, [posting.pk])
    # Neither the organisation nor its house: an entry that is shown, counted or sent on names nobody behind an anonymous need.
    journal.record(
        "exchange.posting.state_changed", actor=actor, house_id=posting.broker_house_id,
        posting_id=posting.pk, before=before, after=state.value,
    )  # fmt: skip


def note(kind: str, posting: Posting, *, actor: Actor, **facts: object) -> None:
    """A journal entry about a need or offer, or a match of it, under the broker's house."""
    journal.record(kind, actor=actor, house_id=posting.broker_house_id, posting_id=posting.pk, **facts)


def move_match(match: Match, state: MatchState, *, actor: Actor, now: datetime, **columns: object) -> None:
    """Write another state of a match with what belongs to it, and let the need follow."""
    before, match.state = match.state, state.value
    for name, value in columns.items():
        setattr(match, name, value)
    Match.objects.filter(pk=match.pk).update(state=state.value, changed_at=now, **columns)
    note("exchange.match.state_changed", match.need, actor=actor, match_id=match.pk, before=before, after=state.value)
    settle(match.need, actor=actor, now=now)


def settle(need: Posting, *, actor: Actor, now: datetime) -> None:
    """Let a need say how far its matches are: open, matched, in talks, agreed. Others end when one is agreed."""
    if need.kind != PostingKind.NEED or need.state not in OPEN:
        return
    states = set(Match.objects.filter(need_id=need.pk).values_list("state", flat=True))
    if MatchState.AGREED in states:
        wanted = PostingState.AGREED
    elif MatchState.IN_TALKS in states:
        wanted = PostingState.IN_TALKS
    elif MatchState.INTRODUCED in states:
        wanted = PostingState.MATCHED
    else:
        wanted = PostingState.PUBLISHED
    if wanted != need.state:
        move(need, wanted, actor=actor, now=now)
    if wanted is PostingState.AGREED:
        end_matches(need, EndReason.OTHER_AGREED, now=now)


def end_matches(posting: Posting, reason: EndReason, *, now: datetime) -> int:
    """Nothing comes of the matches that are still open; both sides and nobody else are told. Gives how many."""
    column = "need_id" if posting.kind == PostingKind.NEED else "offer_id"
    alive = Match.objects.filter(**{column: posting.pk}, state__in=_ALIVE).select_related("need")
    found = list(alive.order_by("pk"))
    for one in found:
        end_one(one, reason, actor=SYSTEM, now=now)
    return len(found)


def end_one(match: Match, reason: EndReason, *, actor: Actor, now: datetime, words: str = "") -> None:
    """Nothing comes of a match."""
    before, match.state = match.state, MatchState.ENDED.value
    match.end_reason = reason.value
    Match.objects.filter(pk=match.pk).update(
        state=MatchState.ENDED.value, end_reason=reason.value, end_note=words, changed_at=now
    )
    note("exchange.match.ended", match.need, actor=actor, match_id=match.pk, before=before, reason=reason.value)
    notices.tell_match("exchange.ended", match, now=now, owner=before not in ("invited", "interested"))
