"""A house that moves takes the facets of its records along; one that is renamed has nothing to take."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection

from khaneh.domains.catalogue import jobs, services
from khaneh.domains.catalogue.models import Record
from khaneh.domains.catalogue.queries import documents
from khaneh.domains.catalogue.services import moved_houses
from khaneh.domains.discovery.models import Pending
from khaneh.domains.network import queries as network
from khaneh.domains.network import services as houses
from khaneh.domains.network.models import House, Region
from khaneh.kernel.actor import SYSTEM
from khaneh.kernel.labels import Label
from tests.domains.catalogue import books

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


@pytest.fixture
def shelves(tmp_path: Path) -> None:
    """Ten records with a copy at YARD, which is in MAIN; one at MAIN; one elsewhere."""
    regions = {
        code: Region.objects.create(code=code, level=1, country="VN", names={"en": code}) for code in ("here", "there")
    }
    for code, parent in (("MAIN", None), ("YARD", "MAIN"), ("ELSE", None)):
        House.objects.create(
            code=code,
            kind="central_library",
            state="open",
            names={"en": code},
            region=regions["here"],
            parent=House.objects.get(code=parent) if parent else None,
            time_zone="Asia/Ho_Chi_Minh",
            calendar="gregorian",
        )
    at = ["YARD"] * 10 + ["MAIN", "ELSE"]
    made = [
        books.record(str(n), title=f"Quyển sách số {n} của nhà", year=str(1900 + n), copies=((f"B{n}", code),))
        for n, code in enumerate(at)
    ]
    services.import_file(actor=SYSTEM, path=books.write(tmp_path / "a.mrc", *made), profile="952")
    Pending.objects.all().delete()


def change(code: str, **facts: object) -> None:
    draft = network.house_draft(code)
    assert draft is not None
    assert houses.change_house(actor=SYSTEM, code=code, draft=replace(draft, **facts), now=NOW)  # type: ignore[arg-type]


def touched() -> set[int]:
    return set(Pending.objects.filter(kind="record").values_list("key", flat=True))


def of(*codes: str) -> set[int]:
    return set(Record.objects.filter(copies__house__code__in=codes).values_list("pk", flat=True))


def regions_of(record: int) -> tuple[str, ...]:
    (document,) = documents.record_documents([record])
    return document.facets["region"]


@pytest.mark.usefixtures("shelves")
def test_a_house_that_moves_touches_its_records_and_those_of_the_houses_in_it() -> None:
    change("MAIN", region_code="there")
    assert touched() == of("MAIN", "YARD")
    assert regions_of(min(of("MAIN"))) == ("there",)
    Pending.objects.all().delete()
    change("YARD", parent_code="ELSE")
    assert touched() == of("YARD")
    assert documents.record_documents([min(of("YARD"))])[0].facets["house"] == ("ELSE/YARD",)


@pytest.mark.usefixtures("shelves")
def test_a_new_name_is_shown_at_once_and_touches_no_record() -> None:
    change("MAIN", names=Label("The great hall", "تالار بزرگ", "Sảnh lớn"))
    assert touched() == set()
    assert network.house_names()["MAIN"].en == "The great hall"


@pytest.mark.usefixtures("shelves")
def test_of_many_records_the_rest_is_done_in_the_background(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moved_houses, "AT_ONCE", 4)
    monkeypatch.setattr(moved_houses, "_SOME", 3)
    change("MAIN", region_code="there")
    assert len(touched()) == 4
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT args::text FROM procrastinate_jobs WHERE task_name = 'catalogue.touch_records_of_houses'"
        )
        ((arguments,),) = cursor.fetchall()
    jobs.touch_records_of_houses(**json.loads(arguments))
    assert touched() == of("MAIN", "YARD")
