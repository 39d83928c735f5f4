"""Floors on labelled real records, so that no change makes matching worse unseen. The measured figures are in `benchmarks/`."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.matching_sets import Labelled, arabic_aco, candidates, fold, marc_ai, without
from khaneh.domains.catalogue.rules.matching import score, surely_different


@pytest.fixture(scope="module")
def labelled(shared_data: Path) -> Labelled:
    """Pairs that people judged."""
    return marc_ai(shared_data)


def test_labelled_pairs_without_identifiers(labelled: Labelled) -> None:
    merged = right = 0
    for one, two, same in labelled.pairs:
        if score(labelled.records[one], labelled.records[two]).decision == "same":
            merged += 1
            right += same
    assert right / merged >= 0.995
    assert right / sum(same for _, _, same in labelled.pairs) >= 0.95


def test_arabic_catalogues_end_to_end(shared_data: Path) -> None:
    union = arabic_aco(shared_data)
    records = {name: fold(without(record, frozenset(("001", "019", "035")))) for name, record in union.records.items()}
    pairs, _ = candidates(records)
    assert len(pairs) < 2 * len(records)
    gold = union.local_to_master
    assert len(gold & pairs) / len(gold) >= 0.985
    assert (
        sum(pair in pairs and score(records[pair[0]], records[pair[1]]).decision == "same" for pair in gold) / len(gold)
        >= 0.955
    )


def test_what_a_glance_calls_different_is_different(labelled: Labelled) -> None:
    glanced = 0
    for one, two, _ in labelled.pairs:
        left, right = labelled.records[one], labelled.records[two]
        if surely_different(left, right):
            glanced += 1
            assert score(left, right).decision == "different"
    assert glanced > 3_000  # of 5,092 that are different
