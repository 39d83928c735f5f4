"""Waiting lists: who waits is offered what becomes free, oldest first, a group all that it needs or nothing.

Who is named with a group is judged by the same limits as in a booking, all of them at the offer. Where somebody's are full the group is told,
keeps its place and may name others (`waiting_groups`).

Who cannot be served whole this time is passed over and keeps the place. An offer is a tentative booking: it holds until it is answered or
lapses, and whoever lets it lapse goes to the end.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q

from khaneh.domains.network import queries as network
from khaneh.domains.people import queries as people
from khaneh.domains.policies import services as policies
from khaneh.domains.spaces import notices, permissions
from khaneh.domains.spaces.errors import FreeAlready, PersonOverLimit, WaitingChanged, WaitingEnded
from khaneh.domains.spaces.models import Booking, Space, Waiting, WaitingPerson
from khaneh.domains.spaces.queries.holding import busy
from khaneh.domains.spaces.queries.opening import house_times, open_times_of
from khaneh.domains.spaces.queries.rows import rows
from khaneh.domains.spaces.rules import sharing
from khaneh.domains.spaces.services import charging, companions, ending, judging
from khaneh.domains.spaces.services.entering import checked_title, confirm, stored_price
from khaneh.domains.spaces.services.judging import Wish, hold
from khaneh.domains.spaces.types import (
    SPACE_KINDS,
    Booked,
    BookingState,
    Channel,
    Companion,
    EndReason,
    PersonDraft,
    SpaceRow,
    SpaceState,
    WaitingState,
)
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import SYSTEM, Actor
from khaneh.kernel.money import Money
from khaneh.kernel.refusal import Invalid, NotAllowed, NotFound, Refusal

# How long an offer is kept, unless it would begin before that.
KEPT = timedelta(hours=12)
LONGEST_WINDOW = timedelta(days=62)
# Whoever lets so many offers lapse is asked no more.
MOST_MISSED = 3
BATCH = 200


def join_waiting_list(
    *,
    actor: Actor,
    house_id: int,
    first: datetime,
    last: datetime,
    minutes: int,
    now: datetime,
    space_id: int | None = None,
    kind: str = "",
    units: int = 1,
    people_count: int = 1,
    title: str = "",
    account_id: int | None = None,
    organisation_id: int | None = None,
    persons: Sequence[PersonDraft] = (),
) -> int:
    """Wait for `units` at once of a space, or of any of a kind in a house, for so many minutes between two instants. Gives the entry's number.

    `persons` are those of a group who are named; what is offered has room for all of them, or nothing is. Raises NotFound, NotAllowed, Invalid,
    FreeAlready where there is room at this moment.
    """
    who = account_id if account_id is not None else actor.account_id
    if who is None:
        raise NotAllowed(act="spaces.wait")
    if who != actor.account_id:
        permissions.require_desk(actor, house_id=house_id)
    elif organisation_id is not None and not permissions.acts_for(actor, organisation_id):
        raise NotAllowed(act="spaces.book_for_organisation")
    network.house_facts(house_id)
    with db.transaction():
        if space_id is not None:
            found = Space.objects.filter(pk=space_id, house_id=house_id).values_list("kind", flat=True).first()
            if found is None:
                raise NotFound(what="space")
            kind = found
        wrong = {}
        if kind not in SPACE_KINDS:
            wrong["kind"] = "not_in_list"
        if not (last > first and last > now) or last - first > LONGEST_WINDOW:
            wrong["last"] = "out_of_range"
        elif not 1 <= minutes <= (last - first).total_seconds() // 60:
            wrong["minutes"] = "out_of_range"
        if not 1 <= units <= 500:
            wrong["units"] = "out_of_range"
        if not 1 <= people_count <= 100_000:
            wrong["people_count"] = "out_of_range"
        if wrong:
            raise Invalid(fields=wrong)
        title = checked_title(title)
        named = companions.companions(persons, account_id=who, now=now)
        people_count = max(people_count, len(named) + 1) if named else people_count
        entry = Waiting(
            account_id=who, organisation_id=organisation_id, house_id=house_id, space_id=space_id, kind=kind,
            first=first, last=last, minutes=minutes, units=units, people=people_count, title=title, joined_at=now,
        )  # fmt: skip
        # What becomes free from here on finds this entry.
        _hold(entry, companions.accounts_of(named))
        spaces = _spaces(entry)
        refuse_too_many(entry, spaces, people=people_count, named=len(named))
        free = _earliest(entry, spaces, len(named), now)
        if free is not None:
            raise FreeAlready(space_id=free.units[0][0], starts=free.starts.isoformat())
        entry.save()
        write_persons(entry.pk, named, now=now)
        journal.record("spaces.waiting.joined", actor=actor, house_id=house_id, waiting_id=entry.pk)
    return entry.pk


def leave_waiting_list(*, actor: Actor, waiting_id: int, now: datetime) -> None:
    """Wait no more; an offer is declined by it and goes to the next. Raises NotFound, WaitingEnded."""
    with db.transaction():
        entry = held_waiting(waiting_id, actor)
        if entry.state not in (WaitingState.WAITING, WaitingState.OFFERED):
            raise WaitingEnded(waiting_id=waiting_id, state=entry.state)
        _give_back(entry, EndReason.BOOKER, actor, now)
        Waiting.objects.filter(pk=waiting_id).update(state=WaitingState.WITHDRAWN.value, answer_by=None)
        journal.record("spaces.waiting.left", actor=actor, house_id=entry.house_id, waiting_id=waiting_id)


def accept_offer(*, actor: Actor, waiting_id: int, now: datetime) -> list[Booked]:
    """Take what is kept. What must be approved is requested with it and waits for that. Raises NotFound, WaitingEnded, BalanceShort."""
    with db.transaction():
        entry = held_waiting(waiting_id, actor)
        if entry.state != WaitingState.OFFERED or entry.answer_by is None or entry.answer_by <= now:
            raise WaitingEnded(waiting_id=waiting_id, state=entry.state)
        done = []
        for booking in Booking.objects.filter(waiting_id=waiting_id, state=BookingState.TENTATIVE.value).order_by("pk"):
            if booking.terms.get("approval"):
                Booking.objects.filter(pk=booking.pk).update(
                    state=BookingState.REQUESTED.value, unit=None, held_until=None, changed_at=now
                )
                price = (
                    Money(booking.price_amount, booking.price_currency) if booking.price_amount is not None else None
                )
                done.append(Booked(booking.pk, BookingState.REQUESTED, price, ""))
            else:
                done.append(confirm(booking, actor=actor, now=now, decided_state="accepted"))
        Waiting.objects.filter(pk=waiting_id).update(state=WaitingState.ACCEPTED.value, answer_by=None)
        journal.record("spaces.waiting.accepted", actor=actor, house_id=entry.house_id, waiting_id=waiting_id)
        numbers = [one.booking_id for one in done]
        notices.tell_series(list(Booking.objects.filter(pk__in=numbers)), now=now)
        notices.tell_group(*numbers, now=now)
        charging.settle(numbers, actor=actor, now=now)
    return done


def offer_waiting(*, space_id: int, now: datetime, limit: int = BATCH) -> list[int]:
    """Offer what is free in the tree of a space to those who wait for it, oldest first. Gives the entries that were offered something."""
    seen = Space.objects.filter(pk=space_id).values_list("house_id", "path").first()
    if seen is None:
        return []
    house_id, path = seen
    tree = dict(Space.objects.filter(path__contains=[path[0]]).values_list("pk", "kind"))
    waiting = Waiting.objects.filter(
        Q(space_id__in=list(tree)) | Q(space__isnull=True, kind__in=set(tree.values())),
        house_id=house_id,
        state=WaitingState.WAITING.value,
        last__gt=now,
    )
    numbers = waiting.order_by("joined_at", "pk").values_list("pk", flat=True)[:limit]
    return [number for number in list(numbers) if _offer(number, now)]


def tidy_waiting(*, now: datetime, limit: int = BATCH) -> dict[str, int]:
    """Offers that nobody answered go to the next, and windows that are over end the waiting. Gives how many of each."""
    lapsed = Waiting.objects.filter(state=WaitingState.OFFERED.value, answer_by__lte=now).order_by("answer_by", "pk")
    done = {"lapsed": 0, "past": 0}
    for number in list(lapsed.values_list("pk", flat=True)[:limit]):
        with db.transaction():
            entry = held_waiting(number, SYSTEM)
            if entry.state != WaitingState.OFFERED or entry.answer_by is None or entry.answer_by > now:
                continue
            _give_back(entry, EndReason.OFFER_LAPSED, SYSTEM, now)
            over = entry.missed + 1 >= MOST_MISSED
            Waiting.objects.filter(pk=number).update(
                state=(WaitingState.WITHDRAWN if over else WaitingState.WAITING).value,
                answer_by=None, joined_at=now, missed=entry.missed + 1,
            )  # fmt: skip
            journal.record("spaces.waiting.lapsed", actor=SYSTEM, house_id=entry.house_id, waiting_id=number)
            done["lapsed"] += 1
    past = Waiting.objects.filter(state=WaitingState.WAITING.value, last__lte=now)
    done["past"] = past.update(state=WaitingState.PAST.value)
    return done


def _offer(number: int, now: datetime) -> bool:
    try:
        with db.transaction():
            entry = held_waiting(number, SYSTEM)
            if entry.state != WaitingState.WAITING or entry.account_id is None:
                return False
            made, over = _kept_for(entry, now)
            if over:
                notices.tell_over_limit(entry, _rows_of(number, over), now=now)
            if not made:
                return False
            held_until = made[0].held_until
            Waiting.objects.filter(pk=number).update(state=WaitingState.OFFERED.value, answer_by=held_until)
            journal.record(
                "spaces.waiting.offered", actor=SYSTEM, house_id=entry.house_id, waiting_id=number, bookings=len(made)
            )
            notices.tell_offered(made, now=now)
    except WaitingChanged:
        return False  # whoever changed it has it offered anew
    return True


def _kept_for(entry: Waiting, now: datetime) -> tuple[list[Booking], list[Companion]]:
    """The bookings that are made for an entry, all that it needs; or those of the group because of whose limits there are none."""
    named = named_waiting(entry.pk)
    spaces = _spaces(entry)
    found = _earliest(entry, spaces, len(named), now)
    if found is None or entry.account_id is None:
        return [], []
    by_id = {row.id: row for row in spaces}
    parts = sharing.spread([by_id[space].capacity for space, _ in found.units], people=entry.people, named=len(named))
    booker = people.actor(entry.account_id, now=now)
    held_until = min(now + KEPT, found.starts)
    made: list[Booking] = []
    over: list[Companion] = []
    try:
        with db.transaction():
            for (space_id, unit), (count, with_name) in zip(found.units, parts or (), strict=True):
                wish = Wish(
                    by_id[space_id], entry.account_id, entry.organisation_id, found.starts, found.ends, count, Channel.SYSTEM,
                    persons=named[:with_name],
                )  # fmt: skip
                named = named[with_name:]
                wish, situation = judging.judged(wish, now=now)
                question = judging.question(wish, situation, booker=booker, now=now)
                answer = policies.decide(question, store=False).or_refuse()
                over += companions.over_limit(wish, answer.terms, now=now)
                terms = judging.terms_kept(answer)
                booking = Booking.objects.create(
                    space_id=space_id, house_id=entry.house_id, kind=wish.space.kind, unit=unit,
                    account_id=entry.account_id, organisation_id=entry.organisation_id, people=wish.people,
                    title=entry.title, starts=wish.starts, ends=wish.ends, blocks=wish.blocks,
                    state=BookingState.TENTATIVE.value, held_until=held_until, channel=Channel.SYSTEM.value,
                    waiting_id=entry.pk, decision_id=policies.keep(question, answer), terms=terms, booked_at=now,
                    changed_at=now, **stored_price(judging.price_of(wish, answer)),
                )  # fmt: skip
                companions.write(booking.pk, wish.persons, counted=companions.counts(wish, terms), now=now)
                made.append(booking)
            _all_or_none(over)
    except Refusal:
        return [], over  # they may not at this time: passed over, and in their place
    return made, []


def _all_or_none(over: Sequence[Companion]) -> None:
    if over:
        raise PersonOverLimit(names=[one.name for one in over])


def _spaces(entry: Waiting) -> list[SpaceRow]:
    wanted = Space.objects.filter(house_id=entry.house_id, kind=entry.kind, state=SpaceState.ACTIVE.value)
    if entry.space_id is not None:
        wanted = wanted.filter(pk=entry.space_id)
    return rows(wanted.order_by("code"))


def refuse_too_many(entry: Waiting, spaces: Sequence[SpaceRow], *, people: int, named: int) -> None:
    """Whether the largest of what could be offered have room for everybody. No statement. Raises Invalid (people_count, persons: no_room)."""
    largest = sorted((one.capacity for one in spaces for _ in range(one.quantity)), reverse=True)[: entry.units]
    if len(largest) < entry.units or sharing.spread(largest, people=people, named=named):
        return
    raise Invalid(fields={"persons" if sum(largest) >= people else "people_count": "no_room"})


def _earliest(entry: Waiting, spaces: Sequence[SpaceRow], named: int, now: datetime) -> sharing.Places | None:
    """What could be offered. Six statements."""
    calendar = network.house_facts(entry.house_id).calendar
    zone = ZoneInfo(calendar.zone)
    first = max(entry.first, now)
    if not spaces or entry.last <= first:
        return None
    begins = datetime.combine(first.astimezone(zone).date(), time(), zone).astimezone(UTC) - timedelta(days=1)
    held = busy(spaces, begins, entry.last + timedelta(days=2))
    days = (entry.last.astimezone(zone).date() - first.astimezone(zone).date()).days + 1
    today = first.astimezone(zone).date()
    open_ = open_times_of(spaces, house_times([entry.house_id], today, days), today, days)
    candidates = [sharing.Candidate(one, open_[one.id], held[one.id], zone.key) for one in spaces]
    return sharing.earliest(
        candidates, first=first, last=entry.last, minutes=entry.minutes, units=entry.units, people=entry.people, named=named
    )  # fmt: skip


def named_waiting(waiting_id: int) -> tuple[Companion, ...]:
    """Who is named with an entry and has not left. One statement."""
    found = WaitingPerson.objects.filter(waiting_id=waiting_id, left_at=None).order_by("pk")
    return tuple(Companion(*row) for row in found.values_list("name", "account_id"))


def write_persons(waiting_id: int, persons: Collection[Companion], *, now: datetime) -> None:
    """The rows of who is named. One statement."""
    WaitingPerson.objects.bulk_create(
        WaitingPerson(waiting_id=waiting_id, account_id=one.account_id, name=one.name, named_at=now) for one in persons
    )


def _rows_of(waiting_id: int, persons: Collection[Companion]) -> list[WaitingPerson]:
    accounts = companions.accounts_of(persons)
    return list(
        WaitingPerson.objects.filter(waiting_id=waiting_id, left_at=None, account_id__in=accounts).order_by("pk")
    )


def _give_back(entry: Waiting, reason: EndReason, actor: Actor, now: datetime) -> None:
    for booking in Booking.objects.filter(waiting_id=entry.pk, state=BookingState.TENTATIVE.value).order_by("pk"):
        ending.end(booking, state=BookingState.CANCELLED, actor=actor, now=now, reason=reason)


def held_waiting(waiting_id: int, actor: Actor, *, others: Collection[int] = ()) -> Waiting:
    """The entry, with who waits, whoever is named (and `others`, their accounts) and the trees that it may take from held.

    Raises NotFound, also for what is none of the actor's business, and WaitingChanged.
    """
    entry = Waiting.objects.filter(pk=waiting_id).first()
    if entry is None or not (
        (actor.account_id is not None and entry.account_id == actor.account_id)
        or permissions.may_desk(actor, house_id=entry.house_id)
    ):
        raise NotFound(what="waiting")
    held = {*companions.accounts_of(named_waiting(waiting_id)), *others}
    _hold(entry, held)
    if not companions.accounts_of(named_waiting(waiting_id)) <= held:
        raise WaitingChanged(waiting_id=waiting_id)
    return Waiting.objects.get(pk=waiting_id)


def _hold(entry: Waiting, persons: Collection[int]) -> None:
    paths = Space.objects.filter(house_id=entry.house_id, kind=entry.kind).values_list("path", flat=True)
    hold(
        trees={path[0] for path in paths}, account_id=entry.account_id, organisation_id=entry.organisation_id,
        others=persons, open_in=[entry.house_id],
    )  # fmt: skip
