"""Works that follow their records: apart again where nothing holds them together any more, and back where they were.

`importing.works` brings records together by their keys and never takes any apart. Here a work is looked at as a whole: those of its
records that still hold together, directly or through others, stay together; what a person put into it stays in it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from django.db import connection

from khaneh.domains.catalogue.models import Work
from khaneh.domains.catalogue.rules.intake.reading import unpacked
from khaneh.domains.catalogue.rules.works import Edition, held_together
from khaneh.domains.catalogue.services.importing import works
from khaneh.domains.catalogue.services.importing.matching import array
from khaneh.domains.catalogue.services.importing.rows import reserve
from khaneh.domains.discovery import services as discovery

_KEYS = "SELECT record_id, work_keys FROM catalogue_contribution WHERE record_id = ANY(%s::bigint[]) ORDER BY id"
_OF_RECORDS = "SELECT DISTINCT work_id FROM catalogue_record WHERE id = ANY(%s::bigint[]) AND work_id IS NOT NULL"
_MEMBERS = """
SELECT r.work_id, r.id, r.work_is_manual, c.work_keys
FROM catalogue_record AS r LEFT JOIN catalogue_contribution AS c ON c.record_id = r.id
WHERE r.work_id = ANY(%s::bigint[]) AND r.merged_into_id IS NULL ORDER BY r.work_id, r.id, c.id
"""
_PLACES = """
SELECT r.id, r.work_id FROM catalogue_record AS r
WHERE r.id = ANY(%s::bigint[]) OR r.work_id IN (SELECT o.work_id FROM catalogue_record AS o WHERE o.id = ANY(%s::bigint[]))
"""
_INHABITED = "SELECT work_id, id FROM catalogue_record WHERE work_id = ANY(%s::bigint[]) AND merged_into_id IS NULL"
_MOVE = """
UPDATE catalogue_record AS r SET work_id = m.work
FROM unnest(%s::bigint[], %s::bigint[]) AS m(record, work) WHERE r.id = m.record AND NOT r.work_is_manual
"""


class _Group(NamedTuple):
    """Records that hold together, and how many of them a person put into the work: with those it always stays."""

    records: tuple[int, ...]
    put: int


def places(record_ids: Iterable[int]) -> dict[int, int | None]:
    """The work of each of these records and of every other record in one of those works. One statement."""
    numbers = array(record_ids)
    with connection.cursor() as cursor:
        cursor.execute(_PLACES, [numbers, numbers])
        return dict(cursor.fetchall())


def join(record_ids: Iterable[int]) -> set[int]:
    """Bring records together with whatever shares a work's key with them now. Returns the works that were touched. Seven statements."""
    with connection.cursor() as cursor:
        cursor.execute(_KEYS, [array(record_ids)])
        touched = works.group([(record, unpacked(bytes(keys))) for record, keys in cursor.fetchall()])
        cursor.execute(_INHABITED, [array(touched)])
        discovery.touch("record", [record for _, record in cursor.fetchall()])
    return touched


def follow(record_ids: Iterable[int], *, before: Mapping[int, int | None] | None = None) -> set[int]:
    """Put records where their contributions say now, in or out of a work, and say so to discovery. Returns the works that were touched.

    `before` says in which work records were once: a group that comes apart gets that one back. The caller holds the lock MATCHING. A
    bounded number of statements.
    """
    numbers = sorted(set(record_ids))
    touched = join(numbers) | split(_works_of(numbers), before=before)
    discovery.touch("work", touched)
    return touched


def of_changed(record_ids: Iterable[int]) -> set[int]:
    """`split` for the works of records whose contributions changed. A statement more; none for no record."""
    numbers = list(record_ids)
    return split(_works_of(numbers)) if numbers else set()


def split(work_ids: Iterable[int], *, before: Mapping[int, int | None] | None = None) -> set[int]:
    """Take out of works what does not belong to them any more. Returns the works that were touched.

    Six statements at most, and one for each work that is made.
    """
    editions: dict[int, dict[int, Edition]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(_MEMBERS, [array(work_ids)])
        for work, record, manual, keys in cursor.fetchall():
            own = editions[work].setdefault(record, Edition(record, set(), manual))
            own.keys.update(unpacked(bytes(keys)) if keys is not None else ())
    apart: list[tuple[int, list[_Group]]] = []
    for work, members in editions.items():
        groups = [
            _Group(tuple(one.record for one in some), sum(one.is_manual for one in some))
            for some in held_together(members.values())
        ]
        if len(groups) > 1 or not (groups[0].put or len(groups[0].records) > 1):
            apart.append((work, groups))
    return _write(apart, before or {}) if apart else set()


def _write(apart: list[tuple[int, list[_Group]]], before: Mapping[int, int | None]) -> set[int]:
    free = _Free(before)
    moves: dict[int, int | None] = {}
    homeless: list[_Group] = []
    touched = {work for work, _ in apart}
    for work, groups in apart:
        leaving = {id(group): home for group in groups if (home := free.home_of(group, work)) is not None}
        # Who stays: the most, else the oldest; never a group that has a home of its own to go back to. Whoever a person put there
        # stays with them, and keeps even a single record company.
        own = [group for group in groups if id(group) not in leaving and group.put < len(group.records)]
        staying = max(own, key=lambda group: (group.put > 0, len(group.records), -group.records[0]), default=None)
        company = any(group.put for group in groups)
        for group in groups:
            if group.put or (group is staying and (company or len(group.records) > 1)):
                continue
            if id(group) in leaving:
                moves.update(dict.fromkeys(group.records, leaving[id(group)]))
            elif len(group.records) > 1:
                homeless.append(group)
            else:
                moves[group.records[0]] = None
    for group, work in zip(homeless, reserve("catalogue_work", len(homeless)), strict=True):
        Work.objects.create(pk=work)
        moves.update(dict.fromkeys(group.records, work))
    with connection.cursor() as cursor:
        cursor.execute(
            _MOVE, [array(moves), "{" + ",".join("NULL" if w is None else str(w) for w in moves.values()) + "}"]
        )
    discovery.touch("record", moves)
    return touched | {work for work in moves.values() if work is not None}


class _Free:
    """Works that groups were in before and that nobody else has settled in since."""

    def __init__(self, before: Mapping[int, int | None]) -> None:
        self._before = before
        self._inhabitants: dict[int, set[int]] = defaultdict(set)
        if wanted := {work for work in before.values() if work is not None}:
            with connection.cursor() as cursor:
                cursor.execute(_INHABITED, [array(wanted)])
                for work, record in cursor.fetchall():
                    self._inhabitants[work].add(record)

    def home_of(self, group: _Group, work: int) -> int | None:
        """The work that the group goes back to, when that is another one than where it is and free."""
        if group.put or len(group.records) < 2:
            return None
        for record in group.records:
            home = self._before.get(record)
            if home is not None and home != work and self._inhabitants[home] <= set(group.records):
                self._inhabitants[home].update(group.records)
                return home
        return None


def _works_of(record_ids: Iterable[int]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(_OF_RECORDS, [array(record_ids)])
        return [row[0] for row in cursor.fetchall()]
