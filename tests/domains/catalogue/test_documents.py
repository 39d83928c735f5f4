"""What discovery gets of records and works: right, complete, and in a bounded number of statements."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from khaneh.domains.catalogue import services
from khaneh.domains.catalogue.models import Record
from khaneh.domains.catalogue.queries import documents
from khaneh.domains.discovery import registry
from khaneh.formats.marc.types import Field
from khaneh.formats.marc.types import Record as Marc
from khaneh.kernel.actor import SYSTEM
from tests.domains.catalogue import books

pytestmark = pytest.mark.django_db


def ids() -> list[int]:
    return [number for some in documents.record_keys() for number in some]


def test_records_and_works_are_kinds_that_can_be_found() -> None:
    assert {kind.name for kind in registry.kinds()} >= {"record", "work"}


def test_a_document_says_what_the_record_says(tmp_path: Path) -> None:
    record = books.record("7", **books.KHAYYAM, copies=(("B1", ""),), note="چاپ سنگی")
    services.import_file(actor=SYSTEM, path=books.write(tmp_path / "a.mrc", record))
    (document,) = documents.record_documents(ids())
    assert document.title == books.KHAYYAM["title"]
    assert document.creators
    assert document.year == 1993
    assert document.facets["language"] == ("per",)
    assert document.facets["form"] == ("book",)
    assert document.facets["available"] == ("yes",)
    assert {"7", "(TEST)7", books.KHAYYAM["isbn"]} <= set(document.identifiers)
    assert document.payload["copies"] == 1
    assert any("چاپ سنگی" in text for text in document.text)


def test_a_merged_record_is_found_by_the_numbers_of_both(tmp_path: Path) -> None:
    path = books.write(tmp_path / "a.mrc", books.record("1", **books.KHAYYAM), books.record("2", **books.KHAYYAM))
    services.import_file(actor=SYSTEM, path=path)
    (document,) = documents.record_documents(ids())
    assert {"1", "2"} <= set(document.identifiers)


def test_a_stale_document_is_derived_when_it_is_asked_for(tmp_path: Path) -> None:
    services.import_file(actor=SYSTEM, path=books.write(tmp_path / "a.mrc", books.record("1", **books.KIEU)))
    Record.objects.update(is_stale=True, document='{"title": "old"}')
    (document,) = documents.record_documents(ids())
    assert document.title == books.KIEU["title"]
    assert services.refresh_stale() == 1
    assert "old" not in Record.objects.get().document


def test_the_number_of_statements_does_not_grow(tmp_path: Path) -> None:
    made = [books.record(str(n), title=f"Sách số {n} về nghề mộc", copies=((f"B{n}", ""),)) for n in range(40)]
    services.import_file(actor=SYSTEM, path=books.write(tmp_path / "a.mrc", *made))
    known = ids()
    counts = []
    for some in (known[:1], known):
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert len(list(documents.record_documents(some))) == len(some)
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 10


def test_other_forms_of_a_name_come_from_authority_records(tmp_path: Path) -> None:
    heading = Field("100", "1", " ", (("a", "خیام، عمر بن ابراهیم"),))
    other = Field("400", "1", " ", (("a", "Omar Khayyam"),))
    authority = Marc("00000nz  a2200000n  4500", (Field("001", value="a1"), heading, other))
    path = books.write(tmp_path / "a.mrc", authority, books.record("1", **books.KHAYYAM))
    report = services.import_file(actor=SYSTEM, path=path)
    assert report.authorities == 1
    (document,) = documents.record_documents(ids())
    assert "Omar Khayyam" in document.names
    assert services.import_file(actor=SYSTEM, path=path).unchanged == 1


def test_a_translation_and_its_original_are_one_work(tmp_path: Path) -> None:
    original = books.record(
        "1", title="One hundred years of solitude", author="García Márquez, Gabriel", year="1970", language="eng"
    )
    translation = books.record(
        "2", title="Trăm năm cô đơn", author="García Márquez, Gabriel", year="1986", language="vie"
    )
    uniform = Field("240", "1", "0", (("a", "One hundred years of solitude."), ("l", "Vietnamese")))
    fields = (*translation.fields[:4], uniform, *translation.fields[4:])
    path = books.write(tmp_path / "a.mrc", original, Marc(translation.leader, fields))
    services.import_file(actor=SYSTEM, path=path)
    works = [number for some in documents.work_keys() for number in some]
    (document,) = documents.work_documents(works)
    assert set(document.facets["language"]) == {"eng", "vie"}
    assert document.payload["editions"] == 2
