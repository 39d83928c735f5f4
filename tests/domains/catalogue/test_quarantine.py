"""What an import set aside, and what a librarian does about it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from khaneh.domains.catalogue import errors, queries, services
from khaneh.domains.catalogue.models import Contribution, QuarantineItem
from khaneh.kernel.actor import SYSTEM, Actor
from khaneh.kernel.refusal import NotAllowed, NotFound
from tests.domains.catalogue import books, snapshot

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)


@pytest.fixture
def batch(tmp_path: Path) -> int:
    """An import of three records of which two are broken: one has lost its title, one its fields."""
    path = tmp_path / "a.mrc"
    untitled = books.record("9", title="", author="Ai đó")
    path.write_bytes(books.iso(books.record("1", **books.KIEU), untitled) + b"00040 nothing here\x1d")
    report = services.import_file(actor=SYSTEM, path=path)
    assert report.quarantined == 2
    return report.batch_id


def test_the_list_and_the_counts_say_what_waits_and_why(batch: int) -> None:
    rows = queries.quarantine_items(actor=SYSTEM, batch_id=batch)
    assert [row.position for row in rows] == [3, 2]
    assert rows[1].reasons == ("without-title",)
    counts = queries.quarantine_counts(actor=SYSTEM, batch_id=batch)
    assert counts["without-title"] == 1
    assert sum(counts.values()) >= 2
    assert [row.id for row in queries.quarantine_items(actor=SYSTEM, reason="without-title")] == [rows[1].id]


def test_the_bytes_are_shown_as_they_are(batch: int) -> None:
    row = queries.quarantine_items(actor=SYSTEM)[0]
    view = queries.quarantine_view(row.id, actor=SYSTEM)
    assert b"".join(bytes.fromhex(line) for _, line, _ in view.hex_lines) == b"00040 nothing here\x1d"
    assert view.hex_lines[0][2] == "00040 nothing he"
    assert queries.quarantine_original(row.id, actor=SYSTEM)[0] == b"00040 nothing here\x1d"


def test_a_corrected_record_is_taken_in_and_the_original_bytes_stay(batch: int) -> None:
    row = queries.quarantine_items(actor=SYSTEM, reason="without-title")[0]
    original = bytes(QuarantineItem.objects.get(pk=row.id).raw)
    corrected = books.iso(books.record("9", title="Có nhan đề rồi", author="Ai đó"))
    done = services.retry_quarantined(actor=SYSTEM, item_id=row.id, corrected=corrected, now=NOW)
    assert done.state == "resolved"
    item = QuarantineItem.objects.get(pk=row.id)
    assert bytes(item.raw) == original
    assert bytes(Contribution.objects.get(pk=item.contribution_id).raw) == corrected
    assert "Có nhan đề rồi" in queries.lines([Contribution.objects.get(pk=item.contribution_id).record_id])[0].title


def test_a_retry_that_fails_changes_nothing(batch: int) -> None:
    before = snapshot.tables()
    for row in queries.quarantine_items(actor=SYSTEM):
        with pytest.raises(errors.StillUnreadable) as refused:
            services.retry_quarantined(actor=SYSTEM, item_id=row.id, now=NOW)
        assert refused.value.facts["reasons"]
    assert services.retry_batch(actor=SYSTEM, batch_id=batch, now=NOW) == (0, 2)
    assert snapshot.tables() == before


def test_a_discarded_record_stays_with_its_reason_and_does_not_come_back(batch: int, tmp_path: Path) -> None:
    row = queries.quarantine_items(actor=SYSTEM)[0]
    with pytest.raises(errors.ReasonMissing):
        services.discard_quarantined(actor=SYSTEM, item_id=row.id, reason=" ", now=NOW)
    services.discard_quarantined(actor=SYSTEM, item_id=row.id, reason="the end of the tape", now=NOW)
    with pytest.raises(errors.AlreadyDecided):
        services.retry_quarantined(actor=SYSTEM, item_id=row.id, now=NOW)
    again = services.import_file(actor=SYSTEM, path=tmp_path / "a.mrc")
    assert (again.quarantined, again.unchanged) == (1, 2)
    assert QuarantineItem.objects.get(pk=row.id).resolution["reason"] == "the end of the tape"


def test_a_whole_batch_is_read_in_the_encoding_that_a_person_picks(tmp_path: Path) -> None:
    texts = [
        "Truyện cổ tích Việt Nam chọn lọc",
        "Lịch sử văn học Việt Nam hiện đại",
        "Từ điển địa danh Nghệ An và Hà Tĩnh",
    ]
    made = [books.record(str(n), title=f"T{n}@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@") for n in range(len(texts))]
    from khaneh.formats.marc.encodings import encode

    data = b""
    for record, text in zip(made, texts, strict=True):
        raw = books.iso(record)
        place = raw.index(b"@@@")
        encoded = encode(text, "tcvn3").ljust(41, b" ")[:41]
        data += raw[:place] + encoded + raw[place + 41 :]
    path = tmp_path / "tcvn.mrc"
    path.write_bytes(data)
    report = services.import_file(actor=SYSTEM, path=path, encoding="utf-8")
    assert report.quarantined == 3
    assert services.retry_batch(actor=SYSTEM, batch_id=report.batch_id, encoding="tcvn3", now=NOW) == (3, 0)
    titles = {line.title for line in queries.latest(limit=3)}
    assert all(any(text in title for title in titles) for text in texts)
    assert set(Contribution.objects.values_list("encoding", flat=True)) == {"tcvn3"}


def test_who_may_not_decide_sees_nothing_and_changes_nothing(batch: int) -> None:
    before = snapshot.tables()
    stranger = Actor(account_id=5)
    row = queries.quarantine_items(actor=SYSTEM)[0]
    assert queries.quarantine_items(actor=stranger) == []
    assert queries.quarantine_counts(actor=stranger) == {}
    with pytest.raises(NotFound):
        queries.quarantine_view(row.id, actor=stranger)
    for call in (
        lambda: services.retry_quarantined(actor=stranger, item_id=row.id, now=NOW),
        lambda: services.discard_quarantined(actor=stranger, item_id=row.id, reason="x", now=NOW),
        lambda: services.retry_batch(actor=stranger, batch_id=batch, now=NOW),
    ):
        with pytest.raises(NotAllowed):
            call()
    assert snapshot.tables() == before
