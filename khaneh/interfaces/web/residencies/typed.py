"""What was typed into small forms, as the domain wants it. What cannot be read raises Invalid, as the domain itself does."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.http import HttpRequest

from khaneh.interfaces.web import lending, reader
from khaneh.kernel.calendars import latin_digits, parse_date, parse_time
from khaneh.kernel.labels import LANGUAGES, Label
from khaneh.kernel.money import Money
from khaneh.kernel.refusal import Invalid


def number(request: HttpRequest, name: str) -> int:
    """A positive number of something; 0 where none is named."""
    return lending.number_of(request.POST.get(name)) or 0


def text(request: HttpRequest, name: str) -> str:
    """What was written, without a limit: the domain tells what is too long."""
    return request.POST.get(name, "").replace("\r\n", "\n")


def label(request: HttpRequest, name: str) -> Label:
    """A name in the language in which the reader works, and in the others where it was written in them (`further_names.html`)."""
    written = {language: " ".join(text(request, f"{name}_{language}").split()) for language in LANGUAGES}
    written[reader.current().language] = " ".join(text(request, name).split())
    return Label(**written)


def day(request: HttpRequest, name: str) -> date:
    """A day in either calendar. Raises Invalid."""
    try:
        return parse_date(text(request, name))
    except ValueError:
        raise Invalid(fields={name: "format" if text(request, name).strip() else "required"}) from None


def amount(request: HttpRequest, name: str, unit: str) -> int:
    """Money as it is written, or a whole number of minutes or days. Raises Invalid."""
    written = latin_digits(text(request, name)).replace(",", "").replace("٬", "").replace(" ", "")
    try:
        return Money.parse(written, unit).amount if len(unit) == 3 else int(written)
    except ValueError:
        raise Invalid(fields={name: "format" if written else "required"}) from None


def times(request: HttpRequest, zone: str) -> tuple[datetime, datetime]:
    """A day, from a time of day for so many minutes, on the clocks of a place. Raises Invalid."""
    on = day(request, "starts")
    try:
        minutes = parse_time(text(request, "at"))
    except ValueError:
        raise Invalid(fields={"starts": "format"}) from None
    starts = datetime.combine(on, time(), ZoneInfo(zone)) + timedelta(minutes=minutes)
    return starts, starts + timedelta(minutes=number(request, "minutes"))
