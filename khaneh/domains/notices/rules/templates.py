"""The language of templates: names in braces, and one kind of section. Nothing in it can run, look further or ask anything.

    Dear {name},
    [items]• {title}, due {due}
    [/items]
    [house_phone]Questions: {house_phone}[/house_phone]

`{name}` is a variable. `[items]…[/items]` is written once for each thing the message tells of; inside it that thing's own variables
count too. `[variable]…[/variable]` is written where the variable is not empty. Sections are not nested. `{{`, `}}`, `[[` and `]]` are the
signs themselves. Whatever else is in braces or brackets is an error with its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from khaneh.domains.notices.types import Channel, EventType, Kind, Text, Variable
from khaneh.kernel.labels import Label

ITEMS = "items"
CONTENT = "content"
LONGEST = {"subject": 200, "body": 4000}
LONGEST_SMS = 500

# What every template may use, whatever the event.
COMMON: tuple[Variable, ...] = (
    Variable("name", Label("The member's name", "نام عضو", "Tên thành viên"), Kind.TEXT, ""),
    Variable("house", Label("The house", "نام کتابخانه", "Thư viện"), Kind.TEXT, ""),
    Variable("house_phone", Label("The house's telephone", "تلفن کتابخانه", "Điện thoại thư viện"), Kind.TEXT, "025 3770 1122"),
    Variable("count", Label("How many things it tells of", "شمار موارد", "Số mục"), Kind.NUMBER, 2),
    Variable("account_url", Label("Address of the account", "نشانی حساب", "Địa chỉ tài khoản"), Kind.TEXT, ""),
)  # fmt: skip
CONTENT_VARIABLE = Variable(CONTENT, Label("What the message tells", "متن پیام", "Nội dung tin"), Kind.TEXT, "…")

_TOKEN = re.compile(
    r"(?P<literal>\{\{|\}\}|\[\[|\]\])|\{(?P<name>[a-z_]+)\}|\[(?P<end>/?)(?P<section>[a-z_]+)\]|(?P<stray>[{}\[\]])"
)
_LITERALS = {"{{": "{", "}}": "}", "[[": "[", "]]": "]"}


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a part of a template, and where (signs from 0)."""

    part: str
    code: str
    at: int
    name: str = ""

    def to_facts(self) -> dict[str, str | int]:
        """For a refusal."""
        return {"part": self.part, "code": self.code, "at": self.at, "name": self.name}


@dataclass(frozen=True, slots=True)
class _Plain:
    text: str


@dataclass(frozen=True, slots=True)
class _Value:
    name: str


@dataclass(frozen=True, slots=True)
class _Section:
    name: str
    parts: tuple[_Plain | _Value, ...]


def variables(event: EventType, channel: Channel) -> tuple[Variable, ...]:
    """The variables that a template of the event may use outside its items."""
    framed = (CONTENT_VARIABLE,) if not event.items else ()
    return (*framed, *COMMON)


def problems(text: Text, event: EventType, channel: Channel) -> list[Problem]:
    """Why a text cannot be used for an event and channel; empty where it can."""
    found = []
    outside = {one.name for one in variables(event, channel)}
    inside = {one.name for one in event.items}
    for part, written in (("subject", text.subject), ("body", text.body)):
        longest = LONGEST_SMS if part == "body" and channel is Channel.SMS else LONGEST[part]
        if len(written) > longest:
            found.append(Problem(part, "too_long", longest))
        if part == "subject" and ("\n" in written or "\r" in written):
            found.append(Problem(part, "one_line", 0))
        found += _problems(part, written, outside, inside)
    if channel is not Channel.SMS and not text.subject.strip():
        found.append(Problem("subject", "required", 0))
    if not text.body.strip():
        found.append(Problem("body", "required", 0))
    if not event.items and "{content}" not in text.body:
        found.append(Problem("body", "content_missing", 0, CONTENT))
    return found


def render(written: str, values: Mapping[str, str], items: Sequence[Mapping[str, str]] = ()) -> str:
    """The text with its values. Values are taken as they are and never read again as template. Raises ValueError for a wrong template.

    Outside its section a variable of an item has the first item's value, so that a message of one thing reads as a sentence.
    """
    known = {**(items[0] if items else {}), **values}
    out = []
    for part in _parse(written):
        if isinstance(part, _Section):
            if part.name == ITEMS:
                out += [_fill(part.parts, {**known, **item}) for item in items]
            elif known.get(part.name):
                out.append(_fill(part.parts, known))
        else:
            out.append(_fill((part,), known))
    return _tidy("".join(out))


def _fill(parts: Sequence[_Plain | _Value], values: Mapping[str, str]) -> str:
    return "".join(part.text if isinstance(part, _Plain) else values.get(part.name, "") for part in parts)


def _tidy(text: str) -> str:
    """Without the holes that sections leave: no spaces at the end of lines, no more than one empty line."""
    text = re.sub(r"[ \t]+$", "", text.replace("\r\n", "\n"), flags=re.MULTILINE)
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n")


def _parse(written: str) -> Iterator[_Plain | _Value | _Section]:
    """The parts of a template. Raises ValueError."""
    section, inside = "", list[_Plain | _Value]()
    last = 0
    for token in _TOKEN.finditer(written):
        piece: list[_Plain | _Value] = [_Plain(written[last : token.start()])]
        last = token.end()
        if token["stray"]:
            raise ValueError(f"stray {token['stray']} at {token.start()}")
        if token["literal"]:
            piece.append(_Plain(_LITERALS[token["literal"]]))
        elif token["name"]:
            piece.append(_Value(token["name"]))
        if section:
            inside += piece
        else:
            yield from piece
        if token["section"]:
            if bool(token["end"]) != bool(section) or (section and token["section"] != section):
                raise ValueError(f"section {token['section']} at {token.start()}")
            if section:
                yield _Section(section, tuple(inside))
            section, inside = "" if section else token["section"], []
    if section:
        raise ValueError(f"section {section} has no end")
    yield _Plain(written[last:])


def _problems(part: str, written: str, outside: set[str], inside: set[str]) -> Iterator[Problem]:
    section, opened = "", 0
    for token in _TOKEN.finditer(written):
        at = token.start()
        if token["stray"]:
            yield Problem(part, "stray_sign", at, token["stray"])
        elif token["name"] and token["name"] not in outside | inside:
            yield Problem(part, "unknown_variable", at, token["name"])
        elif token["section"] and token["end"]:
            if token["section"] != section:
                yield Problem(part, "section_not_open", at, token["section"])
            section = ""
        elif token["section"]:
            if section:
                yield Problem(part, "section_in_section", at, token["section"])
            if token["section"] not in {ITEMS} | outside | inside:
                yield Problem(part, "unknown_variable", at, token["section"])
            section, opened = token["section"], at
    if section:
        yield Problem(part, "section_not_closed", opened, section)
