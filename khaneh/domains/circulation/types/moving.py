"""Copies on their way: transfers and the rounds that carry them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from khaneh.kernel.labels import Label


class TransferState(StrEnum):
    """sent → received | lost | cancelled."""

    SENT = "sent"
    RECEIVED = "received"
    LOST = "lost"
    CANCELLED = "cancelled"


TRANSFER_STATES: Mapping[TransferState, Label] = {
    TransferState.SENT: Label("On its way", "در راه", "Đang chuyển"),
    TransferState.RECEIVED: Label("Received", "دریافت شد", "Đã nhận"),
    TransferState.LOST: Label("Lost on the way", "در راه گم شد", "Mất trên đường"),
    TransferState.CANCELLED: Label("Cancelled", "لغو شد", "Đã hủy"),
}


class TransferReason(StrEnum):
    """Why a copy travels."""

    REQUEST = "request"
    RETURN = "return"
    REBALANCE = "rebalance"
    MANUAL = "manual"


TRANSFER_REASONS: Mapping[TransferReason, Label] = {
    TransferReason.REQUEST: Label("For a reader", "برای خواننده", "Cho bạn đọc"),
    TransferReason.RETURN: Label("Back to its house", "بازگشت به کتابخانهٔ خود", "Trả về thư viện gốc"),
    TransferReason.REBALANCE: Label("Floating collection", "مجموعهٔ گردان", "Bộ sưu tập luân chuyển"),
    TransferReason.MANUAL: Label("Sent by staff", "فرستادهٔ کتابدار", "Nhân viên gửi"),
}


class RunState(StrEnum):
    """A courier's or bookmobile's round: planned → under way → done | cancelled."""

    PLANNED = "planned"
    UNDER_WAY = "under_way"
    DONE = "done"
    CANCELLED = "cancelled"


RUN_STATES: Mapping[RunState, Label] = {
    RunState.PLANNED: Label("Planned", "برنامه‌ریزی شد", "Đã lên lịch"),
    RunState.UNDER_WAY: Label("Under way", "در راه", "Đang đi"),
    RunState.DONE: Label("Done", "انجام شد", "Đã xong"),
    RunState.CANCELLED: Label("Cancelled", "لغو شد", "Đã hủy"),
}
