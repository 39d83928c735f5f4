"""Locks, copying and the journal, on a real server."""

from __future__ import annotations

import threading

import pytest
from django.db import DatabaseError, connection

from khaneh.infrastructure import db, journal
from khaneh.infrastructure.journal.models import Entry
from khaneh.kernel.actor import SYSTEM


@pytest.mark.django_db
@pytest.mark.parametrize("change", [lambda rows: rows.update(kind="other"), lambda rows: rows.delete()])
def test_the_journal_refuses_change_and_deletion(change) -> None:
    journal.record("test.thing.happened", actor=SYSTEM, number=7)
    with pytest.raises(DatabaseError, match="append-only"), db.transaction():
        change(Entry.objects.filter(kind="test.thing.happened"))
    assert Entry.objects.get(kind="test.thing.happened").facts == {"number": 7}


@pytest.mark.django_db
def test_copied_rows_roll_back_with_their_transaction() -> None:
    with pytest.raises(RuntimeError, match="after all"), db.transaction():
        assert db.copy_rows("journal_entry", ["kind", "facts"], [("a.b.c", "{}"), ("a.b.d", "{}")]) == 2
        assert Entry.objects.filter(kind__startswith="a.b.").count() == 2
        raise RuntimeError("not after all")
    assert not Entry.objects.filter(kind__startswith="a.b.").exists()


@pytest.mark.django_db(transaction=True)
def test_a_lock_needs_a_transaction() -> None:
    with pytest.raises(RuntimeError, match="needs a transaction"):
        db.lock(("test.thing", 1))


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_acts_that_name_the_same_locks_in_other_orders_both_end() -> None:
    done: list[int] = []

    def act(*things: tuple[str, int]) -> None:
        try:
            for _ in range(30):
                with db.transaction():
                    db.lock(*things)
            done.append(1)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=act, args=(("a", 1), ("b", 2))),
        threading.Thread(target=act, args=(("b", 2), ("a", 1))),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert len(done) == 2
