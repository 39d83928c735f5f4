"""Booking a space, asking what booking would meet, and changing the time or the place of what is booked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from khaneh.domains.network import queries as network
from khaneh.domains.people import queries as people
from khaneh.domains.policies import services as policies
from khaneh.domains.policies.types import Answer
from khaneh.domains.spaces import notices, permissions
from khaneh.domains.spaces.errors import BookingEnded
from khaneh.domains.spaces.models import Booking
from khaneh.domains.spaces.queries.rows import seen
from khaneh.domains.spaces.rules import prices
from khaneh.domains.spaces.services import charging, companions, ending, judging
from khaneh.domains.spaces.services.entering import change, checked_title, code_of, enter
from khaneh.domains.spaces.services.holding import held_booking
from khaneh.domains.spaces.services.judging import Wish, hold
from khaneh.domains.spaces.types import HOLDING, Booked, BookingState, Channel, Override, PersonDraft, Quote
from khaneh.infrastructure import db
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import Invalid, NotAllowed, NotFound, Refusal

_NO_OVERRIDE = Override()


@judging.again_where_moved
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
    allotted: bool = False,
    persons: Sequence[PersonDraft] = (),
    sharing_id: int | None = None,
) -> Booked:
    """Book a space from `starts` to `ends` for the actor, or for another account (by the desk of the house), perhaps for an organisation.

    `own_use` is the house's own, for a course or an event (by its desk): without a price, and kept although nobody checks in. `allotted`, with
    it: a residency has it for months, longer than the space is booked else.

    `persons` are those of a group who are named: each is held, counts in their own quotas where the rules say so, and is told.
    By `sharing_id` the house shares the place with another: its price and its hours of a month hold, and what it refuses is raised.
    Confirmed, or requested where somebody must approve: a request holds nothing. Instants are aware. Raises NotFound, NotAllowed,
    SpaceNotInService, WrongTime, TooManyPeople, SlotTaken, PolicyRefused, PersonOverLimit, Invalid, and BalanceShort where a price is asked that cannot be paid.
    Three statements, where nothing is to be paid.
    """
    with policies.asked() as ask, db.judging():
        wish, booker = prepare(
            actor=actor, space_id=space_id, starts=starts, ends=ends, account_id=account_id,
            organisation_id=organisation_id, people_count=people_count, channel=channel, override=override, now=now,
            persons=persons,
        )  # fmt: skip
        if own_use:
            permissions.require_desk(actor, house_id=wish.space.house.id)
            wish = replace(wish, own_use=True, allotted=allotted)
        wish = replace(wish, sharing_id=sharing_id)
        title = checked_title(title)
        wish, situation = judging.judged(wish, now=now)
        return enter(wish, situation, ask, actor=actor, booker=booker, title=title, override=override, now=now)


@judging.again_where_moved
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
    persons: Sequence[PersonDraft] = (),
    sharing_id: int | None = None,
) -> Quote:
    """What booking would meet: the page between choosing and confirming. Writes nothing. Raises NotFound, NotAllowed."""
    with db.transaction():
        wish, booker = prepare(
            actor=actor, space_id=space_id, starts=starts, ends=ends, account_id=account_id,
            organisation_id=organisation_id, people_count=people_count, channel=channel, override=_NO_OVERRIDE, now=now,
            persons=persons,
        )  # fmt: skip
        wish = replace(wish, sharing_id=sharing_id)
        refusal, facts = "", dict[str, object]()
        answer: Answer | None = None
        try:
            wish, situation = judging.judged(wish, now=now)
            answer = policies.decide(judging.question(wish, situation, booker=booker, now=now), store=False)
            judging.unit_of(situation.room)
            if answer.permitted:
                companions.refuse_over_limit(wish, answer.terms, rights=(), now=now)
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


@judging.again_where_moved
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
    with policies.asked() as ask, db.judging():
        booking = held_booking(booking_id, actor=actor, also=space_id)
        if booking.state not in (BookingState.REQUESTED, BookingState.CONFIRMED) or booking.account_id is None:
            raise BookingEnded(booking_id=booking_id, state=booking.state)
        wish = as_changed(booking, space_id, starts, ends, people_count, channel)
        permissions.require_rights(actor, house_id=wish.space.house.id, rights=override.rights)
        title = booking.title if title is None else checked_title(title)
        wish, situation = judging.judged(wish, now=now)
        space = wish.space
        unit: int | None = judging.unit_of(situation.room)
        question = judging.question(wish, situation, booker=_booker(actor, wish.account_id, now), now=now)
        answer = ask.unkept(question, override.rights)
        companions.refuse_over_limit(wish, answer.terms, rights=override.rights, now=now)
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
        code = booking.code or (code_of(space) if holds else "")
        terms = judging.terms_kept(answer, own_use=wish.own_use, sharing_id=wish.sharing_id)
        # Whoever gives a time up too late has had it, also by moving to another; what the house moves costs nobody anything.
        cheaper = price != prices.stored(booking.price_amount, booking.price_currency)
        given_up = _is_own(actor, booking) and (moved or cheaper)
        terms["kept"] = (charging.terms_after(booking, now) if given_up else booking.terms).get("kept") or []
        change(
            booking, wish, question=question, answer=answer, unit=unit if holds else None, state=state, terms=terms,
            price=price, code=code, title=title, override=override, actor=actor, now=now,
        )  # fmt: skip
        if moved and booking.state in HOLDING:
            ending.offer(booking)
        if wish.persons:
            companions.counted_anew(booking_id, companions.counts(wish, answer.terms))
            if moved:
                notices.tell_group(booking_id, now=now)
        if moved and not _is_own(actor, booking):
            notices.tell_changed(Booking.objects.get(pk=booking_id), now=now)
        # What has cost nothing and costs nothing needs no look at the ledger.
        if price is not None or booking.price_amount is not None or terms["kept"]:
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
    persons: Sequence[PersonDraft] = (),
) -> tuple[Wish, Actor]:
    """Who may ask for what, with the locks held: the wish, and who books as the policies see them. Raises NotFound, NotAllowed.

    One statement where who books asks, and the space was asked for lately: it is yet to be judged as it is (`judging.judged`).
    """
    who = account_id if account_id is not None else actor.account_id
    if who is None:
        raise NotAllowed(act="spaces.book")
    found = seen(space_id)
    if found is None:
        raise NotFound(what="space")
    house_id = found.space.house.id
    if who != actor.account_id:
        permissions.require_desk(actor, house_id=house_id)
    elif organisation_id is not None and not permissions.acts_for(actor, organisation_id):
        raise NotAllowed(act="spaces.book_for_organisation")
    permissions.require_rights(actor, house_id=house_id, rights=override.rights)
    named = companions.companions(persons, account_id=who, now=now) if persons else ()
    hold(
        trees={found.space.path[0]},
        account_id=who,
        organisation_id=organisation_id,
        others=companions.accounts_of(named),
        open_in=[house_id],
    )
    booker = _booker(actor, who, now)
    if booker.account_id is None:
        raise NotFound(what="account")
    if organisation_id is not None:
        network.organisation_facts(organisation_id)
    # Whoever books is one of them.
    people_count = max(people_count, len(named) + 1) if named else people_count
    return Wish(
        found.space, who, organisation_id, starts, ends, people_count, channel, marks=found.marks, persons=named
    ), booker


def as_changed(
    booking: Booking, space_id: int | None, starts: datetime | None, ends: datetime | None, people_count: int | None,
    channel: Channel,
) -> Wish:  # fmt: skip
    """What a booking would be; None is as it is. Raises NotFound, Invalid."""
    found = seen(space_id if space_id is not None else booking.space_id)
    if found is None or booking.account_id is None:
        raise NotFound(what="space")
    # Who is named is at least two with whoever booked: for one person nobody is looked for.
    named = companions.named(booking.pk) if booking.people > 1 else ()
    if people_count is not None and named and people_count <= len(named):
        raise Invalid(fields={"people_count": "fewer_than_named"})
    return Wish(
        space=found.space,
        account_id=booking.account_id,
        organisation_id=booking.organisation_id,
        starts=starts or booking.starts,
        ends=ends or booking.ends,
        people=people_count if people_count is not None else booking.people,
        channel=channel,
        repeats=booking.series_id is not None,
        except_id=booking.pk,
        own_use=bool(booking.terms.get("own_use")),
        # Another place is not what was shared.
        sharing_id=booking.terms.get("sharing") if found.space.id == booking.space_id else None,
        marks=found.marks,
        persons=named,
    )


def _is_own(actor: Actor, booking: Booking) -> bool:
    return actor.account_id is not None and actor.account_id == booking.account_id


def _booker(actor: Actor, account_id: int, now: datetime) -> Actor:
    return actor if actor.account_id == account_id else people.actor(account_id, now=now)
