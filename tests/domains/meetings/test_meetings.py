"""Who takes part, who asks whom, when two can meet, and what is told to whom."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from khaneh.domains.meetings import queries, services
from khaneh.domains.meetings.errors import (
    AlreadyAsked,
    AlreadyRegistered,
    MeetingThen,
    NobodyComes,
    NotInvited,
    NotYet,
    RoundTaken,
    StateRefused,
)
from khaneh.domains.meetings.models import Meeting, Participant, Sitting
from khaneh.domains.meetings.types import Hours, Outcome, ParticipantDraft
from khaneh.domains.notices.models import Notice
from khaneh.domains.profiles.types import withdrawal_hooks
from khaneh.kernel.actor import SYSTEM, VISITOR
from khaneh.kernel.refusal import Invalid, NotAllowed, NotFound
from tests.domains.meetings.forum import DAY, NOW, START, Forum, draft

LATER = START + timedelta(hours=5)


def told(event: str) -> int:
    """How many were told."""
    return Notice.objects.filter(event=f"meetings.{event}").count()


def test_from_a_question_to_an_outcome(forum: Forum) -> None:
    one, other = forum.side(), forum.side()
    meeting = forum.asked(one, other)
    assert told("asked") == 1
    free = queries.free_times(meeting, actor=other.actor, now=NOW)
    assert [row.number for row in free] == [1, 2, 3, 4, 5, 6]
    services.accept(actor=other.actor, meeting_id=meeting, round_id=free[2].id, answer="Gladly", now=NOW)
    assert forum.seats() == {meeting: (3, 1)}
    page = queries.own_page(forum.session, actor=one.actor, now=NOW)
    assert [(row.state, row.answer, row.round and row.round.starts) for row in page.meetings] == [
        ("accepted", "Gladly", START + timedelta(minutes=50))
    ]
    with pytest.raises(NotYet):
        services.say_outcome(actor=one.actor, meeting_id=meeting, outcome=Outcome.AGAIN, note="", now=NOW)
    services.say_outcome(actor=one.actor, meeting_id=meeting, outcome=Outcome.AGAIN, note="In May", now=LATER)
    assert Meeting.objects.get().state == "held"
    # Each side reads its own words alone.
    (mine,) = queries.own_page(forum.session, actor=one.actor, now=LATER).meetings
    (theirs,) = queries.own_page(forum.session, actor=other.actor, now=LATER).meetings
    assert (mine.outcome, mine.note, theirs.outcome, theirs.note) == (Outcome.AGAIN, "In May", None, "")
    # One answer is told nobody as a number.
    assert set(queries.figures(forum.session).outcomes.values()) == {None}


def test_who_may_take_part(forum: Forum) -> None:
    who, made = forum.speaker("investor", ("A01",))
    narrow = draft(forum.house, guests=("investor", "mentor"), sectors=("C",))
    services.change_matchmaking(actor=forum.boss, matchmaking_id=forum.session, draft=narrow, now=NOW)
    says = ParticipantDraft("Money", "Makers")
    facts = {"actor": who, "matchmaking_id": forum.session, "draft": says, "now": NOW}
    with pytest.raises(NotInvited) as refused:
        services.register(standing=f"organisation-{made.pk}", **facts)
    assert refused.value.facts == {"why": "sector"}
    with pytest.raises(NotInvited):
        forum.side()
    # For an organisation of others, and for oneself without a page as a mentor, nobody registers.
    _, foreign = forum.speaker()
    for standing in (f"organisation-{foreign.pk}", "mentor"):
        with pytest.raises(NotAllowed):
            services.register(standing=standing, **facts)
    with pytest.raises(NotFound):
        queries.own_page(forum.session, actor=who, now=NOW)


def test_a_colleague_says_yes_themself_and_comes_for_one_alone(forum: Forum) -> None:
    one, other = forum.side(), forum.side()
    who = forum.person()
    first, second = forum.also(one, who), forum.also(other, who)
    assert told("come") == 2
    (page,) = [
        row for row in queries.desk_page(forum.session, actor=forum.boss, now=NOW).participants if row.id == one.id
    ]
    assert [row.state for row in page.people] == ["coming", "asked"]
    with pytest.raises(NotFound):
        services.answer_person(actor=one.actor, person_id=first, comes=True, now=NOW)
    services.answer_person(actor=who, person_id=first, comes=True, now=NOW)
    with pytest.raises(AlreadyRegistered):
        services.answer_person(actor=who, person_id=second, comes=True, now=NOW)
    # The last who comes withdraws the participant instead.
    services.answer_person(actor=who, person_id=first, comes=False, now=NOW)
    mine = queries.own_page(forum.session, actor=one.actor, now=NOW).me.coming[0].id
    with pytest.raises(NobodyComes):
        services.answer_person(actor=one.actor, person_id=mine, comes=False, now=NOW)


def test_availability_is_mutual(forum: Forum) -> None:
    one, other, third = forum.side(), forum.side(), forum.side()
    can = {number: forum.round(number) for number in range(1, 7)}
    services.say_when(actor=one.actor, matchmaking_id=forum.session, available=[can[2], can[3], can[4]], now=NOW)
    services.say_when(actor=other.actor, matchmaking_id=forum.session, available=[can[3], can[4], can[5]], now=NOW)
    meeting = forum.agreed(one, other)
    forum.agreed(other, third, 3)
    assert [row.number for row in queries.free_times(meeting, actor=one.actor, now=NOW)] == [4]
    for number, why in ((3, "meets"), (5, "absent")):
        with pytest.raises(RoundTaken) as refused:
            services.choose_time(actor=one.actor, meeting_id=meeting, round_id=can[number], now=NOW)
        assert refused.value.facts == {"why": why}
    services.choose_time(actor=one.actor, meeting_id=meeting, round_id=can[4], now=NOW)
    with pytest.raises(MeetingThen) as busy:
        services.say_when(actor=one.actor, matchmaking_id=forum.session, available=[can[1]], now=NOW)
    assert busy.value.facts == {"rounds": [4]}


def test_tables_run_out(forum: Forum) -> None:
    sides = [forum.side() for _ in range(6)]
    forum.agreed(sides[0], sides[1], 1)
    forum.agreed(sides[2], sides[3], 1)
    assert set(forum.seats().values()) == {(1, 1), (1, 2)}
    meeting = forum.asked(sides[4], sides[5])
    with pytest.raises(RoundTaken) as refused:
        services.accept(actor=sides[5].actor, meeting_id=meeting, round_id=forum.round(1), answer="", now=NOW)
    assert refused.value.facts == {"why": "tables"}


def test_a_meeting_in_another_session_takes_the_time(forum: Forum) -> None:
    one, other = forum.side(), forum.side()
    session = forum.another(START + timedelta(minutes=10))
    assert one.organisation
    for side in (one, other):
        services.register(
            actor=side.actor, matchmaking_id=session, standing=f"organisation-{side.organisation.pk}",  # type: ignore[union-attr]
            draft=ParticipantDraft("Bricks", "Clay"), now=NOW,
        )  # fmt: skip
    there = queries.own_page(session, actor=other.actor, now=NOW).me.id
    meeting = services.ask(actor=one.actor, matchmaking_id=session, participant_id=there, message="", now=NOW)
    services.accept(actor=other.actor, meeting_id=meeting, round_id=forum.round(1, session), answer="", now=NOW)
    # It lies over the first and the second round of this session.
    here = forum.agreed(one, other)
    assert [row.number for row in queries.free_times(here, actor=one.actor, now=NOW)] == [3, 4, 5, 6]
    assert queries.own_page(forum.session, actor=one.actor, now=NOW).elsewhere == {forum.round(1), forum.round(2)}


def test_asking_twice_and_across(forum: Forum) -> None:
    one, other, third = forum.side(), forum.side(), forum.side()
    meeting = forum.asked(one, other)
    assert forum.asked(one, other) == meeting
    # Who asks back accepts.
    assert forum.asked(other, one) == meeting
    assert Meeting.objects.get().state == "accepted"
    with pytest.raises(AlreadyAsked):
        forum.asked(one, other)
    refused = forum.asked(one, third)
    services.decline(actor=third.actor, meeting_id=refused, answer="Not this year", now=NOW)
    with pytest.raises(AlreadyAsked):
        forum.asked(one, third)
    assert forum.asked(third, one) != refused
    with pytest.raises(StateRefused):
        services.accept(actor=third.actor, meeting_id=refused, round_id=None, answer="", now=NOW)
    # Nobody reads or moves meetings of others.
    with pytest.raises(NotFound):
        services.cancel_meeting(actor=third.actor, meeting_id=meeting, now=NOW)


def test_other_hours_move_meetings_with_their_round(forum: Forum) -> None:
    one, other, third = forum.side(), forum.side(), forum.side()
    early, late = forum.agreed(one, other, 1), forum.agreed(one, third, 6)
    starts = START + timedelta(minutes=25)
    hours = (Hours(starts, starts + timedelta(minutes=125)),)
    services.change_matchmaking(
        actor=forum.boss, matchmaking_id=forum.session, draft=draft(forum.house, hours=hours), now=NOW
    )
    # There are five rounds: the sixth is gone and with it one meeting's time; the other begins later.
    assert forum.seats() == {early: (1, 1), late: None}
    assert Meeting.objects.get(pk=early).starts == starts
    assert Sitting.objects.filter(starts=starts, account__isnull=True).count() == 2
    assert told("moved") == 3


def test_who_withdraws_leaves_and_the_others_are_told(forum: Forum) -> None:
    one, other, third = forum.side(published=True), forum.side(), forum.side()
    meeting, waiting = forum.agreed(one, other, 2), forum.asked(third, one)
    assert one.organisation
    assert [row.id for row in queries.published(forum.session)] == [one.id]
    assert services.withdraw_organisation in withdrawal_hooks()
    services.withdraw_organisation(organisation_id=one.organisation.pk, actor=SYSTEM, now=NOW)
    assert Participant.objects.get(pk=one.id).state == "withdrawn"
    assert {row.pk: row.state for row in Meeting.objects.all()} == {meeting: "cancelled", waiting: "withdrawn"}
    assert told("cancelled") == 2
    assert not Sitting.objects.exists()
    assert queries.published(forum.session) == []


def test_no_show_is_noted_by_the_other(forum: Forum) -> None:
    one, other = forum.side(), forum.side()
    meeting = forum.agreed(one, other, 1)
    facts = {"meeting_id": meeting, "held": False}
    with pytest.raises(NotYet):
        services.note_meeting(actor=one.actor, absent_id=other.id, now=NOW, **facts)
    with pytest.raises(NotFound):
        services.note_meeting(actor=one.actor, absent_id=one.id, now=LATER, **facts)
    services.note_meeting(actor=one.actor, absent_id=other.id, now=LATER, **facts)
    with pytest.raises(StateRefused):
        services.note_meeting(actor=other.actor, meeting_id=meeting, absent_id=None, held=True, now=LATER)
    found = queries.figures(forum.session)
    assert (found.held, found.missed, found.placed) == (0, 1, 1)


def test_a_session_that_is_cancelled_ends_everything(forum: Forum) -> None:
    one, other = forum.side(), forum.side()
    forum.agreed(one, other, 1)
    with pytest.raises(Invalid):
        services.cancel_matchmaking(actor=forum.boss, matchmaking_id=forum.session, reason=" ", now=NOW)
    services.cancel_matchmaking(actor=forum.boss, matchmaking_id=forum.session, reason="Storm", now=NOW)
    assert Meeting.objects.get().state == "cancelled"
    assert told("called_off") == 2
    assert queries.matchmakings_coming(now=NOW) == []


def test_drafts_are_there_for_their_house_alone(forum: Forum) -> None:
    made = services.add_matchmaking(actor=forum.boss, draft=draft(forum.house), key="once", now=NOW)
    assert services.add_matchmaking(actor=forum.boss, draft=draft(forum.house), key="once", now=NOW) == made
    assert queries.matchmaking(made, actor=forum.boss).state == "draft"
    with pytest.raises(NotFound):
        queries.matchmaking(made, actor=VISITOR)
    with pytest.raises(NotAllowed):
        services.add_matchmaking(actor=forum.person(), draft=draft(forum.house), key="other", now=NOW)
    with pytest.raises(NotAllowed):
        queries.desk_page(forum.session, actor=forum.person(), now=NOW)


def test_suggestions_say_why(forum: Forum) -> None:
    one = forum.side(offers="Kiln-fired bricks", seeks="Fine white clay", sectors=("C23",))
    near = forum.side(offers="White clay from Zenouz", seeks="Roof tiles", sectors=("C23",))
    far = forum.side(offers="Accounting", seeks="Customers", sectors=("M69",))
    first, second = queries.own_page(forum.session, actor=one.actor, now=NOW).suggestions
    assert (first.participant.id, first.they_offer, first.sectors) == (near.id, ("white clay",), ("C23",))
    assert (second.participant.id, second.score) == (far.id, 0)
    forum.asked(one, near)
    assert [row.participant.id for row in queries.own_page(forum.session, actor=one.actor, now=NOW).suggestions] == [
        far.id
    ]


def test_the_database_refuses_what_cannot_be(forum: Forum) -> None:
    one, other, third = forum.side(), forum.side(), forum.side()
    meeting, second = forum.agreed(one, other, 1), forum.agreed(one, third)
    rows = Meeting.objects.filter(pk=second)
    free = Meeting.objects.get(pk=meeting)
    forum.another(START + DAY)
    for change in (
        {"round_id": free.round_id, "table_id": (free.table_id or 0) + 1},  # one is in two meetings
        {"round_id": free.round_id, "table_id": free.table_id},  # a table has two
        {"round_id": free.round_id},  # no table
        {"round_id": forum.round(2, forum.session), "table_id": None},
        {"state": "asked"},
        {"state": "held"},  # nowhere
        {"asked_id": other.id},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        Sitting.objects.all().delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        Meeting.objects.get(pk=second).delete()


def test_what_is_kept_of_a_member_is_told_and_forgotten(forum: Forum) -> None:
    from khaneh.domains.people.queries import membership_of

    one, other = forum.side(), forum.side()
    forum.agreed(one, other, 1)
    member = membership_of(one.actor.account_id or 0, now=NOW)
    assert member
    kept = services.export_member(member.id)
    assert (len(kept["sessions"]), len(kept["meetings"])) == (1, 1)
    services.erase_member(member.id, NOW)
    # Nobody else comes for it: it leaves, and the other is told.
    assert Participant.objects.get(pk=one.id).state == "withdrawn"
    assert told("cancelled") == 1
    assert services.export_member(member.id)["sessions"] == []
