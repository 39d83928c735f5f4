"""From facts to a letter: values as their reader writes them, safe in a line of either direction, escaped for the channel. Pure."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from khaneh.domains.notices.rules import templates
from khaneh.domains.notices.types import Channel, EventType, Kind, Letter, Reading, Text, Variable
from khaneh.kernel.calendars import show_date, show_minutes, show_number, show_short_date

_CURRENCIES = {
    "IRR": (0, {"fa": "{} ریال", "vi": "{} rial", "en": "{} rials"}),
    "VND": (0, {"fa": "{} دونگ", "vi": "{} đ", "en": "{} VND"}),
}
# Signs that turn lines round, or break them, in somebody else's text. Joiners stay: Persian words need them.
_DANGEROUS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\u2028\u2029\x00-\x1f\x7f-\x9f]+")
_FIRST_STRONG, _POP = "\u2068", "\u2069"
_LONGEST_VALUE = 300
_NUMBERS = re.compile(r"[\d+()][\d\s+().-]*[\s+()-][\d\s+().-]*")

_GSM = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_DOUBLE = set("^{}\\[~]|€")
_LINK = re.compile(r"https?://[^\s<>\"'\u2066-\u2069]+[^\s<>\"'.,;:!?)\u2066-\u2069]")


def letter(
    *,
    channel: Channel,
    reading: Reading,
    frame: Text,
    sections: Sequence[tuple[EventType, Text, Sequence[Mapping[str, Any]]]],
    common: Mapping[str, Any],
) -> Letter:
    """Write one message. `sections` are the events it tells of: type, text, what each item says (values in the form of their kind).

    One section gives the subject; several take the frame's. Raises ValueError for a template that cannot be used.
    """
    short = channel is Channel.SMS
    base = _values(templates.COMMON, common, reading, short=short)
    told, subjects, count = [], [], 0
    for event, text, facts in sections:
        items = [_values(event.items, one, reading, short=short) for one in facts]
        values = {**base, "count": show_number(len(items), reading.language)}
        told.append(templates.render(text.body, values, items))
        subjects.append(templates.render(text.subject, values, items))
        count += len(items)
    values = {**base, "count": show_number(count, reading.language)}
    content = "\n\n".join(told) if channel is not Channel.SMS else "\n".join(told)
    subject = subjects[0] if len(subjects) == 1 else templates.render(frame.subject, values)
    subject = " ".join(subject.split())
    if channel is Channel.APP:
        return Letter(subject, content)
    plain = templates.render(frame.body, {**values, templates.CONTENT: content})
    if channel is Channel.SMS:
        return Letter("", plain, segments=segments(plain))
    return Letter(subject, plain, html=_html(subject, plain, reading.language), leave=_leave(sections))


def _leave(sections: Sequence[tuple[EventType, Text, Sequence[Mapping[str, Any]]]]) -> str:
    """Where such messages end: of a message that tells of one event, once; what else it told of would end with it."""
    if len(sections) != 1 or len(sections[0][2]) != 1 or not sections[0][0].leave_by:
        return ""
    return str(sections[0][2][0].get(sections[0][0].leave_by, ""))


def show(variable: Variable, value: Any, reading: Reading, *, short: bool = False) -> str:
    """A value as its reader writes it, days in figures if `short`; empty for None. Not yet isolated."""
    if value is None or value == "":
        return ""
    language = reading.language
    if variable.kind is Kind.NUMBER:
        return show_number(int(value), language)
    if variable.kind is Kind.DAY:
        written = show_short_date if short else show_date
        return written(date.fromisoformat(value), calendar=reading.calendar, language=language)
    if variable.kind is Kind.INSTANT:
        local = datetime.fromisoformat(value).astimezone(ZoneInfo(reading.zone))
        day = show_date(local.date(), calendar=reading.calendar, language=language)
        return day + ("، " if language == "fa" else ", ") + show_minutes(local.hour * 60 + local.minute, language)
    if variable.kind is Kind.MONEY:
        return _money(int(value["amount"]), str(value["currency"]), language)
    text = _DANGEROUS.sub(" ", str(value)).strip()
    return text if len(text) <= _LONGEST_VALUE else text[: _LONGEST_VALUE - 1] + "…"


def isolated(value: str, language: str) -> str:
    """The value, within signs that keep its direction to itself where it could turn the line round (UAX 9, FSI … PDI)."""
    other = ("L",) if language == "fa" else ("R", "AL")
    if value.startswith(("http://", "https://")):
        return value  # a telephone must see where a link ends
    if language == "fa" and _NUMBERS.fullmatch(value):
        return f"{_FIRST_STRONG}{value}{_POP}"  # groups of digits would change places
    if any(unicodedata.bidirectional(sign) in other for sign in value):
        return f"{_FIRST_STRONG}{value}{_POP}"
    return value


def segments(text: str) -> int:
    """How many messages a telephone network makes of a text (3GPP TS 23.038): 160 signs or 70, in parts 153 or 67."""
    if all(sign in _GSM or sign in _GSM_DOUBLE for sign in text):
        length, alone, part = sum(2 if sign in _GSM_DOUBLE else 1 for sign in text), 160, 153
    else:
        length, alone, part = len(text.encode("utf-16-le")) // 2, 70, 67
    return 1 if length <= alone else -(-length // part)


def _values(
    variables: Sequence[Variable], facts: Mapping[str, Any], reading: Reading, *, short: bool
) -> dict[str, str]:
    return {
        one.name: _lines(one, facts[one.name], reading)
        if one.kind is Kind.LINES
        else isolated(show(one, facts[one.name], reading, short=short), reading.language)
        for one in variables
        if one.name in facts
    }


def _lines(variable: Variable, value: Sequence[str], reading: Reading) -> str:
    """Texts below each other, each as safe as one that stands alone."""
    return "\n".join(isolated(show(replace(variable, kind=Kind.TEXT), one, reading), reading.language) for one in value)


def _money(amount: int, currency: str, language: str) -> str:
    digits, forms = _CURRENCIES.get(currency, (2, {}))
    shown = show_number(amount / 10**digits if digits else amount, language, decimals=digits)
    return forms.get(language, "{} " + currency).format(shown)


def _html(subject: str, plain: str, language: str) -> str:
    """The same words for mail programs that show HTML: paragraphs, lines, links; the language and direction said once, no style."""
    direction = "rtl" if language == "fa" else "ltr"
    paragraphs = "\n".join(f"<p>{_marked(block)}</p>" for block in plain.split("\n\n") if block.strip())
    return (
        f'<!doctype html>\n<html lang="{language}" dir="{direction}"><head><meta charset="utf-8">'
        f"<title>{html.escape(subject)}</title></head>\n"
        f'<body dir="{direction}">\n{paragraphs}\n</body></html>\n'
    )


def _marked(block: str) -> str:
    out, last = [], 0
    for link in _LINK.finditer(block):
        address = html.escape(link[0])
        out += [html.escape(block[last : link.start()]), f'<a href="{address}" dir="ltr">{address}</a>']
        last = link.end()
    out.append(html.escape(block[last:]))
    return "".join(out).replace(_FIRST_STRONG, "<bdi>").replace(_POP, "</bdi>").replace("\n", "<br>\n")
