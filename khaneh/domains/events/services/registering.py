"""Registering for an event, and asking what registering would meet."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q

from khaneh.domains.events import notices, permissions
from khaneh.domains.events.errors import AlreadyRegistered, PriceNotAgreed
from khaneh.domains.events.models import Event, Pool, Registration
from khaneh.domains.events.queries.registrations import ahead_of
from khaneh.domains.events.queries.rows import by_ids, pools_of
from khaneh.domains.events.rules import places, prices
from khaneh.domains.events.services import charging, judging, sharing
from khaneh.domains.events.services.judging import Wish, hold
from khaneh.domains.events.types import (
    Channel,
    EventState,
    Override,
    Registered,
    RegistrationQuote,
    RegistrationState,
)
from khaneh.domains.network import queries as network
from khaneh.domains.people import queries as people
from khaneh.domains.policies import services as policies
from khaneh.domains.policies.types import Answer
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import Actor
from khaneh.kernel.money import Money
from khaneh.kernel.refusal import Invalid, NotAllowed, NotFound, Refusal

LONGEST_NAME, LONGEST_NOTE, LONGEST_REASON = 200, 2000, 1000
# Letters and digits that nobody mistakes for one another, read out at a noisy door.
_LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
_CODE_LENGTH = 10
_NO_OVERRIDE = Override()


def register(
    *,
    actor: Actor,
    event_id: int,
    now: datetime,
    account_id: int | None = None,
    organisation_id: int | None = None,
    guest: str = "",
    house_id: int | None = None,
    people_count: int = 1,
    names: Sequence[str] = (),
    own_transport: bool = False,
    note: str = "",
    channel: Channel = Channel.WEB,
    override: Override = _NO_OVERRIDE,
    agreed: Money | None = None,
) -> Registered:
    """Register the actor, alone or with a group, perhaps for an organisation; or, by the desk, another account or a `guest` by name.

    A group gets its places together or waits together. The places of a house's share are those of its members; the desk may say through
    which house (`house_id`). Requested where it must be approved; else confirmed, or waiting where there is no room, or where others wait
    before. `agreed` is what each person costs, as it was shown: nobody is charged more. It is charged with the place: at once, or when it is
    approved or becomes free; a guest pays at the door.

    Raises NotFound, NotAllowed, NotOpen, TooManyPeople, AlreadyRegistered, PolicyRefused, PriceNotAgreed, BalanceShort, UnitUnknown, Invalid.
    About 30 statements, and 12 where it costs something.
    """
    with policies.asked() as ask, db.transaction():
        wish, registrant, pool = _prepare(
            actor=actor, event_id=event_id, account_id=account_id, organisation_id=organisation_id, guest=guest,
            house_id=house_id, people_count=people_count, channel=channel, override=override, now=now,
        )  # fmt: skip
        words = checked(people_count, names, guest, note)
        _refuse_twice(wish)
        answer = ask(judging.question(wish, registrant=registrant, now=now), override.rights)
        asks = bool(answer.terms.get("approval")) and not answers(actor, wish.event)
        each = judging.price_of(wish.event, answer)
        refuse_unagreed(each, agreed, people_count)
        made = Registration.objects.create(
            event_id=event_id,
            account_id=wish.account_id,
            organisation_id=organisation_id,
            people=people_count,
            own_transport=own_transport,
            pool=pool,
            state=(RegistrationState.REQUESTED if asks else RegistrationState.WAITING).value,
            code="".join(secrets.choice(_LETTERS) for _ in range(_CODE_LENGTH)),
            channel=channel.value,
            decision_id=answer.decision_id,
            terms=judging.terms_kept(answer, wish.event),
            **stored_price(each),
            override=_stored(override),
            registered_at=now,
            registered_by_id=actor.account_id,
            joined_at=now,
            **words,
        )
        journal.record(
            "events.registration.made", actor=actor, house_id=wish.event.house_id, event_id=event_id,
            registration_id=made.pk, people=people_count,
            **({"rights": sorted(override.rights)} if override.rights else {}),
        )  # fmt: skip
        if not asks:
            sharing.settle(event_id, now=now, actor=actor, concerned=[made.pk])
        made.refresh_from_db()
        return registered(made, now=now)


def quote(
    *,
    actor: Actor,
    event_id: int,
    now: datetime,
    account_id: int | None = None,
    organisation_id: int | None = None,
    people_count: int = 1,
    own_transport: bool = False,
    channel: Channel = Channel.WEB,
) -> RegistrationQuote:
    """What registering would meet. Writes nothing. Raises NotFound, NotAllowed."""
    with db.transaction():
        refusal, facts = "", dict[str, object]()
        answer: Answer | None = None
        state: RegistrationState | None = None
        ahead = 0
        row = by_ids([event_id]).get(event_id)
        if row is None:
            raise NotFound(what="event")
        each = row.price
        try:
            wish, registrant, pool = _prepare(
                actor=actor, event_id=event_id, account_id=account_id, organisation_id=organisation_id, guest="",
                house_id=None, people_count=people_count, channel=channel, override=_NO_OVERRIDE, now=now,
            )  # fmt: skip
            _refuse_twice(wish)
            answer = policies.decide(judging.question(wish, registrant=registrant, now=now), store=False)
            each = judging.price_of(wish.event, answer)
            if answer.permitted:
                charging.refuse_unpaid(
                    each, people_count, payer=charging.payer_of(wish.account_id, organisation_id),
                    terms=judging.terms_kept(answer, wish.event), now=now,
                )  # fmt: skip
            if answer.terms.get("approval") and not answers(actor, wish.event):
                state = RegistrationState.REQUESTED
            else:
                share = pool.house_id if pool is not None and pool.house_id is not None else places.COMMON
                newcomer = places.Waiter(0, people_count, share, 0 if own_transport else people_count)
                fits = any(one.id == 0 for one in sharing.weigh(wish.event, [newcomer], now=now).given)
                state = RegistrationState.CONFIRMED if fits else RegistrationState.WAITING
                ahead = 0 if fits else row.waiting
        except (NotFound, NotAllowed):
            raise
        except Refusal as refused:
            refusal, facts = refused.code, refused.facts
        price = Money(each.amount * people_count, each.currency) if each is not None else None
        return RegistrationQuote(row, answer, state, ahead, price, refusal, facts, each)


def houses_of(event_id: int) -> list[int]:
    """The house that answers for an event and those with a share. Two statements."""
    own = list(Event.objects.filter(pk=event_id).values_list("house_id", flat=True))
    shares = Pool.objects.filter(event_id=event_id, house__isnull=False).values_list("house_id", flat=True)
    return [*own, *(number for number in shares if number is not None)]


def _prepare(
    *,
    actor: Actor,
    event_id: int,
    account_id: int | None,
    organisation_id: int | None,
    guest: str,
    house_id: int | None,
    people_count: int,
    channel: Channel,
    override: Override,
    now: datetime,
) -> tuple[Wish, Actor, Pool | None]:
    """Who may ask for what, with the locks held: the wish, who registers as the policies see them, and whose share they come by."""
    who = account_id if account_id is not None else (None if guest else actor.account_id)
    houses = houses_of(event_id)
    if not houses:
        raise NotFound(what="event")
    at_desk = permissions.may_desk(actor, house_ids=houses)
    if who is None and not guest:
        raise NotAllowed(act="events.register")
    if who != actor.account_id or guest or house_id is not None:
        permissions.require_desk(actor, house_ids=houses)
    elif organisation_id is not None and not permissions.acts_for(actor, organisation_id):
        raise NotAllowed(act="events.register_for_organisation")
    permissions.require_rights(actor, house_id=houses[0], rights=override.rights)
    hold(event_id=event_id, account_id=who, organisation_id=organisation_id)
    event = Event.objects.get(pk=event_id)
    if event.state == EventState.PROPOSED and not at_desk:
        raise NotFound(what="event")
    registrant = actor if who == actor.account_id else people.actor(who, now=now)
    if who is not None and registrant.account_id is None:
        raise NotFound(what="account")
    if organisation_id is not None and organisation_id not in network.organisation_refs([organisation_id]):
        raise NotFound(what="organisation")
    pools = pools_of(event_id)
    if house_id is not None and house_id not in pools:
        raise Invalid(fields={"house": "not_in_list"})
    share = house_id if house_id is not None else judging.share_of(who, pools)
    wish = Wish(event, who, organisation_id, people_count, channel)
    judging.refuse_impossible(wish, pools, at_desk=at_desk, share=share, now=now)
    return wish, registrant, pools[share] if share != places.COMMON else None


def _refuse_twice(wish: Wish) -> None:
    if wish.account_id is None:
        return
    ended = [RegistrationState.CANCELLED.value, RegistrationState.REFUSED.value]
    number = wish.organisation_id
    own = Q(organisation_id=number) if number is not None else Q(organisation=None)
    mine = Registration.objects.filter(own, event_id=wish.event.pk, account_id=wish.account_id)
    there = mine.exclude(state__in=ended).values_list("pk", flat=True).first()
    if there is not None:
        raise AlreadyRegistered(registration_id=there)


def registered(one: Registration, *, now: datetime) -> Registered:
    """What became of a registration. Whoever waits or asks could pay for it at this moment, if it costs something: later is too late to find
    out. They are told that it has come in. Raises BalanceShort, UnitUnknown.
    """
    state = RegistrationState(one.state)
    each = prices.stored(one.price_amount, one.price_currency)
    ahead = 0
    if state in (RegistrationState.WAITING, RegistrationState.REQUESTED):
        payer = charging.payer_of(one.account_id, one.organisation_id)
        charging.refuse_unpaid(each, one.people, payer=payer, terms=one.terms, now=now)
        if state is RegistrationState.WAITING:
            notices.tell_waiting(one, now=now)
            ahead = ahead_of(one)
        else:
            notices.tell_requested(one, now=now)
    cost = Money(each.amount * one.people, each.currency) if each is not None else None
    return Registered(one.pk, state, one.code, ahead, cost)


def refuse_unagreed(each: Money | None, agreed: Money | None, people_count: int) -> None:
    """Raises PriceNotAgreed where each person costs more than what was agreed to, or something else."""
    if each is not None and not prices.is_agreed(each, agreed):
        raise PriceNotAgreed(price=[each.amount, each.currency], people=people_count)


def stored_price(each: Money | None) -> dict[str, Any]:
    """A price as its two columns; what costs nothing has none."""
    if each is None or not each.amount:
        return {"price_amount": None, "price_currency": ""}
    return {"price_amount": each.amount, "price_currency": each.currency}


def answers(actor: Actor, event: Event) -> bool:
    """Whether the actor could approve it anyway: what they enter at the desk asks nobody else."""
    return not actor.is_system and permissions.may_lead(actor, house_id=event.house_id)


def checked(people_count: int, names: Sequence[str], guest: str, note: str) -> dict[str, Any]:
    """Names of those who come, as many as were said, without empty ones. Raises Invalid."""
    listed = [" ".join(name.split()) for name in names if name.strip()]
    guest, note = " ".join(guest.split()), note.strip()
    wrong = {}
    if len(listed) > people_count:
        wrong["names"] = "out_of_range"
    elif any(len(name) > LONGEST_NAME for name in listed):
        wrong["names"] = "too_long"
    if len(guest) > LONGEST_NAME:
        wrong["guest"] = "too_long"
    if len(note) > LONGEST_NOTE:
        wrong["note"] = "too_long"
    if wrong:
        raise Invalid(fields=wrong)
    return {"names": listed, "guest": guest, "note": note}


def _stored(override: Override) -> dict[str, Any] | None:
    if not override.rights:
        return None
    reason = override.reason.strip()
    if not reason:
        raise Invalid(fields={"reason": "required"})
    return {"rights": sorted(override.rights), "reason": reason[:LONGEST_REASON]}
