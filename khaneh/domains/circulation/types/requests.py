"""Requests: their states, what they are for, whom they are asked of, and what may be said of when they are filled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from khaneh.kernel.labels import Label


class RequestState(StrEnum):
    """placed → (suspended) → targeted → in transit → on shelf → fulfilled | cancelled | expired | unfilled."""

    PLACED = "placed"
    SUSPENDED = "suspended"
    TARGETED = "targeted"
    IN_TRANSIT = "in_transit"
    ON_SHELF = "on_shelf"
    FULFILLED = "fulfilled"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    UNFILLED = "unfilled"


REQUEST_STATES: Mapping[RequestState, Label] = {
    RequestState.PLACED: Label("Waiting", "در نوبت", "Đang chờ"),
    RequestState.SUSPENDED: Label("Suspended", "معلق", "Tạm hoãn"),
    RequestState.TARGETED: Label("Being fetched", "در حال آماده‌سازی", "Đang được lấy"),
    RequestState.IN_TRANSIT: Label("On its way", "در راه", "Đang chuyển đến"),
    RequestState.ON_SHELF: Label("Ready to collect", "آمادهٔ دریافت", "Sẵn sàng nhận"),
    RequestState.FULFILLED: Label("Collected", "دریافت شد", "Đã nhận"),
    RequestState.CANCELLED: Label("Cancelled", "لغو شد", "Đã hủy"),
    RequestState.EXPIRED: Label("Expired", "منقضی شد", "Đã hết hạn"),
    RequestState.UNFILLED: Label("Could not be filled", "برآورده نشد", "Không đáp ứng được"),
}
# How many days a copy stays on the hold shelf where no policy says so.
SHELF_DAYS = 5
WAITING_REQUESTS = (RequestState.PLACED, RequestState.TARGETED)
CAPTURED_REQUESTS = (RequestState.IN_TRANSIT, RequestState.ON_SHELF)
ACTIVE_REQUESTS = (RequestState.PLACED, RequestState.SUSPENDED, RequestState.TARGETED, *CAPTURED_REQUESTS)


class RequestLevel(StrEnum):
    """What a request asks for: any edition of a work (a title), any copy of a record (an edition), or one copy."""

    WORK = "work"
    RECORD = "record"
    COPY = "copy"


REQUEST_LEVELS: Mapping[RequestLevel, Label] = {
    RequestLevel.WORK: Label("Any edition", "هر ویراست", "Bất kỳ ấn bản nào"),
    RequestLevel.RECORD: Label("This edition", "همین ویراست", "Ấn bản này"),
    RequestLevel.COPY: Label("This copy", "همین نسخه", "Bản này"),
}


class TargetState(StrEnum):
    """A house is asked to fetch a copy: asked → captured | not found | silent (no answer in time) | withdrawn (the request went elsewhere or ended)."""

    ASKED = "asked"
    CAPTURED = "captured"
    NOT_FOUND = "not_found"
    SILENT = "silent"
    WITHDRAWN = "withdrawn"


class PaceKind(StrEnum):
    """What is measured: days from the due date to the return; from asking a house to having the copy; on the way; on the hold shelf."""

    RETURN = "return"
    FETCH = "fetch"
    TRANSFER = "transfer"
    SHELF = "shelf"


class Outlook(StrEnum):
    """What can be said of when a request has its copy."""

    READY = "ready"
    DATED = "dated"
    OPEN = "open"
    NONE = "none"


class CopyStanding(StrEnum):
    """Where a copy is, as somebody who waits for it would say."""

    ON_SHELF = "on_shelf"
    ASKED_FOR = "asked_for"
    ON_LOAN = "on_loan"
    IN_TRANSIT = "in_transit"
    ON_HOLD_SHELF = "on_hold_shelf"
    NOT_READY = "not_ready"
    GONE = "gone"


COPY_STANDINGS: Mapping[CopyStanding, Label] = {
    CopyStanding.ON_SHELF: Label("On the shelf", "در قفسه", "Trên giá"),
    CopyStanding.ASKED_FOR: Label("Being fetched from the shelf", "در حال آوردن از قفسه", "Đang được lấy từ giá"),
    CopyStanding.ON_LOAN: Label("On loan", "در امانت", "Đang cho mượn"),
    CopyStanding.IN_TRANSIT: Label("On its way", "در راه", "Đang chuyển"),
    CopyStanding.ON_HOLD_SHELF: Label("Kept for a reader", "برای خواننده‌ای نگه داشته شده", "Đang giữ cho bạn đọc"),
    CopyStanding.NOT_READY: Label("Not ready for lending", "آمادهٔ امانت نیست", "Chưa sẵn sàng cho mượn"),
    CopyStanding.GONE: Label("Cannot be found", "پیدا نمی‌شود", "Không tìm thấy"),
}


@dataclass(frozen=True, slots=True)
class Placed:
    """A request was placed; it waits until `expires_at` at most."""

    request_id: int
    expires_at: datetime | None
