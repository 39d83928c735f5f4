"""What becomes of a registration before its event: changed, given up, approved or refused."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from khaneh.domains.events import notices, permissions
from khaneh.domains.events.errors import ApprovedAsItIs, NoRoom, RegistrationEnded, TooLateToCancel
from khaneh.domains.events.models import Event, Registration
from khaneh.domains.events.queries.registrations import cancel_until
from khaneh.domains.events.queries.rows import pools_of
from khaneh.domains.events.rules import places, prices
from khaneh.domains.events.services import judging, sharing
from khaneh.domains.events.services.judging import Ask, Wish, hold
from khaneh.domains.events.services.registering import (
    LONGEST_REASON,
    answers,
    checked,
    houses_of,
    refuse_unagreed,
    registered,
    stored_price,
)
from khaneh.domains.events.types import (
    OPEN_REGISTRATIONS,
    Channel,
    EndReason,
    EventState,
    Registered,
    RegistrationState,
)
from khaneh.domains.people import queries as people_queries
from khaneh.domains.policies import services as policies
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import Actor
from khaneh.kernel.money import Money
from khaneh.kernel.refusal import Invalid, NotFound


def change_registration(
    *,
    actor: Actor,
    registration_id: int,
    now: datetime,
    people_count: int | None = None,
    names: Sequence[str] | None = None,
    own_transport: bool | None = None,
    note: str | None = None,
    agreed: Money | None = None,
) -> Registered:
    """Come with more or fewer, say who comes. Fewer keep their place, on the waiting list too. More must find room, or those who wait
    wait at the end, at the price of that moment: `agreed` to for each person, else not above the one they registered at. What fewer give up
    late stays charged by their terms. Nothing changes where it is refused. Raises NotFound, RegistrationEnded, TooManyPeople, NotOpen,
    NoRoom, ApprovedAsItIs, PolicyRefused, PriceNotAgreed, BalanceShort, UnitUnknown, Invalid.
    """
    with policies.asked() as ask, db.transaction():
        found, event = held_registration(registration_id, actor=actor)
        if found.state not in OPEN_REGISTRATIONS:
            raise RegistrationEnded(registration_id=registration_id, state=found.state)
        count = people_count if people_count is not None else found.people
        words = checked(
            count, found.names if names is None else names, found.guest, found.note if note is None else note
        )
        rides = found.own_transport if own_transport is None else own_transport
        own = is_own(found, actor)
        grows = count > found.people or (found.own_transport and not rides)
        if grows:
            _grow(
                found,
                event,
                actor=actor,
                ask=ask,
                people=count,
                own_transport=rides,
                words=words,
                agreed=agreed,
                now=now,
            )
        else:
            given_back = found.people - count if found.state == RegistrationState.CONFIRMED else 0
            # What is common is given back first where the shares are still kept, so that it serves whoever comes.
            common = min(found.from_common, given_back)
            Registration.objects.filter(pk=registration_id).update(
                people=count, own_transport=rides, from_common=found.from_common - common,
                from_pool=found.from_pool - (given_back - common),
                # What the desk takes back for them costs nothing.
                terms=_given_up(found, event, given_back, now=now) if own else found.terms, **words,
            )  # fmt: skip
        journal.record(
            "events.registration.changed", actor=actor, house_id=event.house_id, registration_id=registration_id,
            people=count,
        )  # fmt: skip
        sharing.settle(event.pk, now=now, actor=actor, concerned=[registration_id], quiet=[registration_id])
        had_place = found.state == RegistrationState.CONFIRMED
        found.refresh_from_db()
        if had_place and found.state != RegistrationState.CONFIRMED:
            raise NoRoom(registration_id=registration_id, people=count)
        return registered(found, now=now)


def cancel_registration(*, actor: Actor, registration_id: int, now: datetime, reason: str = "") -> None:
    """Give up what is registered, and whoever waits gets the places. Who registered may do so until the hours that the policies gave, and at
    any time once the event was moved; the desk always, and then they are told. What it cost is given back by the terms under which they
    registered, all of it where the desk ends it. Raises NotFound, RegistrationEnded, TooLateToCancel, Invalid.
    """
    reason = reason.strip()
    if len(reason) > LONGEST_REASON:
        raise Invalid(fields={"reason": "too_long"})
    with db.transaction():
        found, event = held_registration(registration_id, actor=actor)
        if found.state not in OPEN_REGISTRATIONS or found.came:
            raise RegistrationEnded(registration_id=registration_id, state=found.state)
        own = is_own(found, actor)
        until = cancel_until(found, event.starts, event.revision)
        if until is not None and now > until and not permissions.may_desk(actor, house_ids=[event.house_id]):
            raise TooLateToCancel(registration_id=registration_id, until=until.isoformat())
        why = EndReason.REGISTRANT if own else EndReason.STAFF
        end(
            found, event, state=RegistrationState.CANCELLED, why=why, words=reason, actor=actor, now=now,
            tell=actor.account_id != found.account_id,
        )  # fmt: skip
        sharing.settle(event.pk, now=now, actor=actor, concerned=[registration_id])


def approve_registration(*, actor: Actor, registration_id: int, now: datetime) -> Registered:
    """Let who asks come: they get their places, or wait for them in the order in which they asked; what it costs is charged with the places.

    Raises NotFound, NotAllowed, RegistrationEnded, and BalanceShort or UnitUnknown where they cannot pay any more.
    """
    with db.transaction():
        found, event = _request(registration_id, actor)
        Registration.objects.filter(pk=registration_id).update(state=RegistrationState.WAITING.value)
        journal.record(
            "events.registration.approved", actor=actor, house_id=event.house_id, registration_id=registration_id
        )
        sharing.settle(event.pk, now=now, actor=actor, concerned=[registration_id])
        found.refresh_from_db()
        return registered(found, now=now)


def refuse_registration(*, actor: Actor, registration_id: int, reason: str, now: datetime) -> None:
    """Do not let them come; they are told why. Raises NotFound, NotAllowed, RegistrationEnded, Invalid."""
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON:
        raise Invalid(fields={"reason": "too_long" if reason else "required"})
    with db.transaction():
        found, event = _request(registration_id, actor)
        end(
            found, event, state=RegistrationState.REFUSED, why=EndReason.STAFF, words=reason, actor=actor, now=now,
            tell=True,
        )  # fmt: skip


def held_registration(registration_id: int, *, actor: Actor) -> tuple[Registration, Event]:
    """A registration that the actor may deal with (their own, that of an organisation for which they speak, or at the desk of a house of the
    event), with the locks held.

    Raises NotFound, also for what is none of the actor's business.
    """
    seen = Registration.objects.filter(pk=registration_id).values_list(
        "event_id", "account_id", "organisation_id"
    ).first()  # fmt: skip
    if seen is None:
        raise NotFound(what="registration")
    event_id, account_id, organisation_id = seen
    own = account_id is not None and account_id == actor.account_id
    if not (
        own
        or organisation_id in permissions.spoken_for(actor)
        or permissions.may_desk(actor, house_ids=houses_of(event_id))
    ):
        raise NotFound(what="registration")
    hold(event_id=event_id, account_id=account_id, organisation_id=organisation_id)
    found = Registration.objects.select_related("pool").get(pk=registration_id)
    return found, Event.objects.get(pk=event_id)


def is_own(found: Registration, actor: Actor) -> bool:
    """Whether it is the actor's own, or that of an organisation for which they speak."""
    own = actor.account_id is not None and actor.account_id == found.account_id
    return own or found.organisation_id in permissions.spoken_for(actor)


def end(
    found: Registration, event: Event, *, state: RegistrationState, why: EndReason, words: str, actor: Actor,
    now: datetime, tell: bool,
) -> None:  # fmt: skip
    """Take a registration to its end before the event, with the event held; what it had is free. Its ledger is left to the caller
    (`charging.settle`), who settles it as the last of the act.
    """
    if why is EndReason.REGISTRANT:
        places_had = found.people if found.state == RegistrationState.CONFIRMED else 0
        terms = _given_up(found, event, places_had, now=now)
    else:
        # What the house ends costs nobody anything.
        terms = {**found.terms, "kept": []}
    Registration.objects.filter(pk=found.pk).update(
        state=state.value, from_pool=0, from_common=0, ended_at=now, end_reason=why.value, reason=words, terms=terms
    )
    journal.record(
        f"events.registration.{state.value}", actor=actor, house_id=event.house_id, registration_id=found.pk,
        reason=why.value,
    )  # fmt: skip
    if tell:
        notices.tell_ended([Registration.objects.select_related("event").get(pk=found.pk)], now=now)


def _grow(
    found: Registration, event: Event, *, actor: Actor, ask: Ask, people: int, own_transport: bool, words: dict[str, Any],
    agreed: Money | None, now: datetime,
) -> None:  # fmt: skip
    """Ask for more, at the end of the queue, under the rules as they are."""
    pools = pools_of(event.pk)
    wish = Wish(event, found.account_id, found.organisation_id, people, Channel.WEB, found.pk)
    share = found.pool.house_id if found.pool is not None and found.pool.house_id is not None else places.COMMON
    at_desk = permissions.may_desk(actor, house_ids=[event.house_id])
    judging.refuse_impossible(wish, pools, at_desk=at_desk, share=share, now=now)
    registrant = people_queries.actor(found.account_id, now=now)
    answer = ask(judging.question(wish, registrant=registrant, now=now), frozenset())
    asks = bool(answer.terms.get("approval")) and not answers(actor, event)
    if asks and found.state == RegistrationState.CONFIRMED:
        raise ApprovedAsItIs(registration_id=found.pk, people=found.people)
    each = judging.price_of(event, answer)
    before = prices.stored(found.price_amount, found.price_currency)
    refuse_unagreed(each, agreed or before, people)
    kept = {"kept": found.terms["kept"]} if found.terms.get("kept") else {}
    # What was priced stays so, if only at nothing: what it has cost is then given back.
    price = stored_price(each) if before is None or (each is not None and each.amount) else {"price_amount": 0}
    Registration.objects.filter(pk=found.pk).update(
        state=(RegistrationState.REQUESTED if asks else RegistrationState.WAITING).value, people=people,
        own_transport=own_transport, from_pool=0, from_common=0, joined_at=now, decision_id=answer.decision_id,
        terms=judging.terms_kept(answer, event) | kept, **price, **words,
    )  # fmt: skip


def _given_up(found: Registration, event: Event, people: int, *, now: datetime) -> dict[str, Any]:
    """Its terms once the places of so many are given up at this moment by who registered."""
    return prices.given_up(
        prices.stored(found.price_amount, found.price_currency), people, terms=found.terms, starts=event.starts, now=now,
        moved=prices.is_moved(found.terms, event.revision),
    )  # fmt: skip


def _request(registration_id: int, actor: Actor) -> tuple[Registration, Event]:
    found, event = held_registration(registration_id, actor=actor)
    permissions.require_lead(actor, house_id=event.house_id)
    if found.state != RegistrationState.REQUESTED or event.state not in (EventState.OPEN, EventState.FULL):
        raise RegistrationEnded(registration_id=registration_id, state=found.state)
    return found, event
