"""Merges by a person: explained, permitted, and undone byte for byte."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from pathlib import Path

import pytest

from khaneh.domains.catalogue import errors, queries, services
from khaneh.domains.catalogue.models import MergeDecision, Record, ReviewPair
from khaneh.domains.catalogue.queries import documents
from khaneh.kernel.actor import SYSTEM, Actor
from khaneh.kernel.refusal import NotAllowed, NotFound
from tests.domains.catalogue import books, snapshot

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)


def shelf(tmp_path: Path, count: int = 4) -> list[int]:
    """Records of books that have nothing in common."""
    words = [
        "Đất rừng phương Nam",
        "Dế mèn phiêu lưu ký",
        "Vang bóng một thời",
        "Số đỏ",
        "Tắt đèn",
        "Chí Phèo",
        "Lão Hạc",
    ]
    made = [
        books.record(
            str(n),
            title=words[n],
            author=f"Tác giả {n}",
            year=str(1940 + n),
            pages=str(100 + 20 * n),
            copies=((f"B{n}", ""),),
        )
        for n in range(count)
    ]
    report = services.import_file(actor=SYSTEM, path=books.write(tmp_path / "shelf.mrc", *made))
    assert report.new == count
    return list(Record.objects.order_by("id").values_list("id", flat=True))


def merge(one: int, other: int) -> int:
    return services.merge_records(
        actor=SYSTEM, from_record_id=one, into_record_id=other, reason="the same book", now=NOW
    )


def undo(decision: int) -> None:
    services.undo_merge(actor=SYSTEM, decision_id=decision, reason="two editions", now=NOW)


def test_a_merge_moves_contributions_and_copies_and_says_why(tmp_path: Path) -> None:
    one, other, *_ = shelf(tmp_path)
    decision = merge(other, one)
    page = queries.record_page(other)
    assert page.id == one
    assert page.copies_total == 2
    assert [row.decision_id for row in page.contributions] == [None, decision]
    assert page.contributions[1].reason == "the same book"
    (row,) = queries.decisions_of(one)
    assert (row.from_record_id, row.into_record_id, row.automatic) == (other, one, False)
    assert {document.key for document in documents.record_documents([one, other])} == {one}


def test_undoing_a_merge_restores_every_table_byte_for_byte(tmp_path: Path) -> None:
    one, other, *_ = shelf(tmp_path)
    before = snapshot.tables()
    decision = merge(other, one)
    assert snapshot.tables() != before
    undo(decision)
    assert snapshot.tables() == before


@pytest.mark.parametrize("seed", range(12))
def test_merges_of_merges_undone_in_any_order_restore_what_was(tmp_path: Path, seed: int) -> None:
    records = shelf(tmp_path, 7)
    before = snapshot.tables()
    draw = random.Random(seed)
    made: list[int] = []
    while len(records) > 2:
        one, other = draw.sample(records, 2)
        made.append(merge(one, other))
        records.remove(one)
        if made and draw.random() < 0.3:
            decision = made.pop(draw.randrange(len(made)))
            undo(decision)
            records.append(MergeDecision.objects.get(pk=decision).from_record_id)
    draw.shuffle(made)
    for decision in made:
        undo(decision)
    assert snapshot.tables() == before


def test_an_automatic_match_can_be_taken_back_and_stays_apart(tmp_path: Path) -> None:
    path = books.write(tmp_path / "a.mrc", books.record("1", **books.KHAYYAM), books.record("2", **books.KHAYYAM))
    services.import_file(actor=SYSTEM, path=path)
    undo(MergeDecision.objects.get().pk)
    assert Record.objects.filter(merged_into__isnull=True).count() == 2
    assert services.rematch(actor=SYSTEM, now=NOW) == 0
    assert Record.objects.filter(merged_into__isnull=True).count() == 2


def test_rematching_finds_what_was_missed_and_nothing_twice(tmp_path: Path) -> None:
    path = books.write(tmp_path / "a.mrc", books.record("1", **books.KHAYYAM), books.record("2", **books.KHAYYAM))
    services.import_file(actor=SYSTEM, path=path)
    undo(MergeDecision.objects.get().pk)
    ReviewPair.objects.all().delete()
    assert services.rematch(actor=SYSTEM, now=NOW) == 1
    assert services.rematch(actor=SYSTEM, now=NOW) == 0


def test_a_pair_is_judged_once(tmp_path: Path) -> None:
    one, other, third, _ = shelf(tmp_path)
    pair = ReviewPair.objects.create(left_id=one, right_id=other, score=0.6)
    apart = ReviewPair.objects.create(left_id=one, right_id=third, score=0.5)
    assert [row.id for row in queries.review_pairs(actor=SYSTEM)] == [pair.pk, apart.pk]
    services.judge_pair(actor=SYSTEM, pair_id=pair.pk, judgement="later", now=NOW)
    assert [row.id for row in queries.review_pairs(actor=SYSTEM)] == [apart.pk, pair.pk]
    services.judge_pair(actor=SYSTEM, pair_id=apart.pk, judgement="different", now=NOW)
    services.judge_pair(actor=SYSTEM, pair_id=pair.pk, judgement="same", now=NOW)
    assert Record.objects.get(pk=other).merged_into_id == one
    assert queries.review_count(actor=SYSTEM) == 0
    with pytest.raises(errors.AlreadyDecided):
        services.judge_pair(actor=SYSTEM, pair_id=pair.pk, judgement="different", now=NOW)


def test_what_a_refused_merge_or_undoing_changes_is_nothing(tmp_path: Path) -> None:
    one, other, *_ = shelf(tmp_path)
    decision = merge(other, one)
    before = snapshot.tables(), snapshot.content()
    calls = [
        (
            NotAllowed,
            lambda: services.merge_records(
                actor=Actor(), from_record_id=one, into_record_id=other, reason="x", now=NOW
            ),
        ),
        (NotAllowed, lambda: services.undo_merge(actor=Actor(), decision_id=decision, reason="x", now=NOW)),
        (
            errors.ReasonMissing,
            lambda: services.merge_records(actor=SYSTEM, from_record_id=one, into_record_id=other, reason=" ", now=NOW),
        ),
        (errors.CannotMerge, lambda: merge(other, one)),
        (errors.CannotMerge, lambda: merge(one, one)),
        (NotFound, lambda: merge(one, 10**9)),
        (NotFound, lambda: undo(10**9)),
        (NotFound, lambda: services.judge_pair(actor=SYSTEM, pair_id=10**9, judgement="same", now=NOW)),
    ]
    for refusal, call in calls:
        with pytest.raises(refusal):
            call()
    assert (snapshot.tables(), snapshot.content()) == before
    undo(decision)
    with pytest.raises(errors.AlreadyDecided):
        undo(decision)


def test_a_person_may_put_records_into_one_work_and_the_program_leaves_them_there(tmp_path: Path) -> None:
    one, other, third, _ = shelf(tmp_path)
    work = services.move_to_work(actor=SYSTEM, record_ids=[one, other], work_id=None, reason="a translation", now=NOW)
    assert services.move_to_work(actor=SYSTEM, record_ids=[third], work_id=work, reason="another", now=NOW) == work
    services.regroup_works()
    assert [line.id for line in queries.work_page(work).editions] == [one, other, third]
    (document,) = documents.work_documents([work])
    assert document.payload["editions"] == 3
