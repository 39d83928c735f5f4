"""Qualifications at the desk: defined, awarded, renewed, taken back; who holds what and who will lose it soon."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from khaneh.domains.network.types import Role
from khaneh.domains.people.models import Account, Card, RoleAssignment
from khaneh.domains.qualifications import queries, services
from khaneh.domains.qualifications.models import Holding, Qualification
from khaneh.domains.qualifications.queries import Which
from khaneh.domains.qualifications.types import Basis, QualificationDraft, QualificationRow
from khaneh.kernel.actor import SYSTEM, Actor
from tests.domains.spaces.places import NOW, account_of, named
from tests.interfaces.web.desk.space_data import Desk, said, stand, text

pytestmark = pytest.mark.django_db
LIST = "/desk/qualifications/"


@pytest.fixture
def desk(db: None, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return stand(monkeypatch)


@pytest.fixture
def laser(desk: Desk) -> QualificationRow:
    return services.define_qualification(
        actor=SYSTEM, draft=QualificationDraft("laser", named("Laser safety"), valid_months=12, disuse_months=6)
    )


def authority(desk: Desk) -> Client:
    """Somebody who administers the authority that runs the houses."""
    window = desk.window(Role.ADMINISTRATOR)
    desk.places.company.kind = "library_authority"
    desk.places.company.save()
    account = Account.objects.create(email="authority@example.org", name="Authority")
    RoleAssignment.objects.create(
        account=account,
        role=Role.ADMINISTRATOR.value,
        organisation=desk.places.company,
        valid_from=NOW - timedelta(days=1),
    )
    window = Client()
    window.cookies["language"] = "en"
    window.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return window


def award(desk: Desk, actor: Actor, row: QualificationRow, **more: Any) -> Holding:
    made = services.award(
        actor=SYSTEM, account_id=actor.account_id or 0, code=row.code, basis=Basis.COURSE, house_id=desk.places.centre.pk,
        now=more.pop("now", NOW), **more,
    )  # fmt: skip
    return Holding.objects.get(pk=made.id)


def given(desk: Desk, **more: Any) -> dict[str, Any]:
    return {"act": "award", "basis": "assessment", "house": desk.places.centre.pk, **more}


def test_an_authority_defines_and_changes_one(desk: Desk) -> None:
    window = authority(desk)
    told = {"code": "kiln", "names_en": "Kiln", "valid_months": "۲۴", "warn_days": "14", "active": "on"}
    assert "entered" in said(window, f"{LIST}new", **told)
    row = queries.qualification("kiln")
    assert (row.valid_months, row.disuse_months, row.warn_days) == (24, None, 14)
    assert "2 years" in text(window.get(LIST))
    assert "Another qualification has this code" in text(window.post(f"{LIST}new", told))
    assert "not a number" in text(window.post(f"{LIST}new", {**told, "code": "x", "valid_months": "long"}))
    assert "does not fit" in text(window.post(f"{LIST}new", {**told, "code": "x", "valid_months": "0"}))
    one = f"{LIST}{row.id}/"
    assert "changed" in said(window, one, act="change", names_en="Kiln and glaze", warn_days="30")
    row = queries.qualification("kiln")
    assert (row.names.en, row.valid_months, row.active) == ("Kiln and glaze", None, False)


def test_a_trainer_awards_and_defines_nothing(desk: Desk, laser: QualificationRow) -> None:
    window, one = desk.window(Role.TRAINER), f"{LIST}{laser.id}/"
    assert window.get(f"{LIST}new").status_code == 404
    assert window.post(one, {"act": "change", "names_en": "Mine"}).status_code == 404
    person = desk.named(desk.places.person(), "Sara Amini")
    address = Account.objects.get(pk=person.account_id).email
    assert "Awarded to" in said(window, one, **given(desk, who=address, source="Paper 7", until="2026-06-01"))
    held = Holding.objects.get()
    assert (held.account_id, held.source, held.house_id) == (person.account_id, "Paper 7", desk.places.centre.pk)
    assert held.expires_at is not None
    assert held.expires_at.isoformat() == "2026-06-01T20:30:00+00:00"  # the end of that day in Tehran
    assert "Sara Amini" in text(window.get(one))
    again = window.post(one, given(desk, who=address))
    assert again.status_code == 422
    assert "renew it instead" in text(again)
    assert Holding.objects.count() == 1


def test_nobody_awards_in_the_name_of_a_house_where_they_do_not(desk: Desk, laser: QualificationRow) -> None:
    person = desk.places.person()
    address = Account.objects.get(pk=person.account_id).email
    page = desk.window(Role.TRAINER, desk.places.far).post(f"{LIST}{laser.id}/", given(desk, who=address))
    assert page.status_code == 422
    assert not Holding.objects.exists()
    assert desk.window(Role.LIBRARIAN).get(LIST).status_code == 404


def test_what_somebody_holds_is_found_by_card_renewed_and_taken_back(desk: Desk, laser: QualificationRow) -> None:
    person = desk.named(desk.places.person(), "Sara Amini")
    first = award(desk, person, laser)
    window = desk.window(Role.HOUSE_MANAGER)
    card = Card.objects.get(member__account_id=person.account_id).barcode
    found = window.post(f"{LIST}people", {"who": card})
    one = f"{LIST}people/{person.account_id}/"
    assert found["Location"] == one
    assert "Laser safety" in text(window.get(one))
    told = {"holding": first.pk, "basis": "assessment", "house": desk.places.centre.pk}
    assert "It is renewed" in said(window, one, act="renew", **told)
    # The same form again: what it renewed is over.
    assert window.post(one, {"act": "renew", **told}).status_code == 422
    held = Holding.objects.get(ended_at=None)
    refused = window.post(one, {**told, "act": "revoke", "holding": held.pk, "reason": ""})
    assert refused.status_code == 422
    assert "taken back" in said(
        window, one, **{**told, "act": "revoke", "holding": held.pk, "reason": "Left it running"}
    )
    assert not Holding.objects.filter(ended_at=None).exists()
    assert "Left it running" in text(window.get(one))
    assert "Awarded to" in said(window, one, **given(desk, qualification=laser.id))
    assert window.get(f"{LIST}people/999999/").status_code == 404
    assert window.post(one, {**told, "act": "renew", "holding": 999999}).status_code == 404


def test_who_will_lose_it_soon_stands_first(desk: Desk, laser: QualificationRow) -> None:
    near, far, gone = (desk.named(desk.places.person(), name) for name in ("Near End", "Far End", "Long Gone"))
    award(desk, far, laser)
    award(desk, near, laser, expires_at=NOW + timedelta(days=20))
    award(desk, gone, laser, now=NOW - timedelta(days=400))
    window, one = desk.window(Role.TRAINER), f"{LIST}{laser.id}/"
    page = text(window.get(one))
    assert page.index("Near End") < page.index("Far End")
    assert "Long Gone" not in page
    soon = text(window.get(f"{one}?show=soon"))
    assert "Near End" in soon
    assert "Far End" not in soon
    assert "Long Gone" in text(window.get(f"{one}?show=ended"))
    assert "Near End" in text(window.get(f"{LIST}soon"))
    assert "1 lapses within 60 days" in text(window.get(LIST))
    assert queries.counts(actor=desk.places.staff(), at=NOW)[laser.id] == (2, 1)
    assert queries.counts(actor=near, at=NOW) == {}
    assert queries.holders(actor=near, which=Which.VALID, at=NOW) == ([], 0)


def test_a_list_of_holders_takes_as_many_statements_for_forty_as_for_one(desk: Desk, laser: QualificationRow) -> None:
    award(desk, desk.places.person(), laser)
    window = desk.window(Role.TRAINER)
    window.get(f"{LIST}{laser.id}/")
    with CaptureQueriesContext(connection) as one:
        window.get(f"{LIST}{laser.id}/")
    for _ in range(39):
        Holding.objects.create(
            account_id=account_of().pk,
            qualification_id=laser.id,
            house_id=desk.places.centre.pk,
            basis="course",
            awarded_at=NOW,
        )
    with CaptureQueriesContext(connection) as forty:
        page = window.get(f"{LIST}{laser.id}/")
    assert len(page.context["rows"]) == 40
    assert len(forty) == len(one)
    assert len(one) <= 19


def test_without_any_the_page_says_what_they_are_for(desk: Desk) -> None:
    window = desk.window(Role.TRAINER)
    assert b'class="empty"' in window.get(LIST).content
    assert b'class="empty"' in window.get(f"{LIST}soon").content
    assert not Qualification.objects.exists()
    assert "Nobody answers this" in said(window, f"{LIST}people", who="nobody")
