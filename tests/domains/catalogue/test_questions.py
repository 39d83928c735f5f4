"""Pairs for a person follow their records through merges and back, and are asked once."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection

from khaneh.domains.catalogue import errors, queries, services
from khaneh.domains.catalogue.models import MergeDecision, Record, ReviewPair
from khaneh.kernel.actor import SYSTEM
from tests.domains.catalogue.test_merging import merge, shelf, undo

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


def pair(one: int, other: int, state: str = "open") -> int:
    left, right = sorted((one, other))
    return ReviewPair.objects.create(left_id=left, right_id=right, score=0.6, state=state).pk


def asked() -> dict[int, tuple[int, int]]:
    rows = queries.review_pairs(actor=SYSTEM)
    assert queries.review_count(actor=SYSTEM) == len(rows)
    return {row.id: (row.left.id, row.right.id) for row in rows}


def test_a_pair_follows_the_record_that_survives_and_comes_back_with_it(tmp_path: Path) -> None:
    a, b, c, d = shelf(tmp_path)
    question = pair(b, c)
    first = merge(b, a)
    assert asked() == {question: (a, c)}
    second = merge(c, d)
    assert asked() == {question: (a, d)}
    row = queries.review_pair(question, actor=SYSTEM)
    assert (row.left.id, row.right.id) == (a, d)
    undo(first)
    assert asked() == {question: (b, d)}
    undo(second)
    assert asked() == {question: (b, c)}


def test_a_pair_whose_two_became_one_elsewhere_is_answered(tmp_path: Path) -> None:
    a, b, c, _ = shelf(tmp_path)
    question = pair(b, c)
    merge(b, a)
    last = merge(c, a)
    assert asked() == {}
    assert queries.review_pair(question, actor=SYSTEM).state == "same"
    with pytest.raises(errors.AlreadyDecided):
        services.judge_pair(actor=SYSTEM, pair_id=question, judgement="different", now=NOW)
    # Whoever undoes it says that the two are different: that is not asked again.
    undo(last)
    assert asked() == {}
    with pytest.raises(errors.AlreadyDecided):
        services.judge_pair(actor=SYSTEM, pair_id=question, judgement="same", now=NOW)
    assert Record.objects.filter(merged_into__isnull=True).count() == 3


def test_two_pairs_that_ask_the_same_by_now_are_asked_once(tmp_path: Path) -> None:
    a, b, c, _ = shelf(tmp_path)
    one, other = pair(a, c), pair(b, c)
    decision = merge(b, a)
    assert asked() == {one: (a, c)}
    services.judge_pair(actor=SYSTEM, pair_id=one, judgement="different", now=NOW)
    assert asked() == {}
    undo(decision)
    assert asked() == {other: (b, c)}, "that of b was never answered"


def test_a_judgement_is_about_the_records_that_stand(tmp_path: Path) -> None:
    a, b, c, _ = shelf(tmp_path)
    question = pair(b, c)
    merge(b, a)
    services.judge_pair(actor=SYSTEM, pair_id=question, judgement="same", now=NOW)
    latest = MergeDecision.objects.latest("pk")
    assert (latest.from_record_id, latest.into_record_id) == (c, a)
    assert queries.review_pair(question, actor=SYSTEM).state == "same"


@pytest.mark.parametrize("seed", range(4))
def test_whoever_merges_and_undoes_no_pair_points_at_a_record_that_is_merged_away(tmp_path: Path, seed: int) -> None:
    records = shelf(tmp_path, 7)
    draw = random.Random(seed)
    questions = {pair(*draw.sample(records, 2)) for _ in range(1)}
    for one in records[1:]:
        questions.add(pair(records[0], one)) if not ReviewPair.objects.filter(
            left_id=records[0], right_id=one
        ).exists() else None
    standing, made = list(records), []
    for _ in range(12):
        if made and draw.random() < 0.4:
            decision = made.pop(draw.randrange(len(made)))
            undo(decision)
            standing.append(MergeDecision.objects.get(pk=decision).from_record_id)
        elif len(standing) > 2:
            one, other = draw.sample(standing, 2)
            made.append(merge(one, other))
            standing.remove(one)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM catalogue_review_pair AS p JOIN catalogue_record AS r"
                " ON r.id IN (p.standing_left, p.standing_right) WHERE r.merged_into_id IS NOT NULL"
            )
            assert cursor.fetchone() == (0,)
        for row in ReviewPair.objects.all():
            expected = sorted((queries.standing(row.left_id), queries.standing(row.right_id)))
            assert [row.standing_left, row.standing_right] == expected
