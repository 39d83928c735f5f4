"""What all houses run, with small numbers hidden, at a cost that does not grow with it."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from khaneh.domains.networking import queries
from khaneh.domains.networking.rules.hiding import shown
from khaneh.domains.networking.types import ProgrammeFilter
from khaneh.domains.people.models import Account
from khaneh.kernel.refusal import NotAllowed
from tests.domains.programmes.calling import NOW, Calling, make_calling

pytestmark = pytest.mark.django_db


@pytest.fixture
def calling(db: None) -> Calling:
    """A house with a programme."""
    return make_calling()


def test_houses_see_what_others_run_and_no_small_number(calling: Calling) -> None:
    keeper, call = calling.keeper(), calling.call()
    calling.handed_in(calling.person(), call)
    with CaptureQueriesContext(connection) as caught:
        page = queries.programmes_of_network(ProgrammeFilter(), actor=keeper, now=NOW)
    assert len(caught) <= 20
    (row,) = page.rows
    assert [one.id for one in row.calls] == [call.id]
    # One application is nobody's business; none at all is.
    assert (row.applications, row.accepted, row.residents) == (None, 0, 0)
    assert [shown(number) for number in (0, 1, 4, 5)] == [0, None, None, 5]
    for state, found in (("open", 1), ("over", 0)):
        wanted = ProgrammeFilter(state=state, kind=row.kind, sector="C")
        assert queries.programmes_of_network(wanted, actor=keeper, now=NOW).total == found, state
    with pytest.raises(NotAllowed):
        queries.programmes_of_network(ProgrammeFilter(), actor=calling.person(), now=NOW)
    browser = Client()
    browser.force_login(Account.objects.get(pk=keeper.account_id))
    told = browser.get(reverse("desk-network-programmes"))
    assert "fewer than five" in told.content.decode()
