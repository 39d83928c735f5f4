"""What calendar files close: entries as they are read, and what becomes of each; and what a change of opening hours did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Generic, NamedTuple, TypeVar

from khaneh.kernel.labels import Label

_Done = TypeVar("_Done")
# An entry's name in a file may be as long as this.
LONGEST_UID = 500


class Window(NamedTuple):
    """A time in which a space is closed, as a file names it (`uid`). Instants are aware."""

    uid: str
    starts: datetime
    ends: datetime
    note: str


class HouseDay(NamedTuple):
    """Days on which a house is closed, both included, as a file names them."""

    uid: str
    first: date
    last: date
    names: Label


class EntryOutcome(StrEnum):
    """What becomes of an entry of a file."""

    NEW = "new"
    SAME = "same"
    MOVED = "moved"
    PAST = "past"
    OPENED = "opened"
    IN_USE = "in_use"
    TAKEN = "taken"
    UNNAMEABLE = "unnameable"


ENTRY_OUTCOMES: Mapping[EntryOutcome, Label] = {
    EntryOutcome.NEW: Label("New", "تازه", "Mới"),
    EntryOutcome.SAME: Label("Known already", "از پیش ثبت است", "Đã có"),
    EntryOutcome.MOVED: Label("Changed", "تغییر کرده", "Đã đổi"),
    EntryOutcome.PAST: Label("Over: left out", "گذشته: کنار گذاشته شد", "Đã qua: bỏ qua"),
    EntryOutcome.OPENED: Label("Taken back: opens again", "پس گرفته شده: باز می‌شود", "Đã rút: mở lại"),
    EntryOutcome.IN_USE: Label(
        "Somebody is using it then: left out", "در آن زمان در حال استفاده است: کنار گذاشته شد", "Đang có người dùng: bỏ qua"
    ),
    EntryOutcome.TAKEN: Label(
        "Another entry has these days: left out", "این روزها را ثبت دیگری دارد: کنار گذاشته شد", "Đã có mục khác cho các ngày này: bỏ qua"
    ),
    EntryOutcome.UNNAMEABLE: Label(
        "Its name in the file is too long: left out", "نام آن در پرونده بسیار بلند است: کنار گذاشته شد", "Tên trong tệp quá dài: bỏ qua"
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What became of the entries of a file, in its order and then what it takes back; and the bookings that ended by it."""

    outcomes: tuple[tuple[str, EntryOutcome], ...]
    booking_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class OpeningChanged(Generic[_Done]):
    """What a change of opening hours gave, and the bookings that ended by it."""

    result: _Done
    booking_ids: tuple[int, ...] = ()
