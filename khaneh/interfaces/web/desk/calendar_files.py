"""Calendar files at the desk: the form that takes one, what it says, and the words for what of it was not understood."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _

from khaneh.domains.spaces.types import CLOSURE_KINDS, HouseDay, Window
from khaneh.formats.ical.errors import Unreadable
from khaneh.formats.ical.read import LARGEST, Doubt, Reading, read
from khaneh.formats.ical.types import Occurrence
from khaneh.interfaces.web import phrases, reader
from khaneh.interfaces.web.desk.forms.widgets import choice, labelled
from khaneh.kernel.labels import Label

# So far ahead a file is read; each entry closes something under a lock, so that a file of more is taken in parts.
DAYS, MOST = 731, 400
_LONGEST_NOTE, _LONGEST_NAME = 1000, 200


class CalendarForm(forms.Form):
    """A calendar file, or its text; of a space, why it is closed then."""

    def __init__(self, data: Mapping[str, Any] | None, files: Any = None, *, kinds: bool) -> None:
        super().__init__(data, files, initial={"kind": "maintenance"})
        self.fields["file"] = forms.FileField(
            label=_("Calendar file (.ics)"),
            required=False,
            allow_empty_file=True,
            widget=forms.FileInput(attrs={"class": "input", "accept": ".ics,text/calendar"}),
        )
        self.fields["text"] = forms.CharField(
            label=_("or its text"),
            required=False,
            max_length=1_000_000,
            help_text=_("It begins with BEGIN:VCALENDAR."),
            widget=forms.Textarea(
                attrs={"class": "textarea input--code", "dir": "ltr", "rows": 5, "spellcheck": "false"}
            ),
        )
        if kinds:
            self.fields["kind"] = choice(_("Why"), labelled((one.value, label) for one, label in CLOSURE_KINDS.items()))

    def content(self) -> tuple[bytes, str]:
        """What was sent, and what the file is called. Nothing more is read of a file than what could be one."""
        upload = self.cleaned_data.get("file")
        if upload is not None:
            return upload.read(LARGEST + 1), upload.name or ""
        return self.cleaned_data.get("text", "").encode(), _("the text")


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An entry of a file that is not taken in: its line (0: not known), what it is called, and why."""

    line: int
    name: str
    why: str


def reading_of(data: bytes, *, zone: str, now: datetime) -> Reading:
    """What a file says of the next two years. Raises Unreadable."""
    today = now.astimezone(ZoneInfo(zone)).date()
    return read(data, zone=zone, first=today, last=today + timedelta(days=DAYS), most=MOST)


def windows(reading: Reading, *, zone: str) -> list[Window]:
    """Its entries as times, whole days from midnight to midnight; what takes no time is none."""
    return [
        Window(one.uid, _instant(one.starts, zone), _instant(one.ends, zone), one.summary[:_LONGEST_NOTE])
        for one in reading.occurrences
        if one.starts != one.ends
    ]


def days(reading: Reading) -> list[HouseDay]:
    """Its entries of whole days, called as the file calls them, in the reader's language."""
    found = []
    for one in reading.occurrences:
        if one.whole_days and isinstance(one.starts, date) and isinstance(one.ends, date):
            name = one.summary[:_LONGEST_NAME] or _("Closed")
            language = reader.current().language[:2]
            names = Label(*(name if language == own else "" for own in ("en", "fa", "vi")))
            found.append(HouseDay(one.uid, one.starts, one.ends - timedelta(days=1), names))
    return found


def left_out(reading: Reading, *, whole_days: bool) -> list[LeftOut]:
    """What is not taken in and why, by line; `whole_days`: entries with a time of day as well."""
    found = [LeftOut(one.line, one.summary or one.uid, _doubt(one)) for one in reading.doubts]
    for one in reading.occurrences:
        if whole_days and not one.whole_days:
            why = _("It has a time of day: a house is closed for whole days. Close its spaces for that time.")
            found.append(LeftOut(0, one.summary or one.uid, why))
        elif not whole_days and one.starts == one.ends:
            found.append(LeftOut(0, one.summary or one.uid, _("It takes no time.")))
    return sorted(found, key=lambda one: one.line)


def names_of(reading: Reading) -> dict[str, Occurrence]:
    """Its entries by the names that the file gives them."""
    return {one.uid: one for one in reading.occurrences}


def unreadable(refused: Unreadable) -> str:
    """Why a file is no calendar, with the line where that is known."""
    said = _UNREADABLE[refused.code]() if refused.code in _UNREADABLE else _UNREADABLE["broken"]()
    return f"{line_words(refused.line)}: {said}" if refused.line else said


def line_words(number: int) -> str:
    """`Line 12`."""
    return _("Line %(number)s") % {"number": phrases.number(number)}


def _instant(value: date, zone: str) -> datetime:
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    return datetime.combine(value, time(), ZoneInfo(zone)).astimezone(UTC)


def _doubt(one: Doubt) -> str:
    return _DOUBTS[one.why]() if one.why in _DOUBTS else _DOUBTS["broken"]()


_UNREADABLE: Mapping[str, Callable[[], str]] = {
    "empty": lambda: _("There is nothing in it."),
    "too_large": lambda: _("It is larger than 5 MB."),
    "encoding": lambda: _("It is not written in UTF-8. Save it anew as UTF-8."),
    "not_a_calendar": lambda: _("This is no calendar: it would begin with BEGIN:VCALENDAR."),
    "cut_off": lambda: _("It is cut off: an entry begins and does not end. Fetch it again."),
    "broken": lambda: _("This cannot be read as a calendar."),
    "too_many": lambda: _("It has more than 400 entries for the next two years. Take it in parts."),
}
_DOUBTS: Mapping[str, Callable[[], str]] = {
    "no_start": lambda: _("It does not say when it begins."),
    "no_uid": lambda: _("It has no UID, so that it could not be known again."),
    "broken": lambda: _("Its times cannot be read."),
    "out_of_order": lambda: _("It ends before it begins."),
    "too_long": lambda: _("It is longer than a year."),
    "repeats": lambda: _("The rule by which it repeats is not understood. Write its days out."),
    "other_calendar": lambda: _("It repeats by a calendar that is not understood here. Write its days out."),
}
