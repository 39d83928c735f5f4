"""Files of real libraries, clean and broken: every record is counted, none is lost, nothing stops."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection

from khaneh.domains.catalogue import services
from khaneh.domains.catalogue.types import ImportReport, ImportState
from khaneh.formats.marc.detect import detect_stream
from khaneh.formats.marc.scan import scan
from khaneh.kernel.actor import SYSTEM

pytestmark = pytest.mark.django_db
_NOT_RECORDS = {".txt", ".csv", ".json", ".md", ".py", ".rb", ".php", ".sh", ".sql"}


def accounted(report: ImportReport) -> int:
    return report.new + report.matched + report.changed + report.unchanged + report.quarantined + report.authorities


def pour(path: Path) -> ImportReport:
    """Import a file whole and check that every record in it has come to something."""
    with path.open("rb") as stream:
        there = sum(1 for _ in scan(stream, detect_stream(stream, name=path.name)))
    report = services.import_file(actor=SYSTEM, path=path, source=str(path.relative_to(path.parents[2])))
    assert report.state is ImportState.DONE, path
    assert report.read == there, path
    assert accounted(report) == report.read, path
    return report


def files(folder: Path, largest: int = 400_000) -> list[Path]:
    return [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and path.suffix not in _NOT_RECORDS
        and path.name != "SOURCE.txt"
        and path.stat().st_size < largest
    ]


@pytest.mark.parametrize("name", ["marc_broken", "marc_unimarc"])
def test_broken_and_unimarc_files(shared_data: Path, name: str) -> None:
    reports = [pour(path) for path in files(shared_data / name)]
    assert sum(report.read for report in reports) > 20
    assert any(report.new for report in reports)
    if name == "marc_broken":
        assert any(report.quarantined for report in reports)
    else:
        assert {report.dialect for report in reports} >= {"unimarc"}


def test_persian_records_sent_out_and_returned_meet(shared_data: Path) -> None:
    reports = [pour(path) for path in files(shared_data / "marc_persian_nyu")]
    assert sum(report.read for report in reports) >= 693
    assert sum(report.matched for report in reports) > 40
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM catalogue_record WHERE is_stale")
        assert cursor.fetchone() == (0,)


def test_run_again_every_record_is_known(shared_data: Path) -> None:
    path = shared_data / "marc_general" / "evergreen" / "nepali.marc"
    first, second = pour(path), pour(path)
    assert second.new == second.matched == second.changed == 0
    assert second.quarantined == first.quarantined
