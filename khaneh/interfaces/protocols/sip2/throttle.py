"""Counting wrong tries, so that a PIN or a password is not found by trying all of them. In memory, of bounded size, for one process."""

from __future__ import annotations

import threading
from collections import OrderedDict
from datetime import datetime, timedelta


class Throttle:
    """So many wrong tries within a time, and a key is shut until the oldest of them is past."""

    def __init__(self, *, tries: int, within: timedelta, keys: int = 10_000) -> None:
        self._tries = tries
        self._within = within
        self._keys = keys
        self._wrong: OrderedDict[str, list[datetime]] = OrderedDict()
        self._lock = threading.Lock()

    def is_shut(self, key: str, now: datetime) -> bool:
        """Whether no further try is heard."""
        with self._lock:
            return len(self._fresh(key, now)) >= self._tries

    def wrong(self, key: str, now: datetime) -> None:
        """Count a wrong try."""
        with self._lock:
            self._wrong[key] = [*self._fresh(key, now), now][-self._tries :]
            self._wrong.move_to_end(key)
            while len(self._wrong) > self._keys:
                self._wrong.popitem(last=False)

    def right(self, key: str) -> None:
        """Forget the wrong ones."""
        with self._lock:
            self._wrong.pop(key, None)

    def _fresh(self, key: str, now: datetime) -> list[datetime]:
        return [at for at in self._wrong.get(key, ()) if now - at < self._within]
