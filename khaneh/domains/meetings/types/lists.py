"""The controlled lists of meetings, each with its words in three languages. No Django."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from khaneh.kernel.labels import Label


class MatchmakingState(StrEnum):
    """A matchmaking session's life. Over is whatever has had its last round; no state is needed for that."""

    DRAFT = "draft"
    OPEN = "open"
    CANCELLED = "cancelled"


MATCHMAKING_STATES: Mapping[MatchmakingState, Label] = {
    MatchmakingState.DRAFT: Label("Draft", "پیش‌نویس", "Bản nháp"),
    MatchmakingState.OPEN: Label("Open", "باز", "Đang mở"),
    MatchmakingState.CANCELLED: Label("Cancelled", "لغوشده", "Đã hủy"),
}


class GuestKind(StrEnum):
    """As whom somebody takes part, and who may come."""

    COMPANY = "company"
    INVESTOR = "investor"
    ACCELERATOR = "accelerator"
    UNIVERSITY = "university"
    INSTITUTION = "institution"
    TEAM = "team"
    MENTOR = "mentor"


GUEST_KINDS: Mapping[GuestKind, Label] = {
    GuestKind.COMPANY: Label("Company", "شرکت", "Doanh nghiệp"),
    GuestKind.INVESTOR: Label("Investor", "سرمایه‌گذار", "Nhà đầu tư"),
    GuestKind.ACCELERATOR: Label("Accelerator", "شتاب‌دهنده", "Tổ chức tăng tốc khởi nghiệp"),
    GuestKind.UNIVERSITY: Label("University", "دانشگاه", "Trường đại học"),
    GuestKind.INSTITUTION: Label("Public or other institution", "نهاد عمومی یا دیگر", "Cơ quan hoặc tổ chức khác"),
    GuestKind.TEAM: Label("Resident team", "گروه مستقر", "Nhóm lưu trú"),
    GuestKind.MENTOR: Label("Mentor", "راهنما", "Cố vấn"),
}


class ParticipantState(StrEnum):
    """Whether a participant takes part."""

    REGISTERED = "registered"
    WITHDRAWN = "withdrawn"


class PersonState(StrEnum):
    """Whether somebody comes for a participant. Nobody is counted or named without their own yes."""

    ASKED = "asked"
    COMING = "coming"
    DECLINED = "declined"


PERSON_STATES: Mapping[PersonState, Label] = {
    PersonState.ASKED: Label("Asked", "پرسیده‌شده", "Đã hỏi"),
    PersonState.COMING: Label("Coming", "می‌آید", "Sẽ đến"),
    PersonState.DECLINED: Label("Not coming", "نمی‌آید", "Không đến"),
}


class MeetingState(StrEnum):
    """A meeting's life: asked → accepted → held | missed, or an end before that."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"
    HELD = "held"
    MISSED = "missed"


MEETING_STATES: Mapping[MeetingState, Label] = {
    MeetingState.ASKED: Label("Asked", "درخواست‌شده", "Đã đề nghị"),
    MeetingState.ACCEPTED: Label("Accepted", "پذیرفته‌شده", "Đã nhận lời"),
    MeetingState.DECLINED: Label("Declined", "ردشده", "Đã từ chối"),
    MeetingState.WITHDRAWN: Label("Taken back", "پس‌گرفته‌شده", "Đã rút lại"),
    MeetingState.CANCELLED: Label("Cancelled", "لغوشده", "Đã hủy"),
    MeetingState.HELD: Label("Held", "برگزارشده", "Đã diễn ra"),
    MeetingState.MISSED: Label("Somebody did not come", "کسی نیامد", "Có bên không đến"),
}
# Of these two participants have one together at most.
LIVE_MEETINGS: tuple[MeetingState, ...] = (
    MeetingState.ASKED,
    MeetingState.ACCEPTED,
    MeetingState.HELD,
    MeetingState.MISSED,
)
# These take their round and their table.
SEATED_MEETINGS: tuple[MeetingState, ...] = (MeetingState.ACCEPTED, MeetingState.HELD, MeetingState.MISSED)


class Outcome(StrEnum):
    """What one side says came of a meeting; the other side does not see it."""

    NOTHING = "nothing"
    FOLLOW_UP = "follow_up"
    EXCHANGE = "exchange"
    AGAIN = "again"


OUTCOMES: Mapping[Outcome, Label] = {
    Outcome.FOLLOW_UP: Label("We follow it up", "پیگیری می‌کنیم", "Sẽ tiếp tục trao đổi"),
    Outcome.AGAIN: Label("We agreed to meet again", "قرار دیدار دوباره گذاشتیم", "Đã hẹn gặp lại"),
    Outcome.EXCHANGE: Label(
        "It becomes a need or an offer", "نیاز یا پیشنهادی از آن درمی‌آید", "Sẽ thành nhu cầu hoặc chào mời"
    ),
    Outcome.NOTHING: Label("Nothing came of it", "به جایی نرسید", "Không đi tới đâu"),
}


class PitchOrder(StrEnum):
    """How the order of a demo day came about."""

    BY_HAND = "by_hand"
    DRAWN = "drawn"


PITCH_ORDERS: Mapping[PitchOrder, Label] = {
    PitchOrder.BY_HAND: Label("Set by the house", "به انتخاب خانه", "Do cơ sở xếp"),
    PitchOrder.DRAWN: Label("Drawn by lot", "به قید قرعه", "Bốc thăm"),
}


class InterestState(StrEnum):
    """A question for contact after a pitch: nobody sees anybody's address before the team's yes."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


INTEREST_STATES: Mapping[InterestState, Label] = {
    InterestState.ASKED: Label("Asked", "پرسیده‌شده", "Đã hỏi"),
    InterestState.ACCEPTED: Label("Accepted", "پذیرفته‌شده", "Đã nhận lời"),
    InterestState.DECLINED: Label("Declined", "ردشده", "Đã từ chối"),
    InterestState.WITHDRAWN: Label("Taken back", "پس‌گرفته‌شده", "Đã rút lại"),
}
