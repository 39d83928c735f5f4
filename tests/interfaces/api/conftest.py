"""The API's tests stand on the demonstration, and where the time matters, on a clock of their own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from tests.demonstration import demonstration

__all__ = ["demonstration"]

Clock = Callable[[datetime], None]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Sets what time it is for every call from here on."""

    def set_to(moment: datetime) -> None:
        monkeypatch.setattr("django.utils.timezone.now", lambda: moment)

    return set_to
