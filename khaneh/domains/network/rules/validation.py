"""What is wrong with a draft by itself: a field's name and a stable reason. What it refers to is the services' business.

Reasons: required, too_long, too_many, spans_overlap, format, not_in_list, out_of_range, time_zone, email, web_address, coordinates, level.
"""

from __future__ import annotations

import re
from functools import lru_cache
from zoneinfo import available_timezones

from khaneh.domains.network.rules.hours import spans_overlap
from khaneh.domains.network.types import (
    FACILITIES,
    HOUSE_KINDS,
    ORGANISATION_KINDS,
    HolidayDraft,
    HouseDraft,
    OrganisationDraft,
    RegionDraft,
    RegionLevel,
    is_sector,
)
from khaneh.kernel.calendars import Calendar
from khaneh.kernel.labels import Label

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_COUNTRY = re.compile(r"[A-Z]{2}")
_EMAIL = re.compile(r"[^@\s<>\"']+@[^@\s<>\"']+\.[^@\s<>\"']+")
# Only what a browser opens as a page: a stored `javascript:` would be run by whoever clicks it.
_WEB = re.compile(r"https?://[^\s<>\"']+", re.IGNORECASE)
_EDTF_DAY = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
LONGEST_NAME, LONGEST_TEXT, LONGEST_LINE = 300, 10_000, 500
MOST_SPANS = 24  # a day

Problems = dict[str, str]


def region_problems(draft: RegionDraft) -> Problems:
    """What is wrong with a region."""
    found = _identity(draft.code, draft.names)
    if not _COUNTRY.fullmatch(draft.country):
        found["country"] = "format"
    if (draft.level is RegionLevel.PROVINCE) != (not draft.parent_code):
        found["parent_code"] = "level"
    if draft.population is not None and not 0 <= draft.population < 10**10:
        found["population"] = "out_of_range"
    return found | _coordinates(draft.latitude, draft.longitude)


def house_problems(draft: HouseDraft) -> Problems:
    """What is wrong with a house."""
    found = _identity(draft.code, draft.names)
    if draft.kind not in HOUSE_KINDS:
        found["kind"] = "not_in_list"
    if not draft.region_code:
        found["region_code"] = "required"
    if set(draft.facilities) - set(FACILITIES):
        found["facilities"] = "not_in_list"
    if draft.time_zone not in _time_zones():
        found["time_zone"] = "time_zone"
    if draft.calendar not in set(Calendar):
        found["calendar"] = "not_in_list"
    if draft.opened and not _EDTF_DAY.fullmatch(draft.opened):
        found["opened"] = "format"
    return (
        found
        | _coordinates(draft.latitude, draft.longitude)
        | _contacts(draft.phone, draft.email, draft.website)
        | _texts(draft.descriptions, draft.address)
    )


def organisation_problems(draft: OrganisationDraft) -> Problems:
    """What is wrong with an organisation."""
    found = _identity(draft.code, draft.names)
    if draft.kind not in ORGANISATION_KINDS:
        found["kind"] = "not_in_list"
    if not _COUNTRY.fullmatch(draft.country):
        found["country"] = "format" if draft.country else "required"
    if not all(map(is_sector, draft.sectors)):
        found["sectors"] = "not_in_list"
    if len(draft.registration_number) > 64:
        found["registration_number"] = "too_long"
    if any(len(capability) > LONGEST_LINE for capability in draft.capabilities) or len(draft.capabilities) > 100:
        found["capabilities"] = "too_long"
    return (
        found
        | _coordinates(draft.latitude, draft.longitude)
        | _contacts(draft.phone, draft.email, draft.website)
        | _texts(draft.descriptions, draft.address)
    )


def holiday_problems(draft: HolidayDraft) -> Problems:
    """What is wrong with a day that differs, but for its days."""
    found = {}
    if not any(name.strip() for name in draft.names):
        found["names"] = "required"
    elif any(len(name) > LONGEST_NAME for name in draft.names):
        found["names"] = "too_long"
    if len(draft.spans) > MOST_SPANS:
        found["spans"] = "too_many"
    elif spans_overlap(draft.spans):
        found["spans"] = "spans_overlap"
    return found


def _identity(code: str, names: Label) -> Problems:
    found = {}
    if not _CODE.fullmatch(code):
        found["code"] = "format" if code else "required"
    if not any(name.strip() for name in names):
        found["names"] = "required"
    elif any(len(name) > LONGEST_NAME for name in names):
        found["names"] = "too_long"
    return found


def _coordinates(latitude: float | None, longitude: float | None) -> Problems:
    if latitude is None and longitude is None:
        return {}
    if latitude is None or longitude is None:
        return {"latitude" if latitude is None else "longitude": "coordinates"}
    found = {}
    if not -90 <= latitude <= 90:
        found["latitude"] = "out_of_range"
    if not -180 <= longitude <= 180:
        found["longitude"] = "out_of_range"
    return found


def _contacts(phone: str, email: str, website: str) -> Problems:
    found = {}
    if len(phone) > 64:
        found["phone"] = "too_long"
    if email and (len(email) > 254 or not _EMAIL.fullmatch(email)):
        found["email"] = "email"
    if website and (len(website) > LONGEST_LINE or not _WEB.fullmatch(website)):
        found["website"] = "web_address"
    return found


def _texts(descriptions: Label, address: str) -> Problems:
    found = {}
    if any(len(text) > LONGEST_TEXT for text in descriptions):
        found["descriptions"] = "too_long"
    if len(address) > LONGEST_LINE:
        found["address"] = "too_long"
    return found


@lru_cache(maxsize=1)
def _time_zones() -> frozenset[str]:
    return frozenset(available_timezones())
