"""The pages of a matchmaking session: from a form at the desk to a plan, as everybody, a participant and the organiser see them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from khaneh.domains.meetings import services
from khaneh.domains.meetings.models import Matchmaking, Meeting
from khaneh.domains.people.models import Account
from khaneh.kernel.actor import Actor
from tests.domains.meetings.forum import Forum, Side, make_forum

# Pages are read by today's clock.
NOW = datetime.now(UTC)


@pytest.fixture
def forum(db: None) -> Forum:
    """The small forum, whose session is in a week from today."""
    return make_forum(NOW)


def signed_in(who: Actor) -> Client:
    """A browser of somebody."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(Account.objects.get(pk=who.account_id or 0))
    return client


def post(side: Side, session: int, **facts: Any) -> str:
    """Send a form of one's own page and read the page that follows."""
    response = signed_in(side.actor).post(f"/account/matchmaking/{session}", facts, follow=True)
    assert response.status_code == 200
    return response.content.decode()


def test_from_the_form_to_the_plan(forum: Forum) -> None:
    desk = signed_in(forum.boss)
    day = (NOW + timedelta(days=20)).date().isoformat()
    form = {
        "names_en": "Makers’ fair", "day_1": day, "begins_1": "09:00", "ends_1": "11:00", "slot_minutes": "20",
        "pause_minutes": "5", "most_meetings": "12", "tables": "Window\nOnline https://meet.example.org/1", "key": "k1",
        "event": "",
    }  # fmt: skip
    assert desk.post("/desk/matchmaking/new?house=M-INN", {**form, "ends_1": "09:10"}).status_code == 422
    for _ in range(2):
        assert desk.post("/desk/matchmaking/new?house=M-INN", form).status_code == 302
    made = Matchmaking.objects.get(made_key="k1")
    page = f"/desk/matchmaking/{made.pk}"
    assert Client().get(f"/matchmaking/{made.pk}").status_code == 404
    assert "Open: everybody sees it" in desk.post(page, {"act": "open"}, follow=True).content.decode()
    assert "Makers’ fair" in Client().get("/matchmaking").content.decode()

    who, company = forum.speaker()
    register = f"/matchmaking/{made.pk}/register"
    says = {"standing": f"organisation-{company.pk}", "offers": "Kilns", "seeks": "White clay", "published": "1"}
    assert signed_in(who).post(register, {**says, "offers": "", "seeks": ""}).status_code == 422
    assert signed_in(who).post(register, says).status_code == 302
    assert "White clay" in Client().get(f"/matchmaking/{made.pk}").content.decode()
    one = Side(made.participants.get().pk, who, company)
    other = forum.side(offers="White clay", seeks="Kilns", session=made.pk)
    own = signed_in(who).get(f"/account/matchmaking/{made.pk}").content.decode()
    assert "offer what you look for:" in own
    assert "Asked. You are told" in post(one, made.pk, act="ask", participant=other.id, message="Tuesday?")
    meeting = Meeting.objects.get()
    assert "Tuesday?" in signed_in(other.actor).get(f"/account/matchmaking/{made.pk}").content.decode()
    assert "Accepted. They are told." in post(other, made.pk, act="accept", meeting=meeting.pk, round="", answer="")
    assert "1 of 1 meetings have a time" in desk.post(page, {"act": "plan"}, follow=True).content.decode()
    for address in (page, f"{page}/now", f"{page}/sheet", f"{page}/edit"):
        assert desk.get(address).status_code == 200
    assert "Window" in signed_in(who).get(f"/account/matchmaking/{made.pk}").content.decode()
    # The form is filled with what stands, so that saving it changes nothing.
    assert 'value="09:00"' in desk.get(f"{page}/edit").content.decode()
    assert "A meeting at this time" not in post(one, made.pk, act="cancel", meeting=meeting.pk)
    assert Meeting.objects.get().state == "cancelled"


def test_refusals_are_told_in_a_sentence(forum: Forum) -> None:
    one, other, third = forum.side(), forum.side(), forum.side()
    first, second = forum.agreed(one, other, 1), forum.agreed(one, third)
    said = post(one, forum.session, act="time", meeting=second, round=forum.round(1))
    assert "One of you meets somebody else at this time. Choose another time." in said
    assert "You have a meeting at a time" in post(one, forum.session, act="when", round=forum.round(2))
    assert "You are the only one" not in said
    # What belongs to others looks as if it were not there.
    assert "This has ended in the meantime." in post(third, forum.session, act="cancel", meeting=first)
    assert signed_in(forum.person()).get(f"/account/matchmaking/{forum.session}").status_code == 404
    who = forum.person()
    asked = forum.also(one, who)
    assert "You are asked to come" in signed_in(who).get("/account/matchmaking").content.decode()
    signed_in(who).post("/account/matchmaking", {"act": "come", "person": asked})
    assert signed_in(who).get(f"/account/matchmaking/{forum.session}").status_code == 200


def test_a_page_costs_the_same_however_many_take_part(forum: Forum, django_assert_max_num_queries: Any) -> None:
    sides = [forum.side(published=True) for _ in range(9)]
    for other in sides[1:]:
        forum.agreed(sides[0], other) if other.id % 2 else forum.asked(sides[0], other)
    services.plan(actor=forum.boss, matchmaking_id=forum.session, afresh=False, now=NOW)
    for who, address, most in (
        (sides[0].actor, f"/account/matchmaking/{forum.session}", 80), (forum.boss, f"/desk/matchmaking/{forum.session}", 70),
        (sides[0].actor, f"/matchmaking/{forum.session}", 60),
    ):  # fmt: skip
        client = signed_in(who)
        with django_assert_max_num_queries(most):
            assert client.get(address).status_code == 200
