"""All that hangs together with some works and records: their copies, who waits for them, and what each may expect. Spec: CIRC-QUEUE.

What one copy could fill is read at once, for any number of requests.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from statistics import median
from typing import Any, NamedTuple

from django.db import connection

from khaneh.domains.catalogue.queries.copies import KEPT_IN_HOUSE
from khaneh.domains.catalogue.queries.within import with_catalogue
from khaneh.domains.circulation.queries.paces import paces
from khaneh.domains.circulation.rules import waiting
from khaneh.domains.circulation.rules.targeting import UNKNOWN_KM
from khaneh.domains.circulation.types import CopyStanding, Outlook, PaceKind, RequestState
from khaneh.domains.network import queries as network

# Of a work with more copies than this, those that come free first are looked at: more would not change a date.
MOST_COPIES = 400
MOST_WAITING = 2_000
_USUAL_LOAN_DAYS = 14.0
SEEDS = with_catalogue(
    """
SELECT q.id, coalesce(q.work_id, r.work_id), q.record_id FROM circulation_request q LEFT JOIN {records} r ON r.id = q.record_id
WHERE q.id = ANY (%(ids)s::bigint[])
   OR (q.member_id = %(member)s AND q.state IN ('placed', 'suspended', 'targeted', 'in_transit', 'on_shelf'))
"""
)
RECORD = with_catalogue(
    "SELECT NULL::bigint, r.work_id, r.id FROM {records} r WHERE r.id = %(record)s AND r.merged_into_id IS NULL"
)
_WITHIN = """
(SELECT unnest(%(records)s::bigint[]) UNION SELECT w.id FROM {records} w WHERE w.work_id = ANY (%(works)s::bigint[]))
"""
_COPIES = with_catalogue(
    f"""
SELECT c.id, c.barcode, c.record_id, c.work_id, coalesce(c.current_house_id, c.house_id), c.state,
       l.due_at, l.house_id, coalesce(l.renewed_at, l.lent_at), l.claimed_at IS NOT NULL,
       t.to_house_id, t.from_house_id, t.sent_at, t.request_id, s.captured_at, s.pickup_house_id, g.request_id, g.asked_at
FROM {{copies}} c
LEFT JOIN circulation_occupancy o ON o.copy_id = c.id
LEFT JOIN circulation_loan l ON l.id = o.loan_id
LEFT JOIN circulation_transfer t ON t.id = o.transfer_id
LEFT JOIN circulation_request s ON s.id = o.request_id
LEFT JOIN circulation_target g ON g.copy_id = c.id AND g.state = 'asked'
WHERE c.record_id IN {_WITHIN} AND c.house_id IS NOT NULL AND c.item_type <> ALL (%(kept)s) AND c.state <> 'withdrawn'
ORDER BY c.state <> 'available', l.due_at NULLS FIRST, c.id LIMIT %(limit)s
"""  # noqa: S608 - parts of the statement, no values
)
_WAITING = with_catalogue(
    f"""
SELECT q.id, q.level, q.record_id, q.work_id, q.wanted_copy_id, q.pickup_house_id, q.state, q.priority, q.placed_at, q.suspended_until,
       q.expires_at, q.priority_reason, q.member_id, coalesce(q.work_id, r.work_id)
FROM circulation_request q LEFT JOIN {{records}} r ON r.id = q.record_id
WHERE q.state IN ('placed', 'suspended', 'targeted')
  AND ((q.record_id IN {_WITHIN} AND q.record_id IS NOT NULL) OR (q.work_id = ANY (%(works)s::bigint[]) AND q.work_id IS NOT NULL))
ORDER BY q.priority DESC, q.placed_at, q.id LIMIT %(limit)s
"""  # noqa: S608 - parts of the statement, no values
)


@dataclass(frozen=True, slots=True)
class Expectation:
    """When the copy is at the pickup house: instants, or None where nobody can say.

    READY: it stands there until `latest`. DATED: between `earliest` and `latest` in at least eight of ten cases (`waiting.PROMISED`), most
    likely by `likely`. OPEN: not before `earliest`; how much later cannot be said. NONE: cannot be foreseen, and `reason` says why: no_copy
    (none that could come back is known), too_long (beyond a year), suspended (waits for nothing until it is resumed).
    """

    outlook: Outlook
    earliest: datetime | None = None
    likely: datetime | None = None
    latest: datetime | None = None
    reason: str = ""


class CopyPlace(NamedTuple):
    """A copy that could fill the request, and where it is: at `house_id`, on its way to it, or lent by it until `until`."""

    copy_id: int
    barcode: str | None
    record_id: int
    standing: CopyStanding
    house_id: int | None
    until: datetime | None


_NONE: frozenset[int] = frozenset()
AWAY = frozenset({CopyStanding.NOT_READY, CopyStanding.GONE})


class CopyLine(NamedTuple):
    """A copy of the group with what holds it."""

    id: int
    barcode: str | None
    record_id: int
    work_id: int | None
    at_house_id: int | None
    state: str
    due_at: datetime | None
    lent_by: int | None
    lent_at: datetime | None
    is_claimed: bool
    to_house_id: int | None
    from_house_id: int | None
    sent_at: datetime | None
    travels_for: int | None
    captured_at: datetime | None
    shelf_house_id: int | None
    asked_for: int | None
    asked_at: datetime | None

    @property
    def standing(self) -> CopyStanding:
        """Where it is, as somebody who waits would say."""
        if self.state == "lost" or self.state == "missing" or self.is_claimed:
            return CopyStanding.GONE
        if self.due_at is not None:
            return CopyStanding.ON_LOAN
        if self.to_house_id is not None:
            return CopyStanding.IN_TRANSIT
        if self.shelf_house_id is not None:
            return CopyStanding.ON_HOLD_SHELF
        if self.state != "available":
            return CopyStanding.NOT_READY
        return CopyStanding.ASKED_FOR if self.asked_for is not None else CopyStanding.ON_SHELF

    def place(self) -> CopyPlace:
        """For those who ask where the copies are."""
        where = self.lent_by or self.to_house_id or self.shelf_house_id or self.at_house_id
        return CopyPlace(self.id, self.barcode, self.record_id, self.standing, where, self.due_at)

    def supply(self, now: datetime) -> waiting.Supply:
        """What it is to those who wait."""

        def days(since: datetime | None) -> float:
            return (now - since).total_seconds() / 86_400 if since is not None else 0.0

        known = (self.id, self.record_id, self.work_id)
        home = self.at_house_id or 0
        match self.standing:
            case CopyStanding.ON_LOAN:
                return waiting.Supply(*known, self.lent_by or home, PaceKind.RETURN, days(self.due_at))
            case CopyStanding.IN_TRANSIT:
                taken = self.travels_for is not None
                way = self.to_house_id or home
                return waiting.Supply(*known, way, PaceKind.TRANSFER, days(self.sent_at), taken, self.from_house_id)
            case CopyStanding.ON_HOLD_SHELF:
                return waiting.Supply(*known, self.shelf_house_id or home, PaceKind.SHELF, days(self.captured_at), True)
        return waiting.Supply(*known, home, PaceKind.FETCH, days(self.asked_at))


class WaitLine(NamedTuple):
    """A request of the group that still waits, in the order of the queue."""

    id: int
    level: str
    record_id: int | None
    work_id: int | None
    copy_id: int | None
    pickup_house_id: int
    state: str
    priority: int
    placed_at: datetime
    suspended_until: datetime | None
    expires_at: datetime | None
    priority_reason: str
    member_id: int
    of_work_id: int | None

    def wish(self, now: datetime) -> waiting.Wish:
        """What it asks of the copies."""

        def days(until: datetime | None, otherwise: float) -> float:
            return max((until - now).total_seconds() / 86_400, 0.0) if until is not None else otherwise

        return waiting.Wish(
            self.id,
            self.record_id if self.level == "record" else None,
            self.work_id if self.level == "work" else None,
            self.copy_id,
            self.pickup_house_id,
            days(self.suspended_until, waiting.HORIZON) if self.state == RequestState.SUSPENDED else 0.0,
            days(self.expires_at, waiting.HORIZON * 2),
        )


@dataclass
class Group:
    """All that hangs together with some works and records."""

    seeds: list[tuple[int | None, int | None, int | None]]
    copies: list[CopyLine]
    requests: list[WaitLine]
    now: datetime

    @classmethod
    def read(cls, query: str, facts: dict[str, Any], now: datetime) -> Group:
        """The group of what a statement names: SEEDS for requests, RECORD for a record. Three statements."""
        with connection.cursor() as cursor:
            cursor.execute(query, facts)
            seeds = cursor.fetchall()
            within: dict[str, Any] = {
                "works": list({row[1] for row in seeds if row[1] is not None}),
                "records": list({row[2] for row in seeds if row[2] is not None}),
                "kept": [kind.value for kind in KEPT_IN_HOUSE],
            }
            if not seeds:
                return cls([], [], [], now)
            cursor.execute(_COPIES, {**within, "limit": MOST_COPIES * max(len(seeds), 1)})
            copies = [CopyLine._make(row) for row in cursor.fetchall()]
            cursor.execute(_WAITING, {**within, "limit": MOST_WAITING * max(len(seeds), 1)})
            requests = [WaitLine._make(row) for row in cursor.fetchall()]
        return cls(seeds, copies, requests, now)

    def rivals(self, one: waiting.Wish, other: waiting.Wish) -> bool:
        """Whether some copy could fill both."""
        return not self._reach(one).isdisjoint(self._reach(other))

    def _reach(self, wish: waiting.Wish) -> frozenset[int]:
        if wish.copy_id is not None:
            return frozenset({wish.copy_id})
        return self._filling.get(
            ("work", wish.work_id) if wish.work_id is not None else ("record", wish.record_id), _NONE
        )

    @cached_property
    def _filling(self) -> dict[tuple[str, int | None], frozenset[int]]:
        by: dict[tuple[str, int | None], set[int]] = defaultdict(set)
        for supply in self.supplies:
            by["work", supply.work_id].add(supply.copy_id)
            by["record", supply.record_id].add(supply.copy_id)
        return {key: frozenset(copies) for key, copies in by.items()}

    @cached_property
    def supplies(self) -> list[waiting.Supply]:
        """What the copies are to those who wait."""
        return [copy.supply(self.now) for copy in self.copies if copy.standing not in AWAY]

    def expect(self, ids: Iterable[int], *, extra: waiting.Wish | None = None) -> dict[int, Expectation]:
        """What each of these waiting requests may expect, each family of works and records played by itself. Two statements."""
        wanted = set(ids)
        if not wanted:
            return {}
        houses = {one.pickup_house_id for one in self.requests} | {copy.at_house_id or 0 for copy in self.copies}
        pace = paces(houses)
        between = network.distances()
        families: dict[tuple[str, int], tuple[list[waiting.Wish], list[waiting.Supply]]] = defaultdict(lambda: ([], []))
        works = {copy.record_id: copy.work_id for copy in self.copies} | {r[2]: r[1] for r in self.seeds if r[2]}
        for one in self.requests:
            families[_family(one.of_work_id, one.record_id)][0].append(one.wish(self.now))
        if extra is not None:
            families[_family(works.get(extra.record_id or 0), extra.record_id)][0].append(extra)
        for supply in self.supplies:
            families[_family(supply.work_id, supply.record_id)][1].append(supply)
        terms = [
            (copy.due_at - copy.lent_at).total_seconds() / 86_400
            for copy in self.copies
            if copy.due_at and copy.lent_at
        ]
        found: dict[int, Expectation] = {}
        for key, (wishes, supplies) in sorted(families.items()):
            about = {wish.request_id for wish in wishes} & wanted
            if not about:
                continue
            ranges = waiting.foresee(
                wishes, supplies, pace=pace, about=about, loan_days=max(median(terms or [_USUAL_LOAN_DAYS]), 0.5), seed=key[1],
                kilometres=lambda a, b: UNKNOWN_KM if (km := between(a, b)) is None else km,
            )  # fmt: skip
            for wish in wishes:
                if wish.request_id in about:
                    able = any(waiting.fills(supply, wish) for supply in supplies)
                    found[wish.request_id] = expectation_of(ranges[wish.request_id], wish, able, self.now)
        return found


def _family(work_id: int | None, record_id: int | None) -> tuple[str, int]:
    return ("work", work_id) if work_id is not None else ("record", record_id or 0)


def expectation_of(days: waiting.Range, wish: waiting.Wish, able: bool, now: datetime) -> Expectation:
    """A range of days as instants; `able` says whether any copy could fill the wish at all."""

    def at(day: float) -> datetime | None:
        return now + timedelta(days=day) if day <= waiting.HORIZON else None

    earliest, likely, latest = at(days.earliest), at(days.likely), at(days.latest)
    if not able:
        return Expectation(Outlook.NONE, reason="no_copy")
    if earliest is None:
        return Expectation(Outlook.NONE, reason="suspended" if wish.wakes >= waiting.HORIZON else "too_long")
    if latest is None:
        return Expectation(Outlook.OPEN, earliest=earliest, likely=likely)
    return Expectation(Outlook.DATED, earliest, likely, latest)
