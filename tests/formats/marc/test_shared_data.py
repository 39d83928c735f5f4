"""Real files: every one is read to its last byte, and as many records come out as other readers find."""

from __future__ import annotations

import gzip
import html
import io
import shutil
import subprocess
import unicodedata
from collections import Counter
from pathlib import Path

import pymarc
import pytest

from khaneh.formats.marc.detect import detect
from khaneh.formats.marc.read import Reading
from khaneh.formats.marc.types import Record
from tests.formats.marc.records import codes, read_file

SETS = ("marc_broken", "marc_general", "marc_persian_nyu", "marc_unimarc")
NOT_MARC = (".txt", ".sql", ".tar.gz")


def load(path: Path) -> list[Reading]:
    data = path.read_bytes()
    return read_file(gzip.decompress(data) if path.suffix == ".gz" else data, path.name)


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.endswith(NOT_MARC))


@pytest.mark.parametrize("name", SETS)
def test_every_file_is_read_to_its_last_byte(shared_data: Path, name: str) -> None:
    total: Counter[str] = Counter()
    for path in files(shared_data / name):
        readings = load(path)
        for reading in readings:
            assert reading.record is not None or codes(reading, "fatal"), path
            total["read" if reading.record is not None else "unread"] += 1
            total["quarantined"] += reading.quarantined
    least = {"marc_broken": 1240, "marc_general": 7900, "marc_persian_nyu": 790, "marc_unimarc": 37}[name]
    assert total["read"] >= least, total
    share = {"marc_broken": 0.06, "marc_general": 0.006, "marc_persian_nyu": 0.004, "marc_unimarc": 0.6}[name]
    assert total["quarantined"] <= share * total["read"], total


# Counted with yaz-marcdump and with pymarc, which agree on these.
COUNTS = {
    "marc_general/evergreen/jazz_1k.mrc.gz": 1000,
    "marc_general/evergreen/lul_fre_500.mrc": 500,
    "marc_general/evergreen/auth-1066.mrc": 1066,
    "marc_general/solrmarc/uva_001_2000.mrc.gz": 2000,
    "marc_general/folio/marcBibFileForC353957_202.mrc.gz": 202,
    "marc_broken/marc4j/pride-and-prejudice-fixed.mrc": 383,
    "marc_persian_nyu/tp_20160219_bk_per_273r_pkgd_marc.mrc": 273,
    "marc_vietnamese_bk/book3part0final.mrc.gz": 10_000,
    "marc_arabic_aco/NNC_oclc_masters.mrc.gz": 3052,
    "marc_arabic_aco/NjP_oclc_masters.mrc.gz": 3160,
}


@pytest.mark.parametrize("name", sorted(COUNTS))
def test_as_many_records_as_other_readers_find(shared_data: Path, name: str) -> None:
    readings = load(shared_data / name)
    assert len(readings) == COUNTS[name]
    assert all(reading.record is not None for reading in readings)


def _one_ligature(text: str) -> str:
    """The two halves of a ligature are one character to yaz."""
    return unicodedata.normalize("NFC", text.replace("\ufe20", "\u0361").replace("\ufe21", ""))


@pytest.mark.parametrize("name", ["marc_general/evergreen/lul_fre_500.mrc", "marc_general/solrmarc/specTestRecs.mrc"])
def test_marc8_text_is_what_yaz_makes_of_it(shared_data: Path, name: str) -> None:
    """Field by field, for records without characters on which the two tables are known to differ."""
    if shutil.which("yaz-marcdump") is None:
        pytest.skip("needs yaz-marcdump (Debian: yaz)")
    command = ["yaz-marcdump", "-f", "marc-8", "-t", "utf-8", "-o", "marcxml", str(shared_data / name)]
    theirs = read_file(subprocess.run(command, capture_output=True, check=True).stdout)
    ours = load(shared_data / name)
    assert len(ours) == len(theirs)
    same = different = 0
    for one, two in zip(ours, theirs, strict=True):
        if one.encoding != "marc-8" or one.record is None or two.record is None:
            continue
        for left, right in zip(one.record.fields, two.record.fields, strict=False):
            if not str(left).isascii():
                equal = _one_ligature(str(left.subfields)) == _one_ligature(str(right.subfields))
                same, different = same + equal, different + (not equal)
    assert same > 50
    assert different <= 0.02 * same, (same, different)


def test_utf8_text_is_what_pymarc_makes_of_it(shared_data: Path) -> None:
    data = (shared_data / "marc_persian_nyu/D160422.T012546.ARA-99r.mrc").read_bytes()
    theirs = list(pymarc.MARCReader(io.BytesIO(data), to_unicode=True, force_utf8=True))
    ours = read_file(data)
    assert len(ours) == len(theirs)
    for one, two in zip(ours, theirs, strict=True):
        assert one.record is not None
        assert two is not None
        for left, right in zip(one.record.fields, two.fields, strict=True):
            assert left.tag == right.tag
            assert (
                left.value == (right.data or "")
                if not left.subfields
                else list(left.subfields) == [tuple(s) for s in right.subfields]
            )


def _comparable(record: Record) -> list[str]:
    """What the repaired twin has in common with its original: it was also sorted, unescaped, decomposed and rid of empty subfields."""
    found = []
    for field in record.fields:
        if field.value:
            found.append(f"{field.tag} {field.value.rstrip()}")
            continue
        subfields = [
            (code.lower(), unicodedata.normalize("NFC", html.unescape(value)).strip())
            for code, value in field.subfields
            if value.strip()
        ]
        if subfields:
            found.append(f"{field.tag} {field.ind1}{field.ind2} {subfields}")
    return sorted(found)


def test_a_file_with_many_errors_reads_like_its_repaired_twin(shared_data: Path) -> None:
    folder = shared_data / "marc_broken/marc4j"
    broken = load(folder / "pride-and-prejudice-with-many-errors.mrc")
    repaired = load(folder / "pride-and-prejudice-fixed.mrc")
    assert len(broken) == len(repaired) == 383
    same = quarantined = 0
    for one, two in zip(broken, repaired, strict=True):
        assert one.record is not None
        assert two.record is not None
        same += _comparable(one.record) == _comparable(two.record)
        quarantined += one.quarantined
    assert same >= 340, same
    assert quarantined <= 30, quarantined


@pytest.mark.parametrize(
    ("name", "encoding", "dialect"),
    [
        ("marc_broken/pymarc/1251.dat", "windows-1251", "marc21"),
        ("marc_broken/ruby-marc/cp866_multirecord.marc", "cp866", "marc21"),
        ("marc_general/evergreen/FSL.marc", "utf-8", "marc21"),
        ("marc_general/evergreen/lul_fre_500.mrc", "marc-8", "marc21"),
        ("marc_general/evergreen/hebrew.marc", "marc-8", "marc21"),
        ("marc_persian_nyu/tp_20160219_bk_per_273r_pkgd_marc.mrc", "utf-8", "marc21"),
        ("marc_unimarc/unimarcxml/data.mrc", "utf-8", "unimarc"),
        ("marc_unimarc/qa_catalogue/short.bnr.1993.mrc", "utf-8", "unimarc"),
        ("marc_unimarc/qa_catalogue/short.firenze.1977.mrc", "utf-8", "marc21"),
    ],
)
def test_what_a_file_is(shared_data: Path, name: str, encoding: str, dialect: str) -> None:
    fmt = detect((shared_data / name).read_bytes())
    assert (fmt.encoding, fmt.dialect) == (encoding, dialect)


def test_twice_encoded_romanian_is_a_doubt_with_its_repair(shared_data: Path) -> None:
    for reading in load(shared_data / "marc_unimarc/qa_catalogue/short.bnr.1993.mrc"):
        problem = next(problem for problem in reading.problems if problem.code == "garbled-text")
        assert problem.facts["repair"] == "utf-8/utf-8"
