"""Meetings in words: times, places, tones of states, and every refusal with what would change it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from khaneh.domains.meetings.types import (
    InterestState,
    MatchmakingRow,
    MatchmakingState,
    MeetingState,
    RoundRow,
    TableRow,
)
from khaneh.interfaces.web import lending, reader
from khaneh.interfaces.web.reasons import Why
from khaneh.kernel.calendars import show_date, show_minutes, show_number
from khaneh.kernel.refusal import Refusal

TONES: Mapping[str, str] = {
    MatchmakingState.DRAFT: "accent",
    MatchmakingState.OPEN: "good",
    MatchmakingState.CANCELLED: "bad",
    MeetingState.ASKED: "warn",
    MeetingState.ACCEPTED: "action",
    MeetingState.HELD: "good",
    MeetingState.MISSED: "bad",
    InterestState.ACCEPTED: "good",
}


def clock(instant: datetime, zone: str) -> str:
    """A time of day on the clocks of a house, in the reader's digits."""
    local = instant.astimezone(ZoneInfo(zone))
    return show_minutes(local.hour * 60 + local.minute, reader.current().language)


def day(instant: datetime, zone: str) -> str:
    """A day on the clocks of a house, with its weekday."""
    who = reader.current()
    return show_date(
        instant.astimezone(ZoneInfo(zone)).date(), calendar=who.calendar, language=who.language, weekday=True
    )


def hours(row: MatchmakingRow) -> str:
    """When a session is: its day, from when until when."""
    first, last = day(row.starts, row.zone), day(row.ends, row.zone)
    begins, ends = clock(row.starts, row.zone), clock(row.ends, row.zone)
    return f"{first}, {begins}–{ends}" if first == last else f"{first}, {begins} – {last}, {ends}"


def times(each: RoundRow, zone: str) -> str:
    """From when until when a round is."""
    return f"{clock(each.starts, zone)}–{clock(each.ends, zone)}"


def table(one: TableRow | None) -> str:
    """A table by its name, else by its number."""
    if one is None:
        return ""
    return one.name or _("Table %(number)s") % {"number": show_number(one.number, reader.current().language)}


def why(refusal: Refusal) -> Why:
    """Why something is refused and what would change it."""
    facts = refusal.facts
    language = reader.current().language
    said: dict[str, tuple[str, str]] = {
        "meetings.state_refused": (
            _("You are in a meeting of another session at one of these times."), _("Cancel or move that one first.")
        ) if facts.get("state") == "elsewhere" else (
            _("The session has begun: its hours stay."), _("Move single meetings by hand.")
        ) if facts.get("state") == "begun" else (
            _("It has been dealt with in the meantime."), _("Look at how it stands: the page shows it as it is.")
        ),
        "meetings.not_open": {
            "closed": (_("Registration is over."), _("Ask the house whether it can still let you in.")),
            "over": (_("No time of this session is still to come."), _("Look for another session.")),
        }.get(str(facts.get("why")), (_("The session is not open."), _("Look for another session."))),
        "meetings.not_invited": (
            _("The session is for other sectors.") if facts.get("why") == "sector"
            else _("The session is for others than you are."),
            _("Its page says who may come. Look for another session."),
        ),
        "meetings.already_registered": (
            _("The organisation takes part already, or you come for somebody else."),
            _("Ask your colleague to add you, or answer the one who asked you."),
        ),
        "meetings.nobody_comes": (
            _("You are the only one who comes for them."), _("Ask a colleague to come, or withdraw altogether.")
        ),
        "meetings.already_asked": (
            _("You two have a meeting already, or they have declined one."), _("Look at your meetings.")
        ),
        "meetings.too_many_asked": (
            _("%(most)s of your questions wait for an answer.")
            % {"most": show_number(int(facts.get("most", 0)), language)},
            _("Wait for answers, or take some of them back."),
        ),
        "meetings.round_taken": {
            "absent": (_("One of you has said that they cannot at this time."), _("Choose another time.")),
            "meets": (_("One of you meets somebody else at this time."), _("Choose another time.")),
            "elsewhere": (_("One of you is booked elsewhere at this time."), _("Choose another time.")),
            "tables": (_("Every table is taken at this time."), _("Choose another time.")),
        }.get(str(facts.get("why")), (_("This time has begun or is over."), _("Choose another time."))),
        "meetings.meeting_then": (
            _("You have a meeting at a time at which you say that you cannot."), _("Cancel it or move it first.")
        ),
        "meetings.not_yet": (_("It is too early for that."), _("Come back when the meeting has begun.")),
        "meetings.table_in_use": (
            _("Meetings take place at %(number)s tables.")
            % {"number": show_number(int(facts.get("needed", 0)), language)},
            _("Move them first, or leave the tables as they are."),
        ),
        "meetings.own_pitch": (_("This is your own team."), ""),
        "meetings.not_an_investor": (
            _("Contact is asked for by those who speak for an organisation, and by mentors."),
            _("Sign your organisation up, or publish what you offer as a mentor."),
        ),
    }  # fmt: skip
    found = said.get(refusal.code)
    return Why(*found) if found else lending.reasons(refusal)[0]


def wrong(reason: str) -> str:
    """What is wrong with a field."""
    return {
        "required": _("This is needed."),
        "too_long": _("This is too long."),
        "too_short": _("No meeting fits into these hours."),
        "too_many": _("There are too many already."),
        "not_in_list": _("This is not in the list."),
        "out_of_range": _("This is not possible: too much, too little, too early or too late."),
        "overlap": _("These hours overlap."),
        "past": _("This time is over."),
        "format": _("This is not written as it should be."),
        "unknown": _("This is not known here."),
    }.get(reason, _("This is not possible here."))


def sentence(refusal: Refusal) -> str:
    """A refusal in one line: the wrong fields, or why not and what would change it."""
    fields = refusal.facts.get("fields", {})
    if fields:
        return " ".join(dict.fromkeys(wrong(reason) for reason in fields.values()))
    found = why(refusal)
    return f"{found.said} {found.remedy}".strip()
