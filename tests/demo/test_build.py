"""The built catalogues: the same twice, read by the project's own readers, with barcodes that are met once."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from pathlib import Path

import pytest

from demo.build import BuiltFile, build, write
from demo.editions import load
from demo.holdings import SOURCES, copies, held_by, lending_houses
from khaneh.domains.catalogue.rules.intake.profile import BUILTIN, CopyFacts, compiled
from khaneh.domains.catalogue.rules.intake.profile import copies as copies_by_profile
from khaneh.formats.marc.detect import detect
from khaneh.formats.marc.read import Reading, read
from khaneh.formats.marc.scan import scan


@pytest.fixture(scope="module")
def built() -> dict[str, BuiltFile]:
    return {item.file: item for item in build()}


def readings(item: BuiltFile) -> list[Reading]:
    found = detect(item.content, name=item.file)
    return [read(raw, found) for raw in scan(io.BytesIO(item.content), found)]


MARC_FILES = {
    "nghe-an.mrc": ("marc21", "utf-8"),
    "khorasan.xml": ("marc21", "utf-8"),
    "yazd.mrc": ("unimarc", "utf-8"),
    "qom.mrc": ("marc21", "utf-8"),
    "thanh-chuong.mrc": ("marc21", "tcvn3"),
    "sabzevar.mrc": ("marc21", "windows-1256"),
}


def test_building_twice_gives_the_same_bytes(built: dict[str, BuiltFile]) -> None:
    assert {item.file: item for item in build()} == built


def test_the_manifest_names_every_file(tmp_path: Path) -> None:
    write(tmp_path / "new")
    manifest = json.loads((tmp_path / "new/manifest.json").read_text(encoding="utf-8"))
    assert {entry["file"] for entry in manifest} | {"manifest.json"} == {p.name for p in (tmp_path / "new").iterdir()}
    houses = {code for code, _ in lending_houses()}
    assert all(entry["house"] in houses for entry in manifest)
    assert all(entry["profile"] in {*BUILTIN, ""} for entry in manifest)


@pytest.mark.parametrize(("file", "form"), MARC_FILES.items())
def test_every_record_is_read_without_doubt(built: dict[str, BuiltFile], file: str, form: tuple[str, str]) -> None:
    item = built[file]
    found = readings(item)
    assert len(found) == item.records
    assert {(reading.dialect, reading.encoding) for reading in found} == {form}
    assert {problem.severity for reading in found for problem in reading.problems} <= {"note"}


@pytest.mark.parametrize("file", MARC_FILES)
def test_the_profile_finds_every_copy(built: dict[str, BuiltFile], file: str) -> None:
    item = built[file]
    profile = compiled(BUILTIN[item.profile][1])
    found: list[CopyFacts] = []
    for reading in readings(item):
        assert reading.record is not None
        own = copies_by_profile(reading.record, profile)
        assert own, "a library lists what it has"
        found += own
    houses = {code for code, _ in lending_houses()}
    assert len(found) == item.copies
    assert {facts.house for facts in found} <= houses
    assert all(facts.barcode and facts.call_number and facts.location for facts in found)


def test_the_spreadsheet_has_a_line_a_copy(built: dict[str, BuiltFile]) -> None:
    item = built["nam-dan.csv"]
    lines = list(csv.DictReader(io.StringIO(item.content.decode("utf-8-sig"))))
    assert len(lines) == item.copies
    assert len({line["Số biểu ghi"] for line in lines}) == item.records
    assert detect(item.content, name=item.file).serialisation == "table"


def test_barcodes_are_met_once() -> None:
    houses = lending_houses()
    barcodes = Counter(
        copy.barcode
        for edition in load()
        for name in held_by(edition)
        for copy in copies(edition, SOURCES[name], houses)
    )
    assert max(barcodes.values()) == 1
    assert len(barcodes) >= 2_000


def test_every_edition_is_held_and_many_are_held_twice() -> None:
    holders = [len(held_by(edition)) for edition in load()]
    assert min(holders) >= 1
    assert sum(count > 1 for count in holders) >= 200


def test_a_persian_title_survives_the_old_letters(built: dict[str, BuiltFile]) -> None:
    titles = {
        field.first("a").rstrip(" /:")
        for reading in readings(built["sabzevar.mrc"])
        if reading.record
        for field in reading.record.get("245")
    }
    wanted = {edition.title.translate(str.maketrans("یک", "يك")) for edition in load() if edition.language == "per"}
    assert len(titles & wanted) >= 40


def test_vietnamese_titles_survive_tcvn3(built: dict[str, BuiltFile]) -> None:
    titles = {
        field.first("a").rstrip(" /:")
        for reading in readings(built["thanh-chuong.mrc"])
        if reading.record
        for field in reading.record.get("245")
    }
    known = {edition.title for edition in load() if edition.language == "vie"}
    assert len(titles - known) <= 1  # a title with a dash that the encoding lacks


def test_qom_links_the_original_script(built: dict[str, BuiltFile]) -> None:
    records = [reading.record for reading in readings(built["qom.mrc"]) if reading.record]
    linked = [record for record in records if any(f.first("6").startswith("245-") for f in record.get("880"))]
    assert len(linked) >= 100
    assert all(any(f.first("6").startswith("880-") for f in record.get("245")) for record in linked)
