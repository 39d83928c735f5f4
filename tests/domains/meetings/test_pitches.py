"""Demo days: the running order by hand and by lot, and contact that the team gives or not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from khaneh.domains.events import services as events
from khaneh.domains.events.types import EventDraft
from khaneh.domains.meetings import queries, services
from khaneh.domains.meetings.errors import AlreadyRegistered, NotAnInvestor, OwnPitch, StateRefused
from khaneh.domains.meetings.rules.drawing import drawn
from khaneh.domains.meetings.types import PitchDraft
from khaneh.domains.notices.models import Notice
from khaneh.formats.ical import Occurrence
from khaneh.interfaces.protocols.ical.registry import Asked
from khaneh.interfaces.protocols.ical.sources.meetings import own_meetings
from khaneh.kernel.actor import SYSTEM, VISITOR
from khaneh.kernel.labels import Label
from khaneh.kernel.refusal import NotAllowed, NotFound
from tests.domains.meetings.forum import DAY, NOW, START, Forum


@pytest.fixture
def day(forum: Forum) -> int:
    """An open event of the house."""
    draft = EventDraft(
        house_id=forum.house.pk, kind="fair", names=Label("Demo day", "روز نمایش", "Ngày trình diễn"), starts=START,
        ends=START + timedelta(hours=3), organiser_ids=(forum.speaker("accelerator")[1].pk,),
    )  # fmt: skip
    row = events.propose_event(actor=SYSTEM, draft=draft, now=NOW)
    events.open_event(actor=SYSTEM, event_id=row.id, now=NOW)
    return row.id


def pitch(forum: Forum, day: int, **facts: object) -> tuple[int, object]:
    """A company's pitch, and who speaks for it."""
    who, made = forum.speaker()
    draft = PitchDraft(title=f"Pitch of {made.code}", organisation_id=made.pk, **facts)  # type: ignore[arg-type]
    return services.add_pitch(actor=forum.boss, event_id=day, draft=draft, now=NOW), who


def test_the_order_by_hand_and_by_lot(forum: Forum, day: int) -> None:
    assert queries.demo_day(day) is None
    first, second, third = (pitch(forum, day, minutes=minutes)[0] for minutes in (5, 8, 5))
    found = queries.demo_day(day)
    assert found
    assert [(one.id, one.starts - START) for one in found.pitches] == [
        (first, timedelta(0)), (second, timedelta(minutes=7)), (third, timedelta(minutes=17)),
    ]  # fmt: skip
    services.order_pitches(actor=forum.boss, event_id=day, pitch_ids=[third, first, second], now=NOW)
    services.remove_pitch(actor=forum.boss, pitch_id=first, now=NOW)
    found = queries.demo_day(day)
    assert found
    assert [(one.number, one.id) for one in found.pitches] == [(1, third), (2, second)]
    services.draw_order(actor=forum.boss, event_id=day, seed="Nowruz", now=NOW)
    found = queries.demo_day(day)
    assert found
    assert ([one.id for one in found.pitches], found.seed) == (drawn([second, third], seed="Nowruz"), "Nowruz")
    with pytest.raises(NotAllowed):
        services.draw_order(actor=forum.person(), event_id=day, seed="mine", now=NOW)


def test_contact_is_shown_after_the_teams_yes_alone(forum: Forum, day: int) -> None:
    number, team = pitch(forum, day)
    investor, fund = forum.speaker("investor")
    ask = {"pitch_id": number, "organisation_id": fund.pk, "message": "Tell me more", "now": NOW}
    with pytest.raises(NotAnInvestor):
        services.ask_contact(actor=forum.person(), **ask)
    made = services.ask_contact(actor=investor, **ask)
    assert services.ask_contact(actor=investor, **ask) == made
    assert Notice.objects.filter(event="meetings.interest").count() == 1
    (seen,) = queries.interests_for(day, actor=team)  # type: ignore[arg-type]
    assert (seen.message, seen.contact) == ("Tell me more", "")
    assert queries.interests_for(day, actor=investor) == []
    with pytest.raises(NotFound):
        services.answer_contact(actor=investor, interest_id=made, accepts=True, now=NOW)
    services.answer_contact(actor=team, interest_id=made, accepts=True, now=NOW)  # type: ignore[arg-type]
    (seen,) = queries.interests_for(day, actor=team)  # type: ignore[arg-type]
    page = queries.demo_day(day, actor=investor)
    assert page
    assert page.pitches[0].interest
    assert "@example.org" in seen.contact
    assert "@example.org" in page.pitches[0].interest.contact
    everybody = queries.demo_day(day, actor=VISITOR)
    assert everybody
    assert (everybody.pitches[0].interest, everybody.pitches[0].interests) == (None, 0)
    with pytest.raises(StateRefused):
        services.take_back_interest(actor=investor, interest_id=made, now=NOW)


def test_a_no_is_final_and_nobody_asks_themself(forum: Forum, day: int) -> None:
    number, team = pitch(forum, day)
    investor, fund = forum.speaker("investor")
    ask = {"pitch_id": number, "message": "", "now": NOW}
    made = services.ask_contact(actor=investor, organisation_id=fund.pk, **ask)
    services.answer_contact(actor=team, interest_id=made, accepts=False, now=NOW)  # type: ignore[arg-type]
    with pytest.raises(AlreadyRegistered):
        services.ask_contact(actor=investor, organisation_id=fund.pk, **ask)
    with pytest.raises(OwnPitch):
        services.ask_contact(actor=team, organisation_id=team.grants[0].organisation_id, **ask)  # type: ignore[attr-defined, arg-type]
    services.withdraw_organisation(organisation_id=team.grants[0].organisation_id, actor=SYSTEM, now=NOW)  # type: ignore[attr-defined]
    found = queries.demo_day(day)
    assert found
    assert found.pitches == ()


def test_meetings_stand_in_ones_own_calendar(forum: Forum) -> None:
    one, other = forum.side(), forum.side()
    meeting = forum.agreed(one, other, 2)

    def told() -> list[Occurrence]:
        return list(own_meetings(Asked(one.actor.account_id or 0, NOW, NOW + 30 * DAY, "en", one.actor)))

    (found,) = told()
    assert other.organisation
    assert found.summary == f"Meeting: {other.organisation.names['en']}"
    assert (found.starts, found.location) == (START + timedelta(minutes=25), "A, Centre")
    services.cancel_meeting(actor=other.actor, meeting_id=meeting, now=NOW)
    assert told() == []
