"""What is wrong with a draft by itself: a field and a stable reason each. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from khaneh.domains.network.types import is_sector
from khaneh.domains.profiles.types import (
    PROFILED_KINDS,
    SIZES,
    MentorDraft,
    ProductDraft,
    ProfileDraft,
    SignUpDraft,
)
from khaneh.kernel.labels import Label

LONGEST_NAME, LONGEST_TEXT, LONGEST_NOTE, LONGEST_LINE = 300, 5_000, 2_000, 300
MOST_SECTORS, MOST_CAPABILITIES, MOST_MARKETS, MOST_HOURS = 10, 30, 60, 200
_COUNTRY = re.compile(r"[A-Z]{2}")
_LANGUAGE = re.compile(r"[a-z]{2}")
_WEB = re.compile(r"https?://[^\s/?#]+\.[^\s/?#]+\S*")
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")

Problems = dict[str, str]


def signup_problems(draft: SignUpDraft) -> Problems:
    """Reasons: required, too_long, format, not_in_list, too_many, web_address, email."""
    found = _names(draft.names)
    if draft.kind not in PROFILED_KINDS:
        found["kind"] = "not_in_list"
    if not _COUNTRY.fullmatch(draft.country):
        found["country"] = "format" if draft.country else "required"
    if not draft.region_code:
        found["region_code"] = "required"
    if len(draft.registration_number) > 64:
        found["registration_number"] = "too_long"
    if max(len(text) for text in draft.descriptions) > LONGEST_TEXT:
        found["descriptions"] = "too_long"
    if len(draft.note) > LONGEST_NOTE:
        found["note"] = "too_long"
    if len(draft.address) > LONGEST_LINE:
        found["address"] = "too_long"
    if len(draft.phone) > 64:
        found["phone"] = "too_long"
    if draft.email and (len(draft.email) > 254 or not _EMAIL.fullmatch(draft.email)):
        found["email"] = "email"
    return found | _website(draft.website) | _sectors(draft.sectors) | _capabilities(draft.capabilities)


def missing_for_verification(draft: SignUpDraft, *, documents: int) -> tuple[str, ...]:
    """What a submission needs beyond a draft: a number and a paper to check it against, and where it belongs."""
    wanted = {
        "registration_number": draft.registration_number,
        "sectors": draft.sectors,
        "documents": documents,
    }
    return tuple(name for name, value in wanted.items() if not value)


def profile_problems(draft: ProfileDraft, *, year: int) -> Problems:
    """Reasons: too_long, out_of_range, not_in_list, too_many. `year` is this one."""
    found: Problems = {}
    if max(len(text) for text in draft.makes) > LONGEST_TEXT:
        found["makes"] = "too_long"
    if draft.size and draft.size not in SIZES:
        found["size"] = "not_in_list"
    if draft.founded is not None and not 1800 <= draft.founded <= year:
        found["founded"] = "out_of_range"
    if len(draft.markets) > MOST_MARKETS:
        found["markets"] = "too_many"
    elif not all(_COUNTRY.fullmatch(one) for one in draft.markets):
        found["markets"] = "not_in_list"
    return found | _trl(draft.trl)


def product_problems(draft: ProductDraft) -> Problems:
    """Reasons: required, too_long, out_of_range, web_address."""
    found = _names(draft.names)
    if max(len(text) for text in draft.texts) > LONGEST_TEXT:
        found["texts"] = "too_long"
    if max(len(text) for text in draft.alts) > LONGEST_LINE:
        found["alts"] = "too_long"
    return found | _trl(draft.trl) | _website(draft.website)


def mentor_problems(draft: MentorDraft) -> Problems:
    """Reasons: required, too_long, out_of_range, not_in_list, too_many."""
    found: Problems = {}
    if not any(text.strip() for text in draft.headlines):
        found["headlines"] = "required"
    elif max(len(text) for text in draft.headlines) > LONGEST_NAME:
        found["headlines"] = "too_long"
    if max(len(text) for text in draft.about) > LONGEST_TEXT:
        found["about"] = "too_long"
    if not 0 <= draft.hours <= MOST_HOURS:
        found["hours"] = "out_of_range"
    if len(draft.languages) > 20 or not all(_LANGUAGE.fullmatch(one) for one in draft.languages):
        found["languages"] = "not_in_list"
    return found | _sectors(draft.sectors) | _capabilities(draft.capabilities)


def _names(names: Label) -> Problems:
    if not any(name.strip() for name in names):
        return {"names": "required"}
    return {"names": "too_long"} if max(len(name) for name in names) > LONGEST_NAME else {}


def _trl(trl: int | None) -> Problems:
    return {} if trl is None or 1 <= trl <= 9 else {"trl": "out_of_range"}


def _website(address: str) -> Problems:
    wrong = bool(address) and (len(address) > LONGEST_LINE or not _WEB.fullmatch(address))
    return {"website": "web_address"} if wrong else {}


def _sectors(codes: Iterable[str]) -> Problems:
    codes = list(codes)
    if len(codes) > MOST_SECTORS:
        return {"sectors": "too_many"}
    return {} if all(map(is_sector, codes)) else {"sectors": "not_in_list"}


def _capabilities(words: Iterable[str]) -> Problems:
    words = list(words)
    if len(words) > MOST_CAPABILITIES:
        return {"capabilities": "too_many"}
    return {"capabilities": "too_long"} if any(len(word) > LONGEST_LINE for word in words) else {}
