"""The words of the ledger: units, holders, entries, agreed work; and what queries answer. No Django.

Amounts are whole numbers of a unit's smallest part: a currency's (`kernel.money`), and hundredths of a credit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from khaneh.domains.network.types import Ref
from khaneh.kernel.labels import Label
from khaneh.kernel.money import Money


class UnitKind(StrEnum):
    """What is counted. Money may be owed; a credit is had or not."""

    CURRENCY = "currency"
    CREDIT = "credit"


class EntryKind(StrEnum):
    """A line of the ledger. Charges and what is paid out are below zero, corrections either, all others above."""

    CHARGE = "charge"
    REFUND = "refund"
    PAYMENT = "payment"
    PAYOUT = "payout"
    EARNED = "earned"
    ADJUSTED = "adjusted"


ENTRY_KINDS: Mapping[EntryKind, Label] = {
    EntryKind.CHARGE: Label("Charge", "هزینه", "Khoản phí"),
    EntryKind.REFUND: Label("Given back", "برگشت هزینه", "Hoàn lại"),
    EntryKind.PAYMENT: Label("Payment", "پرداخت", "Thanh toán"),
    EntryKind.PAYOUT: Label("Paid out", "بازپرداخت", "Chi trả"),
    EntryKind.EARNED: Label("Earned by work", "دستاورد کار", "Nhận nhờ đóng góp"),
    EntryKind.ADJUSTED: Label("Correction", "اصلاح", "Điều chỉnh"),
}
COSTS = (EntryKind.CHARGE, EntryKind.REFUND)


class Means(StrEnum):
    """How money came or went."""

    CASH = "cash"
    CARD = "card"
    TRANSFER = "transfer"
    ONLINE = "online"


MEANS: Mapping[Means, Label] = {
    Means.CASH: Label("Cash", "نقد", "Tiền mặt"),
    Means.CARD: Label("Bank card", "کارت بانکی", "Thẻ ngân hàng"),
    Means.TRANSFER: Label("Bank transfer", "حوالهٔ بانکی", "Chuyển khoản"),
    Means.ONLINE: Label("Online", "برخط", "Trực tuyến"),
}

# What a house may agree to credit.
WORK_KINDS: Mapping[str, Label] = {
    "mentoring": Label("Mentoring", "راهنمایی و منتورینگ", "Cố vấn"),
    "teaching": Label("Teaching", "آموزش", "Giảng dạy"),
    "supervising": Label("Looking after a workshop", "مراقبت از کارگاه", "Trực xưởng"),
    "repairing": Label("Repair and maintenance", "تعمیر و نگه‌داری", "Sửa chữa, bảo trì"),
    "cataloguing": Label("Cataloguing and scanning", "فهرست‌نویسی و اسکن", "Biên mục và số hóa"),
    "translating": Label("Translating", "ترجمه", "Dịch thuật"),
    "helping": Label("Help at an event", "کمک در رویداد", "Hỗ trợ sự kiện"),
    "other": Label("Other agreed work", "کار توافق‌شدهٔ دیگر", "Công việc khác đã thỏa thuận"),
}


class WorkState(StrEnum):
    """pending → confirmed | rejected | withdrawn."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


WORK_STATES: Mapping[WorkState, Label] = {
    WorkState.PENDING: Label("Waits for confirmation", "در انتظار تأیید", "Chờ xác nhận"),
    WorkState.CONFIRMED: Label("Confirmed", "تأییدشده", "Đã xác nhận"),
    WorkState.REJECTED: Label("Not accepted", "پذیرفته نشد", "Không được chấp nhận"),
    WorkState.WITHDRAWN: Label("Withdrawn", "پس‌گرفته", "Đã rút"),
}


class Holder(NamedTuple):
    """Whose it is: one account or one organisation."""

    account_id: int | None = None
    organisation_id: int | None = None


@dataclass(frozen=True, slots=True)
class UnitDraft:
    """A credit as it shall be. Without `house_code` the whole network's; `rates` are hundredths of it for an hour of each kind of work."""

    code: str
    names: Label
    house_code: str = ""
    rates: Mapping[str, int] = field(default_factory=dict)
    active: bool = True


@dataclass(frozen=True, slots=True)
class UnitRow:
    """What is counted. Of a currency there are neither names nor rates; a credit without a house is the network's."""

    code: str
    kind: UnitKind
    names: Label
    house: Ref | None
    rates: Mapping[str, int]
    active: bool

    @property
    def is_credit(self) -> bool:
        """Whether it is earned and never owed."""
        return self.kind is UnitKind.CREDIT


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """What somebody has of a unit; below zero is owed."""

    unit: UnitRow
    amount: int

    @property
    def money(self) -> Money:
        """The same as an amount of its unit."""
        return Money(self.amount, self.unit.code)


@dataclass(frozen=True, slots=True)
class EntryRow:
    """A line of somebody's ledger; `after` is what there was then. `source` names what was charged, in the words of whoever charged it,
    e.g. `spaces.booking:12`."""

    id: int
    unit: str
    kind: EntryKind
    amount: int
    after: int
    source: str
    note: str
    means: Means | None
    house: Ref | None
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """Money that a house took or paid out."""

    id: int
    holder: Holder
    name: str
    amount: Money
    means: Means
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class WorkRow:
    """Work that somebody did for a house. `amount` is what it earns: at today's rate while it waits, what it earned once it is confirmed, else nothing."""

    id: int
    account_id: int | None
    name: str
    house: Ref
    kind: str
    minutes: int
    done_on: date
    note: str
    state: WorkState
    unit: str
    amount: int
    recorded_at: datetime
    decided_at: datetime | None
    decided_by: str
    reason: str
