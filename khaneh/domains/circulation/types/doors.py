"""Through which doors acts come, what machines are for, and what statistics count."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from khaneh.kernel.labels import Label


class Channel(StrEnum):
    """Through which door an act came."""

    DESK = "desk"
    SELF_CHECK = "self_check"
    SIP2 = "sip2"
    WEB = "web"
    API = "api"
    OFFLINE = "offline"


CHANNELS: Mapping[Channel, Label] = {
    Channel.DESK: Label("Desk", "میز امانت", "Quầy"),
    Channel.SELF_CHECK: Label("Self-check", "امانت خودکار", "Tự mượn trả"),
    Channel.SIP2: Label("Machine", "دستگاه", "Máy"),
    Channel.WEB: Label("Web", "وب", "Web"),
    Channel.API: Label("Program", "برنامه", "Chương trình"),
    Channel.OFFLINE: Label("Desk without a line", "میز بدون اتصال", "Quầy ngoại tuyến"),
}


class TerminalKind(StrEnum):
    """What a machine is for, which says what it may do."""

    SELF_CHECK = "self_check"
    SORTER = "sorter"
    GATE = "gate"
    PAYMENT = "payment"


TERMINAL_KINDS: Mapping[TerminalKind, Label] = {
    TerminalKind.SELF_CHECK: Label("Self-check", "امانت خودکار", "Máy tự mượn trả"),
    TerminalKind.SORTER: Label("Return sorter", "دستگاه بازگشت و تفکیک", "Máy nhận và phân loại sách trả"),
    TerminalKind.GATE: Label("Gate", "گیت", "Cổng an ninh"),
    TerminalKind.PAYMENT: Label("Payment machine", "دستگاه پرداخت", "Máy thanh toán"),
}


class Act(StrEnum):
    """What statistics count."""

    LOAN = "loan"
    RENEWAL = "renewal"
    RETURN = "return"
    IN_HOUSE_USE = "in_house_use"
    REQUEST = "request"
    TRANSFER = "transfer"


ACTS: Mapping[Act, Label] = {
    Act.LOAN: Label("Loans", "امانت", "Lượt mượn"),
    Act.RENEWAL: Label("Renewals", "تمدید", "Lượt gia hạn"),
    Act.RETURN: Label("Returns", "بازگشت", "Lượt trả"),
    Act.IN_HOUSE_USE: Label("Read in the house", "استفاده در محل", "Đọc tại chỗ"),
    Act.REQUEST: Label("Requests", "درخواست", "Yêu cầu"),
    Act.TRANSFER: Label("Transfers", "انتقال", "Luân chuyển"),
}
