"""Words and figures of the desk's templates."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from khaneh.domains.network.types import FACILITIES, ROLES, Role
from khaneh.formats.marc.encodings import ENCODINGS
from khaneh.interfaces.web import reader
from khaneh.interfaces.web.desk import wording
from khaneh.kernel.calendars import show_number

register = template.Library()

register.filter("reason_word", wording.reason)
register.filter("note_word", wording.note)
register.filter("feature_word", wording.feature)
register.filter("weight_word", wording.weight)
register.filter("weight_tone", wording.tone)
register.filter("chance_word", wording.chance)
register.filter("failure_word", wording.failure)
register.filter("grouped", wording.grouped)
register.filter("fact_words_of", wording.facts_of)

_FORMATS = {"iso2709": "ISO 2709", "marcxml": "MARCXML", "json": "MARC-in-JSON", "mrk": "MRK", "aleph": "Aleph"}
_DIALECTS = {"marc21": "MARC 21", "unimarc": "UNIMARC"}


@register.filter
def size(count: int) -> str:
    """Bytes in the largest unit that keeps a figure before the point."""
    language = reader.current().language
    value = float(count)
    for unit in (_("bytes"), _("KB"), _("MB")):
        if value < 1024:
            return f"{show_number(value, language, decimals=0 if value >= 10 or value == int(value) else 1)} {unit}"
        value /= 1024
    return f"{show_number(value, language, decimals=1)} {_('GB')}"


@register.filter
def duration(seconds: float | None) -> str:
    """A stretch of time as somebody would say it."""
    if seconds is None:
        return ""
    language = reader.current().language
    whole = max(1, round(seconds))
    if whole < 60:
        return ngettext("%(n)s second", "%(n)s seconds", whole) % {"n": show_number(whole, language)}
    minutes = round(whole / 60)
    if minutes < 60:
        return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": show_number(minutes, language)}
    hours = round(minutes / 60)
    return ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": show_number(hours, language)}


@register.filter
def ago(instant: datetime | None) -> str:
    """How long since an instant, in one word."""
    if instant is None:
        return ""
    seconds = (timezone.now() - instant).total_seconds()
    if seconds < 45:
        return _("just now")
    if seconds < 24 * 3600:
        return _("%s ago") % duration(seconds)
    days = round(seconds / 86400)
    return ngettext("%(n)s day ago", "%(n)s days ago", days) % {"n": show_number(days, reader.current().language)}


@register.filter
def format_word(code: str) -> str:
    """A serialisation by the name that cataloguers know."""
    return (
        _("Table (CSV or XLSX)")
        if code == "table"
        else _("not recognised")
        if code == "unknown"
        else _FORMATS.get(code, code)
    )


@register.filter
def dialect_word(code: str) -> str:
    """A MARC dialect."""
    return _DIALECTS.get(code, code)


@register.filter
def encoding_word(code: str) -> str:
    """An encoding in the reader's language."""
    outer, slash, inner = code.partition("/")
    if slash:
        return _("%s, converted wrongly before") % encoding_word(inner)
    return ENCODINGS[outer].label.pick(reader.current().language) if outer in ENCODINGS else outer


@register.filter
def role_word(role: str) -> str:
    """A role."""
    return ROLES[Role(role)].pick(reader.current().language)


@register.filter
def facility_word(code: str) -> str:
    """A facility."""
    return FACILITIES[code].pick(reader.current().language) if code in FACILITIES else code


@register.filter
def percent(part: float, whole: float) -> str:
    """A share, with its sign where the language puts it."""
    if not whole:
        return ""
    shown = show_number(min(100, int(100 * part / whole)), reader.current().language)
    return f"{shown}٪" if reader.current().language == "fa" else f"{shown}%"
