"""Bookings that repeat: every day of a pattern tried by the very act of booking, shown before anything is saved, saved all or chosen."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from khaneh.domains.network import queries as network
from khaneh.domains.policies import services as policies
from khaneh.domains.policies.types import Answer, Question
from khaneh.domains.spaces import notices
from khaneh.domains.spaces.errors import NothingToBook, SeriesChanged
from khaneh.domains.spaces.models import Booking, Series
from khaneh.domains.spaces.rules import series
from khaneh.domains.spaces.services import judging
from khaneh.domains.spaces.services.booking import prepare
from khaneh.domains.spaces.services.entering import checked_title, enter
from khaneh.domains.spaces.services.judging import Ask, Wish
from khaneh.domains.spaces.types import Channel, Occurrence, Override, Pattern, PersonDraft, PlannedDay, SeriesPlan
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import Invalid, Refusal

_NO_OVERRIDE = Override()


@judging.again_where_moved
def plan_series(
    *,
    actor: Actor,
    space_id: int,
    pattern: Pattern,
    at: time,
    minutes: int,
    now: datetime,
    account_id: int | None = None,
    organisation_id: int | None = None,
    people_count: int = 1,
    channel: Channel = Channel.WEB,
    override: Override = _NO_OVERRIDE,
    persons: Sequence[PersonDraft] = (),
) -> SeriesPlan:
    """Every day of a series from `at` on the house's clocks for so many minutes, each with why it cannot be booked. Nothing stays of it.

    Days count against quotas in their order, as they would when saved. Raises NotFound, NotAllowed, Invalid.
    """
    with db.transaction():
        wish, booker = _prepared(
            actor, space_id, pattern, at, minutes, account_id, organisation_id, people_count, channel, override, now,
            persons,
        )  # fmt: skip
        with db.tried():
            found = _each(
                wish, _Asking(), actor=actor, booker=booker, pattern=pattern, at=at, minutes=minutes, title="",
                override=override, now=now, series_id=None, only=None,
            )  # fmt: skip
    return SeriesPlan(wish.space, pattern, tuple(replace(one, booking_id=None) for one in found))


@judging.again_where_moved
def book_series(
    *,
    actor: Actor,
    space_id: int,
    pattern: Pattern,
    at: time,
    minutes: int,
    now: datetime,
    only: Collection[int] | None = None,
    account_id: int | None = None,
    organisation_id: int | None = None,
    people_count: int = 1,
    title: str = "",
    channel: Channel = Channel.WEB,
    override: Override = _NO_OVERRIDE,
    persons: Sequence[PersonDraft] = (),
) -> SeriesPlan:
    """Book the days of a series: all of them, or those whose numbers are chosen. All that are chosen or none.

    Each is a booking that is changed, cancelled and checked in by itself. Raises NotFound, NotAllowed, Invalid, NothingToBook, SeriesChanged
    where one of them cannot be booked (any more).
    """
    with policies.asked() as ask, db.transaction():
        wish, booker = _prepared(
            actor, space_id, pattern, at, minutes, account_id, organisation_id, people_count, channel, override, now,
            persons,
        )  # fmt: skip
        title = checked_title(title)
        made = Series.objects.create(
            space_id=space_id, account_id=wish.account_id, pattern=stored_pattern(pattern), made_at=now
        )
        found = _each(
            wish, ask, actor=actor, booker=booker, pattern=pattern, at=at, minutes=minutes, title=title,
            override=override, now=now, series_id=made.pk, only=only,
        )  # fmt: skip
        clashes = [one for one in found if one.refusal]
        if clashes:
            raise SeriesChanged(days=[{"number": one.number, "refusal": one.refusal} for one in clashes])
        booked = [one.booking_id for one in found if one.booking_id is not None]
        if not booked:
            raise NothingToBook
        journal.record(
            "spaces.series.made", actor=actor, house_id=wish.space.house.id, series_id=made.pk, space_id=space_id,
            bookings=len(booked),
        )  # fmt: skip
        # One letter for all of them.
        notices.tell_series(list(Booking.objects.filter(pk__in=booked).order_by("starts")), now=now)
        if wish.persons:
            notices.tell_group(*booked, now=now)
    return SeriesPlan(wish.space, pattern, tuple(found), made.pk)


def stored_pattern(pattern: Pattern) -> dict[str, Any]:
    """A pattern as JSON."""
    return {
        "repeat": pattern.repeat.value, "first": pattern.first.isoformat(),
        "until": pattern.until.isoformat() if pattern.until else None, "count": pattern.count, "every": pattern.every,
        "weekdays": list(pattern.weekdays), "calendar": pattern.calendar.value, "day": pattern.day,
        "missing": pattern.missing.value,
    }  # fmt: skip


def _prepared(
    actor: Actor, space_id: int, pattern: Pattern, at: time, minutes: int, account_id: int | None,
    organisation_id: int | None, people_count: int, channel: Channel, override: Override, now: datetime,
    persons: Sequence[PersonDraft],
) -> tuple[Wish, Actor]:  # fmt: skip
    wrong = series.problems(pattern)
    if not 1 <= minutes <= series.LONGEST.days * 24 * 60:
        wrong["minutes"] = "out_of_range"
    if wrong:
        raise Invalid(fields=wrong)
    wish, booker = prepare(
        actor=actor, space_id=space_id, starts=now, ends=now, account_id=account_id, organisation_id=organisation_id,
        people_count=people_count, channel=channel, override=override, now=now, persons=persons,
    )  # fmt: skip
    return replace(wish, repeats=True), booker


def _each(
    wish: Wish, ask: Ask, *, actor: Actor, booker: Actor, pattern: Pattern, at: time, minutes: int, title: str,
    override: Override, now: datetime, series_id: int | None, only: Collection[int] | None,
) -> list[Occurrence]:  # fmt: skip
    """Book one day after the other; what is refused leaves nothing behind."""
    zone = ZoneInfo(network.house_facts(wish.space.house.id).calendar.zone)
    found = []
    for number, planned in enumerate(series.days(pattern), 1):
        if only is not None and number not in only:
            continue
        found.append(
            _one(wish, ask, number, planned, at, zone, minutes, actor, booker, title, override, now, series_id)
        )
    return found


def _one(
    wish: Wish, ask: Ask, number: int, planned: PlannedDay, at: time, zone: ZoneInfo, minutes: int, actor: Actor,
    booker: Actor, title: str, override: Override, now: datetime, series_id: int | None,
) -> Occurrence:  # fmt: skip
    if planned.left_out:
        return Occurrence(number, planned, None, None)
    starts = series.instant(planned.day, at, zone)
    if starts is None:
        return Occurrence(number, planned, None, None, "spaces.wrong_time", {"why": "skipped_by_clocks"})
    day = replace(wish, starts=starts, ends=starts + timedelta(minutes=minutes))
    try:
        with db.transaction():
            day, situation = judging.judged(day, now=now)
            booked = enter(
                day, situation, ask, actor=actor, booker=booker, title=title, override=override, now=now, series_id=series_id,
                tell=False,
            )  # fmt: skip
    except Refusal as refused:
        return Occurrence(number, planned, day.starts, day.ends, refused.code, refused.facts)
    return Occurrence(number, planned, day.starts, day.ends, booking_id=booked.booking_id)


class _Asking:
    """Asks the policies and keeps no refusals; what it is permitted is taken back with the rest of what is tried."""

    def unkept(self, question: Question, rights: frozenset[str]) -> Answer:
        """As `policies.Asked`."""
        return policies.decide(question, store=False).or_refuse(rights)
