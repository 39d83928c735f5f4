"""Sharings between houses: offered, agreed to by the mentor, accepted by the other house, ended by either."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from khaneh.domains.network import queries as network
from khaneh.domains.networking import notices, permissions
from khaneh.domains.networking.errors import SharedAlready, SharingStateRefused
from khaneh.domains.networking.models import Sharing
from khaneh.domains.networking.queries.sharing import sees
from khaneh.domains.networking.rules import drafts
from khaneh.domains.networking.services.using import hold_sharings
from khaneh.domains.networking.types import LIVE_SHARINGS, Shared, SharingDraft, SharingState
from khaneh.domains.profiles import queries as profiles
from khaneh.domains.spaces import queries as spaces
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import SYSTEM, Actor
from khaneh.kernel.refusal import Invalid, NotAllowed, NotFound

_LIVE = [state.value for state in LIVE_SHARINGS]


def offer_sharing(*, actor: Actor, house_id: int, draft: SharingDraft, now: datetime, key: str) -> int:
    """Offer a place of a house, or a mentor's hours, to others; gives its number, the same for the same key.

    One house must accept it; with a region or the whole network it is in force at once, but for a mentor, who must agree. Raises NotAllowed,
    NotFound, Invalid, SharedAlready.
    """
    permissions.require_share(actor, house_id=house_id)
    today = now.astimezone(ZoneInfo(network.house_facts(house_id).calendar.zone)).date()
    wrong = drafts.sharing_problems(draft, today=today)
    if wrong:
        raise Invalid(fields=wrong)
    to_house = _receiver(draft.to_house_code, house_id)
    to_region = network.region(draft.to_region_code).id if draft.to_region_code else None
    space_id = draft.space_id if draft.what is Shared.SPACE else None
    mentor_id = draft.mentor_id if draft.what is Shared.MENTOR else None
    if space_id is not None and (
        (row := spaces.spaces_by_ids([space_id]).get(space_id)) is None or row.house.id != house_id
    ):
        raise Invalid(fields={"space": "not_in_list"})
    if mentor_id is not None and mentor_id not in profiles.mentors_by_accounts([mentor_id]):
        raise Invalid(fields={"mentor": "not_in_list"})
    with db.transaction():
        # Two who offer the same at once: the second finds the first.
        db.lock(("networking.sharer", house_id))
        before = Sharing.objects.filter(made_key=key).values_list("pk", flat=True).first()
        if before is not None:
            return before
        thing: dict[str, Any] = {"space_id": space_id, "mentor_id": mentor_id}
        whom: dict[str, Any] = {"to_house_id": to_house, "to_region_id": to_region}
        same = Sharing.objects.filter(house_id=house_id, **thing, **whom, state__in=_LIVE).first()
        if same is not None:
            raise SharedAlready(sharing_id=same.pk)
        one = Sharing(
            what=draft.what.value, house_id=house_id, **thing, **whom, minutes=draft.minutes, price_amount=draft.price.amount if draft.price else None,
            price_currency=draft.price.currency if draft.price else "", valid_from=draft.valid_from,
            valid_until=draft.valid_until, offered_by_id=actor.account_id, offered_at=now, made_key=key,
            accepted_at=now if to_house is None else None,
            agreed_at=now if mentor_id is not None and mentor_id == actor.account_id else None,
        )  # fmt: skip
        one.state = _state_of(one).value
        one.save()
        journal.record("networking.sharing.offered", actor=actor, house_id=house_id, sharing_id=one.pk)
        notices.tell_sharing(
            notices.OFFERED, one, house_ids=[to_house] if to_house is not None else [], now=now,
            mentor=one.agreed_at is None,
        )  # fmt: skip
    return one.pk


def accept_sharing(*, actor: Actor, sharing_id: int, now: datetime) -> None:
    """The other house accepts. Again it changes nothing. Raises NotFound, NotAllowed, SharingStateRefused."""
    with db.transaction():
        one = _held(sharing_id, actor)
        if one.to_house_id is None or not permissions.may_share(actor, house_id=one.to_house_id):
            raise NotAllowed(act="networking.accept_sharing")
        if one.accepted_at is not None:
            return
        _require(one, SharingState.OFFERED)
        one.accepted_at = now
        _go_on(one, "accepted", actor, now)


def agree_sharing(*, actor: Actor, sharing_id: int, now: datetime) -> None:
    """The mentor agrees that their hours are shared. Again it changes nothing. Raises NotFound, NotAllowed, SharingStateRefused."""
    with db.transaction():
        one = _held(sharing_id, actor)
        if actor.account_id is None or one.mentor_id != actor.account_id:
            raise NotAllowed(act="networking.agree_sharing")
        if one.agreed_at is not None:
            return
        _require(one, SharingState.OFFERED)
        one.agreed_at = now
        _go_on(one, "agreed", actor, now)


def decline_sharing(*, actor: Actor, sharing_id: int, reason: str, now: datetime) -> None:
    """The other house or the mentor declines what is offered. Raises NotFound, NotAllowed, SharingStateRefused, Invalid."""
    with db.transaction():
        one = _held(sharing_id, actor)
        mine = actor.account_id is not None and one.mentor_id == actor.account_id
        theirs = one.to_house_id is not None and permissions.may_share(actor, house_id=one.to_house_id)
        if not (mine or theirs):
            raise NotAllowed(act="networking.decline_sharing")
        if one.state == SharingState.DECLINED:
            return
        _require(one, SharingState.OFFERED)
        _end(one, SharingState.DECLINED, reason, actor, now)
        notices.tell_sharing(notices.ANSWERED, one, house_ids=[one.house_id], now=now, mentor=False)


def end_sharing(*, actor: Actor, sharing_id: int, reason: str, now: datetime) -> None:
    """Take back what is offered, or end what is in force: either house, or the mentor. What was booked by it stays as it was booked.

    Again it changes nothing. Raises NotFound, SharingStateRefused, Invalid.
    """
    with db.transaction():
        one = _held(sharing_id, actor)
        if one.state in (SharingState.ENDED, SharingState.WITHDRAWN):
            return
        _require(one, *LIVE_SHARINGS)
        gives = permissions.may_share(actor, house_id=one.house_id)
        if one.state == SharingState.OFFERED and not gives:
            raise NotAllowed(act="networking.end_sharing")
        state = SharingState.WITHDRAWN if one.state == SharingState.OFFERED else SharingState.ENDED
        _end(one, state, reason, actor, now)
        houses = [one.house_id, *([one.to_house_id] if one.to_house_id is not None else [])]
        notices.tell_sharing(notices.ENDED, one, house_ids=houses, now=now, mentor=True)


def end_past(*, now: datetime, limit: int = 500) -> int:
    """End sharings whose last day is over everywhere; gives how many. Nobody is told: the day was agreed. Two statements for each."""
    past = Sharing.objects.filter(state__in=_LIVE, valid_until__lt=now.date()).order_by("pk")
    ended = 0
    for number in list(past.values_list("pk", flat=True)[:limit]):
        with db.transaction():
            hold_sharings([number])
            one = Sharing.objects.get(pk=number)
            day = now.astimezone(ZoneInfo(network.house_facts(one.house_id).calendar.zone)).date()
            if one.state not in _LIVE or one.valid_until >= day:
                continue
            state = SharingState.WITHDRAWN if one.state == SharingState.OFFERED else SharingState.ENDED
            _end(one, state, "", SYSTEM, now)
            ended += 1
    return ended


def end_of_mentor(account_id: int, *, now: datetime) -> None:
    """A mentor is forgotten: what is shared of them ends, and their name goes out of all that was. Three statements a sharing."""
    for number in list(Sharing.objects.filter(mentor_id=account_id).order_by("pk").values_list("pk", flat=True)):
        hold_sharings([number])
        one = Sharing.objects.get(pk=number)
        if one.state in _LIVE:
            state = SharingState.WITHDRAWN if one.state == SharingState.OFFERED else SharingState.ENDED
            _end(one, state, "", SYSTEM, now)
        Sharing.objects.filter(pk=number).update(mentor=None)


def _held(sharing_id: int, actor: Actor) -> Sharing:
    hold_sharings([sharing_id])
    found = Sharing.objects.filter(pk=sharing_id).first()
    if found is None or not sees(actor, found):
        raise NotFound(what="sharing")
    return found


def _require(one: Sharing, *states: SharingState) -> None:
    if one.state not in states:
        raise SharingStateRefused(state=one.state)


def _state_of(one: Sharing) -> SharingState:
    """In force once the other house has accepted, and the mentor has agreed."""
    ready = one.accepted_at is not None and (one.what == Shared.SPACE or one.agreed_at is not None)
    return SharingState.ACTIVE if ready else SharingState.OFFERED


def _go_on(one: Sharing, act: str, actor: Actor, now: datetime) -> None:
    one.state = _state_of(one).value
    one.save(update_fields=["accepted_at", "agreed_at", "state"])
    journal.record(f"networking.sharing.{act}", actor=actor, house_id=one.house_id, sharing_id=one.pk)
    if one.state == SharingState.ACTIVE:
        notices.tell_sharing(notices.ANSWERED, one, house_ids=[one.house_id], now=now, mentor=False)


def _end(one: Sharing, state: SharingState, reason: str, actor: Actor, now: datetime) -> None:
    if len(reason) > drafts.LONGEST_REASON:
        raise Invalid(fields={"reason": "too_long"})
    one.state, one.over_at, one.reason = state.value, now, reason.strip()
    one.save(update_fields=["state", "over_at", "reason"])
    journal.record(f"networking.sharing.{state.value}", actor=actor, house_id=one.house_id, sharing_id=one.pk)


def _receiver(code: str, house_id: int) -> int | None:
    if not code:
        return None
    found = network.house_ids_by_code([code]).get(code)
    if found is None or found == house_id or found not in network.public_places():
        raise Invalid(fields={"to_house": "not_in_list"})
    return found
