"""Sharings as both sides see them, with what of this month is used; and what somebody may book by one."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from django.db.models import F, Q, QuerySet

from khaneh.domains.network import queries as network
from khaneh.domains.networking import permissions
from khaneh.domains.networking.models import Sharing
from khaneh.domains.networking.types import Shared, SharingRow, SharingState, Usable
from khaneh.domains.people import queries as people
from khaneh.domains.people.queries.contacts import contacts
from khaneh.domains.people.types import MemberState
from khaneh.domains.residencies import queries as residencies
from khaneh.domains.residencies.queries import MentorSpan
from khaneh.domains.spaces import queries as spaces
from khaneh.domains.spaces.queries import SharedSpan
from khaneh.kernel.actor import Actor
from khaneh.kernel.calendars import month_of
from khaneh.kernel.labels import Label
from khaneh.kernel.money import Money
from khaneh.kernel.refusal import NotFound

_NOBODY = Label("—", "—", "—")


def sharings_of_house(house_id: int, *, actor: Actor, now: datetime, limit: int = 200) -> list[SharingRow]:
    """What a house gives, and what is shared with it, the latest first; nothing for who does not share for it. At most nine statements."""
    if not permissions.may_share(actor, house_id=house_id):
        return []
    facts = network.house_facts(house_id)
    with_it = Q(to_house_id=house_id) | (Q(to_house__isnull=True) & Q(state=SharingState.ACTIVE.value))
    in_reach = Q(to_region__isnull=True) | Q(to_region_id__in=facts.regions)
    found = Sharing.objects.filter(Q(house_id=house_id) | (with_it & in_reach & ~Q(house_id=house_id)))
    return rows(found.order_by("-pk")[:limit], now=now, house_id=house_id)


def sharings_of_mentor(actor: Actor, *, now: datetime) -> list[SharingRow]:
    """The sharings of one's own hours as a mentor, the latest first. At most eight statements."""
    if actor.account_id is None:
        return []
    found = Sharing.objects.filter(mentor_id=actor.account_id).order_by("-pk")[:50]
    return rows(found, now=now, mentor_id=actor.account_id)


def shared_mentors(house_id: int, *, now: datetime) -> dict[int, SharingRow]:
    """The mentors whose hours are shared with a house, by their account: for whoever appoints there. At most seven statements."""
    found = _in_force(Sharing.objects.filter(what=Shared.MENTOR.value), house_id)
    listed = [row for row in rows(found, now=now) if row.mentor_id is not None and _is_valid(row, now)]
    # What is shared with the very house goes before what is shared with all.
    return {row.mentor_id or 0: row for row in sorted(listed, key=lambda row: row.to_house is not None)}


def usable_by(
    *, account_id: int, organisation_id: int | None, now: datetime, space_id: int | None = None
) -> list[Usable]:
    """The places that somebody may book by a sharing: those shared with the houses that they live in with a team, or are a member of, or that
    are shared with all. At most ten statements.
    """
    found = Sharing.objects.filter(what=Shared.SPACE.value, state=SharingState.ACTIVE.value)
    if space_id is not None:
        found = found.filter(space_id=space_id)
    listed = list(found.order_by(F("to_house").asc(nulls_last=True), F("to_region").asc(nulls_last=True), "pk")[:500])
    if not listed:
        return []
    homes = homes_of(account_id=account_id, organisation_id=organisation_id)
    mine = {one.pk: one for one in listed if any(reaches(one, home) for home in homes)}
    return [
        Usable(row.id, row.space_id, row.house, row.left, row.minutes, row.price)
        for row in rows(Sharing.objects.filter(pk__in=mine).order_by(F("to_house").asc(nulls_last=True), "pk"), now=now)
        if row.space_id is not None and _is_valid(row, now)
    ]


def homes_of(*, account_id: int, organisation_id: int | None) -> set[int]:
    """The houses at which somebody is at home: where they have moved in, and for themself the one of which they are a member. At most three
    statements.
    """
    homes = residencies.houses_lived_in(account_id=account_id, organisation_id=organisation_id)
    if organisation_id is None:
        member_id = people.member_of_account(account_id)
        contact = contacts([member_id]).get(member_id) if member_id is not None else None
        if contact is not None and contact.state is MemberState.ACTIVE:
            homes.add(contact.home_house_id)
    return homes


def reaches(one: Sharing, home_id: int) -> bool:
    """Whether a sharing is with a house: the very one or what is in it, or one in the region. Its own people need no sharing. No statement."""
    home = network.house_facts(home_id)
    if one.house_id in home.path:
        return False
    if one.to_house_id is not None:
        return one.to_house_id in home.path
    return one.to_region_id is None or one.to_region_id in home.regions


def month_around(one: Sharing, instant: datetime) -> tuple[datetime, datetime]:
    """The month in which an instant counts, on the clocks and in the calendar of the house that shares: its first instant, and the next month's. UTC."""
    facts = network.house_facts(one.house_id)
    clock = ZoneInfo(facts.calendar.zone)
    first, after = month_of(instant.astimezone(clock).date(), facts.reckoning)
    return _midnight(first, clock), _midnight(after, clock)


def used_minutes(found: Collection[Sharing], *, at: datetime, except_id: int | None = None) -> dict[int, int]:
    """What of the month around an instant is used of each sharing. Two statements."""
    places, mentors = [], []
    for one in found:
        first, last = month_around(one, at)
        if one.space_id is not None:
            places.append(SharedSpan(one.pk, one.space_id, first, last))
        elif one.mentor_id is not None:
            mentors.append(MentorSpan(one.pk, one.mentor_id, receivers(one), first, last))
    return {
        **spaces.shared_minutes(places, except_id=except_id),
        **residencies.session_minutes(mentors),
    }


def receivers(one: Sharing) -> set[int]:
    """The houses whose teams use up a mentor's shared hours. No statement where houses were asked for lately."""
    if one.to_house_id is not None:
        return {one.to_house_id, *network.house_ids_below(one.to_house_id)}
    return {number for number in network.public_places() if reaches(one, number)}


def things_of(found: Iterable[Sharing]) -> dict[int, Label]:
    """What is shared in words, by the sharing: the place's names, or the mentor's name. Two statements, and some for the places."""
    listed = list(found)
    places = spaces.spaces_by_ids(one.space_id for one in listed if one.space_id is not None)
    mentors = people.account_names(one.mentor_id for one in listed)
    names: dict[int, Label] = {}
    for one in listed:
        if one.space_id is not None:
            names[one.pk] = places[one.space_id].names if one.space_id in places else _NOBODY
        else:
            name = mentors.get(one.mentor_id or 0, "")
            names[one.pk] = Label(name, name, name) if name else _NOBODY
    return names


def sharing(sharing_id: int, *, actor: Actor, now: datetime) -> SharingRow:
    """One, for whoever shares at either side and the mentor. At most eight statements. Raises NotFound."""
    found = Sharing.objects.filter(pk=sharing_id).first()
    if found is None or not sees(actor, found):
        raise NotFound(what="sharing")
    return rows(Sharing.objects.filter(pk=sharing_id), now=now, mentor_id=actor.account_id)[0]


def sees(actor: Actor, one: Sharing) -> bool:
    """Whether somebody has to do with a sharing."""
    if actor.account_id is not None and one.mentor_id == actor.account_id:
        return True
    sides = [one.house_id, *([one.to_house_id] if one.to_house_id is not None else [])]
    return any(permissions.may_share(actor, house_id=number) for number in sides)


def rows(
    found: QuerySet[Sharing], *, now: datetime, house_id: int | None = None, mentor_id: int | None = None
) -> list[SharingRow]:
    """Rows in the order of the query. At most eight statements."""
    listed = list(found)
    used = used_minutes([one for one in listed if one.state == SharingState.ACTIVE], at=now)
    things = things_of(listed)
    houses = network.house_refs(
        {one.house_id for one in listed} | {one.to_house_id for one in listed if one.to_house_id is not None}
    )
    regions = network.region_refs(one.to_region_id for one in listed if one.to_region_id is not None)
    return [
        SharingRow(
            id=one.pk,
            what=Shared(one.what),
            state=SharingState(one.state),
            house=houses[one.house_id],
            to_house=houses.get(one.to_house_id or 0),
            to_region=regions.get(one.to_region_id or 0),
            space_id=one.space_id,
            mentor_id=one.mentor_id,
            names=things[one.pk],
            minutes=one.minutes,
            used=used.get(one.pk, 0),
            price=Money(one.price_amount, one.price_currency) if one.price_amount is not None else None,
            valid_from=one.valid_from,
            valid_until=one.valid_until,
            offered_at=one.offered_at,
            accepted=one.accepted_at is not None,
            agreed=one.agreed_at is not None,
            reason=one.reason,
            gives=one.house_id == house_id,
            receives=house_id is not None and one.house_id != house_id,
            mentors=mentor_id is not None and one.mentor_id == mentor_id,
        )
        for one in listed
    ]


def covers(one: Sharing, instant: datetime) -> bool:
    """Whether a sharing is in force on the day of an instant, on the clocks of the house that shares. No statement."""
    day = instant.astimezone(ZoneInfo(network.house_facts(one.house_id).calendar.zone)).date()
    return one.state == SharingState.ACTIVE and one.valid_from <= day <= one.valid_until


def _in_force(found: QuerySet[Sharing], house_id: int) -> QuerySet[Sharing]:
    facts = network.house_facts(house_id)
    with_it = Q(to_house_id__in=facts.path) | (
        Q(to_house__isnull=True) & (Q(to_region__isnull=True) | Q(to_region_id__in=facts.regions))
    )
    return found.filter(with_it, state=SharingState.ACTIVE.value).exclude(house_id__in=facts.path).order_by("pk")


def _is_valid(row: SharingRow, now: datetime) -> bool:
    day = now.astimezone(ZoneInfo(network.house_facts(row.house.id).calendar.zone)).date()
    return row.valid_from <= day <= row.valid_until


def _midnight(day: date, clock: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), clock).astimezone(UTC)
