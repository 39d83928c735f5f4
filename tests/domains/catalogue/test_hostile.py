"""Input that nobody should send: a clear line in the report, nothing lost, no crash, bounded memory."""

from __future__ import annotations

import resource
from pathlib import Path

import pytest

from khaneh.domains.catalogue import services
from khaneh.domains.catalogue.models import Contribution, QuarantineItem
from khaneh.domains.catalogue.rules.intake import reading
from khaneh.domains.catalogue.rules.intake.reading import Task, Unread
from khaneh.domains.catalogue.services.importing import readers
from khaneh.domains.catalogue.types import ImportReport, ImportState
from khaneh.formats.marc.pieces import FileFormat, RawRecord
from khaneh.formats.marc.types import Field, Record
from khaneh.kernel.actor import SYSTEM
from tests.domains.catalogue import books

pytestmark = pytest.mark.django_db


def poured(path: Path) -> ImportReport:
    report = services.import_file(actor=SYSTEM, path=path)
    assert report.state is ImportState.DONE
    assert report.read == report.new + report.matched + report.unchanged + report.quarantined + report.authorities
    return report


def test_one_record_truncated_at_every_byte(tmp_path: Path) -> None:
    whole = books.iso(books.record("1", **books.KIEU))
    data = b"".join(whole[:length] + b"\x1d" for length in range(1, len(whole) - 1)) + whole
    path = tmp_path / "cut.mrc"
    path.write_bytes(data)
    report = poured(path)
    assert report.quarantined > 100
    kept = sum(len(bytes(raw)) for raw in Contribution.objects.values_list("raw", flat=True))
    assert kept >= len(whole)
    assert any(bytes(raw) == whole for raw in Contribution.objects.values_list("raw", flat=True))


def test_a_record_of_two_hundred_megabytes_takes_no_memory_and_the_next_one_is_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.mrc"
    head = books.iso(books.record("1", **books.KIEU))
    with path.open("wb") as out:
        out.write(head[:-1])
        for _ in range(200):
            out.write(b"x" * 1024 * 1024)
        out.write(b"\x1d" + books.iso(books.record("2", **books.LIBRARY)))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    report = poured(path)
    assert (report.new, report.quarantined) == (1, 1)
    item = QuarantineItem.objects.get()
    assert item.size > 200 * 1024 * 1024
    assert len(bytes(item.raw)) < 1024 * 1024
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024 < 150


def test_ten_thousand_subfields_and_two_thousand_copies(tmp_path: Path) -> None:
    many = Field("500", subfields=tuple(("a", f"ghi chú {n}") for n in range(400)))
    base = books.record("1", **books.KIEU, copies=tuple((f"B{n}", "") for n in range(1_200)))
    path = tmp_path / "many.mrc"
    path.write_bytes(books.iso(Record(base.leader, (*base.fields, many))))
    report = poured(path)
    assert report.new + report.quarantined == 1


def test_the_same_title_five_hundred_times_compares_a_bounded_number(tmp_path: Path) -> None:
    made = [books.record(str(n), title="Thơ", author="Khuyết danh", year="2000") for n in range(500)]
    report = poured(books.write(tmp_path / "thơ.mrc", *made))
    assert report.read == 500
    assert report.notes["compared"] < 500 * 60


def test_a_worker_that_dies_costs_one_record_and_not_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """The record that kills its reader is set aside; those beside it are read."""
    good = books.iso(books.record("1", **books.KIEU))
    raws = [RawRecord(0, len(good), good), RawRecord(len(good), 4, b"boom"), RawRecord(len(good) + 4, len(good), good)]
    task = Task(FileFormat("iso2709").to_dict(), "", "", '{"fields": []}', raws)

    class Pool:
        """Stands for worker processes: any task with the record in it breaks the pool."""

        def submit(self, read: object, asked: Task) -> Pool:
            self.asked = asked
            return self

        def result(self, timeout: float) -> reading.Done:
            if any(raw.data == b"boom" for raw in self.asked.records):
                raise readers.BrokenProcessPool
            return reading.timed(self.asked)

    with readers.Readers(1) as pool:
        monkeypatch.setattr(pool, "_started", Pool)
        monkeypatch.setattr(pool, "_close", lambda: None)
        done = pool.submit(task)()
    assert [isinstance(result, Unread) for result in done.results] == [False, True, False]
    assert done.results[1].digest == reading.digest_of(raws[1])
