"""Needs that come back without an answer, gathered, what is proposed to be made of them, and what came of that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from khaneh.domains.exchange.types.rows import PostingRow
from khaneh.domains.network.types import Ref
from khaneh.kernel.labels import Label


class GatheringDecision(StrEnum):
    """What becomes of a gathering; each is decided once."""

    CALL = "call"
    COURSE = "course"
    PURCHASE = "purchase"
    ASIDE = "aside"


GATHERING_DECISIONS: Mapping[GatheringDecision, Label] = {
    GatheringDecision.CALL: Label("Proposed as a challenge call", "به‌عنوان فراخوان چالش پیشنهاد شد", "Đề xuất thành lời kêu gọi giải bài toán"),
    GatheringDecision.COURSE: Label("Proposed as a course", "به‌عنوان دوره پیشنهاد شد", "Đề xuất mở khóa học"),
    GatheringDecision.PURCHASE: Label("Suggested to the library to buy", "به کتابخانه پیشنهاد خرید شد", "Đề nghị thư viện mua"),
    GatheringDecision.ASIDE: Label("Laid aside", "کنار گذاشته شد", "Gác lại"),
}  # fmt: skip


class GatheringAnswer(StrEnum):
    """What the house says to a proposal."""

    TAKEN = "taken"
    DECLINED = "declined"


GATHERING_ANSWERS: Mapping[tuple[GatheringDecision, GatheringAnswer], Label] = {
    (GatheringDecision.CALL, GatheringAnswer.TAKEN): Label("A call is made of it", "از آن فراخوانی ساخته می‌شود", "Lời kêu gọi được lập"),
    (GatheringDecision.CALL, GatheringAnswer.DECLINED): Label("No call is made of it", "از آن فراخوانی ساخته نمی‌شود", "Không lập lời kêu gọi"),
    (GatheringDecision.COURSE, GatheringAnswer.TAKEN): Label("A course is made of it", "از آن دوره‌ای ساخته می‌شود", "Khóa học được mở"),
    (GatheringDecision.COURSE, GatheringAnswer.DECLINED): Label("No course is made of it", "از آن دوره‌ای ساخته نمی‌شود", "Không mở khóa học"),
    (GatheringDecision.PURCHASE, GatheringAnswer.TAKEN): Label("The library buys it", "کتابخانه می‌خرد", "Thư viện sẽ mua"),
    (GatheringDecision.PURCHASE, GatheringAnswer.DECLINED): Label("The library does not buy it", "کتابخانه نمی‌خرد", "Thư viện không mua"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class GatheringFate:
    """What was decided on a gathering, to which house it was proposed and what that house said.

    `call_id` and `course_id` are what was made of it, a draft at first. `answer` is None while the house is asked.
    """

    decision: GatheringDecision | None
    note: str
    decided_at: datetime | None
    house: Ref | None
    answer: GatheringAnswer | None
    answer_note: str
    answered_at: datetime | None
    call_id: int | None
    course_id: int | None


@dataclass(frozen=True, slots=True)
class GatheringRow:
    """Needs that say the same, as the asker may know them, the longest unanswered first, and what becomes of them.

    `meaning` is the least nearness of any two of them that have been read by the model (-1 to 1), None where none was; `words` are what they
    share; `sector` is the code within which all of them are, empty for none; `since` the day on which the first was published. `decides` and
    `answers` say whether it waits for the asker.
    """

    id: int
    needs: tuple[PostingRow, ...]
    owners: int
    since: datetime
    meaning: float | None
    words: tuple[str, ...]
    sector: str
    fate: GatheringFate
    decides: bool
    answers: bool


@dataclass(frozen=True, slots=True)
class GatheredRow:
    """What whoever has one need is told of its gathering: how many others ask the same, never who, and what becomes of it."""

    others: int
    fate: GatheringFate
