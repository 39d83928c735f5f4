"""Rows of residencies as the templates take them."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from khaneh.domains.network import queries as network
from khaneh.domains.residencies.types import (
    FATES,
    HEALTH_AREAS,
    MILESTONE_STATES,
    REQUEST_KINDS,
    REQUEST_STATES,
    RESIDENCY_STATES,
    REVENUE_BANDS,
    SESSION_STATES,
    SUPPORT_KINDS,
    TRANCHE_STATES,
    CheckRow,
    LineRow,
    ResidencyDetail,
    ResidencyRow,
    SessionRow,
    SlotRow,
    SupportRow,
    TrancheRow,
)
from khaneh.interfaces.web import reader
from khaneh.interfaces.web.residencies import wording
from khaneh.kernel.calendars import show_instant


def line(row: ResidencyRow) -> dict[str, Any]:
    """A residency of a list."""
    return {"row": row, "state": RESIDENCY_STATES[row.state], "tone": wording.TONES.get(row.state, "")}


def detail(found: ResidencyDetail, today: date) -> dict[str, Any]:
    """A residency with all of it."""
    zone = zone_of(found.row.house.id)
    return {
        "found": found,
        **line(found.row),
        "today": wording.short(today),
        "milestones": [
            {
                "row": one,
                "state": MILESTONE_STATES[one.state],
                "tone": wording.TONES.get(one.state, ""),
                "late": one.is_late(today),
            }
            for one in found.milestones
        ],
        "mentors": [one for one in found.mentors if one.until is None],
        "sessions": [session(one, zone) for one in found.sessions],
        "checks": [check(one) for one in found.checks],
        "requests": [
            {"row": one, "kind": REQUEST_KINDS[one.kind], "state": REQUEST_STATES[one.state]} for one in found.requests
        ],
        "tranches": [tranche(one) for one in found.tranches],
        "support": [given(one) for one in found.support],
        "follow_ups": [
            {
                "row": one,
                "fate": FATES[one.fate] if one.fate else None,
                "band": REVENUE_BANDS.get(one.revenue_band),
                "due": one.due_on <= today,
            }
            for one in found.follow_ups
        ],
    }


def tranche(one: TrancheRow) -> dict[str, Any]:
    """A tranche with its amount in words."""
    return {
        "row": one,
        "amount": wording.amount(one.amount, one.unit),
        "state": TRANCHE_STATES[one.state],
        "tone": wording.TONES.get(one.state, ""),
    }


def given(one: SupportRow) -> dict[str, Any]:
    """A line of the ledger with its amount in words."""
    return {"row": one, "amount": wording.amount(one.amount, one.unit), "kind": SUPPORT_KINDS[one.kind]}


def budget(one: LineRow) -> dict[str, Any]:
    """A budget line with its sums in words, and in per cent of it for a picture."""
    return {
        "row": one,
        "kind": SUPPORT_KINDS[one.kind],
        "amount": wording.amount(one.amount, one.unit),
        "given": wording.amount(one.given, one.unit),
        "promised": wording.amount(one.promised, one.unit),
        "left": wording.amount(one.left, one.unit),
        "given_share": 100 * one.given // one.amount,
        "promised_share": 100 * one.promised // one.amount,
    }


def session(one: SessionRow, zone: str) -> dict[str, Any]:
    """A mentoring session on the clocks of a house."""
    return {
        "row": one,
        "when": when(one, zone),
        "state": SESSION_STATES[one.state],
        "tone": wording.TONES.get(one.state, ""),
    }


def slot(one: SlotRow, zone: str) -> dict[str, Any]:
    """A mentor's time on the clocks of a house."""
    return {"row": one, "when": when(one, zone)}


def when(one: SessionRow | SlotRow, zone: str) -> str:
    """From when until when."""
    who = reader.current()
    begins = show_instant(one.starts, zone=zone, calendar=who.calendar, language=who.language)
    until = one.ends.astimezone(ZoneInfo(zone))
    return f"{begins}–{wording.clock(until.hour * 60 + until.minute)}"


def check(one: CheckRow) -> dict[str, Any]:
    """A mentor's marks by area."""
    return {
        "row": one,
        "marks": [
            (HEALTH_AREAS[area], score, score <= 2) for area, score in one.scores.items() if area in HEALTH_AREAS
        ],
    }


def zone_of(house_id: int) -> str:
    """The clocks of a house."""
    return network.house_facts(house_id).calendar.zone
