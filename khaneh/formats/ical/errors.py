"""What can be wrong with bytes that should be a calendar."""

from __future__ import annotations


class Unreadable(ValueError):
    """The file as a whole is no calendar. `code` is stable: empty, too_large, encoding, not_a_calendar, cut_off, broken, too_many."""

    def __init__(self, code: str, line: int | None = None) -> None:
        self.code = code
        self.line = line
        super().__init__(code if line is None else f"{code} (line {line})")
