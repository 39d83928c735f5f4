"""Two who take one time, one table or one person at one moment. Each race has the unlocked control that shows it can be seen."""

from __future__ import annotations

from functools import partial

import pytest

from khaneh.domains.meetings import services
from khaneh.domains.meetings.models import Meeting, Sitting
from khaneh.domains.meetings.types import ParticipantDraft
from tests.domains.meetings.forum import NOW, Forum, make_forum
from tests.races.circulation.desks import kinds, meanwhile

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
LOCKED = pytest.mark.parametrize("locked", [True, False], ids=["locked", "control"])


@pytest.fixture
def forum(transactional_db: None) -> Forum:
    """A house with an open session."""
    return make_forum()


@LOCKED
def test_two_accept_one_time_of_one_participant(forum: Forum, locked: bool) -> None:
    sought, one, other = forum.side(), forum.side(), forum.side()
    both = [
        partial(
            services.accept, actor=side.actor, meeting_id=forum.asked(sought, side), round_id=forum.round(1), answer="",
            now=NOW,
        )
        for side in (one, other)
    ]  # fmt: skip
    answers = kinds(meanwhile(*both, before="UPDATE meetings_meeting SET round_id", locked=locked))
    # Without locks only the database stops the second: an error instead of a sentence.
    assert answers == (("NoneType", "RoundTaken") if locked else ("IntegrityError", "NoneType"))
    assert Sitting.objects.filter(participant_id=sought.id, account__isnull=True).count() == 1


@LOCKED
def test_two_take_the_last_table(forum: Forum, locked: bool) -> None:
    sides = [forum.side() for _ in range(6)]
    forum.agreed(sides[0], sides[1], 1)
    both = [
        partial(
            services.accept, actor=sides[to].actor, meeting_id=forum.asked(sides[of], sides[to]),
            round_id=forum.round(1), answer="", now=NOW,
        )
        for of, to in ((2, 3), (4, 5))
    ]  # fmt: skip
    answers = kinds(meanwhile(*both, before="UPDATE meetings_meeting SET round_id", locked=locked))
    assert answers == (("NoneType", "RoundTaken") if locked else ("IntegrityError", "NoneType"))
    assert Meeting.objects.filter(round__number=1).count() == 2


@LOCKED
def test_one_person_in_two_sessions(forum: Forum, locked: bool) -> None:
    one, other, there = forum.side(), forum.side(), forum.another()
    assert one.organisation
    again = services.register(
        actor=one.actor, matchmaking_id=there, standing=f"organisation-{one.organisation.pk}",
        draft=ParticipantDraft("Bricks", "Clay"), now=NOW,
    )  # fmt: skip
    third = forum.side(session=there)
    far = services.ask(actor=third.actor, matchmaking_id=there, participant_id=again, message="", now=NOW)
    both = [
        partial(
            services.accept, actor=who, meeting_id=meeting, round_id=forum.round(1, session), answer="", now=NOW
        )
        for who, meeting, session in (
            (other.actor, forum.asked(one, other), forum.session), (one.actor, far, there),
        )
    ]  # fmt: skip
    answers = kinds(meanwhile(*both, before="UPDATE meetings_meeting SET round_id", locked=locked))
    assert answers == (("NoneType", "RoundTaken") if locked else ("IntegrityError", "NoneType"))
    assert Sitting.objects.filter(account_id=one.actor.account_id).count() == 1


@LOCKED
def test_two_ask_each_other(forum: Forum, locked: bool) -> None:
    one, other = forum.side(), forum.side()
    both = [partial(forum.asked, one, other), partial(forum.asked, other, one)]
    answers = kinds(meanwhile(*both, before="INSERT INTO meetings_meeting", locked=locked))
    assert answers == (("int", "int") if locked else ("IntegrityError", "int"))
    assert Meeting.objects.get().state == ("accepted" if locked else "asked")


@LOCKED
def test_somebody_says_that_they_cannot_while_the_day_is_planned(forum: Forum, locked: bool) -> None:
    one, other = forum.side(), forum.side()
    forum.agreed(one, other)
    planning = partial(services.plan, actor=forum.boss, matchmaking_id=forum.session, afresh=False, now=NOW)
    saying = partial(services.say_when, actor=one.actor, matchmaking_id=forum.session, available=[], now=NOW)
    answers = kinds(meanwhile(planning, saying, before="UPDATE meetings_meeting SET round_id", locked=locked))
    assert answers == (("PlanRow", "MeetingThen") if locked else ("IntegrityError", "NoneType"))
