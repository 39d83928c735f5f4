"""Decisions about members: what may be written, how long a membership lasts, what the desk searches in. Pure."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from itertools import pairwise

from khaneh.domains.people.types import CategoryRow, MemberDraft
from khaneh.kernel.calendars import Calendar
from khaneh.kernel.labels import LANGUAGES
from khaneh.kernel.orthography import chunks, latin_digits, search_key

LONGEST_NAME = 120
LONGEST_ADDRESS = 500
LONGEST_TEXT = 1000
_OLDEST_YEARS = 130
_PHONE = re.compile(r"\+?[0-9]{5,15}")
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]+\.[^@\s]{2,63}")
_PIN = re.compile(r"[0-9]{4,8}")
# What people put between the figures of a telephone number.
_BETWEEN = str.maketrans("", "", " ()-./\u200e\u200f\u00a0")


def plain_phone(text: str) -> str:
    """A telephone number in Latin digits with nothing between, `+` first where it has a country's number."""
    plain = latin_digits(text).translate(_BETWEEN)
    return "+" + plain[2:] if plain.startswith("00") else plain


def plain_email(text: str) -> str:
    """An address as it is compared: lower case, no blanks around it."""
    return text.strip().lower()


def plain_national_id(text: str) -> str:
    """An identity number in Latin digits and capitals with nothing between."""
    return "".join(sign for sign in latin_digits(text).upper() if sign.isalnum())


def plain_pin(text: str) -> str:
    """A PIN in Latin digits; empty where it is none: four to eight digits, not all the same, not one after the other."""
    plain = latin_digits(text).strip()
    if not _PIN.fullmatch(plain):
        return ""
    steps = {int(later) - int(sooner) for sooner, later in pairwise(plain)}
    return "" if steps in ({0}, {1}, {-1}) else plain


def key_of(draft: MemberDraft) -> str:
    """What the desk looks in: each folded word of the name after a blank, علی‌رضا also as one, then `@address` and `#telephone`."""
    parts = chunks(f"{draft.given_name} {draft.family_name}")
    name = " ".join([*(part.folded for part in parts), *(part.joined for part in parts if part.joined)])
    contact = [
        f"@{plain_email(draft.email)}" if draft.email else "",
        f"#{_figures(draft.phone)}" if draft.phone else "",
    ]
    return " " + " ".join(part for part in (name, *contact) if part)


def _figures(phone: str) -> str:
    return plain_phone(phone).lstrip("+")


def problems_of(draft: MemberDraft, category: CategoryRow | None, *, today: date) -> dict[str, str]:
    """What is wrong with a draft, by field: missing, too_long, not_in_list, not_understood, out_of_range, control_characters."""
    found: dict[str, str] = {}
    texts = {"given_name": LONGEST_NAME, "family_name": LONGEST_NAME, "address": LONGEST_ADDRESS, "email": 254}
    for field, longest in texts.items():
        value: str = getattr(draft, field)
        if len(value) > longest:
            found[field] = "too_long"
        elif any(ord(sign) < 32 and sign not in "\n\r\t" for sign in value):
            found[field] = "control_characters"
    if not draft.family_name.strip() or not search_key(draft.family_name):
        found["family_name"] = "missing"
    if draft.phone and not _PHONE.fullmatch(plain_phone(draft.phone)):
        found["phone"] = "not_understood"
    if draft.email and not _EMAIL.fullmatch(plain_email(draft.email)):
        found["email"] = "not_understood"
    if draft.national_id and not 5 <= len(plain_national_id(draft.national_id)) <= 20:
        found["national_id"] = "not_understood"
    if draft.language not in LANGUAGES:
        found["language"] = "not_in_list"
    if draft.calendar not in {"auto", *Calendar}:
        found["calendar"] = "not_in_list"
    return found | _age_problems(draft, category, today)


def _age_problems(draft: MemberDraft, category: CategoryRow | None, today: date) -> dict[str, str]:
    if category is None or not category.active:
        return {"category": "not_in_list"}
    born = draft.birth_date
    if born is None:
        limited = category.min_age is not None or category.max_age is not None
        return {"birth_date": "missing"} if limited else {}
    if born > today or born.year < today.year - _OLDEST_YEARS:
        return {"birth_date": "out_of_range"}
    age = age_on(born, today)
    too_young = category.min_age is not None and age < category.min_age
    too_old = category.max_age is not None and age > category.max_age
    return {"category": "out_of_range"} if too_young or too_old else {}


def age_on(born: date, day: date) -> int:
    """Whole years by the Gregorian calendar; somebody born on 29 February is a year older on 1 March."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def months_later(day: date, months: int) -> date:
    """The same day of the month some months later, or the month's last where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def renewed_until(*, expires_on: date | None, today: date, months: int) -> date:
    """The last day of a renewed membership: counted from its old end, so that nobody loses days by coming early; from today where it is over."""
    start = expires_on if expires_on is not None and expires_on >= today else today
    return months_later(start, months)
