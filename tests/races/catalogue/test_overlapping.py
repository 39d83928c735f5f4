"""Deciding a chunk while the one before is written gives what one after the other gives, and lets others in between two chunks."""

from __future__ import annotations

import random
import threading
import time
from pathlib import Path

import pytest
from django.db import connection, transaction

from benchmarks.import_records import records
from khaneh.domains.catalogue import services
from khaneh.domains.catalogue.services.importing import chunk, rows, run
from khaneh.domains.catalogue.services.importing.matching import Ahead
from khaneh.domains.catalogue.services.importing.state import MATCHING
from khaneh.formats.marc.types import Field, Record
from khaneh.formats.marc.write import to_iso2709
from khaneh.infrastructure import db
from khaneh.kernel.actor import SYSTEM
from tests.domains.catalogue import snapshot

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
_CHUNK = 20


def writings(folder: Path) -> list[Path]:
    """A catalogue and its next edition: numbers that come twice, records that changed, some that do, and bytes that are no record."""
    draw = random.Random(5)
    books = list(records(400, seed=5))
    # Twins of books just before, so that they fall into the same chunk or the next; bearing a number that was used.
    for _ in range(60):
        at = draw.randrange(len(books) - 30)
        twin = books[at]
        books.insert(at + draw.randrange(1, 30), draw.choice((twin, _noted(twin), _renumbered(twin, draw))))
    later = [_noted(book) if draw.random() < 0.3 else book for book in books]
    paths = []
    for name, listed in (("first", books), ("second", later)):
        data = [to_iso2709(book) for book in listed]
        data.insert(len(data) // 2, b"00077 junk in the middle\x1d")
        path = folder / name / "catalogue.mrc"
        path.parent.mkdir()
        path.write_bytes(b"".join(data))
        paths.append(path)
    return paths


def _noted(book: Record) -> Record:
    return Record(book.leader, (*book.fields, Field("500", subfields=(("a", "Donated."),))))


def _renumbered(book: Record, draw: random.Random) -> Record:
    return Record(book.leader, (Field("001", value=f"T{draw.randrange(10**9)}"), *book.fields[1:]))


def pour(paths: list[Path], workers: int) -> list[dict[str, list[object]]]:
    """Import the files and give the catalogue's content after each."""
    found: list[dict[str, list[object]]] = []
    for path in paths:
        services.import_file(actor=SYSTEM, path=path, workers=workers)
        found.append({name: list(listed) for name, listed in snapshot.content().items()})
    snapshot.empty()
    return found


def test_the_end_is_the_same_as_one_after_the_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "RECORDS", _CHUNK)
    paths = writings(tmp_path)
    in_turn = pour(paths, workers=0)
    overlapped = pour(paths, workers=1)
    for one, other in zip(in_turn, overlapped, strict=True):
        assert one["merges"]
        for name, listed in one.items():
            assert other[name] == listed, name


def test_control_without_what_is_handed_over_twins_are_missed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "RECORDS", _CHUNK)
    path = writings(tmp_path)[0]
    [in_turn] = pour([path], workers=0)
    monkeypatch.setattr(Ahead, "of", classmethod(lambda cls, new: cls()))
    original = chunk.write_prepared

    def slowly(*arguments: object) -> object:
        time.sleep(0.1)  # the next chunk is decided before this one can be seen
        return original(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(chunk, "write_prepared", slowly)
    [overlapped] = pour([path], workers=1)
    assert len(overlapped["merges"]) < len(in_turn["merges"])


def test_who_waits_for_the_lock_is_let_in_before_the_import_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "RECORDS", _CHUNK)
    order: list[str] = []
    waiting = threading.Event()

    def act() -> None:
        waiting.wait(30)
        with transaction.atomic():
            db.lock(MATCHING)
            order.append("act")
        connection.close()

    other = threading.Thread(target=act)
    other.start()

    def progress(report: object) -> None:
        order.append("chunk")
        waiting.set()
        time.sleep(0.05)

    services.import_file(actor=SYSTEM, path=writings(tmp_path)[0], workers=1, progress=progress)
    other.join(timeout=30)
    assert 0 < order.index("act") < len(order) - 3


def test_an_import_that_fails_while_it_writes_says_so_and_goes_on_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "RECORDS", _CHUNK)
    path = writings(tmp_path)[0]
    [whole] = pour([path], workers=0)
    original = rows.decisions
    calls = 0

    def fails_once(*arguments: object) -> None:
        nonlocal calls
        calls += 1
        if calls == 7:
            raise OSError("no space left")
        original(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(rows, "decisions", fails_once)
    with pytest.raises(OSError, match="no space"):
        services.import_file(actor=SYSTEM, path=path, workers=1)
    assert snapshot.content()["batches"][0][2] > 0
    services.import_file(actor=SYSTEM, path=path, workers=1)
    for name, listed in whole.items():
        assert snapshot.content()[name] == listed, name
