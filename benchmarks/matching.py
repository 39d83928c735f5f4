"""How well records without identifiers are matched, beside Splink on the same pairs.

    python -m benchmarks.matching           # writes benchmarks/results/matching.json

`precision` and `recall` are of what merges by itself on the 10,208 labelled pairs of marc_ai, out of fold: points are learnt and the
line is found on four fifths of the records, and measured on the fifth that shares no record with them. The `aco_` figures are end to end
(keys, candidates, score, rules) over Arabic catalogues the scorecard never saw, with 001, 019 and 035 taken away. `aco_judged_precision`
comes from `judgements/`: 200 merges drawn by seed and judged by reading both records, all counted whatever later rules do with them;
`aco_later_precision` from the merges that later rules added.
"""

from __future__ import annotations

import csv
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks import splink_peer
from benchmarks.matching_sets import Pair, arabic_aco, candidates, fold, folds, marc_ai, met, without
from benchmarks.report import data_folder, write_result
from benchmarks.train_matching import (
    FOLDS,
    SEED,
    WANTED_PRECISION,
    cross_validated,
    fit,
    line_for_precision,
    may_merge,
    rows_of,
)
from khaneh.domains.catalogue.rules.matching import Comparable, Verdict, score
from khaneh.domains.catalogue.rules.matching.scorecard import NEVER_ALONE
from khaneh.domains.catalogue.rules.matching.skeleton import has_arabic

_JUDGEMENTS = Path(__file__).resolve().parent / "judgements"
JUDGED = _JUDGEMENTS / "aco_merges.csv"
JUDGED_LATER = _JUDGEMENTS / "aco_later_merges.csv"
_REMOVED = frozenset(("001", "019", "035"))

Figures = dict[str, float]


def out_of_fold(
    found_by: Callable[[list[int], list[int]], tuple[NDArray[np.bool_], float]], fold_of: list[int]
) -> NDArray[np.bool_]:
    """What each fold's pairs are said to be by a method that learnt on the others. `found_by(train, test)` gives answers for test."""
    said = np.zeros(len(fold_of), dtype=bool)
    for own in range(FOLDS):
        test = [i for i, other in enumerate(fold_of) if other == own]
        train = [i for i, other in enumerate(fold_of) if other != own]
        said[test] = found_by(train, test)[0]
    return said


def quality(said: NDArray[np.bool_], labels: NDArray[np.bool_]) -> tuple[float, float]:
    """Precision and recall, to four places."""
    right = int((said & labels).sum())
    return round(right / max(1, int(said.sum())), 4), round(right / int(labels.sum()), 4)


def labelled_pairs(figures: Figures, sizes: dict[str, int]) -> dict[str, dict[str, int]]:
    """Our figures and Splink's on marc_ai; returns the errors by cause."""
    labelled = marc_ai(data_folder())
    asked = len(labelled.pairs)
    pairs = labelled.pairs + met(labelled)
    labels = [label for _, _, label in pairs]
    rows = rows_of(labelled.records, pairs)
    alone = may_merge(labelled.records, pairs)
    # One cut for both methods: no record of a test pair is in a training pair.
    fold_of = folds(((one, two) for one, two, _ in pairs), FOLDS, SEED)

    def ours(train: list[int], test: list[int]) -> tuple[NDArray[np.bool_], float]:
        model = fit([rows[i] for i in train], [labels[i] for i in train])
        # The line, too, comes from pairs that the model at hand did not learn from: a second cut inside the training folds.
        inner = folds((pairs[i][:2] for i in train), FOLDS, SEED)
        found = cross_validated([rows[i] for i in train], [labels[i] for i in train], inner)
        own = [place for place, i in enumerate(train) if i < asked]
        line = line_for_precision(
            np.array([found[place] if alone[train[place]] else 0.0 for place in own]),
            [labels[train[place]] for place in own],
            WANTED_PRECISION,
        )
        return np.array([bool(alone[i]) and model.probability(rows[i]) >= line for i in test]), line

    said = out_of_fold(ours, fold_of)[:asked]
    truth = np.array(labels[:asked])
    figures["precision"], figures["recall"] = quality(said, truth)

    started = time.perf_counter()
    verdicts = [score(labelled.records[one], labelled.records[two]) for one, two, _ in labelled.pairs]
    figures["score_microseconds"] = round((time.perf_counter() - started) / asked * 1e6, 1)
    shipped = np.array([verdict.decision == "same" for verdict in verdicts])
    figures["shipped_precision"], figures["shipped_recall"] = quality(shipped, truth)
    figures["unsure_share"] = round(sum(verdict.decision == "unsure" for verdict in verdicts) / asked, 4)

    peer = splink_peer.probabilities(labelled.records, labelled.pairs, seed=SEED)

    def theirs(train: list[int], test: list[int]) -> tuple[NDArray[np.bool_], float]:
        own = [i for i in train if i < asked]
        line = line_for_precision(peer[own], [labels[i] for i in own], WANTED_PRECISION)
        return np.array([i < asked and bool(peer[i] >= line) for i in test]), line

    figures["splink_precision"], figures["splink_recall"] = quality(out_of_fold(theirs, fold_of)[:asked], truth)

    def theirs_even(train: list[int], test: list[int]) -> tuple[NDArray[np.bool_], float]:
        own = np.array([i for i in train if i < asked])
        lines = np.quantile(peer[own], np.linspace(0, 1, 201))
        best = max(lines, key=lambda line: _f1(peer[own] >= line, truth[own]))
        return np.array([i < asked and bool(peer[i] >= best) for i in test]), float(best)

    figures["splink_best_f1_precision"], figures["splink_best_f1_recall"] = quality(
        out_of_fold(theirs_even, fold_of)[:asked], truth
    )
    sizes |= {"labelled_pairs": asked, "labelled_same": int(truth.sum()), "pairs_our_keys_add": len(pairs) - asked}
    return {
        "merged_though_labelled_different": _causes(said & ~truth, rows),
        "not_merged_though_labelled_same": _causes(~said & truth, rows, held_back=True),
    }


def _f1(said: NDArray[np.bool_], truth: NDArray[np.bool_]) -> float:
    precision, recall = quality(said, truth)
    return 2 * precision * recall / max(1e-9, precision + recall)


def _causes(wrong: NDArray[np.bool_], rows: list[list[tuple[str, str]]], *, held_back: bool = False) -> dict[str, int]:
    """Wrong pairs by what speaks loudest in them: a word that forbids, else what differs first in this order."""
    order = (
        "part",
        "title",
        "title-words",
        "year",
        "edition",
        "imprint",
        "publisher",
        "extent",
        "author",
        "series",
        "height",
    )
    found: Counter[str] = Counter()
    for i in np.nonzero(wrong)[0]:
        words = dict(rows[i])
        forbidden = sorted(set(rows[i]) & NEVER_ALONE)
        if held_back and forbidden:
            found[" ".join(forbidden[0])] += 1
            continue
        differing = next(
            (
                f
                for f in order
                if words.get(f, "same") not in ("same", "equal", "main-equal", "same-thin", "same-volumes", "spelling")
            ),
            None,
        )
        found[f"{differing} {words[differing]}" if differing else "nothing differs"] += 1
    return dict(found.most_common())


def arabic_union(figures: Figures, sizes: dict[str, int]) -> dict[str, dict[str, float]]:
    """End to end over the four Arabic catalogues and the WorldCat masters; returns the figures by script."""
    union = arabic_aco(data_folder())
    records = {name: fold(without(record, _REMOVED)) for name, record in union.records.items()}
    pairs, dropped = candidates(records)
    verdicts = {pair: score(records[pair[0]], records[pair[1]]) for pair in pairs}
    merged = {pair for pair, verdict in verdicts.items() if verdict.decision == "same"}
    gold, cross = union.local_to_master, union.cross_library
    figures["aco_recall"] = round(len(gold & merged) / len(gold), 4)
    figures["aco_recall_with_unsure"] = round(sum(_met(pair, verdicts) for pair in gold) / len(gold), 4)
    figures["aco_cross_library_recall"] = round(len(cross & merged) / len(cross), 4)
    figures["aco_candidates_found"] = round(len(gold & pairs) / len(gold), 4)
    figures["aco_candidates_a_record"] = round(len(pairs) / len(records), 3)
    sizes |= {
        "aco_records": len(records), "aco_gold_pairs": len(gold), "aco_cross_library_pairs": len(cross), "aco_candidates": len(pairs),
        "aco_merges": len(merged), "aco_unsure": sum(v.decision == "unsure" for v in verdicts.values()), "aco_keys_too_common": dropped,
    }  # fmt: skip
    by_script: dict[str, dict[str, float]] = {}
    for script in ("arabic", "romanised", "both"):
        own = {pair for pair in gold if _script(pair, records) == script}
        by_script[script] = {"gold_pairs": len(own), "recall": round(len(own & merged) / max(1, len(own)), 4)}
    _judged(figures, sizes, by_script, records, merged)
    for script, values in by_script.items():
        figures[f"aco_recall_{script}"] = values["recall"]
        if "judged_precision" in values:
            figures[f"aco_judged_precision_{script}"] = values["judged_precision"]
    return by_script


def _met(pair: Pair, verdicts: dict[Pair, Verdict]) -> bool:
    verdict = verdicts.get(pair)
    return verdict is not None and verdict.decision != "different"


def _script(pair: Pair, records: dict[tuple[str, str], Comparable]) -> str:
    scripts = {has_arabic(records[name].title) for name in pair}
    return "both" if len(scripts) == 2 else "arabic" if True in scripts else "romanised"


def _judged(
    figures: Figures,
    sizes: dict[str, int],
    by_script: dict[str, dict[str, float]],
    records: dict[tuple[str, str], Comparable],
    merged: set[Pair],
) -> None:
    """Precision of the merges that were judged, as drawn; a doubtful one counts as wrong in `strict` and by script."""
    counts: Counter[tuple[str, str]] = Counter()
    still = 0
    for pair, judgement in _judgements(JUDGED):
        counts[_script(pair, records), judgement] += 1
        still += pair in merged
    figures["aco_judged_precision"], figures["aco_judged_precision_strict"] = _right(counts)
    sizes |= {"aco_judged": sum(counts.values()), "aco_judged_still_merged": still}
    for script, values in by_script.items():
        own = Counter({key: number for key, number in counts.items() if key[0] == script})
        if own:
            values["judged"] = sum(own.values())
            values["judged_precision"] = _right(own)[1]
    later = Counter(("", judgement) for _, judgement in _judgements(JUDGED_LATER))
    figures["aco_later_precision"], figures["aco_later_precision_strict"] = _right(later)
    sizes["aco_judged_later"] = sum(later.values())


def _judgements(path: Path) -> list[tuple[Pair, str]]:
    with path.open(encoding="utf-8") as rows:
        return [
            (((row["library_1"], row["number_1"]), (row["library_2"], row["number_2"])), row["judgement"])
            for row in csv.DictReader(rows)
        ]


def _right(counts: Counter[tuple[str, str]]) -> tuple[float, float]:
    """The share that is not wrong, and the share that is right beyond doubt."""
    total = sum(counts.values())
    of = Counter(judgement for _, judgement in counts.elements())
    return round((of["right"] + of["doubtful"]) / total, 4), round(of["right"] / total, 4)


def main() -> None:
    """Measure both sets and write the figures."""
    figures: Figures = {}
    sizes: dict[str, int] = {}
    causes = labelled_pairs(figures, sizes)
    by_script = arabic_union(figures, sizes)
    write_result("matching", figures, sizes, errors_by_cause=causes, aco_by_script=by_script)


if __name__ == "__main__":
    main()
