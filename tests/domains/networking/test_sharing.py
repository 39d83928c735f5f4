"""What houses share has effect: a place at the agreed price, a mentor's hours; and it lasts for so many hours of a month."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from khaneh.domains.network.models import OpeningHours
from khaneh.domains.network.types import Role
from khaneh.domains.networking import queries, services
from khaneh.domains.networking.errors import SharedAlready, SharedHoursUsedUp, SharingNotForThis, SharingStateRefused
from khaneh.domains.networking.models import Sharing
from khaneh.domains.networking.types import Shared, SharingDraft, SharingState
from khaneh.domains.notices.models import Notice
from khaneh.domains.people.models import Member, MemberCategory
from khaneh.domains.people.queries import actor as actor_of
from khaneh.domains.residencies import services as residencies
from khaneh.domains.residencies.models import Residency
from khaneh.domains.spaces import services as spaces
from khaneh.domains.spaces.models import Booking, Space
from khaneh.kernel.actor import Actor
from khaneh.kernel.money import Money
from khaneh.kernel.refusal import Invalid, NotAllowed, NotFound
from tests.domains.networking.fair import Fair
from tests.domains.residencies.centre import NOW, TEAM, TODAY

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
# Tuesday at eleven in Tehran.
THEN = datetime(2026, 3, 3, 7, 30, tzinfo=NOW.tzinfo)


@pytest.fixture(autouse=True)
def priced(fair: Fair) -> None:
    """The office costs 100,000 rials an hour, and nobody shares it for nothing."""
    for weekday in range(1, 8):
        OpeningHours.objects.create(house=fair.centre.house, weekday=weekday, opens=8 * 60, closes=20 * 60)
    Space.objects.filter(pk=fair.centre.office.pk).update(
        price_amount=100_000, price_currency="IRR", slot_minutes=30, min_minutes=30, max_minutes=600
    )


def reader(fair: Fair, home: Any = None) -> Actor:
    """A member of the library."""
    who = fair.person()
    category, _ = MemberCategory.objects.get_or_create(code="adult", defaults={"names": {"en": "Adult"}})
    Member.objects.create(
        account_id=who.account_id, category=category, home_house=home or fair.library, state="active", family_name="R",
        joined_on=date(2025, 3, 21), expires_on=date(2031, 3, 20),
    )  # fmt: skip
    return actor_of(who.account_id, now=NOW)


def book(fair: Fair, who: Actor, sharing: int | None, hours: int = 1, starts: datetime = THEN, **facts: Any) -> Any:
    """The office for so many hours."""
    return spaces.book(
        actor=who, space_id=fair.centre.office.pk, starts=starts, ends=starts + hours * HOUR, now=NOW,
        sharing_id=sharing, **facts,
    )  # fmt: skip


def test_a_shared_place_costs_what_was_agreed_for_whom_it_is_shared_with(fair: Fair) -> None:
    number, who = fair.shares(), reader(fair)
    assert spaces.quote(
        actor=who, space_id=fair.centre.office.pk, starts=THEN, ends=THEN + HOUR, now=NOW
    ).price == Money(100_000, "IRR")
    (usable,) = queries.usable_by(account_id=who.account_id or 0, organisation_id=None, now=NOW)
    assert (usable.sharing_id, usable.left, usable.price) == (number, 180, None)
    booked = book(fair, who, number)
    assert booked.price is None
    assert Booking.objects.get().terms["sharing"] == number
    (usable,) = queries.usable_by(account_id=who.account_id or 0, organisation_id=None, now=NOW)
    assert usable.left == 120
    # Whoever is at home in the house itself, or nowhere, books as ever.
    for other in (reader(fair, fair.centre.house), fair.person()):
        assert queries.usable_by(account_id=other.account_id or 0, organisation_id=None, now=NOW) == []
        with pytest.raises(SharingNotForThis):
            book(fair, other, number, starts=THEN + 3 * HOUR)


def test_a_team_that_lives_there_books_by_it_and_pays_the_agreed_price(fair: Fair) -> None:
    number = fair.shares(to_house_code="", price=Money(20_000, "IRR"))
    # The team lives in the library; whoever founded it is a member of the very house that shares.
    who = reader(fair, fair.centre.house)
    Residency.objects.create(
        house=fair.library, founder_id=who.account_id, names=TEAM.to_dict(), state="moved_in", starts_on=TODAY,
        ends_on=date(2026, 12, 1), moved_in_on=TODAY, made_key="lives-there", made_at=NOW, changed_at=NOW,
    )  # fmt: skip
    quote = spaces.quote(
        actor=who, space_id=fair.centre.office.pk, starts=THEN, ends=THEN + 2 * HOUR, now=NOW, sharing_id=number
    )
    assert (quote.refusal, quote.price) == ("", Money(40_000, "IRR"))


def test_hours_of_a_month_last_until_they_are_used_up(fair: Fair) -> None:
    number, who, other = fair.shares(), reader(fair), reader(fair)
    first = book(fair, who, number, 2)
    with pytest.raises(SharedHoursUsedUp) as refused:
        book(fair, other, number, 2, THEN + 2 * HOUR)
    assert refused.value.facts == {"minutes": 180, "left": 60}
    quote = spaces.quote(
        actor=other, space_id=fair.centre.office.pk, starts=THEN + 2 * HOUR, ends=THEN + 4 * HOUR, now=NOW, sharing_id=number
    )  # fmt: skip
    assert quote.refusal == "networking.shared_hours_used_up"
    # Another month of the house, which counts by Jalali months: 1 Farvardin is 21 March.
    book(fair, other, number, 2, datetime(2026, 3, 24, 7, 30, tzinfo=NOW.tzinfo))
    # Longer than is left; a change does not count twice; what is given up is free again.
    with pytest.raises(SharedHoursUsedUp):
        spaces.change_booking(actor=who, booking_id=first.booking_id, ends=THEN + 4 * HOUR, now=NOW)
    spaces.change_booking(actor=who, booking_id=first.booking_id, ends=THEN + 3 * HOUR, now=NOW)
    spaces.cancel(actor=who, booking_id=first.booking_id, now=NOW)
    book(fair, who, number, 3)
    with pytest.raises(SharingNotForThis):
        book(fair, who, number, 1, datetime(2027, 1, 5, 7, 30, tzinfo=NOW.tzinfo))


def test_a_sharing_is_offered_accepted_and_ended_once(fair: Fair) -> None:
    giver, taker = (fair.person(Role.HOUSE_MANAGER, house=house) for house in (fair.centre.house, fair.library))
    number = fair.shares()
    assert Notice.objects.filter(event="networking.sharing_answered").count() >= 1
    with pytest.raises(SharedAlready):
        fair.shares()
    services.accept_sharing(actor=taker, sharing_id=number, now=NOW)
    with pytest.raises(SharingStateRefused):
        services.decline_sharing(actor=taker, sharing_id=number, reason="", now=NOW)
    with pytest.raises(NotFound):
        services.end_sharing(actor=fair.person(), sharing_id=number, reason="", now=NOW)
    mine = queries.sharings_of_house(fair.centre.house.pk, actor=giver, now=NOW)
    theirs = queries.sharings_of_house(fair.library.pk, actor=taker, now=NOW)
    assert [(row.gives, row.receives) for row in (*mine, *theirs)] == [(True, False), (False, True)]
    assert queries.sharings_of_house(fair.library.pk, actor=giver, now=NOW) == []
    who = reader(fair)
    booked = book(fair, who, number)
    services.end_sharing(actor=taker, sharing_id=number, reason="Enough", now=NOW)
    assert Booking.objects.get(pk=booked.booking_id).state == "confirmed"
    with pytest.raises(SharingNotForThis):
        book(fair, who, number, starts=THEN + 2 * HOUR)
    for change in ({"state": "active", "over_at": None}, {"minutes": 999}, {"reason": "Other"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Sharing.objects.filter(pk=number).update(**change)
    with pytest.raises(NotAllowed):
        services.offer_sharing(actor=taker, house_id=fair.centre.house.pk, draft=_draft(fair), now=NOW, key="theirs")


def _draft(fair: Fair, **facts: Any) -> SharingDraft:
    return SharingDraft(
        **{
            "what": Shared.SPACE, "minutes": 60, "valid_from": TODAY, "valid_until": TODAY, "space_id": fair.centre.desks.pk,
            **facts,
        }
    )  # fmt: skip


@pytest.mark.parametrize(
    "facts",
    [
        {"minutes": 5},
        {"valid_until": date(2026, 2, 1)},
        {"space_id": None},
        {"to_house_code": "R-INN"},
        {"to_house_code": "NONE"},
        {"what": Shared.MENTOR, "mentor_id": 1},
        {"to_house_code": "X-LIB", "to_region_code": "X-QM"},
    ],
)
def test_what_cannot_be_shared(fair: Fair, facts: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        services.offer_sharing(
            actor=fair.centre.manager(), house_id=fair.centre.house.pk, draft=_draft(fair, **facts), now=NOW, key="x"
        )
    assert not Sharing.objects.exists()


def shared_mentor(fair: Fair, mentor: Actor) -> int:
    """The library shares an hour and a half of a mentor's month with all of the centre's region."""
    giver = fair.person(Role.HOUSE_MANAGER, house=fair.library)
    draft = _draft(
        fair, what=Shared.MENTOR, space_id=None, mentor_id=mentor.account_id, to_region_code="R-QM",
        valid_until=date(2026, 12, 31), minutes=90,
    )  # fmt: skip
    number = services.offer_sharing(actor=giver, house_id=fair.library.pk, key="mentor", now=NOW, draft=draft)
    assert queries.shared_mentors(fair.centre.house.pk, now=NOW) == {}
    with pytest.raises(NotAllowed):
        services.agree_sharing(actor=giver, sharing_id=number, now=NOW)
    services.agree_sharing(actor=mentor, sharing_id=number, now=NOW)
    services.agree_sharing(actor=mentor, sharing_id=number, now=NOW)
    return number


def test_a_mentors_hours_are_shared_when_they_agree_and_count_in_the_other_house(fair: Fair) -> None:
    mentor, boss = fair.mentor(), fair.centre.manager()
    number = shared_mentor(fair, mentor)
    row = queries.shared_mentors(fair.centre.house.pk, now=NOW)[mentor.account_id or 0]
    assert (row.state, row.left, row.names.en) == (SharingState.ACTIVE, 90, "Looker On")
    team, founder = fair.centre.team(boss)
    residencies.appoint_mentor(actor=boss, residency_id=team, account_id=mentor.account_id or 0, now=NOW)
    slots = [fair.centre.slot(mentor, THEN + day * timedelta(days=1)) for day in (0, 1)]
    session = residencies.book_session(actor=founder, residency_id=team, slot_id=slots[0], topic="Prices", now=NOW)
    assert queries.shared_mentors(fair.centre.house.pk, now=NOW)[mentor.account_id or 0].left == 30
    with pytest.raises(SharedHoursUsedUp):
        residencies.book_session(actor=founder, residency_id=team, slot_id=slots[1], topic="Prices", now=NOW)
    residencies.cancel_session(actor=founder, session_id=session, now=NOW)
    residencies.book_session(actor=founder, residency_id=team, slot_id=slots[1], topic="Prices", now=NOW)
    # Whoever is forgotten is shared no more, and what was shared stays without their name.
    services.erase_account(mentor.account_id or 0, NOW)
    one = Sharing.objects.get(pk=number)
    assert (one.state, one.mentor_id) == ("ended", None)
    assert services.end_past(now=NOW) == 0


def test_a_sharing_ends_by_itself_after_its_last_day(fair: Fair) -> None:
    number = fair.shares(valid_until=TODAY)
    assert services.end_past(now=NOW) == 0
    assert services.end_past(now=NOW + timedelta(days=2)) == 1
    assert Sharing.objects.get(pk=number).state == "ended"
