"""What the people domain exchanges: accounts and roles as frozen rows, and what somebody prefers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from khaneh.domains.network.types import Ref, Role
from khaneh.kernel.labels import Label


class MemberState(StrEnum):
    """applied → active ⇄ closed; any → erased. That a membership has run out is read from its date, not stored."""

    APPLIED = "applied"
    ACTIVE = "active"
    CLOSED = "closed"
    ERASED = "erased"


MEMBER_STATES: dict[MemberState, Label] = {
    MemberState.APPLIED: Label("Applied", "درخواست داده", "Đã nộp đơn"),
    MemberState.ACTIVE: Label("Member", "عضو", "Thành viên"),
    MemberState.CLOSED: Label("Closed", "بسته", "Đã đóng"),
    MemberState.ERASED: Label("Erased", "پاک‌شده", "Đã xóa"),
}


class CardState(StrEnum):
    """active → lost | replaced | closed."""

    ACTIVE = "active"
    LOST = "lost"
    REPLACED = "replaced"
    CLOSED = "closed"


CARD_STATES: dict[CardState, Label] = {
    CardState.ACTIVE: Label("In use", "در گردش", "Đang dùng"),
    CardState.LOST: Label("Lost", "گم‌شده", "Bị mất"),
    CardState.REPLACED: Label("Replaced", "تعویض‌شده", "Đã thay"),
    CardState.CLOSED: Label("Closed", "بسته", "Đã đóng"),
}


class GuardianshipKind(StrEnum):
    """Why somebody may act for somebody."""

    PARENT = "parent"
    CLASS = "class"
    PROXY = "proxy"


GUARDIANSHIP_KINDS: dict[GuardianshipKind, Label] = {
    GuardianshipKind.PARENT: Label("Parent or guardian", "پدر، مادر یا قیم", "Cha mẹ hoặc người giám hộ"),
    GuardianshipKind.CLASS: Label("Teacher of the class", "آموزگار کلاس", "Giáo viên của lớp"),
    GuardianshipKind.PROXY: Label("Asked by the member", "نمایندهٔ عضو", "Người được thành viên ủy quyền"),
}


class BlockReason(StrEnum):
    """Why a person at a desk blocks a member. What a policy refuses (debt, overdue) is not a block: it ends by itself."""

    CARD_LOST = "card_lost"
    CONTACT_WRONG = "contact_wrong"
    DAMAGE = "damage"
    CONDUCT = "conduct"
    GUARDIAN_ASKED = "guardian_asked"
    UNRETURNED = "unreturned"
    OTHER = "other"


BLOCK_REASONS: dict[BlockReason, Label] = {
    BlockReason.CARD_LOST: Label("Card reported lost", "کارت گم شده است", "Thẻ đã báo mất"),
    BlockReason.CONTACT_WRONG: Label(
        "Address or telephone is wrong", "نشانی یا تلفن نادرست است", "Địa chỉ hoặc số điện thoại sai"
    ),
    BlockReason.DAMAGE: Label("Damaged material", "آسیب به منابع", "Làm hỏng tài liệu"),
    BlockReason.CONDUCT: Label("Conduct in the house", "رفتار در کتابخانه", "Hành vi trong thư viện"),
    BlockReason.GUARDIAN_ASKED: Label("The guardian asked for it", "به خواست قیم", "Theo yêu cầu của người giám hộ"),
    BlockReason.UNRETURNED: Label("Material not given back", "منابع بازگردانده نشده", "Không trả tài liệu"),
    BlockReason.OTHER: Label("Another reason", "دلیل دیگر", "Lý do khác"),
}


@dataclass(frozen=True, slots=True)
class AccountRow:
    """An account as its holder sees it. `calendar` is auto, jalali or gregorian; auto follows the language."""

    id: int
    email: str
    name: str
    language: str
    calendar: str
    is_active: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Preferences:
    """What somebody calls themself and how they read."""

    name: str
    language: str
    calendar: str


@dataclass(frozen=True, slots=True)
class RoleRow:
    """A role somebody holds, held or will hold, at a house or an organisation. The period's end is not in it; None is open."""

    id: int
    account_id: int
    account_name: str
    role: Role
    house: Ref | None
    organisation: Ref | None
    valid_from: datetime
    valid_until: datetime | None
    granted_by: str
    reason: str
    revoked_by: str = ""

    def is_valid(self, now: datetime) -> bool:
        """Whether the role counts at an instant."""
        return self.valid_from <= now and (self.valid_until is None or now < self.valid_until)
