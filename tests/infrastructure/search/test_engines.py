"""What every engine must do, on tantivy, and on OpenSearch where SEARCH_URL names a cluster (make test-cluster)."""

from __future__ import annotations

import base64
import json
import os
import time
import uuid
from pathlib import Path
from typing import Any

import pytest

from khaneh.infrastructure.search import open_engine, port
from khaneh.infrastructure.search.port import (
    AnyOf,
    Ask,
    Best,
    Between,
    Constant,
    Every,
    Everything,
    FacetCounts,
    Nothing,
    Order,
    Phrase,
    Query,
    Ranked,
    Some,
    Term,
    Weighted,
    Wildcard,
    Without,
)

FIELDS = port.Fields(text=("body",), words=("tag",), integers=("year",), orders=("filed",), facets="facets", version=1)


def document(name: str, body: str, **fields: Any) -> tuple[str, bytes]:
    show = base64.b64encode(f"shown {name}".encode()).decode()
    return name, json.dumps({"id": name, "body": body, "show": show, **fields}).encode()


DOCUMENTS = [
    document("a", "red green blue", year=1990, filed="3", tag="x_1", facets={"kind": ["book"], "place": ["p", "p/q"]}),
    document("b", "green red", year=2000, filed="1", tag="x_2", facets={"kind": ["book"], "place": ["p"]}),
    document("c", "blue blue blue", year=1985, filed="2", tag="y.1", facets={"kind": ["map"]}),
    document("d", "grün سرخ", filed="4", facets={"kind": ["map"]}),
]


@pytest.fixture
def engine(tmp_path: Path) -> port.Engine:
    url = os.environ.get("SEARCH_URL", "")
    if url:
        from khaneh.infrastructure.search.opensearch_engine import OpenSearchEngine

        return OpenSearchEngine(url, FIELDS, name=f"test-{uuid.uuid4().hex[:8]}", shards=2)
    return open_engine(FIELDS, folder=tmp_path / "index")


@pytest.fixture
def filled(engine: port.Engine) -> port.Engine:
    engine.create("one")
    with engine.writer("one", bulk=True) as writer:
        writer.add(DOCUMENTS)
    engine.publish("one")
    return engine


def found(engine: port.Engine, query: Query, **ask: Any) -> list[str]:
    return [f.id for f in engine.ask(Ask(query, **ask)).found]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (Everything(), "abcd"),
        (Nothing(), ""),
        (Term("body", "red"), "ab"),
        (Term("body", "سرخ"), "d"),
        (Term("body", "re"), ""),
        (AnyOf("body", ("red", "grün")), "abd"),
        (AnyOf("tag", ("x_1",)), "a"),
        (AnyOf("facets.kind", ("map",)), "cd"),
        (AnyOf("facets.place", ("p/q",)), "a"),
        (AnyOf("id", ("b",)), "b"),
        (Phrase("body", ("green", "red")), "b"),
        (Phrase("body", ("red",)), "ab"),
        (Wildcard("body", "gr*n"), "abd"),
        (Wildcard("body", "gr??n"), "ab"),
        (Wildcard("tag", "y.*"), "c"),
        (Wildcard("tag", "y?1"), "c"),
        (Between("year", 1985, 1990), "ac"),
        (Between("year", None, 1985), "c"),
        (Between("year", 1991, None), "b"),
        (Every((Term("body", "red"), Term("body", "blue"))), "a"),
        (Some((Term("body", "red"), Term("body", "blue"))), "abc"),
        (Some((Term("body", "red"), Term("body", "green"), Term("body", "blue")), least=3), "a"),
        (Best((Term("body", "red"), Term("body", "blue"))), "abc"),
        (Without(Everything(), Term("body", "red")), "cd"),
        (Without(Term("body", "blue"), Term("body", "red")), "c"),
        (Ranked(Term("body", "red"), (Term("body", "blue"),)), "ab"),
        (Weighted(Term("body", "red"), 3.0), "ab"),
        (Constant(Term("body", "red"), 3.0), "ab"),
    ],
)
def test_each_query_finds_its_documents(filled: port.Engine, query: Query, expected: str) -> None:
    answer = filled.ask(Ask(query))
    assert sorted(f.id for f in answer.found) == sorted(expected)
    assert answer.total == len(expected)
    assert filled.counts([query, Nothing()]) == [len(expected), 0]


def test_what_was_stored_for_showing_comes_back(filled: port.Engine) -> None:
    assert filled.ask(Ask(Term("body", "grün"))).found[0].show == b"shown d"


def test_scores_rank(filled: port.Engine) -> None:
    blue = Term("body", "blue")
    assert found(filled, blue) == ["c", "a"]
    assert found(filled, Ranked(blue, (Constant(Term("body", "red"), 50.0),))) == ["a", "c"]
    ranked = filled.ask(Ask(Best((Constant(blue, 2.0), Constant(Term("body", "red"), 7.0))))).found
    assert [(f.id, f.score) for f in ranked if f.id in "ac"] == [("a", 7.0), ("c", 2.0)]
    both = filled.ask(Ask(Some((Constant(blue, 2.0), Constant(Term("body", "red"), 7.0))))).found
    assert both[0].id == "a"
    assert both[0].score == pytest.approx(9.0)


def test_order_by_number_and_by_key_with_the_missing_last(filled: port.Engine) -> None:
    assert found(filled, Everything(), order=Order("year")) == ["c", "a", "b", "d"]
    assert found(filled, Everything(), order=Order("year", descending=True)) == ["b", "a", "c", "d"]
    assert found(filled, Everything(), order=Order("filed")) == ["b", "c", "a", "d"]
    assert found(filled, Everything(), order=Order("filed"), offset=1, limit=2) == ["c", "a"]
    maps_first = Order("filed", first=AnyOf("facets.kind", ("map",)))
    assert found(filled, Everything(), order=maps_first) == ["c", "d", "b", "a"]
    pages = [found(filled, Everything(), order=maps_first, offset=at, limit=1) for at in range(5)]
    assert pages == [["c"], ["d"], ["b"], ["a"], []]
    assert filled.ask(Ask(Everything(), limit=1, order=maps_first)).total == 4


def test_facets_count_over_their_own_documents(filled: port.Engine) -> None:
    facets = (
        FacetCounts("kind", Everything(), 10),
        FacetCounts("place", Term("body", "red"), 10),
        FacetCounts("kind", Term("body", "red"), 1, always=("map", "book"), answer_as="few"),
    )
    answer = filled.ask(Ask(Term("body", "red"), limit=0, facets=facets))
    assert answer.found == ()
    assert answer.total == 2
    assert dict(answer.facets["kind"]) == {"book": 2, "map": 2}
    assert answer.facets["place"] == (("p", 2), ("p/q", 1))
    assert dict(answer.facets["few"]) == {"book": 2, "map": 0}


def test_facets_count_right_where_parts_of_the_index_disagree(engine: port.Engine) -> None:
    """A value that is rare in the first part and frequent in the second has the sum of both."""
    engine.create("one")
    first = [document(f"a{n}", "x", facets={"by": [f"v{n % 50}"]}) for n in range(200)]
    second = [document(f"b{n}", "x", facets={"by": ["rare" if n % 2 else "v7"]}) for n in range(40)]
    for some in ([*first, document("a", "x", facets={"by": ["rare"]})], second):
        with engine.writer("one") as writer:
            writer.put(some)
            writer.commit()
    engine.publish("one")
    counts = engine.ask(Ask(Term("body", "x"), limit=0, facets=(FacetCounts("by", Term("body", "x"), 2),))).facets["by"]
    assert counts == (("v7", 24), ("rare", 21))


@pytest.mark.parametrize("slip", ["geen", "grene", "greeen", "gren"])
def test_words_near_a_slip_are_known_with_their_documents(filled: port.Engine, slip: str) -> None:
    assert ("green", 2) in filled.near("body", slip, 100)
    assert filled.near("body", "qqqq", 100) == []


def test_changes_are_seen_after_the_commit_by_a_reader_that_was_open(filled: port.Engine) -> None:
    assert found(filled, Term("body", "violet")) == []
    with filled.writer("one") as writer:
        writer.put([document("a", "violet"), document("e", "violet")])
        writer.delete(["b"])
        writer.commit()
    assert sorted(found(filled, Term("body", "violet"))) == ["a", "e"]
    assert sorted(found(filled, Everything())) == ["a", "c", "d", "e"]
    assert filled.size() == 4


def test_a_generation_beside_the_live_one_is_seen_when_it_is_published(filled: port.Engine) -> None:
    filled.create("two")
    with filled.writer("two", bulk=True) as writer:
        writer.add([document("z", "violet")])
    assert found(filled, Everything(), limit=1, order=Order("filed")) == ["b"]
    assert filled.live() == "one"
    filled.publish("two")
    assert filled.live() == "two"
    assert found(filled, Everything()) == ["z"]
    with pytest.raises(port.IndexMissing), filled.writer("one"):
        pass


def test_without_an_index_there_is_nothing_live(engine: port.Engine) -> None:
    assert engine.live() is None
    assert engine.size() == 0
    with pytest.raises(port.IndexMissing):
        engine.ask(Ask(Everything()))
    with pytest.raises(port.IndexMissing), engine.writer("none"):
        pass


def test_an_index_of_other_fields_is_not_live(filled: port.Engine, tmp_path: Path) -> None:
    newer = port.Fields(text=("body",), words=(), integers=(), orders=(), facets="facets", version=2)
    if os.environ.get("SEARCH_URL"):
        from khaneh.infrastructure.search.opensearch_engine import OpenSearchEngine

        other: port.Engine = OpenSearchEngine(os.environ["SEARCH_URL"], newer, name=filled._alias)  # type: ignore[attr-defined]
    else:
        other = open_engine(newer, folder=tmp_path / "index")
    assert other.live() is None


@pytest.mark.skipif(bool(os.environ.get("SEARCH_URL")), reason="a folder is lost, not a cluster")
def test_a_folder_that_is_lost_is_noticed(filled: port.Engine, tmp_path: Path) -> None:
    assert filled.size() == 4
    (tmp_path / "index").rename(tmp_path / "elsewhere")
    assert filled.live() is None
    with pytest.raises(port.IndexMissing):
        filled.ask(Ask(Everything()))


@pytest.mark.skipif(bool(os.environ.get("SEARCH_URL")), reason="the folder's own lock")
def test_a_second_writer_is_kept_out(filled: port.Engine) -> None:
    with filled.writer("one"), pytest.raises(Exception, match=r"(?i)lock"), filled.writer("one"):
        pass


@pytest.mark.cluster
@pytest.mark.skipif(not os.environ.get("SEARCH_URL"), reason="no SEARCH_URL: make test-cluster")
def test_the_cluster_has_several_nodes_and_copies_on_both(filled: port.Engine) -> None:
    for _ in range(100):  # the second copy of a shard takes a moment
        facts = filled.describe()
        if facts["status"] == "green":
            break
        time.sleep(0.1)
    assert facts["nodes"] >= 2
    assert facts["status"] == "green"
