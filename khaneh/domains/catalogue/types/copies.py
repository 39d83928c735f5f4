"""Copies: their states and kinds, and a copy as pages show it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from khaneh.kernel.labels import Label
from khaneh.kernel.money import Money


class CopyState(StrEnum):
    """Where a copy is in its life. Circulation sets those between `available` and `lost`; an import never changes a state."""

    ON_ORDER = "on_order"
    IN_PROCESS = "in_process"
    AVAILABLE = "available"
    ON_LOAN = "on_loan"
    ON_HOLD_SHELF = "on_hold_shelf"
    IN_TRANSIT = "in_transit"
    AT_REPAIR = "at_repair"
    MISSING = "missing"
    LOST = "lost"
    WITHDRAWN = "withdrawn"


COPY_STATES: Mapping[CopyState, Label] = {
    CopyState.ON_ORDER: Label(en="On order", fa="در سفارش", vi="Đang đặt mua"),
    CopyState.IN_PROCESS: Label(en="In process", fa="در دست آماده‌سازی", vi="Đang xử lý nghiệp vụ"),
    CopyState.AVAILABLE: Label(en="Available", fa="موجود", vi="Có sẵn"),
    CopyState.ON_LOAN: Label(en="On loan", fa="امانت داده شده", vi="Đang cho mượn"),
    CopyState.ON_HOLD_SHELF: Label(en="On hold shelf", fa="در قفسهٔ رزرو", vi="Trên giá chờ nhận"),
    CopyState.IN_TRANSIT: Label(en="In transit", fa="در راه", vi="Đang luân chuyển"),
    CopyState.AT_REPAIR: Label(en="At repair", fa="در تعمیر", vi="Đang sửa chữa"),
    CopyState.MISSING: Label(en="Missing", fa="مفقود", vi="Thất lạc"),
    CopyState.LOST: Label(en="Lost", fa="گم‌شده", vi="Đã mất"),
    CopyState.WITHDRAWN: Label(en="Withdrawn", fa="وجین‌شده", vi="Đã thanh lý"),
}


class ItemType(StrEnum):
    """How a copy is lent: what policies distinguish, whatever the record says it is."""

    BOOK = "book"
    CHILDREN = "children"
    SHORT_LOAN = "short_loan"
    REFERENCE = "reference"
    PERIODICAL = "periodical"
    MEDIA = "media"
    DEVICE = "device"
    RARE = "rare"


ITEM_TYPES: Mapping[ItemType, Label] = {
    ItemType.BOOK: Label(en="Book", fa="کتاب", vi="Sách"),
    ItemType.CHILDREN: Label(en="Children's book", fa="کتاب کودک", vi="Sách thiếu nhi"),
    ItemType.SHORT_LOAN: Label(en="Short loan", fa="امانت کوتاه‌مدت", vi="Mượn ngắn hạn"),
    ItemType.REFERENCE: Label(en="Reference", fa="مرجع", vi="Tra cứu"),
    ItemType.PERIODICAL: Label(en="Periodical", fa="نشریهٔ ادواری", vi="Báo, tạp chí"),
    ItemType.MEDIA: Label(en="Audio and video", fa="دیداری و شنیداری", vi="Nghe nhìn"),
    ItemType.DEVICE: Label(en="Device", fa="دستگاه", vi="Thiết bị"),
    ItemType.RARE: Label(en="Rare or manuscript", fa="نفیس یا خطی", vi="Quý hiếm hoặc chép tay"),
}


class CopyRow(NamedTuple):
    """One copy on a record's page. `kilometres` is from the place that was asked from, None where either has no coordinates."""

    id: int
    barcode: str
    house_id: int | None
    house_code: str
    house_names: Label
    house_given: str  # what the source called the house, where it is not known
    location: str
    call_number: str
    price: Money | None
    state: CopyState
    kilometres: float | None
