"""Bringing together: what is proposed is accepted or refused, companies are asked or say themselves that they are interested, introductions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from khaneh.domains.exchange import notices, permissions, queries
from khaneh.domains.exchange.errors import AgreedAlready, MatchedAlready, OwnerNotAsked
from khaneh.domains.exchange.models import Decision, Match, Posting
from khaneh.domains.exchange.rules.drafts import LONGEST_NOTE
from khaneh.domains.exchange.services import holding
from khaneh.domains.exchange.types import (
    ALIVE,
    OPEN,
    EndReason,
    Evidence,
    MatchRow,
    MatchState,
    PostingKind,
    PostingState,
    Proposal,
    ProposedKind,
    Side,
)
from khaneh.infrastructure import db
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import Invalid, NotFound

_STANDING = [*(state.value for state in ALIVE), MatchState.AGREED.value]


def decide_proposal(
    *, actor: Actor, need_id: int, proposal: Proposal, accepted: bool, now: datetime, reason: str = ""
) -> int | None:
    """A broker takes up a proposal or lays it aside; either is what the ranking learns from. Decided again, the last word counts.

    A company or an offer that is taken up is asked; gives that match. A mentor, machine, course or record stands beside the need for its
    owner. Raises NotFound, OwnSide, StateRefused, MatchedAlready.
    """
    with db.transaction():
        need = _held_need(actor, need_id)
        holding.require_state(need, *OPEN)
        Decision.objects.update_or_create(
            need=need, kind=proposal.kind.value, key=proposal.key,
            defaults={
                "accepted": accepted, "reason": reason.strip()[:LONGEST_NOTE], "score": proposal.score,
                "features": dict(proposal.features), "title": proposal.title.pick(need.language),
                "decided_at": now, "decided_by_id": actor.account_id,
            },
        )  # fmt: skip
        holding.note(
            "exchange.proposal.decided", need, actor=actor, proposed=proposal.kind.value, key=proposal.key,
            accepted=accepted,
        )  # fmt: skip
        if not accepted or proposal.kind not in (ProposedKind.ORGANISATION, ProposedKind.OFFER):
            return None
        offer = _offer(proposal.key) if proposal.kind is ProposedKind.OFFER else None
        partner_id = offer.organisation_id if offer else proposal.key
        return _matched(need, partner_id, offer, MatchState.INVITED, "", proposal.evidence, actor, now)


def invite(*, actor: Actor, need_id: int, partner_id: int, now: datetime, offer_id: int | None = None) -> int:
    """A broker asks a company whether it has an answer, also one that nothing proposed. Gives the match. Raises as `decide_proposal`."""
    with db.transaction():
        need = _held_need(actor, need_id)
        offer = _offer(offer_id) if offer_id is not None else None
        if offer is not None and offer.organisation_id != partner_id:
            raise NotFound(what="posting")
        return _matched(need, partner_id, offer, MatchState.INVITED, "", (), actor, now)


def show_interest(
    *, actor: Actor, need_id: int, partner_id: int, words: str, now: datetime, offer_id: int | None = None
) -> int:
    """A company says to the broker what it has for a need. To an invitation it is the answer; said again it changes nothing.

    Gives the match. Raises NotAllowed, NotFound, StateRefused, Invalid, AgreedAlready.
    """
    permissions.require_speak(actor, organisation_id=partner_id, house_id=None)
    words = words.strip()
    if not words or len(words) > LONGEST_NOTE:
        raise Invalid(fields={"words": "too_long" if words else "required"})
    with db.transaction():
        need = holding.held_posting(need_id)
        if need.kind != PostingKind.NEED or need.published_at is None or need.state == PostingState.DRAFT:
            raise NotFound(what="posting")
        offer = _offer(offer_id) if offer_id is not None else None
        if offer is not None and offer.organisation_id != partner_id:
            raise NotFound(what="posting")
        there = (
            Match.objects.filter(need=need, partner_id=partner_id, state__in=_STANDING).select_related("need").first()
        )
        if there is None:
            return _matched(need, partner_id, offer, MatchState.INTERESTED, words, (), actor, now)
        if there.state == MatchState.INVITED:
            holding.move_match(there, MatchState.INTERESTED, actor=actor, now=now, words=words)
            notices.tell_match("exchange.interest", there, now=now, brokers=True)
        return there.pk


def say_yes(*, actor: Actor, match_id: int, now: datetime) -> MatchRow:
    """Who needs it wants to meet this company, and may be named to it. Again it changes nothing. Raises NotFound, MatchStateRefused."""
    with db.transaction():
        match = held_as(actor, match_id, Side.OWNER)
        holding.require_match_state(match, MatchState.INTERESTED)
        if match.owner_yes_at is None:
            Match.objects.filter(pk=match_id).update(owner_yes_at=now, owner_yes_by_id=actor.account_id, changed_at=now)
            holding.note("exchange.match.owner_agreed", match.need, actor=actor, match_id=match_id)
            notices.tell_match("exchange.yes", match, now=now, brokers=True)
    return queries.match(match_id, actor=actor)


def introduce(
    *, actor: Actor, match_id: int, now: datetime, meeting_at: datetime | None = None, where: str = ""
) -> MatchRow:
    """The broker brings both sides together: from here on they know one another. With a meeting, where and when.

    Raises NotFound, OwnSide, MatchStateRefused, OwnerNotAsked, AgreedAlready, Invalid.
    """
    _meeting(meeting_at, where, now)
    with db.transaction():
        match = held_as(actor, match_id, Side.BROKER)
        permissions.require_between(actor, match.need.organisation_id, match.partner_id)
        holding.require_match_state(match, MatchState.INTERESTED)
        if match.need.state == PostingState.AGREED:
            raise AgreedAlready(need_id=match.need_id)
        holding.require_state(match.need, *OPEN)
        if match.need.anonymous and match.owner_yes_at is None:
            raise OwnerNotAsked(match_id=match_id)
        holding.move_match(
            match, MatchState.INTRODUCED, actor=actor, now=now, introduced_at=now, introduced_by_id=actor.account_id,
            meeting_at=meeting_at, meeting_where=where.strip(),
        )  # fmt: skip
        notices.tell_match("exchange.introduced", match, now=now, owner=True, partner=True)
    return queries.match(match_id, actor=actor)


def set_meeting(*, actor: Actor, match_id: int, meeting_at: datetime, where: str, now: datetime) -> MatchRow:
    """When and where both meet, said by any of the three. Raises NotFound, MatchStateRefused, Invalid."""
    _meeting(meeting_at, where, now)
    with db.transaction():
        match = held_as(actor, match_id)
        holding.require_match_state(match, MatchState.INTRODUCED, MatchState.IN_TALKS)
        Match.objects.filter(pk=match_id).update(meeting_at=meeting_at, meeting_where=where.strip(), changed_at=now)
        match.meeting_at, match.meeting_where = meeting_at, where.strip()
        holding.note("exchange.match.meeting_set", match.need, actor=actor, match_id=match_id)
        notices.tell_match("exchange.introduced", match, now=now, owner=True, partner=True, turn=f"{now:%Y%m%d%H%M%S}")
    return queries.match(match_id, actor=actor)


def start_talks(*, actor: Actor, match_id: int, now: datetime) -> MatchRow:
    """They have met and talk. Raises NotFound, MatchStateRefused."""
    with db.transaction():
        match = held_as(actor, match_id)
        holding.require_match_state(match, MatchState.INTRODUCED)
        holding.move_match(match, MatchState.IN_TALKS, actor=actor, now=now, talks_at=now)
    return queries.match(match_id, actor=actor)


def end_match(*, actor: Actor, match_id: int, now: datetime, words: str = "") -> None:
    """One of the three sees that nothing comes of it. Ended already, nothing changes. Raises NotFound, MatchStateRefused, Invalid."""
    if len(words) > LONGEST_NOTE:
        raise Invalid(fields={"words": "too_long"})
    with db.transaction():
        match = held_as(actor, match_id)
        if match.state == MatchState.ENDED:
            return
        holding.require_match_state(match, *ALIVE)
        side = queries.side_of(match, actor)
        reason = {Side.OWNER: EndReason.OWNER, Side.PARTNER: EndReason.PARTNER}.get(
            side or Side.BROKER, EndReason.BROKER
        )
        holding.end_one(match, reason, actor=actor, now=now, words=words.strip())
        holding.settle(match.need, actor=actor, now=now)


def held_as(actor: Actor, match_id: int, wanted: Side | None = None) -> Match:
    """A match with its lock, for who takes part in it, on this side. Raises NotFound."""
    match = holding.held_match(match_id)
    sides = queries.sides_of(match, actor)
    if not sides or (wanted is not None and wanted not in sides):
        raise NotFound(what="match")
    return match


def _held_need(actor: Actor, need_id: int) -> Posting:
    need = holding.held_posting(need_id)
    if need.kind != PostingKind.NEED or not permissions.brokers(actor, house_id=need.broker_house_id):
        raise NotFound(what="posting")
    permissions.require_between(actor, need.organisation_id)
    return need


def _offer(offer_id: int) -> Posting:
    found = Posting.objects.filter(
        pk=offer_id, kind=PostingKind.OFFER.value, state=PostingState.PUBLISHED.value
    ).first()
    if found is None:
        raise NotFound(what="posting")
    return found


def _matched(
    need: Posting,
    partner_id: int,
    offer: Posting | None,
    state: MatchState,
    words: str,
    evidence: Iterable[Evidence],
    actor: Actor,
    now: datetime,
) -> int:
    """A fresh match, and who is to be told of it. The need is held."""
    if need.state == PostingState.AGREED:
        raise AgreedAlready(need_id=need.pk)
    holding.require_state(need, *OPEN)
    queries.require_organisation(partner_id)
    if partner_id == need.organisation_id:
        raise Invalid(fields={"partner": "not_in_list"})
    there = Match.objects.filter(need=need, partner_id=partner_id, state__in=_STANDING).values_list("pk", flat=True)
    if there:
        raise MatchedAlready(match_id=there[0])
    made = Match.objects.create(
        need=need, offer=offer, partner_id=partner_id, by_partner=state is MatchState.INTERESTED, state=state.value,
        words=words, evidence=[one.to_dict() for one in evidence], made_at=now, made_by_id=actor.account_id,
        changed_at=now,
    )  # fmt: skip
    holding.note("exchange.match.made", need, actor=actor, match_id=made.pk, state=state.value)
    if state is MatchState.INVITED:
        notices.tell_match("exchange.invited", made, now=now, partner=True)
    else:
        notices.tell_match("exchange.interest", made, now=now, brokers=True, owner=not need.anonymous)
    return made.pk


def _meeting(at: datetime | None, where: str, now: datetime) -> None:
    if at is not None and at < now:
        raise Invalid(fields={"meeting_at": "past"})
    if len(where) > LONGEST_NOTE:
        raise Invalid(fields={"where": "too_long"})
