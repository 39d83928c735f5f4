"""What of a document goes into which field of the index. Pure; the one place that both engines and every query rely on.

Three tiers of a word (see `kernel.orthography`): `*_exact` fields hold it as written, `toneless` without Vietnamese tones, the others
folded. What is matched is the folded word in `all`; the other fields say how well.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from typing import Any, NamedTuple

import orjson

from khaneh.domains.discovery.types import Document
from khaneh.infrastructure.search.port import Fields
from khaneh.kernel.orthography import (
    ARTICLES,
    affixes_joined,
    chunks,
    filing_key,
    is_filed_first_in_persian,
    latin_digits,
)

FIELDS = Fields(
    text=("all", "all_exact", "title", "creator", "subject", "publisher"),
    words=("toneless", "head", "ident"),
    integers=("year", "added"),
    orders=("filed",),
    facets="facets",
    version=4,
)

HEAD_WORDS = (
    2  # a title's beginnings are indexed up to this many words: longer ones are rarely shared and cost a term each
)
WHOLE_WORDS = 16  # a longer title is known by its first words
SHOWN_TEXT = 600  # characters of a text kept for quoting
_SORTED = 40  # characters of a title that decide its place
_FILED_AFTER = re.compile(r"^[\W_]+")

PERSIAN_FIRST = "@Arab"  # the word of field `head` that titles have which a Persian reader files before the others
_JOIN = "_"
_WHOLE = "="
_NOT_IDENT = re.compile(r"[^0-9a-z]+")
_ISBN10 = re.compile(r"\d{9}[\dx]")


def whole_key(words: list[str]) -> str:
    """The word of field `head` that a title of exactly these folded words has."""
    return _WHOLE + _JOIN.join(without_article(words)[:WHOLE_WORDS])


def begin_key(words: list[str]) -> str:
    """The word of field `head` that a title beginning with these folded words has, if they are no more than HEAD_WORDS."""
    return _JOIN.join(without_article(words)[:HEAD_WORDS])


def without_article(words: list[str]) -> list[str]:
    """The words without a leading article, which readers and cataloguers leave out or not."""
    return words[1:] if len(words) > 1 and words[0] in ARTICLES else words


def identifier_key(text: str) -> str:
    """An ISBN (always of 13 digits), ISSN or other number as it is indexed: lower case letters and digits only."""
    key = text.replace("-", "").lower()
    if not (key.isascii() and key.isalnum()):
        key = _NOT_IDENT.sub("", latin_digits(key))
    if len(key) == 10 and _ISBN10.fullmatch(key):
        body = "978" + key[:9]
        check = -sum(int(d) * (3 if i % 2 else 1) for i, d in enumerate(body)) % 10
        return body + str(check)
    return key


def with_ancestors(values: Iterable[str]) -> list[str]:
    """Every path and the paths above it: 'a/b' gives 'a' and 'a/b'."""
    found: dict[str, None] = {}
    for value in values:
        steps = value.split("/")
        for end in range(1, len(steps) + 1):
            found["/".join(steps[:end])] = None
    return list(found)


def document_id(kind: str, key: int) -> str:
    """The id a document has in the index."""
    return f"{kind}:{key}"


class _Value(NamedTuple):
    """The forms of one value of a document."""

    folded: str
    exact: str
    toneless: str
    joined: str  # words that a ZWNJ or hyphen holds together
    attached: str  # words and the affixes that stand beside them


_NO_VALUE = _Value("", "", "", "", "")
_REMEMBERED = 200_000  # headings, cleared when full
_headings: dict[str, _Value] = {}


def _value(text: str) -> _Value:
    parts = chunks(text)
    if not parts:
        return _NO_VALUE
    if text.isascii():  # nothing to fold: half of the work
        folded = " ".join([c.folded for c in parts])
        joined = " ".join([c.joined for c in parts if c.joined]) if "-" in text or "'" in text or "`" in text else ""
        return _Value(folded, folded, "", joined, "")
    exact, folds, toneless, joined_forms, affix = zip(*parts, strict=True)
    return _Value(
        " ".join(folds),
        " ".join(exact),
        " ".join(filter(None, toneless)) if any(toneless) else "",
        " ".join(filter(None, joined_forms)) if any(joined_forms) else "",
        " ".join(affixes_joined(parts)) if any(affix) else "",
    )


def _heading(text: str) -> _Value:
    """The forms of a name, subject or publisher: values that many documents share."""
    known = _headings.get(text)
    if known is None:
        if len(_headings) >= _REMEMBERED:
            _headings.clear()
        known = _headings[text] = _value(text)
    return known


def _heads(words: list[str], heads: dict[str, None]) -> None:
    words = without_article(words)
    if not words:
        return
    heads[_WHOLE + _JOIN.join(words[:WHOLE_WORDS])] = None
    begun = ""
    for word in words[:HEAD_WORDS]:
        begun = f"{begun}{_JOIN}{word}" if begun else word
        heads[begun] = None


def analysed(document: Document, hierarchical: frozenset[str]) -> tuple[str, bytes]:
    """The id and the index fields of a document, as the JSON that engines take.

    `hierarchical` names the facets whose values are paths.
    """
    name = f"{document.kind}:{document.key}"
    title = _value(document.title)
    titles = [title]
    heads: dict[str, None] = {}
    words = title.folded.split()
    _heads(words, heads)
    if document.subtitle:
        subtitle = _value(document.subtitle)
        titles.append(subtitle)
        _heads(words + subtitle.folded.split(), heads)
    for other in document.titles:
        value = _value(other)
        titles.append(value)
        _heads(value.folded.split(), heads)
    creators = [_heading(text) for text in (*document.creators, *document.names)]
    subjects = [_heading(text) for text in document.subjects]
    publishers = [_heading(text) for text in document.publishers]
    values = [*titles, *creators, *subjects, *publishers, *[_value(text) for text in document.text]]
    folded, exact, toneless, joined, attached = map(list, zip(*values, strict=True))
    extra = [*filter(None, joined), *filter(None, attached)]
    titles_joined = [v.joined for v in titles if v.joined]
    idents = " ".join({identifier_key(i): None for i in document.identifiers})

    filed = _FILED_AFTER.sub("", (document.sort or document.title))[:_SORTED].lower()
    if is_filed_first_in_persian(filed):
        heads[PERSIAN_FIRST] = None
    facets: dict[str, Any] = {
        n: with_ancestors(v) if n in hierarchical else v for n, v in document.facets.items() if v and n != "year"
    }  # years are counted by decades
    facets["kind"] = [document.kind]
    if document.year is not None:
        decade = document.year // 10 * 10
        facets["decade"] = [f"{decade}..{decade + 9}"]
    fields: dict[str, Any] = {
        "id": name,
        "all": folded + extra if extra else folded,
        "all_exact": exact,
        "title": [v.folded for v in titles] + titles_joined,
        "head": " ".join(heads),
        "facets": facets,
        "filed": filing_key(filed).decode("latin-1"),
        "show": base64.b64encode(_shown(document)).decode("ascii"),
    }
    if creators:
        fields["creator"] = [v.folded for v in creators]
    if subjects:
        fields["subject"] = [v.folded for v in subjects]
    if publishers:
        fields["publisher"] = [v.folded for v in publishers]
    if any(toneless):
        fields["toneless"] = " ".join(filter(None, toneless))
    if idents:
        fields["ident"] = idents
    if document.year is not None:
        fields["year"] = document.year
    if document.added is not None:
        fields["added"] = int(document.added.timestamp())
    return name, orjson.dumps(fields)


def _shown(document: Document) -> bytes:
    """What a hit shows, so that a result page asks nothing of the database."""
    text = document.text[0][:SHOWN_TEXT] if document.text else ""
    return orjson.dumps(
        [document.title, document.subtitle, document.creators, document.year, text, document.payload],
        default=str,
    )
