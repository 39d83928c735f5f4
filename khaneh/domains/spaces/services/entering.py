"""What is decided written down: a booking with its decision, its entry in the journal and what who books is told."""

from __future__ import annotations

import json
import secrets
from datetime import datetime
from typing import Any

from khaneh.domains.policies import services as policies
from khaneh.domains.policies.types import Answer, Question
from khaneh.domains.spaces import notices
from khaneh.domains.spaces.errors import BookingEnded
from khaneh.domains.spaces.models import Booking
from khaneh.domains.spaces.queries.rows import seen
from khaneh.domains.spaces.queries.situation import Situation
from khaneh.domains.spaces.services import charging, companions, judging
from khaneh.domains.spaces.services.judging import Ask, Wish
from khaneh.domains.spaces.types import HOLDING, Booked, BookingState, Override, SpaceRow
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import Actor
from khaneh.kernel.money import Money
from khaneh.kernel.refusal import Invalid, NotFound

LONGEST_TITLE = 300
# Nothing is 0 rather than null, so that the types are the same and PostgreSQL prepares one statement.
_NUMBER = "SELECT nextval('spaces_booking_id_seq')"
_BOOK = """
INSERT INTO spaces_booking
    (id, space_id, house_id, kind, unit, account_id, organisation_id, people, title, starts, ends, blocks, state, channel, series_id,
     decision_id, terms, override, price_amount, price_currency, code, booked_at, booked_by_id, changed_at, end_reason, reason, revision)
VALUES (%(id)s::bigint, %(space)s::bigint, %(house)s::bigint, %(kind)s, nullif(%(unit)s::smallint, 0), %(account)s::bigint,
        nullif(%(organisation)s::bigint, 0), %(people)s::integer, %(title)s, %(starts)s::timestamptz, %(ends)s::timestamptz,
        tstzrange(%(from)s::timestamptz, %(until)s::timestamptz), %(state)s, %(channel)s, nullif(%(series)s::bigint, 0),
        (SELECT id FROM decision), %(terms)s::jsonb, %(override)s::jsonb, %(price_amount)s::bigint, %(price_currency)s, %(code)s,
        %(now)s::timestamptz, %(by)s::bigint, %(now)s::timestamptz, '', '', 0)
"""
_CHANGE = """
UPDATE spaces_booking
SET space_id = %(space)s::bigint, house_id = %(house)s::bigint, kind = %(kind)s, unit = nullif(%(unit)s::smallint, 0),
    people = %(people)s::integer, title = %(title)s, starts = %(starts)s::timestamptz, ends = %(ends)s::timestamptz,
    blocks = tstzrange(%(from)s::timestamptz, %(until)s::timestamptz), state = %(state)s, decision_id = (SELECT id FROM decision),
    terms = %(terms)s::jsonb, override = coalesce(%(override)s::jsonb, override), price_amount = %(price_amount)s::bigint,
    price_currency = %(price_currency)s, code = %(code)s, changed_at = %(now)s::timestamptz, revision = revision + 1
WHERE id = %(id)s::bigint
"""


def enter(
    wish: Wish,
    found: Situation,
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
    """Take the room, write the booking and charge it, with the locks held and the wish judged. Raises SlotTaken, PolicyRefused,
    PersonOverLimit, BalanceShort.

    Two statements where nothing is to be paid.
    """
    unit = judging.unit_of(found.room)
    question = judging.question(wish, found, booker=booker, now=now)
    answer = ask.unkept(question, override.rights)
    companions.refuse_over_limit(wish, answer.terms, rights=override.rights, now=now)
    state = BookingState.REQUESTED if answer.terms.get("approval") else BookingState.CONFIRMED
    holds = state in HOLDING
    price = judging.price_of(wish, answer)
    code = code_of(wish.space) if holds else ""
    terms = judging.terms_kept(answer, own_use=wish.own_use, sharing_id=wish.sharing_id)
    number = _next_number()
    booking = db.Write(
        _BOOK,
        {
            **_values(wish, unit if holds else None, title, state, terms, price, code, override, now), "id": number,
            "account": wish.account_id, "organisation": wish.organisation_id or 0, "channel": wish.channel.value, "series": series_id or 0,
            "by": actor.account_id,
        },
    )  # fmt: skip
    entry = journal.entry(
        "spaces.booking.made", actor=actor, house_id=wish.space.house.id, booking_id=number, space_id=wish.space.id,
        state=state.value, **rights_passed(override),
    )  # fmt: skip
    told = {}
    if tell and state is BookingState.CONFIRMED:
        told["notice"] = notices.confirmed(
            number, account_id=wish.account_id, member_id=found.member.member_id if found.member else None,
            house_id=wish.space.house.id, ends=wish.ends, now=now,
        )  # fmt: skip
    db.write(decision=policies.decision(question, answer), booking=booking, entry=entry, **told)
    if wish.persons:
        companions.write(number, wish.persons, counted=companions.counts(wish, answer.terms), now=now)
        if tell:
            notices.tell_group(number, now=now)
    if holds:
        if price is not None:
            charging.settle([number], actor=actor, now=now)
    else:
        # Whoever cannot pay need not wait to hear so; it is asked again when it is approved.
        payer = charging.payer_of(wish.account_id, wish.organisation_id)
        charging.refuse_unpaid(price, payer=payer, terms=terms, actor=actor, now=now)
    return Booked(number, state, price, code)


def change(
    booking: Booking,
    wish: Wish,
    *,
    question: Question,
    answer: Answer,
    unit: int | None,
    state: BookingState,
    terms: dict[str, Any],
    price: Money | None,
    code: str,
    title: str,
    override: Override,
    actor: Actor,
    now: datetime,
) -> None:
    """Write what a booking is changed to, with the locks held. One statement. Raises SlotTaken where PostgreSQL finds so."""
    values = _values(wish, unit, title, state, terms, price, code, override, now)
    entry = journal.entry(
        "spaces.booking.changed", actor=actor, house_id=wish.space.house.id, booking_id=booking.pk, space_id=wish.space.id,
        **rights_passed(override),
    )  # fmt: skip
    db.write(
        decision=policies.decision(question, answer),
        booking=db.Write(_CHANGE, {**values, "id": booking.pk}),
        entry=entry,
    )


def confirm(booking: Booking, *, actor: Actor, now: datetime, decided_state: str) -> Booked:
    """Give a request, or an offer, its place for good, with the locks held; the caller settles what it costs. Raises SlotTaken, BookingEnded."""
    space = space_of(booking.space_id)
    unit = booking.unit
    if booking.state not in HOLDING:
        # With the padding with which it was asked for.
        blocks = (booking.blocks.lower, booking.blocks.upper)
        unit = judging.free_unit(space, blocks, except_id=booking.pk)
    code = booking.code or code_of(space)
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


def code_of(space: SpaceRow) -> str:
    """Six digits, where the space wants them."""
    return f"{secrets.randbelow(10**6):06}" if space.needs_code else ""


def space_of(space_id: int) -> SpaceRow:
    """A space as it is, with its tree held. Raises NotFound."""
    found = seen(space_id, fresh=True)
    if found is None:
        raise NotFound(what="space")
    return found.space


def _next_number() -> int:
    """Taken before the booking is written, so that all that tells of it is written with it."""
    (number,) = db.fetch_one(_NUMBER, ()) or (0,)
    return int(number)


def _values(
    wish: Wish, unit: int | None, title: str, state: BookingState, terms: dict[str, Any], price: Money | None, code: str,
    override: Override, now: datetime,
) -> dict[str, Any]:  # fmt: skip
    first, last = wish.blocks
    passed = _stored(override)
    return {
        "space": wish.space.id, "house": wish.space.house.id, "kind": wish.space.kind, "unit": unit or 0, "people": wish.people,
        "title": title, "starts": wish.starts, "ends": wish.ends, "from": first, "until": last, "state": state.value,
        "terms": json.dumps(terms), "override": json.dumps(passed) if passed else None, "code": code,
        "now": now, **stored_price(price),
    }  # fmt: skip


def _stored(override: Override) -> dict[str, Any] | None:
    if not override.rights:
        return None
    reason = override.reason.strip()
    if not reason:
        raise Invalid(fields={"reason": "required"})
    return {"rights": sorted(override.rights), "reason": reason[:1000]}
