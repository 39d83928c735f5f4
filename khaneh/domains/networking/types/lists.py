"""The controlled lists of networking, each with its words."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from khaneh.kernel.labels import Label


class NewsKind(StrEnum):
    """What a digest tells of."""

    COMPANY = "company"
    OFFER = "offer"
    NEED = "need"
    CALL = "call"
    EVENT = "event"
    GRADUATE = "graduate"


NEWS_KINDS: Mapping[NewsKind, Label] = {
    NewsKind.COMPANY: Label("New companies and partners", "شرکت‌ها و همکاران تازه", "Công ty và đối tác mới"),
    NewsKind.OFFER: Label("Offers", "عرضه‌ها", "Chào bán công nghệ"),
    NewsKind.NEED: Label("Needs", "نیازها", "Nhu cầu công nghệ"),
    NewsKind.CALL: Label("Calls for founders", "فراخوان‌ها", "Đợt kêu gọi nhà sáng lập"),
    NewsKind.EVENT: Label("Events and demo days", "رویدادها و روزهای نمایش", "Sự kiện và ngày trình diễn"),
    NewsKind.GRADUATE: Label("Graduates of residencies", "دانش‌آموختگان دورهٔ استقرار", "Nhóm đã hoàn thành lưu trú"),
}
# One of each, as a line of a digest begins.
NEWS_WORDS: Mapping[NewsKind, Label] = {
    NewsKind.COMPANY: Label("Company", "شرکت", "Công ty"),
    NewsKind.OFFER: Label("Offer", "عرضه", "Chào bán"),
    NewsKind.NEED: Label("Need", "نیاز", "Nhu cầu"),
    NewsKind.CALL: Label("Call", "فراخوان", "Kêu gọi"),
    NewsKind.EVENT: Label("Event", "رویداد", "Sự kiện"),
    NewsKind.GRADUATE: Label("Graduate", "دانش‌آموخته", "Đã hoàn thành"),
}


class Frequency(StrEnum):
    """How often somebody wants a digest. What is followed stays with `never`."""

    WEEKLY = "weekly"
    MONTHLY = "monthly"
    NEVER = "never"


FREQUENCIES: Mapping[Frequency, Label] = {
    Frequency.WEEKLY: Label("Every week", "هر هفته", "Hằng tuần"),
    Frequency.MONTHLY: Label("Every month", "هر ماه", "Hằng tháng"),
    Frequency.NEVER: Label("Never", "هرگز", "Không bao giờ"),
}


class Followed(StrEnum):
    """What is followed. A sector and a region include what is below them."""

    SECTOR = "sector"
    REGION = "region"
    HOUSE = "house"


FOLLOWED: Mapping[Followed, Label] = {
    Followed.SECTOR: Label("Sectors", "بخش‌ها", "Ngành"),
    Followed.REGION: Label("Regions", "منطقه‌ها", "Khu vực"),
    Followed.HOUSE: Label("Houses", "خانه‌ها", "Cơ sở"),
}


class Shared(StrEnum):
    """What a house shares with others."""

    MENTOR = "mentor"
    SPACE = "space"


SHARED: Mapping[Shared, Label] = {
    Shared.MENTOR: Label("A mentor's hours", "ساعت‌های یک راهنما", "Giờ của một cố vấn"),
    Shared.SPACE: Label("A place", "یک فضا", "Một địa điểm"),
}


class SharingState(StrEnum):
    """offered → active → ended; offered → declined | withdrawn. What is over stays over."""

    OFFERED = "offered"
    ACTIVE = "active"
    ENDED = "ended"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


SHARING_STATES: Mapping[SharingState, Label] = {
    SharingState.OFFERED: Label("Waits for an answer", "در انتظار پاسخ", "Đang chờ trả lời"),
    SharingState.ACTIVE: Label("In force", "برقرار", "Đang áp dụng"),
    SharingState.ENDED: Label("Ended", "پایان یافته", "Đã kết thúc"),
    SharingState.DECLINED: Label("Declined", "پذیرفته نشد", "Bị từ chối"),
    SharingState.WITHDRAWN: Label("Taken back", "پس گرفته شد", "Đã rút lại"),
}
LIVE_SHARINGS = (SharingState.OFFERED, SharingState.ACTIVE)
