"""Answers as they are typed, and as they count. Pure.

A draft keeps what was typed, right or wrong: a text for every question, a list of codes for several choices, a list of rows of texts for a table.
What is submitted is read from it: amounts and numbers as written without grouping, days as ISO, choices as codes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from khaneh.domains.programmes.rules import forms
from khaneh.domains.programmes.types import Question, QuestionKind
from khaneh.kernel.calendars import latin_digits, parse_date
from khaneh.kernel.money import Money

_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,6})?")
_GROUPING = re.compile(r"[\s,٬،'’]")


class Wrong(ValueError):
    """An answer that does not count; the argument is a stable reason."""


def kept(questions: Sequence[Question], typed: Mapping[str, Any]) -> dict[str, Any]:
    """What a draft keeps of what was sent: only answers to questions of the form, in their shape, cut to what is kept of any text."""
    found: dict[str, Any] = {}
    for one in questions:
        if one.key not in typed or one.kind is QuestionKind.FILE:
            continue
        value = _kept(one, typed[one.key])
        if value:
            found[one.key] = value
    return found


def judged(
    questions: Sequence[Question], typed: Mapping[str, Any], files: Mapping[str, int]
) -> tuple[dict[str, Any], dict[str, str]]:
    """What counts of the answers, and what is wrong: by a question's key a stable reason (required, format, too_long, too_short, too_many,
    too_few, too_small, too_large, not_in_list). `files` says how many documents each question has. Questions that are not asked have neither.
    """
    values: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for one in forms.asked(questions, typed):
        if one.kind is QuestionKind.FILE:
            if one.required and not files.get(one.key):
                wrong[one.key] = "required"
            continue
        try:
            value = _read(one, typed.get(one.key))
        except Wrong as error:
            wrong[one.key] = str(error)
            continue
        if value is None or value == []:
            if one.required:
                wrong[one.key] = "required"
            continue
        values[one.key] = value
    return values, wrong


def _kept(one: Question, value: Any) -> Any:
    if one.kind is QuestionKind.CHOICES:
        codes = [option.code for option in one.options]
        return [code for code in codes if isinstance(value, list) and code in value]
    if one.kind is QuestionKind.TABLE:
        rows = value if isinstance(value, list) else []
        width = len(one.columns)
        shaped = [
            [str(cell).strip()[: forms.LONGEST_CELL] for cell in row[:width]] + [""] * (width - len(row))
            for row in rows[: forms.MOST_ROWS]
            if isinstance(row, list)
        ]
        return [row for row in shaped if any(row)]
    # One more than counts, so that what is too long is told and not cut in silence.
    longest = forms.LONGEST_TEXT if one.kind is QuestionKind.LONG_TEXT else forms.LONGEST_LINE
    return _clean(str(value))[: longest + 1] if isinstance(value, str) else ""


def _clean(text: str) -> str:
    # PostgreSQL holds no NUL; browsers send CR LF.
    return text.replace("\x00", "").replace("\r\n", "\n").strip()


def _read(one: Question, value: Any) -> Any:
    if one.kind is QuestionKind.CHOICES:
        return _choices(one, value)
    if one.kind is QuestionKind.TABLE:
        return _rows(one, value)
    text = value if isinstance(value, str) else ""
    if not text:
        return None
    if one.kind in (QuestionKind.TEXT, QuestionKind.LONG_TEXT):
        return _text(one, text)
    if one.kind is QuestionKind.NUMBER:
        return _number(one, text)
    if one.kind is QuestionKind.MONEY:
        return _money(one, text)
    if one.kind is QuestionKind.DATE:
        try:
            return parse_date(text).isoformat()
        except ValueError:
            raise Wrong("format") from None
    known = [forms.YES, forms.NO] if one.kind is QuestionKind.YES_NO else [option.code for option in one.options]
    if text not in known:
        raise Wrong("not_in_list")
    return text


def _text(one: Question, text: str) -> str:
    longest = forms.LONGEST_TEXT if one.kind is QuestionKind.LONG_TEXT else forms.LONGEST_LINE
    if len(text) > (one.most if one.most is not None else longest):
        raise Wrong("too_long")
    if one.least is not None and len(text) < one.least:
        raise Wrong("too_short")
    return text


def _number(one: Question, text: str) -> str:
    written = _GROUPING.sub("", latin_digits(text)).replace("٫", ".")
    if not _NUMBER.fullmatch(written):
        raise Wrong("format")
    _bounds(one, Decimal(written))
    return written


def _money(one: Question, text: str) -> int:
    try:
        amount = Money.parse(_GROUPING.sub("", latin_digits(text)).replace("٫", "."), one.currency).amount
    except ValueError:
        raise Wrong("format") from None
    if amount > forms.LARGEST_NUMBER:
        raise Wrong("too_large")
    _bounds(one, Decimal(amount))
    return amount


def _bounds(one: Question, number: Decimal) -> None:
    if one.least is not None and number < one.least:
        raise Wrong("too_small")
    if one.most is not None and number > one.most:
        raise Wrong("too_large")


def _choices(one: Question, value: Any) -> list[str]:
    chosen = value if isinstance(value, list) else []
    if not set(chosen) <= {option.code for option in one.options}:
        raise Wrong("not_in_list")
    if chosen and one.least is not None and len(chosen) < one.least:
        raise Wrong("too_few")
    if one.most is not None and len(chosen) > one.most:
        raise Wrong("too_many")
    return list(chosen)


def _rows(one: Question, value: Any) -> list[dict[str, str]]:
    rows = value if isinstance(value, list) else []
    if rows and one.least is not None and len(rows) < one.least:
        raise Wrong("too_few")
    if len(rows) > (one.most if one.most is not None else forms.MOST_ROWS):
        raise Wrong("too_many")
    codes = [column.code for column in one.columns]
    return [dict(zip(codes, row, strict=False)) for row in rows]
