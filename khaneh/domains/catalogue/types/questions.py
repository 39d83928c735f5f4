"""What waits for a person or was decided by one: quarantine, pairs, merges."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from khaneh.domains.catalogue.types.records import EvidenceRow, Line
from khaneh.kernel.labels import Label


class QuarantineState(StrEnum):
    """open → resolved | discarded. Nothing is ever deleted."""

    OPEN = "open"
    RESOLVED = "resolved"
    DISCARDED = "discarded"


QUARANTINE_STATES: Mapping[QuarantineState, Label] = {
    QuarantineState.OPEN: Label(en="Waiting for a decision", fa="در انتظار تصمیم", vi="Chờ quyết định"),
    QuarantineState.RESOLVED: Label(en="Resolved", fa="حل شد", vi="Đã giải quyết"),
    QuarantineState.DISCARDED: Label(en="Discarded", fa="کنار گذاشته شد", vi="Đã loại bỏ"),
}


class ReviewState(StrEnum):
    """open → same | different; `later` leaves it open and puts it at the end of the queue."""

    OPEN = "open"
    SAME = "same"
    DIFFERENT = "different"


REVIEW_STATES: Mapping[ReviewState, Label] = {
    ReviewState.OPEN: Label(en="To be judged", fa="در انتظار داوری", vi="Chờ xem xét"),
    ReviewState.SAME: Label(en="The same", fa="یکسان", vi="Trùng nhau"),
    ReviewState.DIFFERENT: Label(en="Different", fa="متفاوت", vi="Khác nhau"),
}


@dataclass(frozen=True, slots=True)
class QuarantineRow:
    """One record that waits for a decision."""

    id: int
    batch_id: int
    source_code: str
    source_names: Label
    file: str
    position: int  # the record's number in the file, from 1
    offset: int  # bytes from the start of the (unpacked) file
    size: int
    reasons: tuple[str, ...]
    facts: tuple[Mapping[str, Any], ...]
    state: QuarantineState
    resolution: Mapping[str, Any]
    added_at: datetime


class Decoded(NamedTuple):
    """The bytes as one encoding would have them. `text` is empty and `failed_at` set where it cannot."""

    encoding: str
    label: Label
    text: str
    failed_at: int | None
    score: float


@dataclass(frozen=True, slots=True)
class QuarantineView:
    """One item with its bytes (a window of them) and what each likely encoding would make of them, likeliest first."""

    row: QuarantineRow
    hex_lines: tuple[tuple[int, str, str], ...]  # offset, sixteen bytes in hexadecimal, the same as ASCII
    tries: tuple[Decoded, ...]
    title: str  # the title as the present reading has it, or ""


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """Two records that may be one, side by side."""

    id: int
    left: Line
    right: Line
    score: float
    evidence: tuple[EvidenceRow, ...]
    state: ReviewState
    added_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """A merge: what was moved from where to where, by whom and why; standing or undone."""

    id: int
    from_record_id: int
    into_record_id: int
    contributions: tuple[int, ...]
    automatic: bool
    account_id: int | None
    decided_by: str  # the person's name; "" for the program, the command line, and an account that is gone
    reason: str
    score: float | None
    evidence: tuple[EvidenceRow, ...]
    at: datetime
    undone_at: datetime | None
    undone_by: str
    undo_reason: str
