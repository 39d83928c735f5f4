"""The week of a house, its days, requests and who comes, without JavaScript."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from khaneh.domains.network import queries as network
from khaneh.domains.network.types import Role
from khaneh.domains.people.models import Card, Member, RoleAssignment
from khaneh.domains.spaces import queries, services
from khaneh.domains.spaces.models import Booking
from khaneh.domains.spaces.types import BookingState
from tests.domains.spaces.places import HOUR, NOW, account_of, at, make_space
from tests.interfaces.web.desk.space_data import WEEK, Desk, said, stand, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(db: None, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return stand(monkeypatch)


def state_of(booking: Booking) -> str:
    booking.refresh_from_db()
    return booking.state


def counted(statements: CaptureQueriesContext) -> int:
    """Without what a transaction around a test adds."""
    return sum("SAVEPOINT" not in one["sql"] for one in statements.captured_queries)


def test_a_request_is_approved_and_the_person_checked_in_by_code(desk: Desk) -> None:
    hall = desk.places.space("HALL", approval=True, needs_code=True)
    asked = desk.booked(hall, at(9), at(11), desk.named(desk.places.person(), "Sara Amini"), title="Chess")
    window = desk.window(Role.LIBRARIAN)
    page = text(window.get(WEEK, {"house": "P-CENTRE"}))
    assert "1 request" in page
    assert "Sara Amini" in text(window.get(f"{WEEK}requests"))
    one = f"{WEEK}bookings/{asked.pk}/"
    assert "takes it from nobody" in text(window.get(one))
    assert "Approved" in said(window, one, act="approve")
    assert state_of(asked) == BookingState.CONFIRMED
    desk.clock.at = at(8, 50)
    page = text(window.get(f"{WEEK}day"))
    assert "Sara Amini" in page
    assert "Is here" in page
    assert "Sara Amini is here" in said(
        window, f"{WEEK}arrive", who=asked.code or Booking.objects.get(pk=asked.pk).code
    )
    assert state_of(asked) == BookingState.CHECKED_IN
    assert "Free again" in said(window, one, act="finish", back=f"{WEEK}day")
    assert state_of(asked) == BookingState.DONE


def test_approving_says_whom_it_refuses_and_refuses_nobody_unsaid(desk: Desk) -> None:
    hall = desk.places.space("HALL", approval=True)
    first = desk.booked(hall, at(9), at(11), desk.named(desk.places.person(), "Sara Amini"))
    second = desk.booked(hall, at(10), at(12), desk.named(desk.places.person(), "Reza Karimi"))
    window = desk.window(Role.LIBRARIAN)
    assert "1 other asks for this time" in text(window.get(f"{WEEK}requests"))
    one = f"{WEEK}bookings/{first.pk}/"
    page = text(window.get(one))
    assert "Approving it refuses 1 other request" in page
    assert "Reza Karimi" in page
    third = desk.booked(hall, at(10), at(11), desk.named(desk.places.person(), "Late Comer"))
    # The page was opened before the third asked.
    answer = window.post(one, {"act": "approve", "refusing": [second.pk]})
    assert answer.status_code == 422
    assert "Late Comer" in text(answer)
    assert state_of(first) == BookingState.REQUESTED
    window.post(one, {"act": "approve", "refusing": [second.pk, third.pk]})
    assert [state_of(booking) for booking in (first, second, third)] == ["confirmed", "refused", "refused"]
    # The same form again: it is over, and said so.
    again = window.post(one, {"act": "approve", "refusing": [second.pk, third.pk]})
    assert again.status_code == 422
    assert "not possible any more" in text(again)


def test_refusing_asks_for_a_reason(desk: Desk) -> None:
    hall = desk.places.space("HALL", approval=True)
    asked = desk.booked(hall, at(9), at(11))
    window, one = desk.window(Role.LIBRARIAN), f"{WEEK}bookings/{asked.pk}/"
    assert window.post(one, {"act": "refuse", "reason": " "}).status_code == 422
    assert state_of(asked) == BookingState.REQUESTED
    said(window, one, act="refuse", reason="The piano is being tuned")
    assert state_of(asked) == BookingState.REFUSED
    assert "The piano is being tuned" in text(window.get(one))


def test_who_only_lends_sees_requests_and_answers_none(desk: Desk) -> None:
    hall = desk.places.space("HALL", approval=True)
    asked = desk.booked(hall, at(9), at(11))
    window, one = desk.window(Role.CIRCULATION), f"{WEEK}bookings/{asked.pk}/"
    assert "answer requests" in text(window.get(f"{WEEK}requests"))
    page = window.get(one)
    assert b'value="approve"' not in page.content
    assert window.post(one, {"act": "approve"}).status_code == 422
    assert state_of(asked) == BookingState.REQUESTED


@pytest.mark.parametrize("by", ["code", "card", "name", "name without a membership"])
def test_who_has_come_is_known_by(desk: Desk, by: str) -> None:
    booker = desk.named(desk.places.person(), "Sara Amini")
    Member.objects.filter(account_id=booker.account_id).update(
        given_name="Sara", family_name="Amini", search_key=" sara amini "
    )
    if by == "name without a membership":
        booker = desk.named(desk.places.employee(), "Sara Amini")
    room = desk.places.space("SAFE", needs_code=True)
    organisation = desk.places.company.pk if by == "name without a membership" else None
    booking = desk.booked(room, at(9), at(11), booker, organisation_id=organisation)
    desk.clock.at = at(9, 5)
    window = desk.window(Role.LIBRARIAN)
    card = Card.objects.filter(member__account_id=booker.account_id).values_list("barcode", flat=True).first()
    who = {"code": booking.code, "card": card or ""}.get(by, "amini")
    page = said(window, f"{WEEK}arrive", who=who)
    if by in ("code", "card"):
        assert state_of(booking) == BookingState.CHECKED_IN
    else:
        assert state_of(booking) == BookingState.CONFIRMED
        assert "Who answers" in page
        said(window, f"{WEEK}bookings/{booking.pk}/", act="check_in", back=f"{WEEK}day")
        assert state_of(booking) == BookingState.CHECKED_IN


def test_nobody_answers_a_wrong_code_and_nothing_is_checked_in_too_early(desk: Desk) -> None:
    booking = desk.booked(desk.places.room, at(9), at(11))
    window = desk.window(Role.LIBRARIAN)
    assert "Nobody who answers this" in said(window, f"{WEEK}arrive", who="000000")
    assert "Checking in is possible from" in said(window, f"{WEEK}bookings/{booking.pk}/", act="check_in")
    assert state_of(booking) == BookingState.CONFIRMED


def test_a_day_lists_who_comes_in_order_and_one_space_alone(desk: Desk) -> None:
    desk.booked(desk.places.room, at(13), at(14), desk.named(desk.places.person(), "Second Guest"))
    desk.booked(desk.places.laser, at(9), at(10), desk.named(desk.places.person(), "First Guest"))
    window = desk.window(Role.TRAINER)
    page = text(window.get(f"{WEEK}day?day=2026-03-03"))
    assert page.index("First Guest") < page.index("Second Guest")
    alone = text(window.get(f"{WEEK}day?day=2026-03-03&space={desk.places.workshop.pk}"))
    assert "First Guest" in alone
    assert "Second Guest" not in alone
    for nonsense in ("day=no&space=x", "day=9999-99-99", "space=999999999999999999999"):
        assert window.get(f"{WEEK}day?{nonsense}").status_code == 200


def test_who_did_not_come_is_listed_with_how_often(desk: Desk) -> None:
    booker = desk.named(desk.places.person(), "Absent Friend")
    for day in (3, 4):
        desk.booked(desk.places.room, at(9, day=day), at(10, day=day), booker)
    desk.clock.at = at(9, 30, day=4)
    services.tidy(now=desk.clock.at)
    window = desk.window(Role.LIBRARIAN)
    page = text(window.get(f"{WEEK}missed"))
    assert page.count("Absent Friend") == 2
    rows, total = queries.missed(desk.places.centre.pk, actor=desk.places.staff(), now=desk.clock.at)
    assert [one.times for one in rows] == [2, 2]
    assert total == 2
    assert queries.missed(desk.places.centre.pk, actor=booker, now=desk.clock.at) == ([], 0)


def test_another_houses_desk_finds_nothing_here(desk: Desk) -> None:
    booking = desk.booked(desk.places.room, at(9), at(11))
    window = desk.window(Role.HOUSE_MANAGER, desk.places.far)
    one = f"{WEEK}bookings/{booking.pk}/"
    assert window.get(one).status_code == 404
    assert window.post(one, {"act": "cancel"}).status_code == 404
    assert window.get(f"{WEEK}day?house=P-CENTRE").status_code == 404
    assert state_of(booking) == BookingState.CONFIRMED
    window.get(f"{WEEK}day")
    assert "Nobody who answers" in said(window, f"{WEEK}arrive", who="maker")


def test_a_booking_is_moved_and_cancelled_with_its_reason(desk: Desk) -> None:
    booking = desk.booked(desk.places.room, at(9), at(11))
    other = desk.booked(desk.places.room, at(13), at(14))
    window, one = desk.window(Role.LIBRARIAN), f"{WEEK}bookings/{booking.pk}/"
    move = {
        "act": "move",
        "space": desk.places.room.pk,
        "day": "2026-03-03",
        "start": "13",
        "minutes": "60",
        "people": "1",
    }
    taken = window.post(one, move)
    assert taken.status_code == 422
    assert "taken at that time" in text(taken)
    assert "not a date" in text(window.post(one, {**move, "day": "tomorrow"}))
    assert "Changed" in said(window, one, **{**move, "day": "۱۴۰۴/۱۲/۱۲", "start": "۱۵:۳۰"})
    booking.refresh_from_db()
    assert booking.starts == at(15, 30)
    assert "Cancelled" in said(window, one, act="cancel", reason="Flood")
    assert state_of(booking) == BookingState.CANCELLED
    assert state_of(other) == BookingState.CONFIRMED


def test_the_week_of_sixty_spaces_takes_as_few_statements_as_that_of_five(desk: Desk) -> None:
    window = desk.window(Role.LIBRARIAN)
    window.get(WEEK)
    with CaptureQueriesContext(connection) as few:
        window.get(WEEK)
    booked = desk.booked(desk.places.room, at(9), at(10))
    columns = {
        field.attname: getattr(booked, field.attname)
        for field in Booking._meta.concrete_fields
        if not field.primary_key
    }
    for number in range(55):
        made = make_space(f"S{number}", desk.places.centre, **({"parent_code": "SHOP"} if number % 3 == 0 else {}))
        Booking.objects.create(**{**columns, "space_id": made.pk, "account_id": account_of().pk})
    with CaptureQueriesContext(connection) as many:
        page = window.get(WEEK)
    assert page.status_code == 200
    assert page.content.decode().count("wk-cell") == 7 * 60
    # The spaces, what holds them, the requests that wait; the rest is whoever is signed in.
    assert counted(many) <= 3 + 4
    assert counted(many) == counted(few)
    # Where nothing of any house is known in the process, the network is read with it.
    network.forget_facts()
    with CaptureQueriesContext(connection) as cold:
        window.get(WEEK)
    assert counted(cold) <= counted(many) + 8


def test_the_week_begins_on_saturday_and_leads_to_its_neighbours(desk: Desk) -> None:
    desk.booked(desk.places.room, at(9), at(11))
    window = desk.window()
    page = window.get(WEEK)
    assert page.context["first"] == date(2026, 2, 28)
    assert "1 booking" in text(page)
    later = window.get(f"{WEEK}?from=2026-03-09")
    assert later.context["first"] == date(2026, 3, 7)
    assert "1 booking" not in text(later)
    machines = window.get(f"{WEEK}?group=machine")
    assert {row.space.code for row in machines.context["board"].rows} == {"LASER", "PRINTER"}


def test_what_is_in_a_space_and_what_it_is_in_shows_on_its_strip(desk: Desk) -> None:
    desk.booked(desk.places.laser, at(9), at(10))
    page = desk.window().get(f"{WEEK}day?day=2026-03-03")
    looks = {row.space.code: {part.look for part in row.cells[0].parts} for row in page.context["board"].rows}
    assert "booked" in looks["LASER"]
    assert "near" in looks["SHOP"]
    assert "near" not in looks["PRINTER"]


def test_a_house_without_spaces_says_what_to_do(desk: Desk) -> None:
    window = desk.window(Role.HOUSE_MANAGER, desk.places.branch)
    for address in (WEEK, f"{WEEK}day", f"{WEEK}requests", f"{WEEK}missed", f"{WEEK}list", f"{WEEK}book"):
        page = window.get(address)
        assert page.status_code == 200, address
        assert b'class="empty"' in page.content, address


def test_a_day_on_which_the_clocks_change_is_drawn(desk: Desk) -> None:
    desk.places.centre.time_zone = "Europe/Berlin"
    desk.places.centre.save()
    network.forget_facts()
    desk.booked(desk.places.room, NOW + HOUR * (24 * 27 + 5), NOW + HOUR * (24 * 27 + 6))
    assert desk.window().get(f"{WEEK}day?day=2026-03-29").status_code == 200


def test_requests_at_other_houses_are_one_step_away(desk: Desk) -> None:
    far = desk.places.space("FARHALL", desk.places.far, approval=True)
    desk.booked(far, at(9), at(11))
    manager = desk.places.staff(Role.HOUSE_MANAGER)
    RoleAssignment.objects.create(
        account_id=manager.account_id, role=Role.LIBRARIAN.value, house=desk.places.far, valid_from=NOW - HOUR
    )
    window = desk.signed_in(manager)
    page = window.get(f"{WEEK}requests", {"house": "P-CENTRE"})
    assert "At other houses P-FAR 1" in text(page)
    assert "Answer" in text(window.get(f"{WEEK}requests", {"house": "P-FAR"}))
    assert "1 requests to answer" in text(window.get("/desk/"))
