"""Whose business a source is: who gets its bytes, who may bring files, who answers for the union, and whose name a merge bears."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings

from khaneh.domains.catalogue import queries, scope, services
from khaneh.domains.catalogue.models import Contribution, ImportBatch, Record, Source
from khaneh.domains.network.models import House, Organisation, Region
from khaneh.domains.people.models import Account
from khaneh.kernel.actor import SYSTEM, Actor, Grant
from khaneh.kernel.refusal import NotAllowed, NotFound
from tests.domains.catalogue import books

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


def house(code: str) -> House:
    region, _ = Region.objects.get_or_create(code="vn-na", defaults={"level": 1, "country": "VN"})
    return House.objects.create(
        code=code,
        kind="central_library",
        state="open",
        region=region,
        time_zone="Asia/Ho_Chi_Minh",
        calendar="gregorian",
    )


def cataloguer_of(place: House) -> Actor:
    return Actor(account_id=7, grants=(Grant("cataloguer", house_id=place.pk),))


def test_bytes_are_for_those_who_act_for_the_house_that_gave_them(tmp_path: Path) -> None:
    own, other = house("OWN"), house("OTHER")
    path = books.write(tmp_path / "a.mrc", books.record("1", **books.KIEU))
    services.import_file(actor=SYSTEM, path=path, house="OWN")
    given = Contribution.objects.get()
    assert queries.contribution_bytes(given.pk, actor=cataloguer_of(own)) == path.read_bytes()
    assert queries.downloadable(given.record_id, actor=cataloguer_of(own)) == {given.pk}
    reader = Actor(account_id=7, grants=(Grant("house_manager", house_id=own.pk),))
    for stranger in (cataloguer_of(other), reader, Actor()):
        with pytest.raises(NotFound):
            queries.contribution_bytes(given.pk, actor=stranger)
        assert not queries.downloadable(given.record_id, actor=stranger)


def test_an_upload_for_a_source_that_is_not_theirs_leaves_no_bytes(tmp_path: Path) -> None:
    house("OWN")
    path = books.write(tmp_path / "a.mrc", books.record("1", **books.KIEU))
    services.import_file(actor=SYSTEM, path=path, house="OWN")
    kept = Path(settings.KHANEH_HOME) / "files" / "imports"
    before = sorted(kept.glob("*")), ImportBatch.objects.count()
    with pytest.raises(NotAllowed):
        services.keep_file(
            actor=cataloguer_of(house("OTHER")), upload=io.BytesIO(b"unheard of"), name="b.mrc", house="OWN"
        )
    assert (sorted(kept.glob("*")), ImportBatch.objects.count()) == before


@pytest.mark.parametrize("country", ["VN", "TJ"])
def test_whoever_answers_for_a_country_is_written_in_the_network(country: str) -> None:
    region = Region.objects.create(code="somewhere", level=1, country=country)
    national = Organisation.objects.create(code="NAT", kind="library_authority", country=country)
    provincial = Organisation.objects.create(code="PROV", kind="library_authority", country=country, region=region)
    company = Organisation.objects.create(code="CO", kind="company_startup", country=country)
    answers = {
        code: scope.answers_for_a_country(
            Actor(account_id=7, grants=(Grant("cataloguer", organisation_id=one.pk),)), scope.CATALOGUERS
        )
        for code, one in (("national", national), ("provincial", provincial), ("company", company))
    }
    assert answers == {"national": True, "provincial": False, "company": False}


def test_a_merge_bears_the_names_of_those_who_made_it_and_took_it_back(tmp_path: Path) -> None:
    place = house("OWN")
    path = books.write(tmp_path / "a.mrc", books.record("1", **books.KIEU), books.record("2", **books.LIBRARY))
    services.import_file(actor=SYSTEM, path=path, house="OWN")
    one, other = Record.objects.order_by("pk").values_list("pk", flat=True)
    maryam, lan = (
        Actor(account_id=Account.objects.create_user(f"{name}@example.org", name=name).pk, grants=grants)
        for name, grants in (
            ("Maryam", (Grant("cataloguer", house_id=place.pk),)),
            ("Lan", (Grant("administrator", house_id=place.pk),)),
        )
    )
    decision = services.merge_records(
        actor=maryam, from_record_id=other, into_record_id=one, reason="the same", now=NOW
    )
    (row,) = queries.decisions_of(one)
    assert (row.decided_by, row.undone_by) == ("Maryam", "")
    assert [given.decided_by for given in queries.contributions(one)] == ["", "Maryam"]
    services.undo_merge(actor=lan, decision_id=decision, reason="not at all", now=NOW)
    (row,) = queries.decisions(actor=lan)
    assert (row.decided_by, row.undone_by) == ("Maryam", "Lan")
    assert Source.objects.get().code == "OWN"
