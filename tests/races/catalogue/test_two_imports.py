"""Two imports that bring the same books at the same moment make one record of each; without the lock they do not."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import pytest
from django.db import connection

from khaneh.domains.catalogue import services
from khaneh.domains.catalogue.models import Record
from khaneh.domains.catalogue.services.importing import chunk, known, overlapping
from khaneh.kernel.actor import SYSTEM
from tests.domains.catalogue import books

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
_WORDS = ["biển", "sông", "núi", "rừng", "trăng", "sao", "gió", "mưa", "lửa", "đất"]


def two_files(folder: Path) -> list[Path]:
    """Forty books, in the one house's file and in the other's."""
    facts = [
        {
            "title": f"{_WORDS[n % 10]} và {_WORDS[(n * 3 + n // 10) % 10]} ở làng quê ta {n}",
            "author": f"Nguyễn Văn {_WORDS[n % 7]}",
            "year": str(1970 + n),
            "publisher": "Văn học",
            "pages": str(100 + 7 * n),
            "isbn": _isbn(n),
        }
        for n in range(40)
    ]
    return [
        books.write(
            folder / f"{agency}.mrc", *(books.record(str(n), **own, agency=agency) for n, own in enumerate(facts))
        )
        for agency in ("one", "two")
    ]


def _isbn(number: int) -> str:
    digits = f"978604{number:06d}"
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return digits + str(-total % 10)


def pour_both(paths: list[Path], meet: Callable[[], None], workers: int = 0) -> None:
    """Run both imports; each calls `meet` after it has looked for known records and before it looks for twins."""
    failures: list[BaseException] = []

    def pour(path: Path) -> None:
        try:
            services.import_file(actor=SYSTEM, path=path, workers=workers)
        except BaseException as failure:
            failures.append(failure)
        finally:
            connection.close()

    original = known.sort

    def sort(*arguments: object) -> known.Sorted:
        found = original(*arguments)  # type: ignore[arg-type]
        meet()
        return found

    known.sort = sort  # type: ignore[assignment]
    try:
        threads = [threading.Thread(target=pour, args=(path,)) for path in paths]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
    finally:
        known.sort = original
    assert not failures


def standing() -> int:
    return Record.objects.filter(merged_into__isnull=True).count()


@pytest.mark.parametrize("workers", [0, 1], ids=["in turn", "overlapping"])
def test_two_imports_of_the_same_books_make_one_record_of_each(workers: int, tmp_path: Path) -> None:
    pour_both(two_files(tmp_path), lambda: threading.Event().wait(0.3), workers)
    assert standing() == 40
    assert Record.objects.count() == 80


def test_control_without_the_lock_the_race_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    both_there = threading.Barrier(2, timeout=60)
    monkeypatch.setattr(chunk.db, "lock", lambda *things: None)
    pour_both(two_files(tmp_path), lambda: (both_there.wait(), None)[1])
    assert standing() == 80


def test_control_without_the_lock_held_over_chunks_the_race_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    both_there = threading.Barrier(2, timeout=60)
    monkeypatch.setattr(overlapping.db, "session_lock", lambda thing: nullcontext())
    monkeypatch.setattr(overlapping.db, "lock", lambda *things: None)
    pour_both(two_files(tmp_path), lambda: (both_there.wait(), None)[1], workers=1)
    assert standing() == 80
