"""Which record each new contribution belongs to. Candidates by shared keys in SQL, the comparison in Python, within one lock.

The order of the file decides, never where a chunk ends: a contribution is compared with what stood before it, whether that is in the
tables or in the same chunk. So an import that was killed and taken up again ends as one that was not.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain

import orjson
from django.db import connection

from khaneh.domains.catalogue.rules.intake.reading import unpacked
from khaneh.domains.catalogue.rules.matching import Comparable, Verdict, score, surely_different
from khaneh.domains.catalogue.rules.matching.keys import TOO_COMMON
from khaneh.domains.catalogue.services.importing.state import Incoming

MOST_COMPARED = 60  # candidates of one contribution, those that share most keys first
MOST_REVIEWS = 3  # pairs that one contribution may put before a person

# One more than are used: a key with more holders than that brings nobody together.
_HOLDERS = """
SELECT asked.key, held.contribution_id
FROM unnest(%s::bigint[]) AS asked(key)
CROSS JOIN LATERAL (
    SELECT contribution_id FROM catalogue_match_key AS k WHERE k.key = asked.key ORDER BY contribution_id LIMIT %s
) AS held
"""
_CANDIDATES = "SELECT id, record_id, comparable FROM catalogue_contribution WHERE id = ANY(%s::bigint[])"


@dataclass(slots=True)
class _Candidate:
    """A contribution that may describe the same thing."""

    id: int
    record_id: int
    json: str | bytes
    folded: Comparable | None = None

    def comparable(self) -> Comparable:
        if self.folded is None:
            self.folded = Comparable.from_json(orjson.loads(self.json))
        return self.folded


@dataclass(frozen=True, slots=True)
class Match:
    """A contribution that joins a record, and why."""

    contribution_id: int
    own_record_id: int
    record_id: int
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Doubt:
    """Two records that a person should look at."""

    left: int
    right: int
    verdict: Verdict


@dataclass(slots=True)
class Decided:
    """What was found out about a chunk."""

    matches: list[Match] = field(default_factory=list)
    doubts: dict[tuple[int, int], Doubt] = field(default_factory=dict)
    compared: int = 0

    def doubt(self, one: int, other: int, verdict: Verdict) -> None:
        """Keep the likelier verdict of a pair."""
        pair = (min(one, other), max(one, other))
        known = self.doubts.get(pair)
        if one != other and (known is None or verdict.score > known.verdict.score):
            self.doubts[pair] = Doubt(*pair, verdict)


def array(numbers: Iterable[int]) -> str:
    """A bigint[] in PostgreSQL's text form: many times faster to hand over than a list of tens of thousands."""
    return "{" + ",".join(map(str, numbers)) + "}"


def texts(values: Iterable[str]) -> str:
    """Texts for `json_array_elements_text`, for the same reason."""
    return orjson.dumps(list(values)).decode()


def holders(keys: Iterable[int]) -> dict[int, list[int]]:
    """The contributions that hold each key, at most TOO_COMMON + 1 of them. One statement."""
    found: dict[int, list[int]] = defaultdict(list)
    with connection.cursor() as cursor:
        # Sorted: neighbours in the index are on one page.
        cursor.execute(_HOLDERS, [array(sorted(keys)), TOO_COMMON + 1])
        for key, number in cursor.fetchall():
            found[key].append(number)
    return found


def candidates(numbers: Iterable[int]) -> dict[int, _Candidate]:
    """The contributions with these numbers, ready to be compared. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_CANDIDATES, [array(numbers)])
        return {row[0]: _Candidate(*row) for row in cursor.fetchall()}


@dataclass(slots=True)
class Ahead:
    """What a chunk that is decided, but perhaps not yet in the tables, adds for the next: the holders of keys, and how they compare."""

    holders: dict[int, list[int]] = field(default_factory=dict)
    there: dict[int, _Candidate] = field(default_factory=dict)

    @classmethod
    def of(cls, new: list[Incoming]) -> Ahead:
        """Of the new contributions of a chunk, once they are decided."""
        holders: dict[int, list[int]] = {}
        for one in new:
            for key in unpacked(one.parsed.keys):
                holders.setdefault(key, []).append(one.id)
        return cls(holders, {one.id: _Candidate(one.id, one.record_id, one.parsed.comparable) for one in new})

    def join(self, keys: Iterable[int], held: dict[int, list[int]]) -> set[int]:
        """Put our holders of these keys after those that the tables told of, and say which joined. They are younger than all of those."""
        joined: set[int] = set()
        for key in keys:
            own = self.holders.get(key)
            if own is not None:
                # The tables may have taken the chunk in since.
                missing = [number for number in own if number not in held[key]]
                held[key] += missing
                joined.update(missing)
        return joined


def decide(incoming: list[Incoming], ahead: Ahead | None = None) -> Decided:
    """Give every contribution its record: `record_id` is set on each. Two statements. The caller holds the lock MATCHING.

    `ahead` is of the chunk before, where that is still being written.
    """
    keys = [unpacked(one.parsed.keys) for one in incoming]
    counted = Counter(chain.from_iterable(keys))
    held = holders(counted)
    young = ahead.join(counted, held) if ahead is not None else set()
    there = candidates(
        {number for numbers in held.values() if len(numbers) <= TOO_COMMON for number in numbers} - young
    )
    if ahead is not None:
        there.update((number, ahead.there[number]) for number in young)
    # Most keys are met once and never again: only the others can bring anybody together.
    met = {key for key, count in counted.items() if count > 1 or key in held}
    decided = Decided()
    for one, own in zip(incoming, keys, strict=True):
        one.record_id = one.own_record_id
        shared = [key for key in own if key in met]
        if shared:
            place(one, shared, held, there, decided)
            there[one.id] = _Candidate(one.id, one.record_id, one.parsed.comparable)
            for key in shared:
                held[key].append(one.id)
    return decided


def place(
    one: Incoming,
    keys: list[int],
    held: Mapping[int, list[int]],
    there: Mapping[int, _Candidate],
    decided: Decided,
) -> None:
    """Compare one contribution with its candidates and set its record."""
    shared: dict[int, int] = {}
    for key in keys:
        numbers = held.get(key, ())
        if len(numbers) <= TOO_COMMON:
            for number in numbers:
                shared[number] = shared.get(number, 0) + 1
    if not shared:
        return
    own = Comparable.from_json(orjson.loads(one.parsed.comparable))
    same: dict[int, Verdict] = {}
    unsure: dict[int, Verdict] = {}
    refused: set[int] = set()
    for number in sorted(shared, key=lambda number: (-shared[number], number))[:MOST_COMPARED]:
        other = there[number]
        decided.compared += 1
        if surely_different(own, other.comparable()):
            refused.add(other.record_id)
            continue
        verdict = score(own, other.comparable())
        if verdict.decision == "different":
            refused.add(other.record_id)
            continue
        best = same if verdict.decision == "same" else unsure
        if other.record_id not in best or verdict.score > best[other.record_id].score:
            best[other.record_id] = verdict
    # A record of which one contribution is the same and another is not is a question, not an answer.
    sure = {record: verdict for record, verdict in same.items() if record not in refused}
    if sure:
        one.record_id = min(sure, key=lambda record: (-sure[record].score, record))
        decided.matches.append(Match(one.id, one.own_record_id, one.record_id, sure[one.record_id]))
    open_questions = {**unsure, **same}
    open_questions.pop(one.record_id, None)
    for record in sorted(open_questions, key=lambda record: (-open_questions[record].score, record))[:MOST_REVIEWS]:
        decided.doubt(one.record_id, record, open_questions[record])
