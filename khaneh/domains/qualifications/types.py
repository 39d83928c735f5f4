"""The words of qualifications: how one is earned, why one ends, and what queries answer. No Django."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from khaneh.domains.network.types import Ref
from khaneh.kernel.labels import Label


class Basis(StrEnum):
    """What a holding rests on."""

    COURSE = "course"
    ASSESSMENT = "assessment"
    RECOGNITION = "recognition"


BASES: Mapping[Basis, Label] = {
    Basis.COURSE: Label("A course", "دوره", "Khóa học"),
    Basis.ASSESSMENT: Label("An assessment", "آزمون", "Bài đánh giá"),
    Basis.RECOGNITION: Label("Recognised from elsewhere", "پذیرش سابقهٔ پیشین", "Công nhận từ nơi khác"),
}


class EndReason(StrEnum):
    """Why a holding is over."""

    EXPIRED = "expired"
    DISUSED = "disused"
    REVOKED = "revoked"
    RENEWED = "renewed"


END_REASONS: Mapping[EndReason, Label] = {
    EndReason.EXPIRED: Label("Its time ran out", "مدت اعتبار پایان یافت", "Đã hết hạn"),
    EndReason.DISUSED: Label("Not used for too long", "مدت زیادی به کار نرفت", "Không sử dụng quá lâu"),
    EndReason.REVOKED: Label("Taken back", "پس گرفته شد", "Đã bị thu hồi"),
    EndReason.RENEWED: Label("Renewed", "تمدید شد", "Đã gia hạn"),
}


_UNDESCRIBED = Label("", "", "")


@dataclass(frozen=True, slots=True)
class QualificationDraft:
    """What a qualification shall be. Months are 1 to 240, or None: for life, however seldom it is used."""

    code: str
    names: Label
    descriptions: Label = _UNDESCRIBED
    valid_months: int | None = None
    disuse_months: int | None = None
    warn_days: int = 30
    active: bool = True


@dataclass(frozen=True, slots=True)
class QualificationRow:
    """A qualification. One that is not active is awarded no more; what is held stays."""

    id: int
    code: str
    names: Label
    descriptions: Label
    valid_months: int | None
    disuse_months: int | None
    warn_days: int
    active: bool


@dataclass(frozen=True, slots=True)
class HoldingRow:
    """What one account holds or held. `valid_until` is the sooner of its date and its disuse, None for neither.

    `source` names what it was awarded for in the words of whoever awarded it, e.g. `learning.certificate:12`.
    """

    id: int
    account_id: int
    qualification: QualificationRow
    house: Ref | None
    basis: Basis
    source: str
    awarded_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    valid_until: datetime | None
    ended_at: datetime | None
    end_reason: EndReason | None
    reason: str

    def is_valid(self, at: datetime) -> bool:
        """Whether it counts at an instant."""
        return (
            self.awarded_at <= at
            and (self.ended_at is None or at < self.ended_at)
            and (self.valid_until is None or at < self.valid_until)
        )


@dataclass(frozen=True, slots=True)
class Swept:
    """What one round did: holdings that ended, and people who were told that one will."""

    ended: int
    warned: int
