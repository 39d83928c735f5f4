"""Changes on their way to the index: noted in the caller's transaction, written by one writer after the commit."""

from __future__ import annotations

import contextlib
from collections import defaultdict
from collections.abc import Iterable, Iterator

from khaneh.domains.discovery import registry
from khaneh.domains.discovery.index import engine
from khaneh.domains.discovery.models import Generation, Pending
from khaneh.domains.discovery.rules.analysis import analysed, document_id
from khaneh.domains.discovery.services import locks
from khaneh.infrastructure import db
from khaneh.infrastructure.search.port import Writer

BATCH = 1_000
_TOUCH = """
INSERT INTO discovery_pending (kind, key, applied) SELECT %(kind)s::text, key, false FROM unnest(%(keys)s::bigint[]) AS key
"""


def touch(kind: str, keys: Iterable[int]) -> None:
    """Say that documents were made, changed or removed. One statement, in the caller's transaction: rolled back with it."""
    wanted = sorted(set(keys))
    if wanted:
        db.execute(*touching(kind, wanted))


def touching(kind: str, keys: list[int]) -> db.Write:
    """The same as a part of `db.write`."""
    return db.Write(_TOUCH, {"kind": kind, "keys": keys})


def pending() -> int:
    """How many changes the live index has not learnt."""
    return Pending.objects.filter(applied=False).count()


def apply(writer: Writer, rows: list[tuple[int, str, int]]) -> int:
    """Write what the rows (id, kind, key) name as it is; what no longer exists is taken out. Returns the documents written."""
    by_kind: dict[str, dict[int, None]] = defaultdict(dict)
    for _, name, key in rows:
        by_kind[name][key] = None
    for name, wanted in list(by_kind.items()):
        kind = registry.kind(name)
        if kind is not None and kind.within is not None:
            for other, key in kind.within(list(wanted)):
                by_kind[other][key] = None
    paths = registry.hierarchical()
    written = 0
    for name, wanted in by_kind.items():
        kind = registry.kind(name)
        keys = list(wanted)
        for start in range(0, len(keys), BATCH):
            some = keys[start : start + BATCH]
            documents = [analysed(d, paths) for d in kind.documents(some)] if kind is not None else []
            writer.put(documents)
            written += len(documents)
            present = {document for document, _ in documents}
            writer.delete([i for i in (document_id(name, key) for key in some) if i not in present])
    return written


def step(writer: Writer, limit: int = BATCH) -> int:
    """Write the oldest pending changes to the live index and forget them. Returns how many; the writer lock must be held.

    A crash between the commit of the index and of the table writes them again: harmless.
    """
    rows = list(Pending.objects.filter(applied=False).order_by("id").values_list("id", "kind", "key")[:limit])
    if not rows:
        return 0
    apply(writer, rows)
    writer.commit()
    forget([row[0] for row in rows])
    return len(rows)


def forget(ids: list[int]) -> None:
    """Remove changes that are in the live index, or mark them while a rebuild has yet to see them.

    A rebuild that begins after the check reads tables in which these changes are committed.
    """
    done = Pending.objects.filter(id__in=ids)
    if Generation.objects.exclude(state=Generation.State.LIVE).exists():
        done.update(applied=True)
    else:
        done.delete()


@contextlib.contextmanager
def live_writer() -> Iterator[Writer | None]:
    """A writer to the live index, or None where there is none that belongs to this database."""
    name = engine().live()
    if name is None or not Generation.objects.filter(name=name, state=Generation.State.LIVE).exists():
        yield None
    else:
        with engine().writer(name) as writer:
            yield writer


def drain(limit: int = 1_000_000) -> int:
    """Write up to `limit` pending changes if nobody else is writing; 0 where somebody is, or where there is no index yet."""
    done = 0
    with locks.held(locks.WRITER) as mine:
        if mine and pending():
            with live_writer() as writer:
                while writer is not None and done < limit:
                    count = step(writer, min(BATCH, limit - done))
                    done += count
                    if not count:
                        break
    return done
