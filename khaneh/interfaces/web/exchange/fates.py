"""What becomes of repeated needs, in words and with a way to what was made of them: for desks, and for whoever has one of the needs."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from khaneh.domains.exchange.types import GATHERING_ANSWERS, GATHERING_DECISIONS, GatheringFate, GatheringRow
from khaneh.domains.learning import queries as learning
from khaneh.domains.learning.types import CourseState
from khaneh.domains.programmes import queries as programmes
from khaneh.interfaces.web import reader


def shown(fate: GatheringFate) -> dict[str, Any]:
    """Decision, house, notes and answer for a page; `url` and `name` of the call or course once everybody sees it."""
    language = reader.current().language
    decision, answer = fate.decision, fate.answer
    url, name = _made(fate, language)
    return {
        "decision": GATHERING_DECISIONS[decision].pick(language) if decision else "",
        "decided_at": fate.decided_at,
        "note": fate.note,
        "house": fate.house.names.pick(language) if fate.house else "",
        "answer": GATHERING_ANSWERS[decision, answer].pick(language) if decision and answer else "",
        "answer_note": fate.answer_note,
        "answered_at": fate.answered_at,
        "made": fate.call_id is not None or fate.course_id is not None,
        "url": url,
        "name": name,
    }


def title_of(row: GatheringRow, language: str) -> str:
    """What the needs are called on a page of a language: as the first does that speaks it, else as the first of all does."""
    own = [one.title for one in row.needs if one.language == language]
    return next(iter((*own, *(one.title for one in row.needs))), "")


def _made(fate: GatheringFate, language: str) -> tuple[str, str]:
    if fate.call_id is not None:
        call = programmes.calls_by_ids([fate.call_id]).get(fate.call_id)
        if call is not None and call.published_at is not None:
            return reverse("call", args=[call.id]), call.names.pick(language)
    if fate.course_id is not None:
        course = learning.courses_by_ids([fate.course_id]).get(fate.course_id)
        if course is not None and course.state is CourseState.PUBLISHED:
            return reverse("course", args=[course.code]), course.names.pick(language)
    return "", ""
