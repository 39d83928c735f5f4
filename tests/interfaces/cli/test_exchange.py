"""`khaneh exchange rank`: a line for every pair, bad lines named, and words alone where there is no model."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from khaneh.infrastructure import meaning
from khaneh.interfaces.cli import exits
from khaneh.interfaces.cli.main import main


def _run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as left:
        main(["exchange", "rank", *arguments])
    return int(left.value.code or 0)


def _lines(path: Path, *lines: object) -> str:
    path.write_text("".join((one if isinstance(one, str) else json.dumps(one)) + "\n" for one in lines), "utf-8")
    return str(path)


@pytest.fixture(params=["model", "words"])
def machine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "words":
        monkeypatch.setattr(meaning, "_model", lambda: None)
    elif not meaning.available():
        pytest.skip("no model of meaning on this machine")
    return str(request.param)


def test_every_pair_has_its_score(machine: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    people = _lines(
        tmp_path / "people.jsonl",
        {"id": "rice", "texts": ["Sensors for rice fields.", "Gates of irrigation canals."]},
        {"id": 7, "texts": ["Paper that is eaten by acid.", "Binding of old books."]},
    )
    texts = _lines(
        tmp_path / "texts.jsonl",
        {"id": "a", "texts": ["Water for rice", "Canals and gates in fields"]},
        {"id": "b", "texts": ["Old books on acid paper"]},
    )
    assert _run("--people", people, "--texts", texts, "--json") == exits.DONE
    told = capsys.readouterr()
    rows = [json.loads(line) for line in told.out.splitlines()]
    scores = {(row["person"], row["text"]): row["score"] for row in rows}
    assert len(rows) == len(scores) == 4
    assert scores["rice", "a"] > scores[7, "a"]
    assert scores[7, "b"] > scores["rice", "b"]
    assert ("words alone" in told.err) == (machine == "words")


def test_a_bad_line_is_named_and_the_rest_goes_on(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(meaning, "_model", lambda: None)
    people = _lines(tmp_path / "people.jsonl", {"id": 1, "texts": ["wood"]}, "{", {"id": 1, "texts": []}, {"id": 2})
    texts = _lines(tmp_path / "texts.jsonl", "", {"id": "t", "texts": ["wood"]}, {"id": "u", "texts": [3]})
    assert _run("--people", people, "--texts", texts) == exits.PARTLY
    told = capsys.readouterr()
    assert [line.split("\t")[:2] for line in told.out.splitlines()] == [["t", "1"]]
    assert [line.split(": ")[0].rpartition("/")[2] for line in told.err.splitlines() if ", line" in line] == [
        "people.jsonl, line 2", "people.jsonl, line 3", "people.jsonl, line 4", "texts.jsonl, line 3",
    ]  # fmt: skip
