"""Members, cards, guardians, blocks and messages: their lists, and the frozen rows that services and queries exchange."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from khaneh.domains.network.types import Ref
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
    CardState.ACTIVE: Label("In use", "در استفاده", "Đang dùng"),
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


class CategoryRow(NamedTuple):
    """A category of membership. Ages are whole years, both ends in it; None is no limit."""

    code: str
    names: Label
    membership_months: int
    min_age: int | None
    max_age: int | None
    needs_guardian: bool
    active: bool


@dataclass(frozen=True, slots=True)
class MemberDraft:
    """What is written about a member, by themself or at a desk. `category` is a code; `national_id` is hashed and never kept."""

    family_name: str
    category: str
    home_house_id: int
    given_name: str = ""
    birth_date: date | None = None
    phone: str = ""
    email: str = ""
    address: str = ""
    language: str = "en"
    calendar: str = "auto"
    national_id: str = ""


class Rights(NamedTuple):
    """What a guardian may do for a ward."""

    borrow: bool = True
    request: bool = True
    see_loans: bool = False
    pay: bool = True


class CardRow(NamedTuple):
    """A card a member has or had."""

    id: int
    barcode: str
    state: CardState
    issued_at: datetime
    ended_at: datetime | None


class BlockRow(NamedTuple):
    """Why a member may not borrow. `house` is where it was placed."""

    id: int
    reason: BlockReason
    note: str
    house: Ref | None
    placed_by: str
    placed_at: datetime
    until: datetime | None


class MessageRow(NamedTuple):
    """What was left for a member, or about them for colleagues."""

    id: int
    text: str
    for_staff: bool
    house: Ref | None
    left_by: str
    left_at: datetime
    until: datetime | None


class GuardianshipRow(NamedTuple):
    """One side of a guardianship: `member_id` and `name` are the other's."""

    id: int
    member_id: int
    name: str
    card: str
    kind: GuardianshipKind
    rights: Rights
    valid_until: datetime | None


@dataclass(frozen=True, slots=True)
class MemberLine:
    """A member in a list. `found_by` is card, old_card, phone, email, name or empty; `card` is the active card's barcode or empty."""

    id: int
    name: str
    state: MemberState
    category: Label
    home_house: Ref
    card: str
    birth_date: date | None
    expires_on: date | None
    found_by: str = ""


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A member with everything that the desk and they themself see. `merged_into` is the member who took this one's place."""

    id: int
    state: MemberState
    given_name: str
    family_name: str
    category: CategoryRow
    home_house: Ref
    account_id: int | None
    birth_date: date | None
    phone: str
    email: str
    address: str
    language: str
    calendar: str
    has_national_id: bool
    has_pin: bool
    keep_history: bool
    joined_on: date | None
    expires_on: date | None
    merged_into: int | None
    cards: tuple[CardRow, ...]
    blocks: tuple[BlockRow, ...]
    messages: tuple[MessageRow, ...]
    guardians: tuple[GuardianshipRow, ...]
    wards: tuple[GuardianshipRow, ...]

    @property
    def name(self) -> str:
        """The name in the order in which it is spoken: the family name stands first where it is Vietnamese."""
        return full_name(self.given_name, self.family_name, self.language)

    @property
    def card(self) -> str:
        """The barcode of the card in use, or empty."""
        return next((card.barcode for card in self.cards if card.state is CardState.ACTIVE), "")


class Duplicate(NamedTuple):
    """A membership that may be the same person's, and why: national_id or name_and_birth."""

    line: MemberLine
    why: str


@dataclass(frozen=True, slots=True)
class Owed:
    """Why somebody cannot be forgotten yet: a stable code, words, how many."""

    code: str
    label: Label
    count: int


class CardIssued(NamedTuple):
    """A member and the barcode of the card they were given, empty where none was."""

    member_id: int
    barcode: str


def full_name(given: str, family: str, language: str) -> str:
    """The name in the order in which it is spoken."""
    return " ".join(part for part in ((family, given) if language == "vi" else (given, family)) if part)
