"""Labels, numbers and numbers of people, in the reader's language and digits."""

from __future__ import annotations

from django.utils.translation import ngettext

from khaneh.interfaces.web import reader
from khaneh.kernel.calendars import show_number
from khaneh.kernel.labels import Label


def picked(label: Label) -> str:
    """A label in the reader's language."""
    return label.pick(reader.current().language)


def number(value: int) -> str:
    """A number in the reader's digits."""
    return show_number(value, reader.current().language)


def people(count: int) -> str:
    """So many people."""
    return ngettext("%(number)s person", "%(number)s people", count) % {"number": number(count)}
