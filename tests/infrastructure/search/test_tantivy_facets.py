"""Counts of facets over several segments are those that counting by hand gives, whatever the values' frequencies are."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import orjson
import pytest

from khaneh.infrastructure.search import open_engine, port
from khaneh.infrastructure.search.port import Ask, Everything, FacetCounts

FIELDS = port.Fields(text=("body",), words=(), integers=(), orders=(), facets="facets", version=1)
_SEGMENTS = 3
_DOCUMENTS = 700  # a segment


def _zipf(chance: random.Random, segment: int) -> str:
    """Frequent values that all segments share, and a long tail."""
    return f"v{int(chance.paretovariate(0.7)) % 400}"


def _flat(chance: random.Random, segment: int) -> str:
    """No value is much more frequent than another: no short list proves anything."""
    return f"v{chance.randrange(300)}"


def _apart(chance: random.Random, segment: int) -> str:
    """Every segment has frequent values of its own, rare in the others."""
    return f"v{segment * 150 + chance.randrange(150)}" if chance.random() < 0.9 else f"v{chance.randrange(450)}"


@pytest.mark.parametrize("draw", [_zipf, _flat, _apart])
def test_the_most_frequent_values_and_their_counts_are_exact(draw, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    chance = random.Random(5)
    engine = open_engine(FIELDS, folder=tmp_path / "index")
    engine.create("one")
    counts: Counter[str] = Counter()
    for segment in range(_SEGMENTS):
        values = [draw(chance, segment) for _ in range(_DOCUMENTS)]
        counts.update(values)
        documents = [(f"{segment}:{number}", value) for number, value in enumerate(values)]
        with engine.writer("one") as writer:
            writer.put([(i, orjson.dumps({"id": i, "body": "x", "facets": {"by": [v]}})) for i, v in documents])
            writer.commit()
    engine.publish("one")
    asked = (FacetCounts("by", Everything(), 12, always=("v399",)),)
    for _ in range(2):  # the second answer may come from memory
        told = engine.ask(Ask(Everything(), limit=0, facets=asked)).facets["by"]
        shown = told[:12]
        assert [count for _, count in shown] == [count for _, count in counts.most_common(12)]
        assert dict(told) == {value: counts[value] for value, _ in told}
        assert "v399" in dict(told)


def test_a_remembered_count_does_not_outlive_the_next_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("khaneh.infrastructure.search.tantivy_engine._DEAR", 0.0)
    engine = open_engine(FIELDS, folder=tmp_path / "index")
    engine.create("one")
    asked = Ask(Everything(), limit=0, facets=(FacetCounts("by", Everything(), 2),))
    for number in range(1, 4):
        with engine.writer("one") as writer:
            writer.put([(f"d{number}", orjson.dumps({"id": f"d{number}", "facets": {"by": ["a"]}}))])
            writer.commit()
        if number == 1:
            engine.publish("one")
        for _ in range(2):
            assert engine.ask(asked).facets["by"] == (("a", number),)
