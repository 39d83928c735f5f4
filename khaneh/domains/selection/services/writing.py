"""Letters to applicants, in their language, as they were written."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from khaneh.domains.network import queries as network
from khaneh.domains.programmes import queries as programmes
from khaneh.domains.programmes.types import ApplicationRow
from khaneh.domains.selection.models import Letter, Round
from khaneh.domains.selection.queries.parties import applicant
from khaneh.domains.selection.rules import contracts
from khaneh.domains.selection.types.lists import LetterKind
from khaneh.kernel.calendars import Calendar, show_date
from khaneh.kernel.labels import LANGUAGES

_FOLDER = Path(__file__).parents[1] / "letter_texts"


@cache
def texts(language: str) -> dict[str, dict[str, str]]:
    """The letters that ship in a language: {kind: {"subject", "body"}}."""
    read = json.loads((_FOLDER / f"{language}.json").read_text("utf-8"))
    return {kind: {"subject": one["subject"], "body": "\n".join(one["body"])} for kind, one in read.items()}


def write(found: Round, row: ApplicationRow, kind: LetterKind, *, reason: str = "", now: datetime) -> Letter:
    """Write and keep a letter. About eight statements."""
    language = language_of(row)
    facts = facts_of(found, row, language, now) | {"reason": reason}
    text = texts(language)[kind.value]
    return Letter.objects.create(
        round=found,
        application_id=row.id,
        kind=kind.value,
        language=language,
        subject=contracts.fill(text["subject"], facts),
        body=contracts.fill(text["body"], facts),
        written_at=now,
    )


def language_of(row: ApplicationRow) -> str:
    """In which language applicants are written to: that of their application."""
    return row.language[:2] if row.language[:2] in LANGUAGES else "en"


def facts_of(found: Round, row: ApplicationRow, language: str, now: datetime) -> dict[str, str]:
    """The words of letters and contracts, filled for an application."""
    call = programmes.call(found.call_id)
    zone = ZoneInfo(network.house_facts(found.house_id).calendar.zone)
    who = applicant(row)
    names = ("، " if language == "fa" else ", ").join(who.people)
    return {
        "number": str(row.id),
        "day": _day(now, zone, language),
        "until": _day(now + timedelta(days=found.appeal_days), zone, language),
        "house": call.house.names.pick(language),
        "programme": call.programme.names.pick(language),
        "call": call.names.pick(language),
        "title": row.title,
        "applicant": who.organisation.names.pick(language) if who.organisation else names,
        "people": names,
        "region": row.regions[-1].names.pick(language) if row.regions else "",
    }


def _day(at: datetime, zone: ZoneInfo, language: str) -> str:
    calendar = Calendar.JALALI if language == "fa" else Calendar.GREGORIAN
    return show_date(at.astimezone(zone).date(), calendar=calendar, language=language)
