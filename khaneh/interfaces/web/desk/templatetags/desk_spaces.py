"""Words and strips of the desk's pages of spaces."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from khaneh.domains.spaces.types import BookingRow, SpaceRow
from khaneh.interfaces.web import paging, reader
from khaneh.interfaces.web.desk import space_lines as lines_of_spaces
from khaneh.interfaces.web.desk import space_strips
from khaneh.interfaces.web.spaces import asking, wording
from khaneh.kernel.calendars import show_number

register = template.Library()


@register.simple_tag
def space_lines(board: space_strips.Board) -> SafeString:
    """The spaces of a board with their days."""
    return lines_of_spaces.lines(board)


@register.simple_tag(takes_context=True)
def here(context: dict[str, Any], **changes: Any) -> str:
    """This page's address with other parameters; an empty one goes. `first` is written as `from`, which no argument can be called."""
    told = {
        "from" if name == "first" else name: value.isoformat() if isinstance(value, date) else str(value) or None
        for name, value in changes.items()
    }
    return paging.address(context["request"], **told)


@register.filter
def long_day(value: date) -> str:
    """A day with its weekday."""
    return asking.day_words(value)


@register.simple_tag
def booking_time(row: BookingRow, zone: str) -> str:
    """Day and time of a booking."""
    return wording.when(row.starts, row.ends, zone)


@register.filter
def kind_of(row: SpaceRow) -> str:
    """What kind of space it is."""
    return wording.kind(row.kind)


@register.filter
def rate_of(row: SpaceRow) -> str:
    """What it costs."""
    return wording.rate(row)


@register.filter
def state_of(row: SpaceRow) -> str:
    """Its state."""
    return wording.state(row)


@register.filter
def months(number: int) -> str:
    """So many months, in years where these are whole."""
    language = reader.current().language
    if number % 12 == 0:
        years = number // 12
        return ngettext("%(number)s year", "%(number)s years", years) % {"number": show_number(years, language)}
    return ngettext("%(number)s month", "%(number)s months", number) % {"number": show_number(number, language)}
