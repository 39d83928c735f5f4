"""Inventories: what scanning a shelf tells of a copy, and what is done about it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from khaneh.kernel.labels import Label


class ScanFinding(StrEnum):
    """What scanning a shelf tells of a copy."""

    EXPECTED = "expected"
    MISPLACED = "misplaced"
    UNEXPECTED = "unexpected"
    UNKNOWN = "unknown"
    MISSING = "missing"


SCAN_FINDINGS: Mapping[ScanFinding, Label] = {
    ScanFinding.EXPECTED: Label("In its place", "سر جای خود", "Đúng chỗ"),
    ScanFinding.MISPLACED: Label("Belongs elsewhere", "جابه‌جا شده", "Sai chỗ"),
    ScanFinding.UNEXPECTED: Label("Should not be on the shelf", "نباید در قفسه باشد", "Lẽ ra không ở trên giá"),
    ScanFinding.UNKNOWN: Label("Unknown barcode", "بارکد ناشناس", "Mã vạch lạ"),
    ScanFinding.MISSING: Label("Not found", "پیدا نشد", "Không tìm thấy"),
}


class ScanDetail(StrEnum):
    """Why a scanned copy is misplaced or unexpected."""

    OTHER_LOCATION = "other_location"
    OUTSIDE_RANGE = "outside_range"
    OTHER_HOUSE = "other_house"
    ON_LOAN = "on_loan"
    IN_TRANSIT = "in_transit"
    ON_HOLD_SHELF = "on_hold_shelf"
    AT_REPAIR = "at_repair"
    NOT_READY = "not_ready"
    MISSING = "missing"
    LOST = "lost"
    WITHDRAWN = "withdrawn"


SCAN_DETAILS: Mapping[ScanDetail, Label] = {
    ScanDetail.OTHER_LOCATION: Label("Belongs to another shelf", "جایش قفسهٔ دیگری است", "Thuộc giá khác"),
    ScanDetail.OUTSIDE_RANGE: Label("Another call number", "شمارهٔ بازیابی دیگر", "Ký hiệu xếp giá khác"),
    ScanDetail.OTHER_HOUSE: Label("Belongs to another house", "از آنِ خانهٔ دیگر است", "Thuộc thư viện khác"),
    ScanDetail.ON_LOAN: Label("On loan by the system", "در سامانه در امانت است", "Hệ thống ghi đang cho mượn"),
    ScanDetail.IN_TRANSIT: Label("On its way by the system", "در سامانه در راه است", "Hệ thống ghi đang chuyển"),
    ScanDetail.ON_HOLD_SHELF: Label("Kept for a reader", "برای خواننده‌ای نگه داشته شده", "Đang giữ cho bạn đọc"),
    ScanDetail.AT_REPAIR: Label("At repair by the system", "در سامانه در تعمیر است", "Hệ thống ghi đang sửa chữa"),
    ScanDetail.NOT_READY: Label("Not processed yet", "هنوز آماده‌سازی نشده", "Chưa xử lý xong"),
    ScanDetail.MISSING: Label("Missing, and found", "مفقود بود و پیدا شد", "Thất lạc, nay tìm thấy"),
    ScanDetail.LOST: Label("Lost, and found", "گم شده بود و پیدا شد", "Đã mất, nay tìm thấy"),
    ScanDetail.WITHDRAWN: Label("Withdrawn", "وجین شده", "Đã thanh lý"),
}


class ScanOutcome(StrEnum):
    """What was done about a finding."""

    MARKED_MISSING = "marked_missing"
    TAKEN_IN = "taken_in"
    SENT = "sent"
    PUT_BACK = "put_back"
    PUT_ASIDE = "put_aside"
    SEEN = "seen"


SCAN_OUTCOMES: Mapping[ScanOutcome, Label] = {
    ScanOutcome.MARKED_MISSING: Label("Marked missing", "مفقود ثبت شد", "Đã ghi thất lạc"),
    ScanOutcome.TAKEN_IN: Label("Taken in", "پس گرفته شد", "Đã nhận lại"),
    ScanOutcome.SENT: Label("Sent on", "فرستاده شد", "Đã gửi đi"),
    ScanOutcome.PUT_BACK: Label("Put in its place", "سر جایش گذاشته شد", "Đã xếp lại đúng chỗ"),
    ScanOutcome.PUT_ASIDE: Label("Put aside", "کنار گذاشته شد", "Đã để riêng"),
    ScanOutcome.SEEN: Label("Found after all", "سرانجام پیدا شد", "Cuối cùng đã thấy"),
}
