"""Two who use up the same shared hours, and two rounds of digests, at one moment. Each race has the unlocked control that shows it can be seen."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from khaneh.domains.network.models import OpeningHours
from khaneh.domains.networking import services
from khaneh.domains.networking.models import Digest
from khaneh.domains.networking.types import Followed
from khaneh.domains.notices.models import Notice
from khaneh.domains.residencies import services as residencies
from khaneh.domains.residencies.models import Session
from khaneh.domains.spaces.models import Booking
from tests.domains.networking.fair import DAY, WEEK, Fair, make_fair
from tests.domains.networking.test_sharing import THEN, book, reader, shared_mentor
from tests.domains.residencies.centre import NOW
from tests.races.circulation.desks import kinds, meanwhile

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
LOCKED = pytest.mark.parametrize("locked", [True, False], ids=["locked", "control"])


@pytest.fixture
def fair(transactional_db: None) -> Fair:
    """Two provinces, a library, a centre that is open."""
    made = make_fair()
    for weekday in range(1, 8):
        OpeningHours.objects.create(house=made.centre.house, weekday=weekday, opens=8 * 60, closes=20 * 60)
    return made


@LOCKED
def test_two_use_up_the_same_hours_of_a_place(fair: Fair, locked: bool) -> None:
    number = fair.shares()
    both = [
        partial(book, fair, reader(fair), number, 2, THEN + hours * timedelta(hours=1))
        for hours in (0, 3)
    ]  # fmt: skip
    answers = kinds(meanwhile(*both, before="INSERT INTO spaces_booking", locked=locked))
    assert answers == ("Booked", "SharedHoursUsedUp" if locked else "Booked")
    assert Booking.objects.count() == (1 if locked else 2)


@LOCKED
def test_two_teams_use_up_the_same_hours_of_a_mentor(fair: Fair, locked: bool) -> None:
    mentor, boss = fair.mentor(), fair.centre.manager()
    shared_mentor(fair, mentor)
    both = []
    for day in (0, 1):
        team, founder = fair.centre.team(boss)
        residencies.appoint_mentor(actor=boss, residency_id=team, account_id=mentor.account_id or 0, now=NOW)
        slot = fair.centre.slot(mentor, THEN + day * DAY)
        booking = partial(residencies.book_session, actor=founder, residency_id=team, slot_id=slot, topic="Prices")
        both.append(partial(booking, now=NOW))
    answers = kinds(meanwhile(*both, before="INSERT INTO residencies_session", locked=locked))
    assert answers == ("int", "SharedHoursUsedUp" if locked else "int")
    assert Session.objects.count() == (1 if locked else 2)


@LOCKED
def test_two_rounds_tell_a_follower_once(fair: Fair, locked: bool) -> None:
    services.follow(actor=fair.person(), what=Followed.SECTOR, code="C", now=NOW)
    fair.company("2651")
    both = [partial(services.make_digests, now=NOW + WEEK)] * 2
    answers = kinds(meanwhile(*both, before="UPDATE networking_news", locked=locked))
    # Without locks PostgreSQL keeps the turns of two digests apart: an error in place of a second letter.
    assert answers == (("int", "int") if locked else ("IntegrityError", "int"))
    assert (Digest.objects.count(), Notice.objects.filter(event="networking.digest").count()) == (1, 1)
