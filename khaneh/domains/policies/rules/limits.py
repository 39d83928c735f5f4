"""What a limit says when it is reached: the figures in a sentence, in three languages."""

from __future__ import annotations

from typing import NamedTuple

from khaneh.domains.policies.types import ActType
from khaneh.kernel.calendars import show_number
from khaneh.kernel.labels import LANGUAGES, Label
from khaneh.kernel.money import Money

_FULL = Label("{name}: {used} of {limit}, no more", "{name}: {used} از {limit}، بیش از این نمی‌شود", "{name}: {used}/{limit}, không thể thêm")  # fmt: skip
_ABOVE = Label("{name}: {used}, at most {limit}", "{name}: {used}؛ حداکثر {limit}", "{name}: {used}, tối đa {limit}")
_NEVER = Label("{name}: none permitted", "{name}: مجاز نیست", "{name}: không được phép")


class LimitWords(NamedTuple):
    """The words of a limit, as `LimitType` has them; `unit` is said after the figures."""

    label: Label
    remedy: Label | None
    right: str | None
    reached: Label | None = None
    unit: Label | None = None


def words_of(act: ActType) -> dict[str, LimitWords]:
    """The words of an act's limits, by the term that limits."""
    units = {fact.name: fact.unit for fact in act.facts}
    return {
        one.term: LimitWords(one.label, one.remedy, one.right, one.reached, units.get(one.counted))
        for one in act.limits
    }


def told(words: LimitWords, *, used: int, limit: int | Money, adding: int) -> tuple[Label, Label | None]:
    """Why the limit refuses, and what would help: nothing where not even the first is permitted."""
    most = limit.amount if isinstance(limit, Money) else limit
    if most < adding:
        return Label(**{one: _NEVER.pick(one).format(name=words.label.pick(one)) for one in LANGUAGES}), None
    said = words.reached or (_FULL if adding else _ABOVE)
    labels: list[dict[str, str]] = [{}, {}]
    for language in LANGUAGES:
        figures = {
            "name": words.label.pick(language),
            "used": _figure(used, limit, words.unit, language),
            "limit": _figure(most, limit, words.unit, language),
            "more": _figure(used + adding - most, limit, words.unit, language),
        }
        labels[0][language] = said.pick(language).format_map(figures)
        if words.remedy is not None:
            labels[1][language] = words.remedy.pick(language).format_map(figures)
    return Label(**labels[0]), Label(**labels[1]) if words.remedy is not None else None


def _figure(number: int, limit: int | Money, unit: Label | None, language: str) -> str:
    if isinstance(limit, Money):
        scale = Money.parse("1", limit.currency).amount
        decimals = len(str(scale)) - 1
        return f"{show_number(number / scale if decimals else number, language, decimals=decimals)} {limit.currency}"
    shown = show_number(number, language)
    return f"{shown} {unit.pick(language)}" if unit else shown
