"""A room that the house takes from a course: everybody is told, the run says so, and another can be taken."""

from __future__ import annotations

import pytest

from khaneh.domains.learning import queries, services
from khaneh.domains.learning.errors import RoomNotMissing
from khaneh.domains.learning.models import Meeting
from khaneh.domains.notices.models import Notice
from khaneh.domains.spaces import services as booking
from khaneh.domains.spaces.types import ClosureKind
from khaneh.kernel.actor import SYSTEM
from tests.domains.learning.school import NOW, School, at

pytestmark = pytest.mark.django_db


@pytest.fixture
def deferred(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The meetings of which a job shall tell."""
    found: list[int] = []
    monkeypatch.setattr(
        "khaneh.domains.learning.services.rehousing.jobs.defer",
        lambda name, **facts: found.append(facts["meeting_id"]) if name == "learning.room_lost" else None,
    )
    return found


def told(event: str) -> int:
    return Notice.objects.filter(event=event).values("member_id", "account_id").distinct().count()


def test_a_closed_room_is_told_and_replaced(school: School, deferred: list[int]) -> None:
    sara = school.places.person()
    run = school.run()
    school.enrolled(run, sara)
    other = school.places.space("ROOM2", kind=school.places.room.kind, capacity=20)
    desk = school.places.staff()
    booking.close_space(
        actor=desk,
        space_id=school.places.room.pk,
        starts=at(8, day=10),
        ends=at(18, day=10),
        kind=ClosureKind.MAINTENANCE,
        now=NOW,
    )
    assert deferred == [Meeting.objects.get(run_id=run.id, number=1).pk]
    services.tell_lost(meeting_id=deferred[0], now=NOW)
    assert told("learning.room_lost") == 2, "who is enrolled and who teaches"
    assert told("spaces.ended") == 0, "and nobody twice"
    first, second = queries.run(run.id).meetings
    assert ([one.code for one in first.lost], first.places, second.lost) == (["ROOM"], (), ())
    (lost,) = queries.rooms_instead(run.id, actor=desk, now=NOW)
    assert other.pk in [one.id for one in lost.instead]
    assert queries.rooms_instead(run.id, actor=sara, now=NOW) == []
    row = services.replace_room(actor=desk, run_id=run.id, meeting=1, space_ids=[other.pk], now=NOW)
    assert ([one.code for one in row.meetings[0].places], row.meetings[0].lost) == (["ROOM2"], ())
    assert told("learning.room_found") == 2
    with pytest.raises(RoomNotMissing):
        services.replace_room(actor=desk, run_id=run.id, meeting=1, space_ids=[other.pk], now=NOW)
    services.tell_lost(meeting_id=deferred[0], now=NOW)
    assert Notice.objects.filter(event="learning.room_lost").count() == 2, "who has a room again hears nothing"


def test_what_the_run_gives_up_itself_is_no_loss(school: School, deferred: list[int]) -> None:
    run = school.run()
    services.change_times(actor=SYSTEM, run_id=run.id, meetings=(school.meeting(12),), now=NOW)
    services.cancel_run(actor=SYSTEM, run_id=run.id, reason="x", now=NOW)
    assert deferred == []
