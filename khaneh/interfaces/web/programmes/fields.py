"""The questions of a form as a page draws them, what was typed into them, and the same as a browser would send it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import QueryDict

from khaneh.domains.programmes.types import ApplicationDraft, FileRow, Question, QuestionKind
from khaneh.interfaces.web import reader
from khaneh.interfaces.web.programmes import wording

SPARE_ROWS, MOST_ROWS = 3, 50


def typed(questions: Sequence[Question], posted: QueryDict) -> dict[str, Any]:
    """What was typed, in the shape in which a draft keeps it."""
    found: dict[str, Any] = {}
    for one in questions:
        name = f"q-{one.key}"
        if one.kind is QuestionKind.CHOICES:
            found[one.key] = posted.getlist(name)
        elif one.kind is QuestionKind.TABLE:
            found[one.key] = [
                [posted.get(f"{name}-{row}-{column.code}", "") for column in one.columns] for row in range(MOST_ROWS)
            ]
        elif one.kind is not QuestionKind.FILE:
            found[one.key] = posted.get(name, "")
    return found


def sent(questions: Sequence[Question], draft: ApplicationDraft) -> dict[str, list[str]]:
    """A draft as a browser would send it: by the name of a field what it holds; empty fields are left out. `typed` reads the same from it."""
    found: dict[str, list[str]] = {"title": [draft.title], "summary": [draft.summary], "region": [draft.region_code]}
    for one in questions:
        name, value = f"q-{one.key}", draft.answers.get(one.key, "")
        if one.kind is QuestionKind.TABLE:
            for number, row in enumerate(value or ()):
                for column, cell in zip(one.columns, row, strict=False):
                    found[f"{name}-{number}-{column.code}"] = [cell]
        elif one.kind is not QuestionKind.FILE:
            found[name] = list(value) if isinstance(value, list) else [value]
    return {name: kept for name, values in found.items() if (kept := [value for value in values if value])}


def drawn(
    questions: Sequence[Question],
    answers: Mapping[str, Any],
    wrong: Mapping[str, str],
    files: Sequence[FileRow],
    application_id: int,
    others: Mapping[str, Any] | None = None,
) -> list[dict[str, Any]]:
    """Each question with what is there, what is wrong with it, and when it is asked at all. `others`: answers that somebody else has saved
    meanwhile, shown beside those that differ.
    """
    language = reader.current().language
    by_key = {one.key: one for one in questions}
    found = []
    for place, one in enumerate(questions, 1):
        value = answers.get(one.key, [] if one.kind in (QuestionKind.CHOICES, QuestionKind.TABLE) else "")
        found.append(
            {
                "question": one,
                "kind": one.kind.value,
                "name": f"q-{one.key}",
                "place": place,
                "value": value,
                "chosen": value if isinstance(value, list) else [value],
                "rows": _rows(one, value) if one.kind is QuestionKind.TABLE else [],
                "wrong": wrong.get(one.key, ""),
                "bounds": wording.bounds(one),
                "files": [file for file in files if file.question == one.key],
                "application_id": application_id,
                "only_if": _only_if(one, by_key, language),
                "other": None if others is None or others.get(one.key, "") == (value or "") else _other(one, others),
            }
        )
    return found


def shown(questions: Sequence[Question], content: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The questions that were answered, with the answers as they are read."""
    answers, files = content.get("answers", {}), content.get("files", {})
    return [
        {
            "question": one,
            "is_table": one.kind is QuestionKind.TABLE,
            "is_long": one.kind is QuestionKind.LONG_TEXT,
            "lines": wording.answer(one, answers[one.key]) if one.key in answers else [],
            "files": files.get(one.key, []),
        }
        for one in questions
        if one.key in answers or one.key in files
    ]


def _rows(one: Question, value: Any) -> list[dict[str, Any]]:
    rows = [row for row in value if isinstance(row, list)]
    most = min(MOST_ROWS, one.most or MOST_ROWS)
    spare = max(0, min(SPARE_ROWS, most - len(rows)))
    return [
        {
            "number": number,
            "cells": [(column, cells[place] if place < len(cells) else "") for place, column in enumerate(one.columns)],
        }
        for number, cells in enumerate([*rows, *[[]] * spare])
    ]


def _other(one: Question, others: Mapping[str, Any]) -> list[str]:
    """Somebody else's answer, as it was typed, line by line; an empty line for one that was taken away."""
    value = others.get(one.key, "")
    if one.kind is QuestionKind.TABLE:
        return [" · ".join(cell for cell in row if cell) for row in value] or [""]
    names = {option.code: option.label.pick(reader.current().language) for option in one.options}
    if one.kind is QuestionKind.YES_NO and value:
        return [wording.yes_no(value)]
    codes: list[str] = value if isinstance(value, list) else [value]
    return [names.get(code, code) for code in codes] or [""]


def _only_if(one: Question, by_key: Mapping[str, Question], language: str) -> dict[str, Any] | None:
    if one.shown_if is None or one.shown_if.key not in by_key:
        return None
    other = by_key[one.shown_if.key]
    names = {option.code: option.label.pick(language) for option in other.options}
    yes_no = {"yes": wording.yes_no("yes"), "no": wording.yes_no("no")}
    return {
        "question": other.label,
        "key": other.key,
        "wanted": " ".join(one.shown_if.codes),
        "codes": [names.get(code) or yes_no.get(code, code) for code in one.shown_if.codes],
    }
