"""Deriving again what is stored of records whose contributions changed. Safe to stop anywhere and to run beside imports."""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, suppress
from multiprocessing import get_context

import orjson
from django.db import connection

from khaneh.domains.catalogue.queries.union import stored
from khaneh.domains.catalogue.rules.intake import union
from khaneh.infrastructure import db

_SOME = 400  # records at a time
_POOL_FROM = 2_000  # stale records from which processes are worth starting
_STALE = "SELECT id FROM catalogue_record WHERE is_stale AND id > %s ORDER BY id LIMIT %s"
# The row's version of the moment it was read: a record that changed since stays stale.
_VERSIONS = "SELECT id, changed_at::text FROM catalogue_record WHERE id = ANY(%s::bigint[])"
_WRITE = """
UPDATE catalogue_record AS r SET document = d.document, is_stale = false
FROM json_to_recordset(%s::json) AS d(id bigint, document text, version text)
WHERE r.id = d.id AND r.changed_at = d.version::timestamptz
"""


def refresh_stale(*, workers: int = 0, pool: ProcessPoolExecutor | None = None) -> int:
    """Derive the documents of every stale record and say how many. Each some hundred are a transaction of their own.

    In so many processes where it is much: in those of `pool`, where the caller has some at work.
    """
    done = 0
    with ExitStack() as stack:
        if pool is None and workers and _count() >= _POOL_FROM:
            pool = stack.enter_context(ProcessPoolExecutor(workers, mp_context=get_context("spawn")))
        under_way: deque[tuple[dict[int, str], Future[_Documents] | None, _Records]] = deque()
        last = 0
        while True:
            while len(under_way) <= workers:
                ids = _next(last)
                if not ids:
                    break
                last = ids[-1]
                versions = _versions(ids)
                records = list(stored(ids).items())
                under_way.append((versions, _begun(pool, records), records))
            if not under_way:
                return done
            versions, future, records = under_way.popleft()
            done += _write(_derived(future, records), versions)


_Records = list[tuple[int, list[union.Stored]]]
_Documents = list[tuple[int, str]]


def _begun(pool: ProcessPoolExecutor | None, records: _Records) -> Future[_Documents] | None:
    with suppress(BrokenProcessPool):
        return pool.submit(union.documents, records) if pool is not None else None
    return None


def _derived(future: Future[_Documents] | None, records: _Records) -> _Documents:
    if future is not None:
        # A process that died has done nothing that this one could not do.
        with suppress(BrokenProcessPool):
            return future.result()
    return union.documents(records)


def refresh(ids: list[int]) -> int:
    """Derive the documents of these records, in the caller's transaction."""
    versions = _versions(ids)
    return _write(union.documents(list(stored(ids).items())), versions)


def _count() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM (SELECT FROM catalogue_record WHERE is_stale LIMIT %s) AS first_ones", [_POOL_FROM]
        )
        return int(cursor.fetchone()[0])


def _next(last: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(_STALE, [last, _SOME])
        return [row[0] for row in cursor.fetchall()]


def _versions(ids: list[int]) -> dict[int, str]:
    with connection.cursor() as cursor:
        cursor.execute(_VERSIONS, [ids])
        return dict(cursor.fetchall())


def _write(found: list[tuple[int, str]], versions: dict[int, str]) -> int:
    if not found:
        return 0
    with db.transaction(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")
        cursor.execute(
            _WRITE,
            [orjson.dumps([{"id": n, "document": text, "version": versions[n]} for n, text in found]).decode()],
        )
        return int(cursor.rowcount)
