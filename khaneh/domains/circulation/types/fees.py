"""Money: the entries of the ledger and how it is paid."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from khaneh.kernel.labels import Label


class FeeKind(StrEnum):
    """An entry of the ledger. Charges are above zero, all others below."""

    OVERDUE = "overdue"
    LOST = "lost"
    DAMAGED = "damaged"
    PROCESSING = "processing"
    OTHER = "other"
    PAYMENT = "payment"
    WAIVER = "waiver"
    REFUND = "refund"


FEE_KINDS: Mapping[FeeKind, Label] = {
    FeeKind.OVERDUE: Label("Returned late", "دیرکرد", "Trả muộn"),
    FeeKind.LOST: Label("Lost copy", "نسخهٔ گم‌شده", "Mất bản"),
    FeeKind.DAMAGED: Label("Damage", "آسیب", "Hư hỏng"),
    FeeKind.PROCESSING: Label("Processing", "هزینهٔ آماده‌سازی", "Phí xử lý"),
    FeeKind.OTHER: Label("Other charge", "هزینهٔ دیگر", "Khoản khác"),
    FeeKind.PAYMENT: Label("Payment", "پرداخت", "Thanh toán"),
    FeeKind.WAIVER: Label("Forgiven", "بخشودگی", "Miễn giảm"),
    FeeKind.REFUND: Label("Refunded", "برگشت هزینه", "Hoàn lại"),
}
CHARGES = (FeeKind.OVERDUE, FeeKind.LOST, FeeKind.DAMAGED, FeeKind.PROCESSING, FeeKind.OTHER)


class PaymentMethod(StrEnum):
    """How money came."""

    CASH = "cash"
    CARD = "card"
    TRANSFER = "transfer"
    ONLINE = "online"


PAYMENT_METHODS: Mapping[PaymentMethod, Label] = {
    PaymentMethod.CASH: Label("Cash", "نقد", "Tiền mặt"),
    PaymentMethod.CARD: Label("Bank card", "کارت بانکی", "Thẻ ngân hàng"),
    PaymentMethod.TRANSFER: Label("Bank transfer", "حوالهٔ بانکی", "Chuyển khoản"),
    PaymentMethod.ONLINE: Label("Online", "آنلاین", "Trực tuyến"),
}
