"""Booking a space, asking what booking would meet, and changing the time or the place of what is booked."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime
from typing import Any

from khaneh.domains.network import queries as network
from khaneh.domains.people import queries as people
from khaneh.domains.policies import services as policies
from khaneh.domains.policies.types import Answer
from khaneh.domains.spaces import notices, permissions
from khaneh.domains.spaces.errors import BookingChanged, BookingEnded
from khaneh.domains.spaces.models import Booking, Space
from khaneh.domains.spaces.queries.rows import for_act
from khaneh.domains.spaces.rules import prices
from khaneh.domains.spaces.services import charging, judging
from khaneh.domains.spaces.services.judging import Ask, Wish, hold
from khaneh.domains.spaces.types import (
    HOLDING,
    Booked,
    BookingState,
    Channel,
    Override,
    Quote,
    SpaceRow,
)
from khaneh.infrastructure import db, jobs, journal
from khaneh.kernel.actor import Actor
from khaneh.kernel.money import Money
from khaneh.kernel.refusal import Invalid, NotAllowed, NotFound, Refusal

LONGEST_TITLE = 300
_NO_OVERRIDE = Override()


def book(
    *,
    actor: Actor,
    space_id: int,
    starts: datetime,
    ends: datetime,
    now: datetime,
    account_id: int | None = None,
    organisation_id: int | None = None,
    people_count: int = 1,
    title: str = "",
    channel: Channel = Channel.WEB,
    override: Override = _NO_OVERRIDE,
    own_use: bool = False,
) -> Booked:
    """Book a space from `starts` to `ends` for the actor, or for another account (by the desk of the house), perhaps for an organisation.

    `own_use` is the house's own, for a course or an event (by its desk): without a price, and kept although nobody checks in.

    Confirmed, or requested where somebody must approve: a request holds nothing. Instants are aware. Raises NotFound, NotAllowed,
    SpaceNotInService, WrongTime, TooManyPeople, SlotTaken, PolicyRefused, Invalid, and BalanceShort where a price is asked that cannot be paid.
    About twenty statements.
    """
    with policies.asked() as ask, db.transaction():
        wish, booker = prepare(
            actor=actor, space_id=space_id, starts=starts, ends=ends, account_id=account_id,
            organisation_id=organisation_id, people_count=people_count, channel=channel, override=override, now=now,
        )  # fmt: skip
        if own_use:
            permissions.require_desk(actor, house_id=wish.space.house.id)
            wish = replace(wish, own_use=True)
        title = checked_title(title)
        judging.refuse_impossible(wish, now=now)
        return enter(wish, ask, actor=actor, booker=booker, title=title, override=override, now=now)


def quote(
    *,
    actor: Actor,
    space_id: int,
    starts: datetime,
    ends: datetime,
    now: datetime,
    account_id: int | None = None,
    organisation_id: int | None = None,
    people_count: int = 1,
    channel: Channel = Channel.WEB,
) -> Quote:
    """What booking would meet: the page between choosing and confirming. Writes nothing. Raises NotFound, NotAllowed."""
    with db.transaction():
        wish, booker = prepare(
            actor=actor, space_id=space_id, starts=starts, ends=ends, account_id=account_id,
            organisation_id=organisation_id, people_count=people_count, channel=channel, override=_NO_OVERRIDE, now=now,
        )  # fmt: skip
        refusal, facts = "", dict[str, object]()
        answer: Answer | None = None
        try:
            judging.refuse_impossible(wish, now=now)
            answer = policies.decide(judging.question(wish, booker=booker, now=now), store=False)
            judging.free_unit(wish.space, wish.blocks)
            if answer.permitted:
                charging.refuse_unpaid(
                    judging.price_of(wish, answer), payer=charging.payer_of(wish.account_id, organisation_id),
                    terms=judging.terms_kept(answer), actor=actor, now=now,
                )  # fmt: skip
        except Refusal as refused:
            refusal, facts = refused.code, refused.facts
        return Quote(
            space=wish.space,
            starts=starts,
            ends=ends,
            answer=answer,
            price=judging.price_of(wish, answer) if answer is not None else None,
            approval=bool(answer is not None and answer.terms.get("approval")),
            refusal=refusal,
            facts=facts,
            lacks=judging.lacking(wish),
        )


def change_booking(
    *,
    actor: Actor,
    booking_id: int,
    now: datetime,
    starts: datetime | None = None,
    ends: datetime | None = None,
    space_id: int | None = None,
    people_count: int | None = None,
    title: str | None = None,
    channel: Channel = Channel.WEB,
    override: Override = _NO_OVERRIDE,
) -> Booked:
    """Another time, space, number of people or title, under the rules as they are, without counting this booking twice.

    What must be approved is requested anew, unless whoever approves changes it: it then holds its place no longer. Nothing changes where it
    is refused. Raises NotFound, NotAllowed, BookingEnded, BookingChanged and what `book` raises.
    """
    with policies.asked() as ask, db.transaction():
        booking = held_booking(booking_id, actor=actor, also=space_id)
        if booking.state not in (BookingState.REQUESTED, BookingState.CONFIRMED):
            raise BookingEnded(booking_id=booking_id, state=booking.state)
        space = _space(space_id if space_id is not None else booking.space_id)
        permissions.require_rights(actor, house_id=space.house.id, rights=override.rights)
        if booking.account_id is None:
            raise BookingEnded(booking_id=booking_id, state=booking.state)
        wish = Wish(
            space=space,
            account_id=booking.account_id,
            organisation_id=booking.organisation_id,
            starts=starts or booking.starts,
            ends=ends or booking.ends,
            people=people_count if people_count is not None else booking.people,
            channel=channel,
            repeats=booking.series_id is not None,
            except_id=booking_id,
            own_use=bool(booking.terms.get("own_use")),
        )
        title = booking.title if title is None else checked_title(title)
        judging.refuse_impossible(wish, now=now)
        unit = judging.free_unit(space, wish.blocks, except_id=booking_id)
        answer = ask(judging.question(wish, booker=_booker(actor, wish.account_id, now), now=now), override.rights)
        approves = permissions.may_lead(actor, house_id=space.house.id) and not _is_own(actor, booking)
        asks = bool(answer.terms.get("approval")) and not approves
        moved = (booking.space_id, booking.starts, booking.ends) != (space.id, wish.starts, wish.ends)
        state = BookingState(booking.state)
        if moved or state is BookingState.REQUESTED:
            state = BookingState.REQUESTED if asks else BookingState.CONFIRMED
        holds = state in HOLDING
        if holds and not moved and booking.unit is not None:
            unit = booking.unit
        price = judging.price_of(wish, answer)
        code = booking.code or (_code(space) if holds else "")
        terms = judging.terms_kept(answer, own_use=wish.own_use)
        # Whoever gives a time up too late has had it, also by moving to another; what the house moves costs nobody anything.
        cheaper = price != prices.stored(booking.price_amount, booking.price_currency)
        given_up = _is_own(actor, booking) and (moved or cheaper)
        terms["kept"] = (charging.terms_after(booking, now) if given_up else booking.terms).get("kept") or []
        Booking.objects.filter(pk=booking_id).update(
            space_id=space.id,
            house_id=space.house.id,
            kind=space.kind,
            unit=unit if holds else None,
            people=wish.people,
            title=title,
            starts=wish.starts,
            ends=wish.ends,
            blocks=wish.blocks,
            state=state.value,
            decision_id=answer.decision_id,
            terms=terms,
            override=_stored(override) or booking.override,
            code=code,
            changed_at=now,
            revision=booking.revision + 1,
            **stored_price(price),
        )
        journal.record(
            "spaces.booking.changed", actor=actor, house_id=space.house.id, booking_id=booking_id, space_id=space.id,
            **rights_passed(override),
        )  # fmt: skip
        if moved and booking.state in HOLDING:
            jobs.defer("spaces.offer", space_id=booking.space_id)
        if moved and not _is_own(actor, booking):
            notices.tell_changed(Booking.objects.get(pk=booking_id), now=now)
        charging.settle([booking_id], actor=actor, now=now)
        return Booked(booking_id, state, price, code)


def prepare(
    *,
    actor: Actor,
    space_id: int,
    starts: datetime,
    ends: datetime,
    account_id: int | None,
    organisation_id: int | None,
    people_count: int,
    channel: Channel,
    override: Override,
    now: datetime,
) -> tuple[Wish, Actor]:
    """Who may ask for what, with the locks held: the wish, and who books as the policies see them. Raises NotFound, NotAllowed."""
    who = account_id if account_id is not None else actor.account_id
    if who is None:
        raise NotAllowed(act="spaces.book")
    seen = Space.objects.filter(pk=space_id).values_list("house_id", "path").first()
    if seen is None:
        raise NotFound(what="space")
    house_id, path = seen
    if who != actor.account_id:
        permissions.require_desk(actor, house_id=house_id)
    elif organisation_id is not None and not permissions.acts_for(actor, organisation_id):
        raise NotAllowed(act="spaces.book_for_organisation")
    permissions.require_rights(actor, house_id=house_id, rights=override.rights)
    hold(trees={path[0]}, account_id=who, organisation_id=organisation_id)
    booker = _booker(actor, who, now)
    if booker.account_id is None:
        raise NotFound(what="account")
    if organisation_id is not None and organisation_id not in network.organisation_refs([organisation_id]):
        raise NotFound(what="organisation")
    space = _space(space_id)
    return Wish(space, who, organisation_id, starts, ends, people_count, channel), booker


def enter(
    wish: Wish,
    ask: Ask,
    *,
    actor: Actor,
    booker: Actor,
    title: str,
    override: Override,
    now: datetime,
    series_id: int | None = None,
    tell: bool = True,
) -> Booked:
    """Take the room, write the booking and charge it, with the locks held and what is impossible refused. Raises SlotTaken, PolicyRefused,
    BalanceShort.
    """
    unit = judging.free_unit(wish.space, wish.blocks)
    answer = ask(judging.question(wish, booker=booker, now=now), override.rights)
    state = BookingState.REQUESTED if answer.terms.get("approval") else BookingState.CONFIRMED
    holds = state in HOLDING
    price = judging.price_of(wish, answer)
    code = _code(wish.space) if holds else ""
    made = Booking.objects.create(
        space_id=wish.space.id,
        house_id=wish.space.house.id,
        kind=wish.space.kind,
        unit=unit if holds else None,
        account_id=wish.account_id,
        organisation_id=wish.organisation_id,
        people=wish.people,
        title=title,
        starts=wish.starts,
        ends=wish.ends,
        blocks=wish.blocks,
        state=state.value,
        channel=wish.channel.value,
        series_id=series_id,
        decision_id=answer.decision_id,
        terms=judging.terms_kept(answer, own_use=wish.own_use),
        override=_stored(override),
        code=code,
        booked_at=now,
        booked_by_id=actor.account_id,
        changed_at=now,
        **stored_price(price),
    )
    journal.record(
        "spaces.booking.made", actor=actor, house_id=wish.space.house.id, booking_id=made.pk, space_id=wish.space.id,
        state=state.value, **rights_passed(override),
    )  # fmt: skip
    if tell:
        notices.tell_booked(made, now=now)
    if holds:
        if price is not None:
            charging.settle([made.pk], actor=actor, now=now)
    else:
        # Whoever cannot pay need not wait to hear so; it is asked again when it is approved.
        payer = charging.payer_of(wish.account_id, wish.organisation_id)
        charging.refuse_unpaid(price, payer=payer, terms=made.terms, actor=actor, now=now)
    return Booked(made.pk, state, price, code)


def held_booking(booking_id: int, *, actor: Actor, also: int | None = None) -> Booking:
    """A booking that the actor may deal with (their own, or at the desk), with who books and the trees held; of another space too.

    The house's own use is the desk's alone: whoever it is booked by for a course does not give the course's room away. Raises NotFound,
    also for what is none of the actor's business, BookingChanged.
    """
    seen = (
        Booking.objects.filter(pk=booking_id)
        .values_list("account_id", "organisation_id", "space_id", "house_id", "terms__own_use")
        .first()
    )
    if seen is None:
        raise NotFound(what="booking")
    account_id, organisation_id, space_id, house_id, own_use = seen
    own = account_id is not None and account_id == actor.account_id and not own_use
    if not (own or permissions.may_desk(actor, house_id=house_id)):
        raise NotFound(what="booking")
    wanted = {space_id} | ({also} if also is not None else set())
    paths = dict(Space.objects.filter(pk__in=wanted).values_list("pk", "path"))
    if also is not None and also not in paths:
        raise NotFound(what="space")
    hold(trees={path[0] for path in paths.values()}, account_id=account_id, organisation_id=organisation_id)
    booking = Booking.objects.get(pk=booking_id)
    if booking.space_id != space_id:
        raise BookingChanged(booking_id=booking_id)
    if also is not None and not own:
        permissions.require_desk(actor, house_id=_space(also).house.id)
    return booking


def confirm(booking: Booking, *, actor: Actor, now: datetime, decided_state: str) -> Booked:
    """Give a request, or an offer, its place for good, with the locks held; the caller settles what it costs. Raises SlotTaken, BookingEnded."""
    space = _space(booking.space_id)
    unit = booking.unit
    if booking.state not in HOLDING:
        # With the padding with which it was asked for.
        blocks = (booking.blocks.lower, booking.blocks.upper)
        unit = judging.free_unit(space, blocks, except_id=booking.pk)
    code = booking.code or _code(space)
    done = Booking.objects.filter(pk=booking.pk, state=booking.state).update(
        state=BookingState.CONFIRMED.value,
        unit=unit,
        held_until=None,
        code=code,
        changed_at=now,
        revision=booking.revision + 1,
    )
    if not done:
        raise BookingEnded(booking_id=booking.pk, state=booking.state)
    journal.record(
        f"spaces.booking.{decided_state}",
        actor=actor,
        house_id=booking.house_id,
        booking_id=booking.pk,
        space_id=space.id,
    )
    price = Money(booking.price_amount, booking.price_currency) if booking.price_amount is not None else None
    return Booked(booking.pk, BookingState.CONFIRMED, price, code)


def checked_title(title: str) -> str:
    """A title without spaces around it. Raises Invalid."""
    title = " ".join(title.split())
    if len(title) > LONGEST_TITLE:
        raise Invalid(fields={"title": "too_long"})
    return title


def stored_price(price: Money | None) -> dict[str, Any]:
    """A price as its two columns."""
    return {"price_amount": price.amount if price else None, "price_currency": price.currency if price else ""}


def rights_passed(override: Override) -> dict[str, list[str]]:
    """What the journal keeps of an override; its reason stays with the booking."""
    return {"rights": sorted(override.rights)} if override.rights else {}


def _stored(override: Override) -> dict[str, Any] | None:
    if not override.rights:
        return None
    reason = override.reason.strip()
    if not reason:
        raise Invalid(fields={"reason": "required"})
    return {"rights": sorted(override.rights), "reason": reason[:1000]}


def _is_own(actor: Actor, booking: Booking) -> bool:
    return actor.account_id is not None and actor.account_id == booking.account_id


def _booker(actor: Actor, account_id: int, now: datetime) -> Actor:
    return actor if actor.account_id == account_id else people.actor(account_id, now=now)


def _space(space_id: int) -> SpaceRow:
    found = for_act(space_id)
    if found is None:
        raise NotFound(what="space")
    return found


def _code(space: SpaceRow) -> str:
    """Six digits, where the space wants them."""
    return f"{secrets.randbelow(10**6):06}" if space.needs_code else ""
