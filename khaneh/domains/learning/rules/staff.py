"""How somebody stands to what their role asks for."""

from __future__ import annotations

from datetime import date, timedelta

from khaneh.domains.learning.types import Standing


def due(*, due_on: date | None, grace_days: int, since: date, asked: date) -> date:
    """The last day by which somebody must hold it: so many days after they took the role up or it was asked for, but not before `due_on`."""
    by = max(since, asked) + timedelta(days=grace_days)
    return max(by, due_on) if due_on is not None else by


def standing(*, held: bool, once: bool, by: date, today: date) -> Standing:
    """What is held counts; what was held and ran out is a lapse, however recently the role was taken up; else the day decides."""
    if held:
        return Standing.TRAINED
    if once:
        return Standing.LAPSED
    return Standing.DUE if today <= by else Standing.MISSING
