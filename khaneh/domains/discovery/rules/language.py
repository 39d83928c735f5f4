"""The query language: what a reader types, as a tree, and back. Pure; every text means something, none is an error.

words            all of them            title:word author:word subject:word publisher:word isbn:978…
"two words"      side by side           kind: language: script: house: region: genre: form: year:1990..2000
=word ="words"   exactly as written     AND OR NOT, + and -, parentheses
nguy*            any ending

Field names are also understood in Persian and Vietnamese.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from khaneh.kernel.orthography import latin_digits

TEXT_FIELDS: Final = ("title", "author", "subject", "publisher")
FACET_FIELDS: Final = ("kind", "language", "script", "house", "region", "genre", "form", "available", "digital")

_FIELD_NAMES: Final = {
    **{name: name for name in (*TEXT_FIELDS, *FACET_FIELDS, "year", "isbn")},
    "creator": "author",
    "lang": "language",
    "issn": "isbn",
    "number": "isbn",
    "عنوان": "title",
    "پدیدآور": "author",
    "نویسنده": "author",
    "موضوع": "subject",
    "ناشر": "publisher",
    "شابک": "isbn",
    "سال": "year",
    "زبان": "language",
    "nhanđề": "title",
    "tựađề": "title",
    "tácgiả": "author",
    "tacgia": "author",
    "chủđề": "subject",
    "chude": "subject",
    "nxb": "publisher",
    "nămxb": "year",
    "namxb": "year",
}
_OPERATORS: Final = {"AND": "and", "OR": "or", "NOT": "not", "&&": "and", "||": "or", "|": "or"}
_QUOTES: Final = {'"': '"', "“": "”", "„": "“", "«": "»", "”": "”"}
_DEEPEST: Final = 20  # parentheses further in are read as if they were not there
_LONGEST: Final = 1_000  # characters of a query that are read


class Node:
    """A node of the tree."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class All(Node):
    """Nothing is asked: every document."""


@dataclass(frozen=True, slots=True)
class Word(Node):
    """One run of characters; `exact` asks for it as written."""

    text: str
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Quoted(Node):
    """Words side by side; `exact` asks for them as written."""

    text: str
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Pattern(Node):
    """A word with '*' (any characters) or '?' (one) in it."""

    text: str


@dataclass(frozen=True, slots=True)
class Years(Node):
    """A range of Gregorian years; None leaves a side open."""

    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class In(Node):
    """The node within one field."""

    field: str
    node: Node


@dataclass(frozen=True, slots=True)
class And(Node):
    """All of the parts."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or(Node):
    """Any of the parts."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not(Node):
    """What does not answer the node."""

    node: Node


_SPACE = re.compile(r"[\s\u200e\u200f\u202a-\u202e\u2066-\u2069]*")
_RUN = re.compile(r"[^\s()\"“”„«»\u200e\u200f\u202a-\u202e\u2066-\u2069]+")
_PREFIXED = re.compile(r"([^\W\d_]+):", re.UNICODE)
_RANGE = re.compile(r"(\d{1,4})?(\.\.|-)(\d{1,4})?")
_YEAR = re.compile(r"\d{1,4}")
_PATTERN = re.compile(r"\w[^*?]*(?:\*|\?(?=.)).*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str  # word | quote | field | open | close | and | or | not | plus | minus
    text: str = ""
    exact: bool = False


def parse(text: str) -> Node:
    """The tree of a query. Never fails: what is unbalanced or out of place is read as the words it holds."""
    return _Reader(_tokens(text[:_LONGEST])).read()


def _tokens(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    at = 0
    while True:
        space = _SPACE.match(text, at)
        at = space.end() if space else at
        if at >= len(text):
            return tokens
        char = text[at]
        exact = char == "=" and at + 1 < len(text)
        if char in _QUOTES or (exact and text[at + 1] in _QUOTES):
            at += exact
            closing = text.find(_QUOTES[text[at]], at + 1)
            if closing < 0:  # other quotation marks close it too; else it runs to the end
                closing = next((i for i in range(at + 1, len(text)) if text[i] in '"”»“'), len(text))
            words = " ".join(re.sub(r'["“”„«»]', " ", text[at + 1 : closing]).split())
            at = closing + 1
            if words:
                tokens.append(_Token("quote", words, exact))
        elif char in "()":
            tokens.append(_Token("open" if char == "(" else "close"))
            at += 1
        else:
            at = _run(text, at, tokens)


def _run(text: str, at: int, tokens: list[_Token]) -> int:
    match = _RUN.match(text, at)
    if match is None:
        return at + 1
    run = match.group()
    if run in _OPERATORS:
        tokens.append(_Token(_OPERATORS[run]))
        return match.end()
    following = text[at + 1 : at + 2]
    if run[0] in "+-" and following and not following.isspace() and following != ")":
        tokens.append(_Token("plus" if run[0] == "+" else "minus"))
        return at + 1
    named = _PREFIXED.match(run)
    if named and named.group(1).lower() in _FIELD_NAMES and text[at + named.end() :].strip(" )"):
        tokens.append(_Token("field", _FIELD_NAMES[named.group(1).lower()]))
        return at + named.end()
    exact = run.startswith("=") and len(run) > 1
    tokens.append(_Token("word", run[1:] if exact else run, exact))
    return match.end()


class _Reader:
    """Recursive descent over tokens: or < and < not < field < leaf."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._at = 0
        self._depth = 0

    def read(self) -> Node:
        parts: list[Node] = []
        while self._at < len(self._tokens):
            node = self._or()
            if node is not None:
                parts.append(node)
            if self._peek() == "close":  # one too many
                self._at += 1
        return _all_of(parts)

    def _peek(self) -> str:
        return self._tokens[self._at].kind if self._at < len(self._tokens) else ""

    def _or(self) -> Node | None:
        parts: list[Node] = []
        while True:
            node = self._and()
            if node is not None:
                parts += node.parts if isinstance(node, Or) else (node,)
            if self._peek() != "or":
                break
            self._at += 1
        if not parts:
            return None
        parts = list(dict.fromkeys(parts))
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def _and(self) -> Node | None:
        parts: list[Node] = []
        while (kind := self._peek()) not in ("", "close", "or"):
            if kind in ("and", "plus"):
                self._at += 1
                continue
            node = self._not()
            if node is not None:
                parts.append(node)
        return _all_of(parts) if parts else None

    def _not(self) -> Node | None:
        negative = False
        while self._peek() in ("not", "minus"):
            negative = not negative
            self._at += 1
        node = self._field()
        if node is None or not negative:
            return node
        return node.node if isinstance(node, Not) else Not(node)

    def _field(self) -> Node | None:
        if self._peek() != "field":
            return self._leaf()
        name = self._tokens[self._at].text
        self._at += 1
        node = self._leaf() if self._peek() in ("word", "quote", "open") else None
        if node is None:
            return None
        return _within(name, node)

    def _leaf(self) -> Node | None:
        kind = self._peek()
        if kind not in ("word", "quote", "open"):
            if kind not in ("", "close", "or", "field"):
                self._at += 1
            return None
        while self._depth >= _DEEPEST and self._peek() == "open":
            self._at += 1
        if self._peek() not in ("word", "quote", "open"):
            return None
        token = self._tokens[self._at]
        kind = token.kind
        self._at += 1
        if kind == "quote":
            return Quoted(token.text, token.exact)
        if kind == "word":
            if not token.exact and len(token.text) > 2 and _PATTERN.fullmatch(token.text):
                return Pattern(token.text)
            return Word(token.text, token.exact)
        self._depth += 1
        node = self._or()
        self._depth -= 1
        if self._peek() == "close":
            self._at += 1
        return node


def _all_of(parts: list[Node]) -> Node:
    flat: list[Node] = []
    for part in parts:
        flat += part.parts if isinstance(part, And) else (part,)
    if not flat:
        return All()
    return flat[0] if len(flat) == 1 else And(tuple(flat))


def _within(name: str, node: Node) -> Node | None:
    """The node in a field; a range where the field is a year. A field within a field keeps the inner one."""
    if isinstance(node, And):
        return _all_of([n for part in node.parts if (n := _within(name, part)) is not None])
    if isinstance(node, Or):
        return Or(tuple(n for part in node.parts if (n := _within(name, part)) is not None))
    if isinstance(node, Not):
        inner = _within(name, node.node)
        return None if inner is None else Not(inner)
    if isinstance(node, (In, Years, All)):
        return node
    if name == "year":
        return _years(node)
    return In(name, node)


def _years(node: Node) -> Node:
    if not isinstance(node, (Word, Quoted, Pattern)):
        return node
    text = latin_digits(node.text).strip()
    if _YEAR.fullmatch(text):
        return Years(int(text), int(text))
    match = _RANGE.fullmatch(text)
    if match and (match.group(1) or match.group(3)):
        low, _, high = match.groups()
        return Years(int(low) if low else None, int(high) if high else None)
    return node


def years(text: str) -> Years | None:
    """A range as the year facet writes it: '1990..2000', '1990..', '..2000' or '1995'."""
    node = _years(Word(text))
    return node if isinstance(node, Years) else None


def write(node: Node) -> str:
    """The query that `parse` reads as this tree."""
    return _write(node, 0)


def _write(node: Node, level: int) -> str:
    """`level`: 0 anywhere, 1 inside and, 2 after a field or not."""
    match node:
        case All():
            return ""
        case Word(text, exact):
            return ("=" if exact else "") + text
        case Quoted(text, exact):
            return ("=" if exact else "") + f'"{text}"'
        case Pattern(text):
            return text
        case Years(low, high):
            return (
                f"year:{low}" if low == high else f"year:{'' if low is None else low}..{'' if high is None else high}"
            )
        case In(name, inner):
            return f"{name}:{_write(inner, 2)}"
        case Not(inner):
            return f"NOT {_write(inner, 2)}"
        case And(parts):
            text = " ".join(_write(part, 1) for part in parts)
            return f"({text})" if level == 2 else text
        case Or(parts):
            text = " OR ".join(_write(part, 1) for part in parts)
            return f"({text})" if level else text
    raise TypeError(type(node).__name__)
