"""The ranking of a large call: `python -m benchmarks.ranking [--full]`.

Goal at full size (5,000 applications, 15,000 reviews by 250 reviewers, five criteria, equity weights, four quotas): 5 s, the same bytes each time.

- seconds: from the rows as they are kept (bytes of the case) to the bytes of the ranking: reading, normalising, equity, lottery, quotas, writing
- seconds_slowest: the slowest of the runs
- identical: whether every run, and one with the rows in another order, gave the same digest (1 or 0)
- other_process: whether a process of its own, with another seed of Python's hashes, gave it too (1 or 0)
- normalised_error, raw_error: mean distance, in points, of an application's score from the merit with which it was made, for what that is worth on
  made-up reviewers who are harsh and mild
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import time
from statistics import fmean

from benchmarks.report import write_result
from khaneh.domains.selection.rules.cases import case_bytes, case_from, digest, ranking_bytes
from khaneh.domains.selection.rules.ranking import rank
from khaneh.domains.selection.types.ranking import (
    POINT,
    Candidate,
    Case,
    EquityWeight,
    FactorKind,
    Group,
    Marked,
    Method,
    Quota,
    Weighted,
)

SEED = 20261122
RUNS = 5
CRITERIA = (
    Weighted("idea", 30, 10), Weighted("team", 25, 10), Weighted("market", 20, 10), Weighted("plan", 15, 5),
    Weighted("social", 10, 5),
)  # fmt: skip


def made(applications: int) -> tuple[Case, dict[str, float]]:
    """A call with three reviews an application, and the merit (0 to 1) with which each application was made."""
    chance = random.Random(SEED)
    reviewers = {f"r{n}": (chance.gauss(0, 0.12), chance.uniform(0.7, 1.3)) for n in range(max(6, applications // 20))}
    merits = {f"A{n:05}": min(1.0, max(0.0, chance.gauss(0.55, 0.18))) for n in range(applications)}
    candidates = tuple(
        Candidate(key, (province := f"P{chance.randrange(31):02}", f"{province}-{chance.randrange(12)}"), chance.randint(1, 10),
                  chance.random() < 0.3)
        for key in merits
    )  # fmt: skip
    reviews = []
    for key, merit in merits.items():
        for who in chance.sample(list(reviewers), 3):
            shift, width = reviewers[who]
            values = tuple(
                min(
                    one.maximum,
                    max(0, round(one.maximum * (0.5 + (merit - 0.5) * width + shift + chance.gauss(0, 0.08)))),
                )
                for one in CRITERIA
            )
            reviews.append(Marked(f"{key}-{who}", who, key, values, "conflict" if chance.random() < 0.01 else ""))
    poor, rural = Group(FactorKind.DECILE, "3"), Group(FactorKind.RURAL)
    places = max(10, applications // 20)
    return (
        Case(
            seed="benchmark", method=Method(places=places, waiting=places // 2, lowest=40 * POINT), criteria=CRITERIA,
            equity=(EquityWeight(poor, 4 * POINT), EquityWeight(Group(FactorKind.DECILE, "1"), 2 * POINT),
                    EquityWeight(rural, 2 * POINT)),
            quotas=(Quota("poor", poor, places // 2), Quota("rural", rural, places // 2),
                    Quota("p01", Group(FactorKind.REGION, "P01"), places // 10),
                    Quota("p02", Group(FactorKind.REGION, "P02"), places // 10)),
            candidates=candidates, reviews=tuple(reviews),
        ),
        merits,
    )  # fmt: skip


def main() -> None:
    """Measure, print and keep the figures; with `--digest` print the digest of the ranking of a case on standard input alone."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true", help="5,000 applications instead of 1,000")
    parser.add_argument("--digest", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.digest:
        print(digest(ranking_bytes(rank(case_from(sys.stdin.buffer.read())))))
        return
    case, merits = made(5_000 if chosen.full else 1_000)
    data = case_bytes(case)
    took, digests = [], set()
    for _ in range(RUNS):
        began = time.perf_counter()
        found = digest(ranking_bytes(rank(case_from(data))))
        took.append(time.perf_counter() - began)
        digests.add(found)
    mixed = json.loads(data)
    for name in ("candidates", "reviews"):
        random.Random(1).shuffle(mixed[name])
    shuffled = digest(ranking_bytes(rank(case_from(json.dumps(mixed).encode()))))
    other = subprocess.run(
        [sys.executable, "-m", "benchmarks.ranking", "--digest"], input=data, capture_output=True, check=True,
        env={**os.environ, "PYTHONHASHSEED": "7"},
    )  # fmt: skip
    lines = [line for line in rank(case).lines if line.merit is not None and line.raw is not None]
    write_result(
        "ranking",
        {
            "seconds": round(sorted(took)[RUNS // 2], 3),
            "seconds_slowest": round(max(took), 3),
            "identical": int(digests == {shuffled}),
            "other_process": int({other.stdout.decode().strip()} == digests),
            "normalised_error": round(_error([(line.merit or 0, merits[line.key]) for line in lines]), 2),
            "raw_error": round(_error([(line.raw or 0, merits[line.key]) for line in lines]), 2),
        },
        {
            "applications": len(case.candidates), "reviews": len(case.reviews), "places": case.method.places,
            "reviewers": len({one.reviewer for one in case.reviews}), "quotas": len(case.quotas),
        },
        digest=shuffled,
    )  # fmt: skip


def _error(pairs: list[tuple[int, float]]) -> float:
    """Mean distance in points, after both are set on the same mean: reviewers share a scale that nobody knows."""
    offset = fmean(points / POINT - 100 * merit for points, merit in pairs)
    return fmean(abs(points / POINT - 100 * merit - offset) for points, merit in pairs)


if __name__ == "__main__":
    main()
