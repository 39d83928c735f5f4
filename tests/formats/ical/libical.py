"""libical, the C library of most calendar programs, as an outside judge: `apt-get install libical3`."""

from __future__ import annotations

import ctypes
import ctypes.util
from datetime import UTC, datetime

import pytest


def library() -> ctypes.CDLL:
    """libical, or the test is skipped."""
    name = ctypes.util.find_library("ical")
    if name is None:
        pytest.skip("no libical: apt-get install libical3")
    lib = ctypes.CDLL(name)
    for function, answers, *takes in (
        ("icalparser_parse_string", ctypes.c_void_p, ctypes.c_char_p),
        ("icalcomponent_count_components", ctypes.c_int, ctypes.c_void_p, ctypes.c_int),
        ("icalcomponent_count_errors", ctypes.c_int, ctypes.c_void_p),
        ("icalcomponent_get_first_component", ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int),
        ("icalcomponent_get_next_component", ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int),
        ("icalcomponent_get_first_property", ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int),
        ("icalproperty_get_value_as_string", ctypes.c_char_p, ctypes.c_void_p),
        ("icalproperty_string_to_kind", ctypes.c_int, ctypes.c_char_p),
        ("icalcomponent_string_to_kind", ctypes.c_int, ctypes.c_char_p),
        ("icalrestriction_check", ctypes.c_int, ctypes.c_void_p),
        ("icalcomponent_free", None, ctypes.c_void_p),
        ("icalrecur_expand_recurrence", ctypes.c_int, ctypes.c_char_p, ctypes.c_long, ctypes.c_int, ctypes.c_void_p),
    ):  # fmt: skip
        found = getattr(lib, function)
        found.restype, found.argtypes = answers, takes
    return lib


def events(data: bytes) -> list[dict[str, str]]:
    """Each event's values as libical writes them. The calendar must have no errors and keep to the table of what stands where."""
    lib = library()
    calendar = lib.icalparser_parse_string(data)
    assert calendar, "libical reads nothing"
    try:
        assert lib.icalcomponent_count_errors(calendar) == 0
        assert lib.icalrestriction_check(calendar) == 1
        kind = lib.icalcomponent_string_to_kind(b"VEVENT")
        found = []
        event = lib.icalcomponent_get_first_component(calendar, kind)
        while event:
            values = {}
            for name in ("UID", "DTSTART", "DTEND", "SUMMARY", "STATUS", "SEQUENCE", "DTSTAMP", "DESCRIPTION"):
                one = lib.icalcomponent_get_first_property(event, lib.icalproperty_string_to_kind(name.encode()))
                if one:
                    values[name] = lib.icalproperty_get_value_as_string(one).decode()
            found.append(values)
            event = lib.icalcomponent_get_next_component(calendar, kind)
        return found
    finally:
        lib.icalcomponent_free(calendar)


def expanded(rule: str, first: datetime, count: int) -> list[datetime]:
    """The first instants that a rule gives from a beginning on."""
    lib = library()
    times = (ctypes.c_long * count)()
    assert lib.icalrecur_expand_recurrence(rule.encode(), int(first.timestamp()), count, times), rule
    return [datetime.fromtimestamp(one, UTC) for one in times if one]
