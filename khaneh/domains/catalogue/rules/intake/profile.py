"""Where a source writes its copies, and what the columns of its tables mean. A profile is data that a librarian can edit; here it is checked and applied. Pure.

A profile's rules are JSON:

    {"fields": [{"tag": "952", "barcode": "p", "house": "ba", "location": "c", "call_number": "o", "price": "g"}],
     "houses": {"CPL": "yazd-central"},          # the source's own names of houses -> codes of houses
     "currency": "VND",                          # of prices that name none
     "columns": [["Nhan đề", "title"], ["Kệ", "location"], ["Màu bìa", ""]]}  # of tables: a column's name and what it means

Each value beside `tag` is a string of subfield codes. For barcode, house, location and price the first code that is filled wins; the
parts of a call number are joined in the record's order. A rule may have `"items": {"tag": "876", …}`: then the fields of that tag are
the copies, and what they do not say is taken from the field of `tag` that bears the same link number ($8), else from the one before.
With `"needs_barcode": true` a field without a barcode is no copy. The first rule that yields a copy is the one that is used.

A column means one of `formats.marc.columns.TARGETS` or a place in MARC21 such as `650$a`; with "" it is left out. A column that the
profile does not name is known by its own name or not at all.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from khaneh.formats.marc.columns import fold, suggest, valid_target
from khaneh.formats.marc.pieces import FileFormat
from khaneh.formats.marc.types import Field, Record
from khaneh.kernel.labels import Label
from khaneh.kernel.money import Money
from khaneh.kernel.orthography import latin_digits

PARTS = ("barcode", "house", "location", "call_number", "price")
MOST_COPIES = 2_000  # of one record: more is not a shelf but a mistake in the profile
LONGEST = 500  # characters of one value
MOST_COLUMNS = 200  # of one table


class CopyFacts(NamedTuple):
    """One copy as a source writes it; `price` is text, `house` the source's own word."""

    barcode: str = ""
    house: str = ""
    location: str = ""
    call_number: str = ""
    price: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """Where copies stand: a tag and the subfield codes of each part."""

    tag: str
    codes: tuple[str, str, str, str, str]  # in the order of PARTS
    needs_barcode: bool = False
    items: Rule | None = None
    link: str = "8"


@dataclass(frozen=True, slots=True)
class CopyProfile:
    """A checked profile."""

    rules: tuple[Rule, ...]
    houses: Mapping[str, str]
    currency: str

    @property
    def tags(self) -> frozenset[str]:
        """Every tag that the rules look at."""
        return frozenset(tag for rule in self.rules for tag in (rule.tag, rule.items.tag if rule.items else rule.tag))


class RuleError(ValueError):
    """A profile says something that cannot be applied. `where` is a path such as `fields.0.barcode`."""

    def __init__(self, where: str, why: str) -> None:
        self.where = where
        self.why = why
        super().__init__(f"{where}: {why}")


BUILTIN: dict[str, tuple[Label, dict[str, Any]]] = {
    "952": (
        Label(en="952 (Koha)", fa="۹۵۲ (کوها)", vi="952 (Koha)"),
        {"fields": [{"tag": "952", "barcode": "p", "house": "ba", "location": "c", "call_number": "o", "price": "gv"}]},
    ),
    "995": (
        Label(en="995 (UNIMARC recommendation)", fa="۹۹۵ (پیشنهاد یونی‌مارک)", vi="995 (khuyến nghị UNIMARC)"),
        {"fields": [{"tag": "995", "barcode": "f", "house": "cb", "location": "e", "call_number": "k"}]},
    ),
    "949": (
        Label(en="949 (local holdings)", fa="۹۴۹ (موجودی محلی)", vi="949 (vốn tài liệu tại chỗ)"),
        {"fields": [{"tag": "949", "barcode": "i", "house": "m", "location": "l", "call_number": "a", "price": "p"}]},
    ),
    "852-876": (
        Label(en="852 and 876 (MARC holdings)", fa="۸۵۲ و ۸۷۶ (موجودی مارک)", vi="852 và 876 (vốn tài liệu MARC)"),
        {
            "fields": [
                {
                    "tag": "852",
                    "barcode": "p",
                    "house": "ba",
                    "location": "c",
                    "call_number": "khijm",
                    "items": {"tag": "876", "barcode": "p", "location": "l", "price": "c"},
                },
                {"tag": "852", "barcode": "p", "house": "ba", "location": "c", "call_number": "khijm"},
            ]
        },
    ),
    "auto": (
        Label(en="Whichever has barcodes", fa="هرکدام که بارکد دارد", vi="Trường nào có mã vạch"),
        {
            "fields": [
                {
                    "tag": "952",
                    "barcode": "p",
                    "house": "ba",
                    "location": "c",
                    "call_number": "o",
                    "price": "gv",
                    "needs_barcode": True,
                },
                {
                    "tag": "995",
                    "barcode": "f",
                    "house": "cb",
                    "location": "e",
                    "call_number": "k",
                    "needs_barcode": True,
                },
                {
                    "tag": "852",
                    "barcode": "p",
                    "house": "ba",
                    "location": "c",
                    "call_number": "khijm",
                    "needs_barcode": True,
                    "items": {"tag": "876", "barcode": "p", "location": "l", "price": "c"},
                },
                {
                    "tag": "852",
                    "barcode": "p",
                    "house": "ba",
                    "location": "c",
                    "call_number": "khijm",
                    "needs_barcode": True,
                },
                {
                    "tag": "949",
                    "barcode": "i",
                    "house": "m",
                    "location": "l",
                    "call_number": "a",
                    "price": "p",
                    "needs_barcode": True,
                },
            ]
        },
    ),
}

_TAG = re.compile(r"[0-9A-Za-z]{3}")
_CODES = re.compile(r"[0-9a-z]{0,12}")
_CURRENCY = re.compile(r"([A-Z]{3})?")


def compiled(rules: Mapping[str, Any]) -> CopyProfile:
    """Check a profile's rules. Raises RuleError with the place and the reason."""
    if not isinstance(rules, Mapping):
        raise RuleError("", "not a set of rules")
    if unknown := set(rules) - {"fields", "houses", "currency", "columns"}:
        raise RuleError(min(map(str, unknown)), "unknown")
    fields = rules.get("fields", [])
    if not isinstance(fields, list) or len(fields) > 20:
        raise RuleError("fields", "not a list of at most 20 rules")
    houses = rules.get("houses", {})
    if not isinstance(houses, Mapping) or not all(isinstance(x, str) for pair in houses.items() for x in pair):
        raise RuleError("houses", "not pairs of texts")
    currency = rules.get("currency", "")
    if not isinstance(currency, str) or not _CURRENCY.fullmatch(currency):
        raise RuleError("currency", "not three capital letters")
    _check_columns(rules.get("columns", []))
    return CopyProfile(
        rules=tuple(_rule(rule, f"fields.{place}") for place, rule in enumerate(fields)),
        houses={given.strip(): code.strip() for given, code in houses.items()},
        currency=currency,
    )


def with_columns(found: FileFormat, rules: Mapping[str, Any]) -> FileFormat:
    """The format of a table with the columns as a profile has them; any other format, and where the profile has none, as it is."""
    told = {fold(column): target for column, target in rules.get("columns", ())}
    if not told or not found.columns:
        return found
    guessed = dict(suggest(found.columns))
    mapping: list[tuple[str, str]] = []
    used: set[str] = set(told.values())
    for column in found.columns:
        target = told.get(fold(column))
        if target is None:
            target = guessed.get(column, "")
            if target in used and target in ("title", "control_number"):
                continue
        if target:
            used.add(target)
            mapping.append((column, target))
    return FileFormat.from_dict({**found.to_dict(), "mapping": [list(pair) for pair in mapping]})


def _check_columns(columns: Any) -> None:
    if not isinstance(columns, list) or len(columns) > MOST_COLUMNS:
        raise RuleError("columns", "not a list of columns")
    names: set[str] = set()
    for place, pair in enumerate(columns):
        if not isinstance(pair, list) or len(pair) != 2 or not all(isinstance(one, str) for one in pair):
            raise RuleError(f"columns.{place}", "not a column and its meaning")
        name, target = pair
        if not fold(name) or len(name) > LONGEST:
            raise RuleError(f"columns.{place}.name", "not the name of a column")
        if fold(name) in names:
            raise RuleError(f"columns.{place}.name", "named twice")
        names.add(fold(name))
        if target and not valid_target(target):
            raise RuleError(f"columns.{place}.target", "not a meaning of a column")


def _rule(rule: Any, where: str, *, inner: bool = False) -> Rule:
    if not isinstance(rule, Mapping):
        raise RuleError(where, "not a rule")
    if unknown := set(rule) - {"tag", *PARTS, "needs_barcode", *(() if inner else ("items", "link"))}:
        raise RuleError(f"{where}.{min(map(str, unknown))}", "unknown")
    tag = rule.get("tag")
    if not isinstance(tag, str) or not _TAG.fullmatch(tag):
        raise RuleError(f"{where}.tag", "not a field tag")
    codes = []
    for part in PARTS:
        code = rule.get(part, "")
        if not isinstance(code, str) or not _CODES.fullmatch(code):
            raise RuleError(f"{where}.{part}", "not subfield codes")
        codes.append(code)
    if not any(codes):
        raise RuleError(where, "names no subfield")
    link = rule.get("link", "8")
    if not isinstance(link, str) or not re.fullmatch("[0-9a-z]", link):
        raise RuleError(f"{where}.link", "not a subfield code")
    needs_barcode = rule.get("needs_barcode", False)
    if not isinstance(needs_barcode, bool):
        raise RuleError(f"{where}.needs_barcode", "not yes or no")
    items = _rule(rule["items"], f"{where}.items", inner=True) if rule.get("items") is not None else None
    a, b, c, d, e = codes
    return Rule(tag, (a, b, c, d, e), needs_barcode, items, link)


def copies(record: Record, profile: CopyProfile) -> tuple[CopyFacts, ...]:
    """The copies that a record says it has, by the first rule that finds any; at most MOST_COPIES."""
    for rule in profile.rules:
        found = _by_rule(record, rule)
        if found:
            return tuple(found[:MOST_COPIES])
    return ()


def _by_rule(record: Record, rule: Rule) -> list[CopyFacts]:
    found: list[CopyFacts] = []
    if rule.items is None:
        tag = rule.tag
        for field in [field for field in record.fields if field.tag == tag]:
            facts = _facts(field, rule)
            if facts.barcode or (not rule.needs_barcode and any(facts)):
                found.append(facts)
        return found
    before = CopyFacts()
    linked: dict[str, CopyFacts] = {}
    for field in record.fields:
        if field.tag == rule.tag:
            before = _facts(field, rule)
            if number := _link(field, rule.link):
                linked[number] = before
        elif field.tag == rule.items.tag:
            own = _facts(field, rule.items)
            holding = linked.get(_link(field, rule.link), before)
            facts = CopyFacts(*(mine or theirs for mine, theirs in zip(own, holding, strict=True)))
            if any(own) and (facts.barcode or not rule.needs_barcode):
                found.append(facts)
    return found


def _link(field: Field, code: str) -> str:
    """The part of a link number that two linked fields share: `1.2\\a` and `1.1` are both linked to 1."""
    return field.first(code).split(".", 1)[0].split("\\", 1)[0].strip()


def _facts(field: Field, rule: Rule) -> CopyFacts:
    barcode, house, location, call_number, price = rule.codes
    first: dict[str, str] = {}
    parts: list[str] = []
    for code, value in field.subfields:
        # PostgreSQL's text has no NUL; in a barcode it never meant anything.
        text = value.replace("\x00", "").strip()
        if text:
            if code not in first:
                first[code] = text
            if code in call_number:
                parts.append(text)
    return CopyFacts(
        _first(first, barcode),
        _first(first, house),
        _first(first, location),
        " ".join(parts)[:LONGEST],
        _first(first, price),
    )


def _first(values: Mapping[str, str], codes: str) -> str:
    for code in codes:
        if code in values:
            return values[code][:LONGEST]
    return ""


_CURRENCIES = (
    ("IRR", 10, re.compile(r"تومان|toman", re.IGNORECASE)),
    ("IRR", 1, re.compile(r"ریال|ريال|IRR|rials?\b|\brls?\b", re.IGNORECASE)),
    ("VND", 1, re.compile(r"VN[DĐ]|₫|đ|đồng|dong\b", re.IGNORECASE)),
    ("USD", 1, re.compile(r"\$|USD")),
    ("EUR", 1, re.compile(r"€|EUR")),
    ("GBP", 1, re.compile(r"£|GBP")),
)
_AMOUNT = re.compile(r"[0-9][0-9.,٬٫' \u00a0\u202f]*")
_WITHOUT_FRACTIONS = frozenset(("IRR", "VND"))


@lru_cache(maxsize=8192)
def price(text: str, currency: str) -> Money | None:
    """A price as catalogues write it: `45.000đ`, `120,000 ریال`, `$12.50`, `۵۰۰۰ تومان`, `45000.00`. None where it says no amount.

    A separator before exactly three digits groups thousands; otherwise the last one begins the fraction. Without any currency, in the
    text or in the profile, there is no price. Toman are ten rials.
    """
    factor = 1
    if not (text.isascii() and text.isdecimal()):
        text = latin_digits(text)
        for code, times, pattern in _CURRENCIES:
            if pattern.search(text):
                currency, factor = code, times
                break
    found = _AMOUNT.search(text)
    if not found or not currency:
        return None
    digits = re.sub(r"['\s٬]", "", found.group()).replace("٫", ".").rstrip(".,")
    whole, fraction = digits, ""
    last = max(digits.rfind("."), digits.rfind(","))
    if last >= 0 and len(digits) - last - 1 != 3:
        whole, fraction = digits[:last], digits[last + 1 :]
    whole = re.sub("[.,]", "", whole)
    if currency in _WITHOUT_FRACTIONS:
        if fraction.strip("0"):
            return None
        fraction = ""
    try:
        money = Money.parse(f"{whole}.{fraction}" if fraction else whole, currency)
    except ValueError:
        return None
    return Money(money.amount * factor, currency) if money.amount * factor < 2**62 else None
