"""The range that is told holds also where a whole town's readers are somewhat slower or faster than was measured. Spec: CIRC-QUEUE-3."""

from __future__ import annotations

from random import Random

import pytest

from khaneh.domains.circulation.rules import waiting
from khaneh.domains.circulation.rules.waiting import ASSUMED, PROMISED, Supply, Wish
from khaneh.domains.circulation.types import PaceKind

READERS, COPIES, TOWNS, LOAN = 22, 5, 60, 14.0
WISHES = [Wish(number, 1, None, None, 1) for number in range(READERS)]
SUPPLIES = [Supply(number, 1, None, 1, PaceKind.RETURN, -3.0 * number) for number in range(COPIES)]


def pace(kind: PaceKind, house: int) -> waiting.Pace:
    return ASSUMED[kind]


def share_held(lean: float, monkeypatch: pytest.MonkeyPatch) -> float:
    """Of all readers in towns whose habits lean as far as that, one way or the other, the share that had their copy within the range told."""
    ready = {number: number for number in range(READERS)}
    monkeypatch.setattr(waiting, "LEAN", lean)
    told = waiting.foresee(
        WISHES, SUPPLIES, pace=pace, kilometres=lambda a, b: 0.0, loan_days=LOAN, about=ready, seed=5
    )
    held = 0
    for town in range(TOWNS):
        chance = Random(town)
        habit = 0.08 if town % 2 else -0.08
        drawn = waiting._play(
            WISHES, SUPPLIES, lambda c=chance, h=habit: min(max(c.random() + h, 0.0), 0.999), pace, lambda a, b: 0.0, LOAN, set(ready)
        )  # fmt: skip
        held += sum(told[number].earliest <= drawn.get(number, 999.0) <= told[number].latest for number in ready)
    return held / (TOWNS * READERS)


def test_circ_queue_3_a_long_queue_s_ranges_allow_for_habits(monkeypatch: pytest.MonkeyPatch) -> None:
    assert share_held(waiting.LEAN, monkeypatch) >= PROMISED
    assert share_held(0.0, monkeypatch) < PROMISED, "without it they would not: the towns here are hard enough"


def test_circ_queue_3_habits_make_no_loss_likelier() -> None:
    """Whatever futures are played, who is first for a copy on loan is told a date: it is lost two times in a hundred."""
    lent = Supply(1, 1, None, 1, PaceKind.RETURN, -13.0)
    for seed in range(40):
        told = waiting.foresee(
            [Wish(1, 1, None, None, 2)], [lent], pace=pace, kilometres=lambda a, b: 10.0, loan_days=LOAN, about={1}, seed=seed
        )  # fmt: skip
        assert told[1].latest <= waiting.HORIZON, seed
