"""Search on an OpenSearch cluster. Knows its HTTP interface; what the words mean is not known here.

Each generation is an index `khaneh-GENERATION`; the alias `khaneh` points at the live one and is moved in one step.
"""

from __future__ import annotations

import base64
import contextlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import orjson
from opensearchpy import ConnectionError as NoConnection
from opensearchpy import NotFoundError, OpenSearch, Transport, TransportError

from khaneh.infrastructure.search import port

_BULK_BYTES = 8_000_000
_SHARD_VALUES = 2_000  # values a shard reports of a facet, so that the sum over shards is right
_NOT_NOW = frozenset((429, 502, 503, 504))  # too busy, or between two masters: the same request may succeed later


class _Transport(Transport):
    """The client's own, which asks another node where one does not answer; what is left when none does is `port.EngineAway`."""

    def perform_request(self, *arguments: Any, **more: Any) -> Any:
        try:
            return super().perform_request(*arguments, **more)
        except TransportError as error:
            if isinstance(error, NoConnection) or error.status_code in _NOT_NOW:
                raise port.EngineAway(f"the search cluster does not answer: {error.error}") from error
            raise


class OpenSearchEngine:
    """See `port.Engine`. `url` may name several nodes, separated by commas."""

    def __init__(
        self, url: str, fields: port.Fields, *, name: str = "khaneh", shards: int = 1, replicas: int = 1
    ) -> None:
        # One more try than there are nodes: all but one may be gone.
        nodes = url.split(",")
        self._client = OpenSearch(
            nodes, timeout=60, max_retries=max(3, len(nodes)), retry_on_timeout=True, transport_class=_Transport
        )
        self._fields = fields
        self._alias = name
        self._settings = {"number_of_shards": shards, "number_of_replicas": replicas}
        self._build = _Build()

    def _index(self, generation: str) -> str:
        return f"{self._alias}-{generation}"

    def live(self) -> str | None:
        """The live generation's name, or None when there is none that was made for these fields."""
        try:
            found = self._client.indices.get(index=self._alias)
        except NotFoundError:
            return None
        index, facts = next(iter(found.items()))
        made_for = facts["mappings"].get("_meta", {}).get("version")
        return str(index).removeprefix(f"{self._alias}-") if made_for == self._fields.version else None

    def ask(self, ask: port.Ask) -> port.Answer:
        """Answer from the live generation. Facets are counted in the same request, each over its own documents."""
        body: dict[str, Any] = {
            "query": self._build(ask.query),
            "from": ask.offset,
            "size": ask.limit,
            "track_total_hits": True,
            "_source": ["show"],
        }
        if ask.order is not None:
            direction = "desc" if ask.order.descending else "asc"
            body["sort"] = [{ask.order.field: {"order": direction, "missing": "_last"}}]
            if ask.order.first is not None:
                first = {"constant_score": {"filter": self._build(ask.order.first)}}
                body["query"] = {"bool": {"filter": [body["query"]], "should": [first]}}
                body["sort"].insert(0, {"_score": "desc"})
        if ask.facets:
            body["aggs"] = {"every": {"global": {}, "aggs": {f.key: self._facet(f) for f in ask.facets}}}
        answer = self._search(body)
        found = tuple(
            port.Found(
                id=hit["_id"],
                show=base64.b64decode(hit["_source"].get("show", "")),
                score=0.0 if ask.order else float(hit["_score"]),
            )
            for hit in answer["hits"]["hits"]
        )
        facets = {f.key: self._facet_values(f, answer["aggregations"]["every"][f.key]) for f in ask.facets}
        return port.Answer(total=answer["hits"]["total"]["value"], found=found, facets=facets)

    def _facet(self, facet: port.FacetCounts) -> dict[str, Any]:
        path = f"{self._fields.facets}.{facet.name}"
        values: dict[str, Any] = {
            "values": {"terms": {"field": path, "size": facet.size, "shard_size": max(_SHARD_VALUES, facet.size)}}
        }
        for number, value in enumerate(facet.always):
            values[f"always{number}"] = {"filter": {"term": {path: value}}}
        return {"filter": self._build(facet.query), "aggs": values}

    @staticmethod
    def _facet_values(facet: port.FacetCounts, result: dict[str, Any]) -> tuple[tuple[str, int], ...]:
        values = [(str(b["key"]), int(b["doc_count"])) for b in result["values"]["buckets"]]
        known = {value for value, _ in values}
        for number, value in enumerate(facet.always):
            if value not in known:
                values.append((value, int(result[f"always{number}"]["doc_count"])))
        return tuple(values)

    def _search(self, body: dict[str, Any]) -> dict[str, Any]:
        try:
            # Word statistics of the whole index, not of the shard that happens to hold a document.
            found: dict[str, Any] = self._client.search(
                index=self._alias, body=body, params={"search_type": "dfs_query_then_fetch"}
            )
        except NotFoundError as error:
            raise port.IndexMissing(self._alias) from error
        return found

    def counts(self, queries: Sequence[port.Query]) -> list[int]:
        """How many documents answer each query; one request."""
        if not queries:
            return []
        filters = {str(i): {"filter": self._build(query)} for i, query in enumerate(queries)}
        answer = self._search({"size": 0, "query": {"match_all": {}}, "aggs": filters})
        return [int(answer["aggregations"][str(i)]["doc_count"]) for i in range(len(queries))]

    def near(self, name: str, word: str, limit: int) -> list[tuple[str, int]]:
        """The cluster's own suggestions of terms, within two edits."""
        term = {
            "field": name,
            "analyzer": "whitespace",
            "suggest_mode": "always",
            "prefix_length": 1,
            "min_word_length": 2,
            "max_edits": 2,
            "sort": "frequency",
            "size": min(limit, 50),
            "string_distance": "damerau_levenshtein",
        }
        answer = self._search({"size": 0, "suggest": {"near": {"text": word, "term": term}}})
        return [(str(o["text"]), int(o["freq"])) for entry in answer["suggest"]["near"] for o in entry["options"]]

    def create(self, generation: str) -> None:
        """Make an empty index beside the live one."""
        words = {"type": "text", "analyzer": "whitespace"}
        properties: dict[str, Any] = {
            "id": {"type": "keyword"},
            "show": {"type": "keyword", "index": False, "doc_values": False},
            self._fields.facets: {"type": "object", "dynamic": True},
        }
        properties |= dict.fromkeys(self._fields.text, words)
        properties |= {name: {**words, "index_options": "docs", "norms": False} for name in self._fields.words}
        properties |= {name: {"type": "long"} for name in self._fields.integers}
        properties |= {name: {"type": "keyword", "index": False} for name in self._fields.orders}
        facets = {"path_match": f"{self._fields.facets}.*", "mapping": {"type": "keyword"}}
        body = {
            "settings": self._settings,
            "mappings": {
                "dynamic": False,
                "_meta": {"version": self._fields.version},
                "dynamic_templates": [{"facets": facets}],
                "properties": properties,
            },
        }
        self._client.indices.create(index=self._index(generation), body=body)

    @contextlib.contextmanager
    def writer(self, generation: str, *, bulk: bool = False) -> Iterator[port.Writer]:
        """Write to a generation by bulk requests; `bulk` rests its refreshing until the end."""
        index = self._index(generation)
        if not self._client.indices.exists(index=index):
            raise port.IndexMissing(index)
        if bulk:
            self._client.indices.put_settings(index=index, body={"index": {"refresh_interval": "-1"}})
        writer = _OpenSearchWriter(self._client, index)
        yield writer
        if bulk:
            writer.commit()
            self._client.indices.put_settings(index=index, body={"index": {"refresh_interval": None}})

    def publish(self, generation: str) -> None:
        """Move the alias, then remove the indices it left."""
        index = self._index(generation)
        others = [name for name in self._client.indices.get(index=f"{self._alias}-*") if name != index]
        actions: list[dict[str, Any]] = [{"add": {"index": index, "alias": self._alias}}]
        actions += [{"remove_index": {"index": name}} for name in others]
        self._client.indices.update_aliases(body={"actions": actions})

    def size(self) -> int:
        """How many documents the live generation has; 0 when there is none."""
        try:
            return self.counts([port.Everything()])[0]
        except port.IndexMissing:
            return 0

    def describe(self) -> dict[str, Any]:
        """Engine, nodes, generation, documents."""
        health = self._client.cluster.health()
        return {
            "engine": "opensearch",
            "where": health["cluster_name"],
            "nodes": health["number_of_nodes"],
            "status": health["status"],
            "generation": self.live(),
            "documents": self.size(),
        }


class _OpenSearchWriter:
    """See `port.Writer`. Requests are gathered to a few megabytes each."""

    def __init__(self, client: OpenSearch, index: str) -> None:
        self._client = client
        self._index = index
        self._lines: list[bytes] = []
        self._bytes = 0

    def put(self, documents: Sequence[tuple[str, bytes]]) -> None:
        for name, body in documents:
            self._line({"index": {"_id": name}}, body)

    add = put

    def delete(self, ids: Iterable[str]) -> None:
        for name in ids:
            self._line({"delete": {"_id": name}})

    def commit(self) -> None:
        self._send()
        self._client.indices.refresh(index=self._index)

    def _line(self, action: dict[str, Any], body: bytes = b"") -> None:
        self._lines.append(orjson.dumps(action))
        if body:
            self._lines.append(body)
        self._bytes += len(body)
        if self._bytes > _BULK_BYTES:
            self._send()

    def _send(self) -> None:
        if not self._lines:
            return
        answer = self._client.bulk(index=self._index, body=b"\n".join(self._lines) + b"\n")
        self._lines, self._bytes = [], 0
        failed = [item for entry in answer["items"] for item in entry.values() if item["status"] not in (200, 201, 404)]
        if failed and all(item["status"] in _NOT_NOW for item in failed):
            raise port.EngineAway(f"{len(failed)} documents were not taken now: {failed[0]}")
        if failed:
            raise RuntimeError(f"{len(failed)} documents were refused, the first: {failed[0]}")


class _Build:
    """Turns the port's tree into OpenSearch's query language."""

    def __call__(self, query: port.Query) -> dict[str, Any]:
        build: Any = getattr(self, "_" + type(query).__name__.strip("_").lower())
        built: dict[str, Any] = build(query)
        return built

    def _everything(self, query: port.Everything) -> dict[str, Any]:
        return {"match_all": {}}

    def _nothing(self, query: port.Nothing) -> dict[str, Any]:
        return {"match_none": {}}

    def _term(self, query: port.Term) -> dict[str, Any]:
        return {"term": {query.field: {"value": query.word}}}

    def _anyof(self, query: port.AnyOf) -> dict[str, Any]:
        return {"constant_score": {"filter": {"terms": {query.field: list(query.words)}}}}

    def _phrase(self, query: port.Phrase) -> dict[str, Any]:
        if len(query.words) == 1:
            return self._term(port.Term(query.field, query.words[0]))
        return {"match_phrase": {query.field: " ".join(query.words)}}

    def _wildcard(self, query: port.Wildcard) -> dict[str, Any]:
        return {"wildcard": {query.field: {"value": query.pattern.replace("\\", "\\\\")}}}

    def _between(self, query: port.Between) -> dict[str, Any]:
        bounds = {"gte": query.low, "lte": query.high}
        return {"range": {query.field: {k: v for k, v in bounds.items() if v is not None}}}

    def _every(self, query: port.Every) -> dict[str, Any]:
        return {"bool": {"must": [self(part) for part in query.parts]}}

    def _some(self, query: port.Some) -> dict[str, Any]:
        return {"bool": {"should": [self(part) for part in query.parts], "minimum_should_match": query.least}}

    def _best(self, query: port.Best) -> dict[str, Any]:
        return {"dis_max": {"queries": [self(part) for part in query.parts]}}

    def _without(self, query: port.Without) -> dict[str, Any]:
        return {"bool": {"must": [self(query.query)], "must_not": [self(query.excluded)]}}

    def _weighted(self, query: port.Weighted) -> dict[str, Any]:
        return {"bool": {"must": [self(query.query)], "boost": query.weight}}

    def _constant(self, query: port.Constant) -> dict[str, Any]:
        return {"constant_score": {"filter": self(query.query), "boost": query.score}}

    def _ranked(self, query: port.Ranked) -> dict[str, Any]:
        return {"bool": {"must": [self(query.query)], "should": [self(boost) for boost in query.boosts]}}
