"""Words of days and places for the desk's pages of time and territory."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

from khaneh.domains.network.types import HolidayDraft
from khaneh.interfaces.web import reader
from khaneh.kernel.calendars import local_digits, show_short_date
from khaneh.kernel.calendars.showing import GREGORIAN_MONTHS, JALALI_MONTHS

register = template.Library()


@register.filter
def when_word(draft: HolidayDraft) -> str:
    """The days of a holiday in a few words."""
    who = reader.current()
    if draft.rule == "date":
        days = [day for day in (draft.first, draft.last) if day is not None]
        shown = [show_short_date(day, language=who.language, calendar=who.calendar) for day in dict.fromkeys(days)]
        return "–".join(shown)
    months = JALALI_MONTHS if draft.rule == "jalali" else GREGORIAN_MONTHS
    words = {
        "day": local_digits(str(draft.day), who.language),
        "month": months[(draft.month or 1) - 1].pick(who.language),
    }
    return _("every year, %(day)s %(month)s") % words


@register.filter
def country_word(code: str) -> str:
    """A country by name; its code where the network has no word for it."""
    return {"IR": _("Iran"), "VN": _("Viet Nam")}.get(code, code)
