"""Import, search and match as programs read them: JSON on standard output and nothing else, findable when the command returns."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from khaneh.interfaces.cli import exits
from tests.installation import Installation
from tests.interfaces.cli.records import collection, record


@pytest.fixture(scope="module")
def one(install: Callable[..., Installation]) -> Iterator[Installation]:
    """An empty installation."""
    made = install(ready=True)
    with made.held():
        yield made


@pytest.fixture(scope="module")
def poured(one: Installation, tmp_path_factory: pytest.TempPathFactory) -> tuple[Installation, dict]:
    """With a folder poured in: good records, one that is cut off, and a file that is no catalogue."""
    folder = tmp_path_factory.mktemp("catalogues")
    (folder / "a.mrc").write_bytes(collection(25) + record("cut", "A cut record", "Nobody")[:40])
    (folder / "b.mrc").write_bytes(record("fa-1", "شاهنامهٔ فردوسی به روایت خانه", "فردوسی، ابوالقاسم"))
    (folder / ".hidden").write_bytes(b"not looked at")
    return one, one.json("import", str(folder))


def test_the_report_of_an_import(poured: tuple[Installation, dict]) -> None:
    _one, report = poured
    assert report["new"] + report["matched"] == 26
    assert report["quarantined"] == 1
    assert sum(report["quarantined_reasons"].values()) >= 1
    assert report["read"] == report["new"] + report["matched"] + report["quarantined"]
    assert report["changed"] == report["unchanged"] == 0
    assert [file["file"] for file in report["files"]] == ["a.mrc", "b.mrc"]
    assert report["seconds"] > 0
    assert report["records_per_second"] > 0


def test_run_twice_nothing_is_new(poured: tuple[Installation, dict], tmp_path: Path) -> None:
    one, _report = poured
    path = tmp_path / "a.mrc"
    path.write_bytes(collection(25))
    again = one.json("import", str(path))
    assert (again["new"], again["matched"], again["changed"], again["unchanged"]) == (0, 0, 0, 25)


def test_what_was_imported_is_found_at_once(poured: tuple[Installation, dict]) -> None:
    one, _report = poured
    found = one.json("search", "lighthouse 7 silk", "--limit", "3", "--facet", "kind=record")
    assert set(found) >= {"total", "hits", "facets", "milliseconds"}
    assert found["total"] >= 1
    first = found["hits"][0]
    assert set(first) >= {"id", "kind", "title", "creator", "control_numbers", "score"}
    assert found["facets"]["kind"]
    persian = one.json("search", "شاهنامه فردوسي", "--facet", "kind=record")  # an Arabic yeh, no hamza
    assert [hit["control_numbers"] for hit in persian["hits"]] == [["fa-1"]]


def test_a_facet_that_is_none_is_wrong_usage(one: Installation) -> None:
    one.run("search", "x", "--facet", "colour=blue", code=exits.USAGE)
    one.run("search", "x", "--facet", "kind", code=exits.USAGE)


def test_a_house_that_is_none_is_refused(one: Installation, tmp_path: Path) -> None:
    path = tmp_path / "a.mrc"
    path.write_bytes(collection(1))
    one.run("import", str(path), "--house", "NOWHERE", code=exits.REFUSED)


def _described(title: str, author: str, year: str) -> dict:
    return {
        "leader": "00000nam a2200000 i 4500",
        "fields": [
            {"001": "x"},
            {"008": f"010101s{year}    xx            000 0 eng d"},
            {"100": {"ind1": "1", "ind2": " ", "subfields": [{"a": author}]}},
            {"245": {"ind1": "1", "ind2": "0", "subfields": [{"a": title}]}},
            {"260": {"ind1": " ", "ind2": " ", "subfields": [{"b": "House Press"}, {"c": year}]}},
            {"300": {"ind1": " ", "ind2": " ", "subfields": [{"a": "212 pages"}]}},
        ],
    }


def test_pairs_are_answered_line_by_line_whatever_the_lines_are(install: Callable[..., Installation]) -> None:
    book = _described("The keeper of the northern lighthouse and her bees", "Rostami, Maryam", "1998")
    other = _described("An introduction to soil mechanics", "Baker, John", "1971")
    lines = [
        json.dumps({"left": book, "right": book, "id": 7}).encode(),
        b"{broken",
        json.dumps({"left": book, "right": other}).encode(),
        b"[1, 2]",
        b"",
        json.dumps({"left": {"leader": 5}, "right": book}).encode(),
        json.dumps({"left": book, "right": None}).encode(),
        b"\xff\xfe",
    ]
    nowhere = install(DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")  # no database is asked
    told = nowhere.run("match", "--pairs", "-", "--json", given=b"\n".join(lines), code=exits.PARTLY)
    answers = [json.loads(line) for line in told.splitlines()]
    assert [answer["line"] for answer in answers] == [1, 2, 3, 4, 6, 7, 8]
    assert (answers[0]["decision"], answers[0]["id"]) == ("same", 7)
    assert answers[2]["decision"] == "different"
    assert 0 <= answers[2]["score"] < answers[0]["score"] <= 1
    assert set(answers[0]["evidence"][0]) == {"feature", "left", "right", "weight"}
    assert all("error" in answers[i] for i in (1, 3, 4, 5, 6))
