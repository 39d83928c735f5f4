"""Roles through the page: from a day, until a day, from above; and the very moment in which one ends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from unittest import mock

import pytest
from django.utils import timezone

from khaneh.domains.network import queries as network
from khaneh.domains.people import queries as people
from khaneh.domains.people.models import RoleAssignment
from khaneh.kernel.actor import SYSTEM
from tests.interfaces.web.desk.conftest import Windows
from tests.interfaces.web.desk.test_administration import soup

pytestmark = pytest.mark.django_db
ROLES = "/desk/houses/NA-LIB/roles"


def test_a_role_is_given_from_a_day_until_a_day(window: Windows, staff: dict[str, Any]) -> None:
    client = window("manager")
    sent = {"email": "reader@example.org", "role": "librarian"}
    for wrong in ({"since": "2020-01-01"}, {"since": "soon"}, {"since": "2050-02-01", "until": "2050-01-01"}):
        assert client.post(ROLES, sent | wrong).status_code == 422, wrong
    client.post(ROLES, sent | {"since": "1450/01/01", "until": "2072-01-01"})
    given = RoleAssignment.objects.get(account=staff["reader"])
    assert given.valid_from == datetime(2071, 3, 20, 17, tzinfo=UTC), "midnight in Viet Nam, where the house is"
    assert given.granted_by == staff["manager"]
    assert "not yet" in soup(client.get(ROLES)).get_text()
    reader = window("reader")
    assert reader.get("/desk/").status_code == 404


def test_today_means_now(window: Windows, staff: dict[str, Any]) -> None:
    today = timezone.now().astimezone(timezone.get_fixed_timezone(7 * 60)).date()
    window("manager").post(ROLES, {"email": "reader@example.org", "role": "librarian", "since": today.isoformat()})
    assert window("reader").get("/desk/").status_code == 200


def test_a_role_ends_in_the_very_moment_in_which_its_period_does(window: Windows, staff: dict[str, Any]) -> None:
    now = timezone.now()
    RoleAssignment.objects.filter(account=staff["manager"]).update(valid_until=now + timedelta(hours=1))
    client = window("manager")
    assert client.get("/desk/houses/NA-LIB/").status_code == 200
    # The same session, an hour later: nothing is kept that would have to be told.
    with mock.patch.object(timezone, "now", return_value=now + timedelta(hours=1)):
        assert client.get("/desk/houses/NA-LIB/").status_code == 404
        assert client.post("/desk/houses/NA-LIB/state", {"state": "suspended", "reason": "x"}).status_code == 404
    RoleAssignment.objects.filter(account=staff["manager"]).update(valid_until=timezone.now())
    assert client.get("/desk/").status_code == 404


def test_a_role_taken_ends_at_once_in_the_session_that_is_open(window: Windows, staff: dict[str, Any]) -> None:
    librarian = window("librarian")
    assert librarian.get("/desk/").status_code == 200
    held = RoleAssignment.objects.get(account=staff["librarian"])
    window("manager").post(f"/desk/roles/{held.pk}/revoke", {"place": "house:NA-LIB", "reason": "left"})
    assert librarian.get("/desk/").status_code == 404
    page = soup(window("manager").get(ROLES))
    past = next(table for table in page.select("details table") if "Librarian" in table.get_text())
    assert "Manager" in past.get_text(), "who took it stands there"


def test_what_counts_from_above_is_shown_to_those_who_staff_the_place(window: Windows, staff: dict[str, Any]) -> None:
    above = soup(window("manager").get(ROLES)).select_one("[aria-labelledby=above]")
    assert "Admin" in above.get_text()
    assert above.select_one("a[href='/organisations/NA-AUTH']")
    assert "Other" not in above.get_text(), "another province's do not count here"
    house_id = network.house_ids_by_code(["NA-LIB"])["NA-LIB"]
    now = timezone.now()
    inside = network.house_ids_below(house_id)[-1]
    assert inside != house_id
    rows = people.roles_above(actor=SYSTEM, house_id=inside, now=now)
    assert [row.account_name for row in rows][-1] == "Admin", "the nearest first"
    assert {"Manager", "Librarian"} <= {row.account_name for row in rows}
    librarian = people.actor(staff["librarian"].pk, now=now)
    assert people.roles_above(actor=librarian, house_id=house_id, now=now) == []
    assert people.roles_over(actor=librarian, house_id=house_id, now=now) == []
