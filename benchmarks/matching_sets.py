"""The labelled sets that matching is learnt and measured on, as folded records and pairs. Reads the data folder; keeps nothing of it."""

from __future__ import annotations

import csv
import gzip
import json
import random
from collections.abc import Hashable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple, TypeVar, cast

from khaneh.domains.catalogue.rules.matching import TOO_COMMON, Comparable, MatchKeys, comparable, keys_of
from khaneh.formats.marc.describe import describe
from khaneh.formats.marc.detect import detect
from khaneh.formats.marc.read import read, record_from_dict
from khaneh.formats.marc.scan import scan
from khaneh.formats.marc.types import Record

IDENTIFIERS = frozenset(("001", "003", "010", "015", "016", "019", "020", "022", "035"))
_SAMPLE = 200_000  # bytes that detection may look at

_N = TypeVar("_N", str, tuple[str, str])
Name = tuple[str, str]
Pair = tuple[Name, Name]


class Labelled(NamedTuple):
    """Folded records by name, pairs with their label (True: the same), and the cluster each record belongs to."""

    records: dict[str, Comparable]
    pairs: list[tuple[str, str, bool]]
    clusters: dict[str, str]


class Union(NamedTuple):
    """Records of several catalogues and the pairs that are known to be the same."""

    records: dict[Name, Record]
    local_to_master: set[Pair]
    cross_library: set[Pair]


def read_file(path: Path) -> Iterator[Record]:
    """The readable records of a MARC file of any serialisation, gzipped or not."""
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as opened:
        stream = cast("BinaryIO", opened)
        fmt = detect(stream.read(_SAMPLE), name=path.name)
        stream.seek(0)
        for raw in scan(stream, fmt):
            record = read(raw, fmt).record
            if record is not None:
                yield record


def without(record: Record, tags: frozenset[str]) -> Record:
    """The record with some fields, and the 880s linked to them, taken away."""
    return Record(
        record.leader,
        tuple(
            field
            for field in record.fields
            if field.tag not in tags and not (field.tag == "880" and field.first("6")[:3] in tags)
        ),
    )


def fold(record: Record, dialect: str = "marc21") -> Comparable:
    """From a record to what is compared."""
    return comparable(describe(record, dialect))


def marc_ai(folder: Path) -> Labelled:
    """10,208 labelled pairs of English-language monographs; identifiers were removed by the publisher of the set."""
    source = folder / "dedup_labels" / "marc_ai"
    records: dict[str, Comparable] = {}
    clusters: dict[str, str] = {}
    with gzip.open(source / "pairs_records.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            record = record_from_dict(json.loads(line))
            name = record.control("001")
            # CID is the answer, the cluster the pair was made from: kept apart, never folded.
            clusters[name] = next((field.first("a") for field in record.get("CID")), name)
            records[name] = fold(without(record, IDENTIFIERS | {"CID"}))
    with (source / "labels.csv").open(encoding="utf-8") as rows:
        pairs = [(row["id1"], row["id2"], row["label"] == "1") for row in csv.DictReader(rows)]
    return Labelled(records, pairs, clusters)


def arabic_aco(folder: Path) -> Union:
    """Four libraries' Arabic books and the WorldCat masters fetched for two of them, with what is known to be the same."""
    source = folder / "marc_arabic_aco"
    records: dict[Name, Record] = {}
    for path in sorted(source.glob("*_local.marcxml.gz")):
        for record in read_file(path):
            records[(record.control("003").strip(), record.control("001").strip())] = record
    for path in sorted(source.glob("*_oclc_masters.mrc.gz")):
        for record in read_file(path):
            records[("OCLC", _digits(record.control("001")))] = record
    local: set[Pair] = set()
    with gzip.open(source / "gold_local_to_oclc.csv.gz", "rt", encoding="utf-8") as rows:
        for row in csv.DictReader(rows):
            local.add(ordered((row["marc_003"], row["marc_001"]), ("OCLC", _digits(row["oclc_number"]))))
    cross: set[Pair] = set()
    with (source / "gold_cross_library_clusters.csv").open(encoding="utf-8") as rows:
        for row in csv.DictReader(rows):
            members = [member.strip().split(":")[1:3] for member in row["members(inst:003:001)"].split("|")]
            names = [(member[0], member[1]) for member in members]
            cross |= {ordered(one, two) for i, one in enumerate(names) for two in names[:i]}
    known = records.keys()
    return Union(
        records,
        {pair for pair in local if pair[0] in known and pair[1] in known},
        {pair for pair in cross if pair[0] in known and pair[1] in known},
    )


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text)).lstrip("0")


def ordered(one: _N, two: _N) -> tuple[_N, _N]:
    """A pair in its one order."""
    return (one, two) if one < two else (two, one)


def met(labelled: Labelled) -> list[tuple[str, str, bool]]:
    """Further pairs: those our own keys bring together in this set, labelled by cluster. What matching meets in a catalogue."""
    known = {frozenset(pair[:2]) for pair in labelled.pairs}
    pairs, _ = candidates(labelled.records)
    return [
        (one, two, labelled.clusters[one] == labelled.clusters[two])
        for one, two in sorted(pairs)
        if frozenset((one, two)) not in known
    ]


def candidates(records: dict[_N, Comparable]) -> tuple[set[tuple[_N, _N]], int]:
    """The pairs that share a key, as the catalogue's join finds them, and how many keys were too common."""
    holders: dict[int, list[_N]] = {}
    for name, folded in records.items():
        own: MatchKeys = keys_of(folded)
        for key in {*own.strong, *own.weak}:
            holders.setdefault(key, []).append(name)
    pairs: set[tuple[_N, _N]] = set()
    dropped = 0
    for names in holders.values():
        if len(names) > TOO_COMMON:
            dropped += 1
            continue
        pairs |= {ordered(one, two) for i, one in enumerate(names) for two in names[:i]}
    return pairs, dropped


def folds(pairs: Iterable[tuple[Hashable, Hashable]], count: int, seed: int) -> list[int]:
    """A fold for every pair such that no record is in two folds: pairs that share records go together."""
    leader: dict[Hashable, Hashable] = {}

    def find(name: Hashable) -> Hashable:
        while leader.setdefault(name, name) != name:
            leader[name] = leader[leader[name]]
            name = leader[name]
        return name

    listed = list(pairs)
    for one, two in listed:
        leader[find(one)] = find(two)
    groups = list(dict.fromkeys(find(one) for one, _ in listed))
    random.Random(seed).shuffle(groups)
    fold_of = {group: place % count for place, group in enumerate(groups)}
    return [fold_of[find(one)] for one, _ in listed]
