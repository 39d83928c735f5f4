"""An act that only the tests know: borrowing a tool from a workshop. Policies know nothing of books, nor of tools."""

from __future__ import annotations

from itertools import product
from typing import Any

from hypothesis import strategies as st

from khaneh.domains.policies.rules.stored import definition_of
from khaneh.domains.policies.types import (
    ActType,
    Condition,
    FactType,
    LimitType,
    Operator,
    Rule,
    TermType,
    Value,
)
from khaneh.kernel.labels import Label
from khaneh.kernel.money import Money

CATEGORIES = (
    ("child", Label("Child", "کودک", "Thiếu nhi")),
    ("adult", Label("Adult", "بزرگسال", "Người lớn")),
    ("company", Label("Company", "شرکت", "Công ty")),
)
KINDS = (
    ("hand", Label("Hand tool", "ابزار دستی", "Dụng cụ cầm tay")),
    ("power", Label("Power tool", "ابزار برقی", "Dụng cụ điện")),
    ("laser", Label("Laser cutter", "برش لیزری", "Máy cắt laser")),
)
COURSES = (
    ("laser_safety", Label("Laser safety", "ایمنی لیزر", "An toàn laser")),
    ("welding", Label("Welding", "جوشکاری", "Hàn")),
)
REASON = Label("Not for children.", "برای کودکان نیست.", "Không dành cho trẻ em.")

BORROW = ActType(
    code="tests.borrow_tool",
    label=Label("Borrow a tool", "امانت ابزار", "Mượn dụng cụ"),
    facts=(
        FactType("member.category", Label("Category", "نوع عضویت", "Loại thành viên"), "who", "choice", lambda: CATEGORIES),
        FactType("member.age", Label("Age", "سن", "Tuổi"), "who", "number", unit=Label("years", "سال", "tuổi")),
        FactType("member.courses", Label("Courses passed", "دوره‌های گذرانده", "Khóa đã học"), "who", "set", lambda: COURSES),
        FactType("member.loans", Label("Tools out", "ابزارهای در امانت", "Dụng cụ đang mượn"), "who", "number"),
        FactType("member.debt", Label("Debt", "بدهی", "Nợ"), "who", "number"),
        FactType("tool.kind", Label("Kind of tool", "نوع ابزار", "Loại dụng cụ"), "what", "choice", lambda: KINDS),
        FactType("tool.loud", Label("Loud", "پرصدا", "Ồn"), "what", "flag"),
        FactType("tool.maker", Label("Maker", "سازنده", "Hãng"), "what", "text"),
        FactType("desk", Label("Desk", "میز", "Quầy"), "where", "text"),
        FactType("day", Label("Day", "روز", "Ngày"), "when", "date"),
    ),
    terms=(
        TermType("days", Label("Length of loan", "مدت امانت", "Thời hạn mượn"), "number", Label("days", "روز", "ngày")),
        TermType("most", Label("At once", "هم‌زمان", "Cùng lúc"), "number", Label("tools", "ابزار", "dụng cụ")),
        TermType("debt", Label("Debt allowed", "سقف بدهی", "Mức nợ cho phép"), "money"),
        TermType("fine", Label("Fine a day", "جریمهٔ هر روز", "Phạt mỗi ngày"), "money"),
        TermType("renewable", Label("Renewable", "تمدیدپذیر", "Gia hạn được"), "flag"),
    ),
    limits=(
        LimitType(
            "most", "member.loans", Label("Tools out", "ابزار در امانت", "Dụng cụ đang mượn"), right="tools.more",
            remedy=Label("Bring {more} back", "{more} ابزار را بازگردانید", "Trả lại {more}"),
        ),
        LimitType("debt", "member.debt", Label("Debt", "بدهی", "Nợ"), adding=0),
    ),
    defaults={"days": 7, "most": 3, "renewable": True},
    rights={
        "tools.more": Label("Lend more than allowed", "امانت بیش از سقف", "Cho mượn quá số"),
        "tools.any": Label("Lend to anybody", "امانت به همه", "Cho mọi người mượn"),
    },
)  # fmt: skip
DEFINITION = definition_of(BORROW)

# A small world of the same act for properties: every question of it can be asked.
_DAYS = ("2026-03-20", "2026-03-21", "2026-03-22")
WORLD: dict[str, tuple[Value, ...]] = {
    "member.category": (None, "child", "adult", "company", "unheard-of"),
    "member.age": (None, *range(5)),
    "member.courses": ((), ("laser_safety",), ("welding",), ("laser_safety", "welding")),
    "tool.loud": (None, True, False),
    "day": (None, *_DAYS),
}


def questions() -> list[dict[str, Value]]:
    """Every question of the small world."""
    return [dict(zip(WORLD, values, strict=True)) for values in product(*WORLD.values())]


def _codes(fact: str, codes: tuple[str, ...]) -> st.SearchStrategy[Condition]:
    return st.builds(
        lambda operator, values: Condition(fact, operator, tuple(sorted(values))),
        st.sampled_from([Operator.IN, Operator.NOT_IN]),
        st.sets(st.sampled_from(codes), min_size=1),
    )


def _spans(fact: str, values: tuple[Any, ...]) -> st.SearchStrategy[Condition]:
    one = st.sampled_from(values)
    return st.one_of(
        st.builds(lambda value: Condition(fact, Operator.AT_LEAST, (value,)), one),
        st.builds(lambda value: Condition(fact, Operator.AT_MOST, (value,)), one),
        st.builds(lambda a, b: Condition(fact, Operator.BETWEEN, (min(a, b), max(a, b))), one, one),
    )


_CONDITIONS: dict[str, st.SearchStrategy[Condition]] = {
    "member.category": _codes("member.category", ("child", "adult", "company")),
    "member.age": _spans("member.age", tuple(range(4))),
    "member.courses": _codes("member.courses", ("laser_safety", "welding")),
    "tool.loud": st.builds(lambda value: Condition("tool.loud", Operator.IS, (value,)), st.booleans()),
    "day": _spans("day", _DAYS[:2]),
}


@st.composite
def rules(draw: st.DrawFn, most: int = 6) -> tuple[Rule, ...]:
    """Some rules of the small world, conflicts among them welcome."""
    found = []
    for number in range(draw(st.integers(0, most))):
        facts = draw(st.lists(st.sampled_from(sorted(_CONDITIONS)), unique=True, max_size=3))
        effect = draw(st.sampled_from([None, None, "permit", "refuse"]))
        terms: dict[str, Any] = {}
        if effect is None or draw(st.booleans()):
            terms["days"] = draw(st.integers(1, 3))
        if draw(st.booleans()):
            terms["fine"] = Money(draw(st.integers(0, 1)), "IRR")
        found.append(
            Rule(
                id=number + 1,
                conditions=tuple(draw(_CONDITIONS[fact]) for fact in sorted(facts)),
                effect=effect,  # type: ignore[arg-type]
                terms=terms,
                reason=REASON if effect == "refuse" else None,
            )
        )
    return tuple(found)
