"""An event's life: proposed, opened, moved, cancelled, held; its rooms; the door, on line and off; what was thought of it and came of it."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from khaneh.domains.events import queries, services
from khaneh.domains.events.discovered import event_documents
from khaneh.domains.events.errors import (
    AllCame,
    EventStateRefused,
    FewerThanTaken,
    ListWrong,
    NobodyFound,
    NotConfirmed,
    NotThen,
    RegistrationEnded,
    SpaceBusy,
)
from khaneh.domains.events.models import CheckIn, Event, Pool, Registration
from khaneh.domains.events.types import (
    Admission,
    EventFilter,
    EventState,
    LegDraft,
    OfflineEntry,
    OfflineOutcome,
    RegistrationState,
    ShareDraft,
)
from khaneh.domains.network.types import Role
from khaneh.domains.notices.models import Notice
from khaneh.domains.notices.registry import event as news
from khaneh.domains.people import services as people
from khaneh.domains.people.models import Card, Member
from khaneh.domains.people.services import personal_data
from khaneh.domains.spaces import services as spaces
from khaneh.domains.spaces.models import Booking
from khaneh.domains.spaces.types import ClosureKind
from khaneh.infrastructure import jobs
from khaneh.infrastructure.journal.models import Entry
from khaneh.kernel.actor import SYSTEM, VISITOR, Actor
from khaneh.kernel.labels import Label
from khaneh.kernel.refusal import Invalid, NotAllowed, NotFound
from tests.domains.events.scenes import DAY, STARTS, Scene, later
from tests.domains.events.test_registering import state, told
from tests.domains.spaces.places import HOUR, NOW, named

pytestmark = pytest.mark.django_db


def written(event: str, language: str = "en") -> list[str]:
    """What the notices of a kind say where they are written now."""
    resolve = news(f"events.{event}").resolve
    assert resolve is not None
    facts = [one.facts for one in Notice.objects.filter(event=f"events.{event}").order_by("pk")]
    said = [item for item in resolve(facts, language, NOW) if item]
    return [" ".join([item["event"], item["where"], *([item["why"]] if event == "ended" else [])]) for item in said]


# Proposed, opened, moved


def test_who_proposes_and_who_opens(scene: Scene) -> None:
    desk, manager = scene.places.staff(Role.CIRCULATION), scene.places.staff()
    with pytest.raises(NotAllowed):
        services.propose_event(actor=scene.places.person(), draft=scene.draft(), now=NOW)
    row = services.propose_event(actor=desk, draft=scene.draft(), now=NOW)
    assert row.state is EventState.PROPOSED
    assert queries.event(row.id, actor=desk).id == row.id
    with pytest.raises(NotFound):
        queries.event(row.id, actor=VISITOR)
    with pytest.raises(NotAllowed):
        services.open_event(actor=desk, event_id=row.id, now=NOW)
    with pytest.raises(NotFound):
        services.open_event(actor=scene.places.person(), event_id=row.id, now=NOW)
    assert services.open_event(actor=manager, event_id=row.id, now=NOW).state is EventState.OPEN
    assert queries.event(row.id).taken == 0
    with pytest.raises(EventStateRefused):
        services.open_event(actor=manager, event_id=row.id, now=NOW)
    kinds = Entry.objects.filter(kind__startswith="events.event").order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["events.event.proposed", "events.event.opened"]


@pytest.mark.parametrize(
    ("facts", "field", "why"),
    [
        ({"kind": "party"}, "kind", "not_in_list"),
        ({"names": Label("", " ", "")}, "names", "required"),
        ({"names": named("a" * 301)}, "names", "too_long"),
        ({"ends": STARTS}, "ends", "out_of_range"),
        ({"ends": STARTS + 400 * DAY}, "ends", "out_of_range"),
        ({"starts": NOW - 2 * DAY, "ends": NOW - DAY}, "starts", "past"),
        ({"capacity": None}, "capacity", "required"),
        ({"capacity": 0}, "capacity", "out_of_range"),
        ({"admission": Admission.FREE}, "capacity", "outside"),
        ({"online_url": "javascript:alert(1)"}, "online_url", "format"),
        ({"sectors": ("99999",)}, "sectors", "not_in_list"),
        ({"organiser_ids": (0,)}, "organisers", "not_in_list"),
        ({"shares": (ShareDraft(0, 3),)}, "house", "not_in_list"),
        ({"opens_at": STARTS + DAY}, "opens_at", "out_of_range"),
        ({"legs": (LegDraft(STARTS, STARTS + HOUR),)}, "legs", "required"),
        ({"legs": (LegDraft(STARTS - HOUR, STARTS, place=named("a")),)}, "legs", "outside"),
        (
            {"legs": (LegDraft(STARTS, STARTS + HOUR, place=named("a")), LegDraft(STARTS, STARTS + HOUR, place=named("b")))},
            "legs",
            "overlap",
        ),
    ],
)  # fmt: skip
def test_what_is_no_event(scene: Scene, facts: dict[str, object], field: str, why: str) -> None:
    with pytest.raises(Invalid) as refused:
        services.propose_event(actor=SYSTEM, draft=scene.draft(**facts), now=NOW)
    assert refused.value.facts["fields"][field] == why
    assert not Event.objects.exists()


def test_shares_are_at_most_what_there_is(scene: Scene) -> None:
    for shares in (((scene.centre.pk, 11),), ((scene.centre.pk, 1), (scene.centre.pk, 1)), ((scene.centre.pk, 0),)):
        with pytest.raises(Invalid) as refused:
            scene.event(shares=tuple(ShareDraft(*share) for share in shares))
        assert "shares" in refused.value.facts["fields"]


def test_a_move_takes_the_room_along_and_tells_whoever_comes(scene: Scene) -> None:
    event, manager = scene.event(), scene.places.staff()
    services.use_space(actor=manager, event_id=event, space_id=scene.places.room.pk, now=NOW)
    scene.register(event)
    scene.register(event)
    draft = scene.draft(starts=STARTS + DAY)
    row = services.change_event(actor=manager, event_id=event, draft=draft, now=NOW)
    assert (row.revision, row.spaces[0].starts, row.spaces[0].state.value) == (1, STARTS + DAY, "confirmed")
    assert (told("changed"), written("changed")) == (2, ["Talk ROOM (P-CENTRE)"] * 2)
    services.change_event(actor=manager, event_id=event, draft=scene.draft(starts=STARTS + DAY, kind="fair"), now=NOW)
    assert told("changed") == 2, "nobody need know of another kind"
    spaces.book(
        actor=scene.places.person(), space_id=scene.places.room.pk, starts=STARTS + 2 * DAY, ends=STARTS + 2 * DAY + HOUR, now=NOW
    )  # fmt: skip
    with pytest.raises(SpaceBusy):
        services.change_event(actor=manager, event_id=event, draft=scene.draft(starts=STARTS + 2 * DAY), now=NOW)
    assert Event.objects.get(pk=event).starts == STARTS + DAY


def test_fewer_places_than_are_taken(scene: Scene) -> None:
    event = scene.shared(3, 3)
    scene.register(event, people=3)
    branch, centre = scene.places.branch.pk, scene.centre.pk
    release = STARTS - 2 * DAY
    for facts in ({"capacity": 2}, {"shares": (ShareDraft(branch, 3), ShareDraft(centre, 2))}, {"shares": ()}):
        facts = {"shares": (ShareDraft(branch, 1), ShareDraft(centre, 1)), **facts}
        with pytest.raises(FewerThanTaken):
            services.change_event(
                actor=SYSTEM, event_id=event, draft=scene.draft(kind="joint", release_at=release, **facts), now=NOW
            )
    fewer = scene.draft(kind="joint", capacity=4, shares=(ShareDraft(centre, 3),), release_at=release)
    row = services.change_event(actor=SYSTEM, event_id=event, draft=fewer, now=NOW)
    assert [(one.house.id, one.places) for one in row.shares] == [(centre, 3)]
    tour = scene.tour(seats=4)
    scene.register(tour, people=3)
    small = queries.event(tour).starts
    leg = LegDraft(small + HOUR, small + 2 * HOUR, house_id=branch, transport="car", seats=2)
    with pytest.raises(FewerThanTaken):
        services.change_event(
            actor=SYSTEM, event_id=tour, now=NOW,
            draft=scene.draft(kind="tour", starts=small, ends=small + 8 * HOUR, legs=(leg,)),
        )  # fmt: skip


def test_a_cancelled_event_frees_its_room_and_tells_why(scene: Scene) -> None:
    event, manager = scene.event(), scene.places.staff()
    booking = services.use_space(actor=manager, event_id=event, space_id=scene.places.room.pk, now=NOW)
    scene.register(event)
    asks = scene.register(event)
    with pytest.raises(Invalid):
        services.cancel_event(actor=manager, event_id=event, reason=" ", now=NOW)
    assert services.cancel_event(actor=manager, event_id=event, reason="The speaker is ill", now=NOW) == 2
    assert (Booking.objects.get(pk=booking).state, state(asks.registration_id)) == ("cancelled", "cancelled")
    assert written("ended") == ["Talk P-CENTRE The speaker is ill"] * 2
    assert queries.event(event).state is EventState.CANCELLED, "whoever looks for it learns of it"
    assert list(event_documents([event])) == []
    with pytest.raises(EventStateRefused):
        services.cancel_event(actor=manager, event_id=event, reason="again", now=NOW)


# Rooms


def test_an_event_takes_the_room_and_gives_it_back(scene: Scene) -> None:
    event, manager, room = scene.event(), scene.places.staff(), scene.places.room
    booking = services.use_space(actor=manager, event_id=event, space_id=room.pk, now=NOW, starts=STARTS - HOUR)
    assert queries.event(event).spaces[0].starts == STARTS - HOUR
    with pytest.raises(NotFound):
        services.leave_space(actor=manager, event_id=event, booking_id=booking + 1, now=NOW)
    with pytest.raises(NotFound):
        services.use_space(actor=scene.places.person(), event_id=event, space_id=room.pk, now=NOW)
    services.leave_space(actor=manager, event_id=event, booking_id=booking, now=NOW)
    assert (queries.event(event).spaces, Booking.objects.get(pk=booking).state) == ((), "cancelled")


def test_a_hall_that_is_approved_is_taken_unless_somebody_else_asks_for_it(scene: Scene) -> None:
    hall = scene.places.space("GREAT", kind="hall", approval=True, capacity=5)
    manager = scene.places.staff()
    first = services.use_space(actor=manager, event_id=scene.event(), space_id=hall.pk, now=NOW)
    assert Booking.objects.get(pk=first).state == "confirmed"
    spaces.book(
        actor=scene.places.person(), space_id=hall.pk, starts=STARTS + DAY, ends=STARTS + DAY + HOUR, now=NOW
    )  # fmt: skip
    event = scene.event(starts=STARTS + DAY)
    second = services.use_space(actor=manager, event_id=event, space_id=hall.pk, now=NOW)
    assert Booking.objects.get(pk=second).state == "requested", "whom it refuses is for the house to weigh"


def test_a_room_that_is_closed_is_told_at_once_and_the_next_one_too(scene: Scene) -> None:
    event, manager = scene.event(), scene.places.staff()
    booking = services.use_space(actor=manager, event_id=event, space_id=scene.places.room.pk, now=NOW)
    scene.register(event)
    revision = queries.event(event).revision
    spaces.close_space(
        actor=SYSTEM, space_id=scene.places.room.pk, kind=ClosureKind.REPAIR, starts=STARTS, ends=STARTS + HOUR, now=NOW
    )
    assert Booking.objects.get(pk=booking).state == "cancelled"
    for _ in range(2):
        services.tell_lost(event_id=event, now=NOW)
    (told,) = written("room_lost")
    assert told.startswith("Talk")
    resolve = news("events.room_lost").resolve
    assert resolve is not None
    (said,) = resolve([Notice.objects.get(event="events.room_lost").facts], "en", NOW)
    assert said is not None
    assert said["room"] == scene.places.room.names["en"]
    services.settle_found(event_id=event, now=NOW)
    assert written("changed") == [], "there is no other room yet"
    other = scene.places.space("ROOM2")
    services.use_space(actor=manager, event_id=event, space_id=other.pk, now=NOW)
    for _ in range(2):
        services.settle_found(event_id=event, now=NOW)
    assert len(written("changed")) == 1
    row = queries.event(event)
    assert ([one.space_id for one in row.spaces], row.revision) == ([other.pk], revision + 1)
    services.tell_lost(event_id=event, now=NOW)
    assert Notice.objects.filter(event="events.room_lost").count() == 1
    assert written("room_lost") == [], "nobody is told any more of what has been found"


def test_jobs_tell_of_rooms_that_are_lost_found_or_given_up(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, int]] = []
    monkeypatch.setattr(jobs, "defer", lambda job, **facts: asked.append((job, facts.get("event_id", 0))))
    event, manager = scene.event(), scene.places.staff()
    booking = services.use_space(actor=manager, event_id=event, space_id=scene.places.room.pk, now=NOW)
    spaces.cancel(actor=SYSTEM, booking_id=booking, now=NOW)
    assert [one for one in asked if one[0].startswith("events.room")] == [
        ("events.room_found", event),
        ("events.room_lost", event),
    ]


# The door


def test_people_are_checked_in_by_code_card_and_name(scene: Scene) -> None:
    event, desk = scene.event(), scene.places.staff(Role.CIRCULATION)
    sara = scene.places.person()
    group = scene.register(event, sara, 3)
    at_door = later(-0.5)
    card = Card.objects.get(member__account_id=sara.account_id).barcode
    one = services.check_in(actor=desk, event_id=event, scanned=card, people_count=1, now=at_door)
    assert (one.came, one.people, one.name) == (1, 3, sara.name)
    rest = services.check_in(actor=desk, event_id=event, scanned=f" {group.code.lower()} ", now=at_door)
    assert (rest.came, state(group.registration_id)) == (3, "attended")
    with pytest.raises(AllCame):
        services.check_in(actor=desk, event_id=event, registration_id=group.registration_id, now=at_door)
    for scanned in ("", "NOBODY", "S99999999"):
        with pytest.raises(NobodyFound):
            services.check_in(actor=desk, event_id=event, scanned=scanned, now=at_door)
    with pytest.raises(NotFound):
        services.check_in(actor=sara, event_id=event, scanned=group.code, now=at_door)
    with pytest.raises(NotThen):
        services.check_in(actor=desk, event_id=event, scanned=group.code, now=NOW)
    services.check_in_guest(actor=desk, event_id=event, name="A neighbour", people_count=2, now=at_door)
    assert queries.roster(event, actor=desk).guests[0][1:] == ("A neighbour", 2)
    assert queries.figures(event, actor=desk).came == 5
    services.undo_check_in(actor=desk, event_id=event, registration_id=group.registration_id, now=at_door)
    assert (state(group.registration_id), queries.figures(event, actor=desk).came) == ("confirmed", 2)


def test_who_has_no_place_is_not_checked_in(scene: Scene) -> None:
    event, desk = scene.event(capacity=1), scene.places.staff(Role.CIRCULATION)
    scene.register(event)
    waits = scene.register(event)
    with pytest.raises(NotConfirmed):
        services.check_in(actor=desk, event_id=event, scanned=waits.code, now=STARTS)


def test_a_message_that_comes_twice_counts_once(scene: Scene) -> None:
    event, desk = scene.event(), scene.places.staff(Role.CIRCULATION)
    group = scene.register(event, people=4)
    answers = [
        services.check_in(actor=desk, event_id=event, scanned=group.code, people_count=2, client_id="a-1", now=STARTS)
        for _ in range(2)
    ]
    assert ([one.again for one in answers], CheckIn.objects.get().people) == ([False, True], 2)
    guests = [services.check_in_guest(actor=desk, event_id=event, client_id="a-2", now=STARTS) for _ in range(2)]
    assert [one.again for one in guests] == [False, True]


def test_a_list_is_taken_along_and_what_was_written_is_sent_later(scene: Scene) -> None:
    event, desk = scene.event(), scene.places.staff(Role.CIRCULATION)
    first, second = scene.register(event), scene.register(event, people=2)
    listed = services.offline_list(actor=desk, event_id=event, now=later(-1))
    assert {one.code for one in listed.registrations} == {first.code, second.code}
    entries = [
        OfflineEntry("c-2", later(0.2), code=second.code, people=1),
        OfflineEntry("c-1", later(0), registration_id=first.registration_id),
        OfflineEntry("c-3", later(0.3), name="Passer-by", people=3),
        OfflineEntry("c-4", later(0.3), code="WRONG"),
        OfflineEntry("c-5", later(90), registration_id=second.registration_id),
    ]
    services.close_event(actor=scene.places.staff(), event_id=event, now=later(3))
    send = {"actor": desk, "event_id": event, "token": listed.token, "entries": entries, "now": later(30)}
    answers = services.take_offline(**send)
    assert [(one.client_id, one.outcome.value, one.refusal) for one in answers] == [
        ("c-2", "taken", ""),
        ("c-1", "taken", ""),
        ("c-3", "taken", ""),
        ("c-4", "refused", NobodyFound.code),
        ("c-5", "taken", ""),  # a clock that was ahead is no reason to lose somebody who was there
    ]
    assert [one.outcome for one in services.take_offline(**send)][:3] == [OfflineOutcome.AGAIN] * 3
    assert queries.figures(event, actor=desk).came == 6
    other = scene.event()
    for token, number, now in (
        ("", event, NOW),
        (listed.token + "x", event, NOW),
        (listed.token, other, later(1)),
        (listed.token, event, later(24 * 31)),
    ):
        with pytest.raises(ListWrong):
            services.take_offline(actor=desk, event_id=number, token=token, entries=entries, now=now)
    with pytest.raises(NotFound):
        services.offline_list(actor=scene.places.person(), event_id=event, now=NOW)


# After


def test_what_is_over_is_closed_and_those_who_came_are_asked(scene: Scene) -> None:
    event, desk, sara = scene.event(capacity=2), scene.places.staff(Role.CIRCULATION), scene.places.person()
    came, missed, waits = scene.register(event, sara), scene.register(event), scene.register(event)
    services.check_in(actor=desk, event_id=event, scanned=came.code, now=STARTS)
    assert services.close_what_is_over(now=later(13)) == 0
    assert services.close_what_is_over(now=later(14)) == 1
    assert [state(one.registration_id) for one in (came, missed, waits)] == ["attended", "absent", "cancelled"]
    assert told("feedback") == 1
    services.give_feedback(actor=sara, registration_id=came.registration_id, rating=4, words=" Good ", now=later(15))
    services.give_feedback(actor=sara, registration_id=came.registration_id, rating=5, words="Very good", now=later(16))
    with pytest.raises(Invalid):
        services.give_feedback(actor=sara, registration_id=came.registration_id, rating=6, now=later(16))
    with pytest.raises(NotFound):
        services.give_feedback(actor=desk, registration_id=came.registration_id, rating=1, now=later(16))
    absent = Registration.objects.get(pk=missed.registration_id)
    with pytest.raises(RegistrationEnded):
        services.give_feedback(
            actor=Actor(account_id=absent.account_id), registration_id=absent.pk, rating=1, now=later(16)
        )
    services.record_outcome(
        actor=desk, event_id=event, text="Two firms will meet", counts={"contact": 4, "agreement": 1, "need": 0}, now=later(20)
    )  # fmt: skip
    found = queries.figures(event, actor=desk)
    assert (found.came, found.marks, found.mean, found.words) == (1, (0, 0, 0, 0, 1), 5.0, ((5, "Very good"),))
    assert (found.people, dict(found.counts)) == (
        {"attended": 1, "absent": 1, "cancelled": 1},
        {"contact": 4, "agreement": 1},
    )
    for facts in ({"counts": {"miracle": 1}}, {"counts": {"contact": -1}}, {"attendance": -1}, {"text": "a" * 20_001}):
        with pytest.raises(Invalid):
            services.record_outcome(actor=desk, event_id=event, now=later(20), **facts)


def test_where_nobody_stood_at_the_door_nobody_was_absent(scene: Scene) -> None:
    event, manager = scene.event(), scene.places.staff()
    one = scene.register(event)
    with pytest.raises(EventStateRefused):
        services.close_event(actor=manager, event_id=event, now=NOW)
    services.close_event(actor=manager, event_id=event, now=later(3))
    assert (state(one.registration_id), told("feedback")) == ("confirmed", 1)
    services.record_outcome(actor=manager, event_id=event, attendance=80, now=later(4))
    assert queries.figures(event, actor=manager).came == 80


def test_who_was_absent_often_asks_first(scene: Scene) -> None:
    sara, desk = scene.places.person(), scene.places.staff(Role.CIRCULATION)
    for _ in range(3):
        event = scene.event()
        scene.register(event, sara)
        services.check_in_guest(actor=desk, event_id=event, now=STARTS)
        services.close_what_is_over(now=later(20))
    assert (
        scene.register(scene.event(starts=STARTS + 20 * DAY), sara, now=STARTS + DAY).state
        is RegistrationState.REQUESTED
    )


def test_reminders_go_out_once_for_each_start(scene: Scene) -> None:
    event = scene.event()
    scene.register(event)
    assert services.remind(now=STARTS - 25 * HOUR) == 0
    assert (services.remind(now=STARTS - 23 * HOUR), services.remind(now=STARTS - 22 * HOUR), told("reminder")) == (
        1,
        0,
        1,
    )
    services.change_event(
        actor=SYSTEM, event_id=event, draft=scene.draft(starts=STARTS + 3 * DAY), now=STARTS - 20 * HOUR
    )
    assert services.remind(now=STARTS - 19 * HOUR) == 0
    assert services.remind(now=STARTS + 2 * DAY + HOUR) == 1
    assert told("reminder") == 2


# Found, told, forgotten


def test_the_calendar_finds_by_house_region_kind_sector_and_time(scene: Scene) -> None:
    talk = scene.event(sectors=("6201",))
    tour = scene.tour()
    shared = scene.shared(2, 2, starts=STARTS + 9 * DAY)
    far = scene.event(house_id=scene.places.far.pk, kind="fair", admission=Admission.FREE, capacity=None)
    scene.event(proposed=True)

    def found(**facts: object) -> list[int]:
        return [row.id for row in queries.calendar(EventFilter(**facts)).events]  # type: ignore[arg-type]

    assert found() == [tour, talk, far, shared]
    assert found(house_ids=(scene.places.branch.pk,)) == [tour, shared], "where it stops, and who has a share"
    assert found(region_id=scene.places.far.region_id) == [far]
    assert (found(kinds=("fair", "talk")), found(sectors=("J",)), found(sectors=("62",))) == (
        [talk, far],
        [talk],
        [talk],
    )
    assert found(first=later(1), last=later(1.1)) == [talk, far], "what is under way counts"
    assert queries.counts_by_kind(EventFilter(kinds=("fair",)))["talk"] == 1
    scene.register(talk, people=10)
    assert talk not in found(with_places=True)
    page = queries.calendar(EventFilter(), offset=1, limit=2)
    assert (len(page.events), page.total) == (2, 4)
    assert [one.id for one in queries.events_of_houses([scene.places.branch.pk], actor=SYSTEM, now=NOW)] == [shared]
    assert [one.uid for one in queries.occurrences([talk])] == [f"event-{talk}"]
    document = next(iter(event_documents([tour])))
    assert (document.kind, "P-BRANCH" in document.names) == ("event", True)


def test_lists_cost_the_same_for_one_and_for_many(scene: Scene, django_assert_max_num_queries: object) -> None:
    manager = scene.places.staff()
    event = scene.event(capacity=40)
    services.use_space(actor=manager, event_id=event, space_id=scene.places.room.pk, now=NOW)
    sara = scene.places.person()
    for _ in range(3):
        scene.register(scene.tour(), sara)
        scene.register(event)
    for limit, ask in (
        (20, lambda: queries.calendar(EventFilter())),
        (27, lambda: queries.registrations_of(sara.account_id or 0, now=NOW)),
        (28, lambda: queries.roster(event, actor=manager)),
        (28, lambda: queries.figures(event, actor=manager)),
    ):
        with django_assert_max_num_queries(limit):  # type: ignore[operator]
            ask()


def test_a_member_is_told_what_is_kept_and_forgotten(scene: Scene) -> None:
    event, sara = scene.event(capacity=2), scene.places.person()
    mine = scene.register(event, sara, 2, names=["Sara", "Ali"], note="wheelchair")
    waits = scene.register(event)
    member = Member.objects.get(account_id=sara.account_id)
    told_ = personal_data.keepers()["events"].exporter(member.pk)
    assert told_["registrations"][0]["names"] == ["Sara", "Ali"]
    people.erase_member(actor=SYSTEM, member_id=member.pk, now=NOW)
    row = Registration.objects.get(pk=mine.registration_id)
    assert (row.state, row.end_reason, row.names, row.note, row.account_id) == ("cancelled", "erased", [], "", None)
    assert state(waits.registration_id) == "confirmed"


def test_names_are_forgotten_half_a_year_later(scene: Scene) -> None:
    event, desk = scene.event(), scene.places.staff(Role.CIRCULATION)
    scene.register(event, people=2, names=["Ali"])
    services.check_in_guest(actor=desk, event_id=event, name="Neighbour", now=STARTS)
    assert services.forget_names(now=STARTS + 100 * DAY) == 0
    assert services.forget_names(now=STARTS + 200 * DAY) == 2
    assert (Registration.objects.get().names, CheckIn.objects.get().guest) == ([], "")


# What PostgreSQL itself keeps


@pytest.mark.parametrize(
    ("statement", "name"),
    [
        ("UPDATE events_pool SET places = 1", "events_pool_places"),
        ("UPDATE events_pool SET taken = 0", "kept as it is"),
        ("UPDATE events_event SET riding = 0", "kept as it is"),
        ("UPDATE events_registration SET came = 1", "kept as it is"),
        ("UPDATE events_registration SET people = 11, from_common = 11", "events_pool_places"),
        ("UPDATE events_registration SET people = 3", "events_registration_places"),
        ("UPDATE events_registration SET state = 'requested', from_common = 0", "does not go from"),
        ("DELETE FROM events_registration", "kept as it is"),
        ("DELETE FROM events_event", "kept as it is"),
        ("UPDATE events_event SET state = 'proposed'", "does not go from"),
    ],
)
def test_the_database_refuses(scene: Scene, statement: str, name: str) -> None:
    scene.register(scene.event(), people=2)
    with pytest.raises(IntegrityError, match=name), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Pool.objects.get().taken == 2


def test_the_places_of_an_event_are_its_capacity(scene: Scene) -> None:
    scene.event()
    with pytest.raises(IntegrityError, match="places and shares"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE events_event SET capacity = 12")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
