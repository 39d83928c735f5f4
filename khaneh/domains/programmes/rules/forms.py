"""What is wrong with a form by itself, and which of its questions are asked of whom. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from khaneh.domains.programmes.types import Question, QuestionKind, ShownIf
from khaneh.kernel.labels import Label

KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
_CURRENCY = re.compile(r"[A-Z]{3}")
MOST_QUESTIONS, MOST_OPTIONS, MOST_COLUMNS, MOST_ROWS = 80, 60, 8, 50
LONGEST_LABEL, LONGEST_HINT = 300, 1_000
# What holds for every answer, whatever the question says: characters, bytes, files to one question.
LONGEST_LINE, LONGEST_TEXT, LONGEST_CELL = 500, 10_000, 300
LARGEST_FILE, MOST_FILES = 20 * 1024 * 1024, 5
LARGEST_NUMBER = 10**15
_LISTS = (QuestionKind.CHOICE, QuestionKind.CHOICES)
YES, NO = "yes", "no"
_CEILING: Mapping[QuestionKind, int] = {
    QuestionKind.TEXT: LONGEST_LINE,
    QuestionKind.LONG_TEXT: LONGEST_TEXT,
    QuestionKind.NUMBER: LARGEST_NUMBER,
    QuestionKind.MONEY: LARGEST_NUMBER,
    QuestionKind.CHOICES: MOST_OPTIONS,
    QuestionKind.TABLE: MOST_ROWS,
    QuestionKind.FILE: LARGEST_FILE,
}


def form_problems(questions: Sequence[Question]) -> dict[str, str]:
    """By position ("3.options"): required, format, twice, too_long, too_many, not_in_list, out_of_range, before (shown only if a later one)."""
    found: dict[str, str] = {}
    if not questions:
        return {"questions": "required"}
    if len(questions) > MOST_QUESTIONS:
        return {"questions": "too_many"}
    seen: dict[str, Question] = {}
    for place, one in enumerate(questions):
        for name, reason in _question_problems(one, seen).items():
            found[f"{place}.{name}"] = reason
        seen[one.key] = one
    return found


def asked(questions: Iterable[Question], answers: Mapping[str, Any]) -> list[Question]:
    """The questions that are asked of somebody who answered so: what hangs on an answer that was not given is left out."""
    shown: dict[str, bool] = {}
    found = []
    for one in questions:
        condition = one.shown_if
        shown[one.key] = condition is None or (
            shown.get(condition.key, False) and bool(_chosen(answers.get(condition.key)) & set(condition.codes))
        )
        if shown[one.key]:
            found.append(one)
    return found


def _question_problems(one: Question, seen: Mapping[str, Question]) -> dict[str, str]:
    found: dict[str, str] = {}
    if not KEY.fullmatch(one.key):
        found["key"] = "format"
    elif one.key in seen:
        found["key"] = "twice"
    found |= _words("label", one.label, LONGEST_LABEL, required=True) | _words("hint", one.hint, LONGEST_HINT)
    if one.kind in _LISTS:
        found |= _listed("options", [(option.code, option.label) for option in one.options], 2, MOST_OPTIONS)
    if one.kind is QuestionKind.TABLE:
        found |= _listed("columns", [(column.code, column.label) for column in one.columns], 1, MOST_COLUMNS)
    if one.kind is QuestionKind.MONEY and not _CURRENCY.fullmatch(one.currency):
        found["currency"] = "format"
    ceiling = _CEILING.get(one.kind, LARGEST_NUMBER)
    bounds = [bound for bound in (one.least, one.most) if bound is not None]
    if any(not 0 <= bound <= ceiling for bound in bounds) or bounds != sorted(bounds):
        found["bounds"] = "out_of_range"
    if one.shown_if is not None:
        found |= _condition(one.shown_if, seen)
    return found


def _condition(condition: ShownIf, seen: Mapping[str, Question]) -> dict[str, str]:
    other = seen.get(condition.key)
    if other is None:
        return {"shown_if": "before"}
    if other.kind is QuestionKind.YES_NO:
        known = {YES, NO}
    elif other.kind in _LISTS:
        known = {option.code for option in other.options}
    else:
        return {"shown_if": "not_in_list"}
    return {} if condition.codes and set(condition.codes) <= known else {"shown_if": "not_in_list"}


def _words(name: str, label: Label, longest: int, *, required: bool = False) -> dict[str, str]:
    if required and not any(text.strip() for text in label):
        return {name: "required"}
    return {name: "too_long"} if max(len(text) for text in label) > longest else {}


def _listed(name: str, options: Sequence[tuple[str, Label]], least: int, most: int) -> dict[str, str]:
    codes = [code for code, _ in options]
    if len(codes) < least:
        return {name: "required"}
    if len(codes) > most:
        return {name: "too_many"}
    if len(set(codes)) != len(codes):
        return {name: "twice"}
    if not all(KEY.fullmatch(code) for code in codes) or not all(any(label) for _, label in options):
        return {name: "format"}
    return {}


def _chosen(answer: Any) -> set[str]:
    if isinstance(answer, str):
        return {answer}
    return {one for one in answer if isinstance(one, str)} if isinstance(answer, list) else set()
