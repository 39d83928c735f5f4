"""What templates say about numbers, days, names, covers and icons. Each follows the reader's language and calendar."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from khaneh.interfaces.web import assets, covers, reader
from khaneh.interfaces.web.clocks import day_of
from khaneh.interfaces.web.result_lines import Lines
from khaneh.interfaces.web.results import Result
from khaneh.kernel.calendars import (
    WEEKDAYS,
    Calendar,
    JalaliDate,
    local_digits,
    show_date,
    show_minutes,
    show_number,
    show_short_date,
)
from khaneh.kernel.labels import Label

register = template.Library()


@register.simple_tag
def asset(name: str) -> str:
    """The address of a file below static/khaneh."""
    return assets.url(name)


@register.simple_tag
def icon(name: str, extra: str = "") -> SafeString:
    """An icon of the sprite; decoration only, the words beside it carry the meaning."""
    return _icon(assets.url("img/icons.svg"), name, extra)


@lru_cache(maxsize=512)
def _icon(sprite: str, name: str, extra: str) -> SafeString:
    return format_html(
        '<svg class="{}" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        f"icon {extra}".rstrip(),
        sprite,
        name,
    )


@register.filter
def number(value: float | Decimal | None, decimals: int = 0) -> str:
    """A number with the reader's digits and separators."""
    return "" if value is None or value == "" else show_number(value, reader.current().language, decimals=decimals)


@register.filter(is_safe=True)
def digits(value: object) -> str:
    """Text with the reader's digits; nothing else changes."""
    return local_digits(str(value), reader.current().language)


@register.filter
def day(value: date | datetime | None) -> str:
    """A day in words, on the page's clocks."""
    if value is None:
        return ""
    return show_date(day_of(value), language=reader.current().language, calendar=reader.current().calendar)


@register.filter
def short_day(value: date | datetime | None) -> str:
    """A day in figures, on the page's clocks."""
    if value is None:
        return ""
    return show_short_date(day_of(value), language=reader.current().language, calendar=reader.current().calendar)


@register.filter
def year(value: int | None) -> str:
    """A Gregorian year of publication in the reader's digits; in the Jalali calendar with the Jalali year beside it."""
    if value is None:
        return ""
    who = reader.current()
    shown = local_digits(str(value), who.language)
    if who.calendar is not Calendar.JALALI or not 1000 <= value <= 9000:
        return shown
    jalali = JalaliDate.from_gregorian(date(value, 7, 1)).year
    return f"{local_digits(str(jalali), who.language)} ({shown})"


@register.filter
def name(value: Label | Mapping[str, str] | str | None) -> str:
    """A trilingual name in the reader's language."""
    if value is None or isinstance(value, str):
        return value or ""
    label = value if isinstance(value, Label) else Label.from_dict(value)
    return label.pick(reader.current().language)


_COVER = (
    '<span class="cover" lang="%s" dir="%s" data-design="%s" data-ink="%s"%s aria-hidden="true">'
    '<span class="cover__art">%s</span>'
    '<span class="cover__text"><span class="cover__title">%s</span>%s</span></span>'
)
_LETTER_DESIGN = 3


@register.simple_tag
def worn(made: covers.Cover) -> SafeString:
    """A generated cover as HTML. Written here and not in a template: a page of results has twenty of them."""
    letter = made.design == _LETTER_DESIGN
    return SafeString(
        _COVER
        % (
            escape(made.lang),
            made.direction,
            made.design,
            made.ink,
            " data-long" if made.long else "",
            f'<span class="cover__letter">{escape(made.letter)}</span>' if letter else "",
            escape(made.title),
            f'<span class="cover__author">{escape(made.author)}</span>' if made.author else "",
        )
    )


@register.simple_tag
def cover(title: str, author: str = "", language: str = "") -> SafeString:
    """The generated cover of a book."""
    return worn(covers.cover(str(title), str(author or ""), str(language or "")))


@register.simple_tag
def result_lines(found: Iterable[Result]) -> SafeString:
    """The lines of a page of results."""
    written = Lines(reader.current().language, icon=icon, cover=cover, year=year)
    return SafeString(written.html(found))


_FACET = (
    '<a class="facet" data-depth="%d" href="%s" rel="nofollow"%s><span class="facet__box">%s</span>'
    '<bdi class="facet__name">%s</bdi><span class="facet__count">%s</span></a>'
)


@register.simple_tag
def facet_lines(values: Iterable[Any]) -> SafeString:
    """Links that add a facet's values or take them out. Written here and not in a template: a page of results has a hundred of them."""
    language = reader.current().language
    check = icon("check")
    return SafeString(
        "".join(
            [
                _FACET
                % (
                    value.depth,
                    escape(value.url),
                    ' aria-current="true"' if value.selected else "",
                    check if value.selected else "",
                    escape(value.name),
                    show_number(value.number, language),
                )
                for value in values
            ]
        )
    )


@register.filter
def item(mapping: Mapping[str, Any], key: str) -> Any:
    """A mapping's value, or None."""
    return mapping.get(key) if mapping else None


@register.filter
def prefixed(value: str, prefix: str) -> str:
    """The prefix and the value in one word, for names of icons and classes."""
    return f"{prefix}{value}"


@register.simple_tag
def json_ld(value: Mapping[str, Any]) -> SafeString:
    """A schema.org description as a data block; it is never run, so the Content-Security-Policy has nothing to allow."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for letter in "<>&\u2028\u2029":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return SafeString(f'<script type="application/ld+json">{text}</script>')


@register.filter
def clock(minutes: int) -> str:
    """A time of day from minutes after midnight."""
    return show_minutes(minutes, reader.current().language)


@register.filter
def hour(instant: datetime, zone: str) -> str:
    """The time of day of an instant on the clocks of a zone; the weekday in front when it is not today."""
    local = instant.astimezone(ZoneInfo(zone))
    language = reader.current().language
    time = show_minutes(local.hour * 60 + local.minute, language)
    if local.date() == timezone.now().astimezone(ZoneInfo(zone)).date():
        return time
    return f"{WEEKDAYS[local.isoweekday()].pick(language)} {time}"
