"""Citations for people, after the manuals of APA (7th ed.), Chicago (17th ed., bibliography), MLA (9th ed.) and Vancouver (NLM).

The words between the parts follow the language of the reader; names keep the order in which their language writes them.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from khaneh.formats.marc.description import Description
from khaneh.formats.marc.exports import names
from khaneh.formats.marc.exports.names import Name
from khaneh.kernel.labels import Label

STYLES = {"apa": "APA", "chicago": "Chicago", "mla": "MLA", "vancouver": "Vancouver"}

_AND = Label("and", "و", "và")
_OTHERS = Label("et al.", "و دیگران", "và cộng sự")
_NO_DATE = Label("n.d.", "بی‌تا", "k.n.")
_TRANSLATED = Label("Translated by {}", "ترجمهٔ {}", "{} dịch")
_TRANSLATOR = Label("{}, Trans.", "ترجمهٔ {}", "{} dịch")
_EDITED = Label("Edited by {}", "به کوشش {}", "{} biên tập")
_JALALI = re.compile(r"1[234]\d\d")
_PERSIAN_DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "01234567890123456789")


class Run(NamedTuple):
    """A stretch of a citation; a title is `emphasised` (in italics, where the script has them)."""

    text: str
    emphasised: bool = False


class _Words:
    """What a style needs, once."""

    def __init__(self, description: Description, language: str) -> None:
        self.language = language
        self.comma = "، " if language == "fa" else ", "
        self.authors = names.makers(description)
        self.translators = names.with_role(description, names.TRANSLATOR)
        self.editors = names.with_role(description, names.EDITOR)
        self.title = names.full_title(description)
        publication = description.publications[0] if description.publications else None
        self.place = publication.place if publication else ""
        self.publisher = publication.publisher if publication else ""
        self.edition = description.edition.value
        self.year = str(description.year) if description.year else ""
        # Persian readers cite the year that stands in the book.
        written = _JALALI.search(description.year_as_written.translate(_PERSIAN_DIGITS))
        if language == "fa" and written:
            self.year = written.group()

    def say(self, label: Label, people: list[Name]) -> str:
        return label.pick(self.language).format(self.joined([name.direct for name in people]))

    def joined(self, people: list[str], *, sign: str = "") -> str:
        """`A, B and C`; the last joint may be a sign such as &."""
        last = f" {sign or _AND.pick(self.language)} "
        return (
            last.join(people)
            if len(people) < 3
            else self.comma.join(people[:-1]) + self.comma.rstrip() + last + people[-1]
        )


def _stopped(text: str) -> str:
    """The text with a full stop at its end, unless it ends with a mark already."""
    return text if not text or text[-1] in ".?!؟…" else f"{text}."


def _apa(words: _Words) -> list[Run]:
    people = [
        f"{name.family}{'، ' if name.initials == name.given else ', '}{name.initials}" if name.given else name.family
        for name in words.authors[:20]
    ]
    year = f"({words.year or _NO_DATE.pick(words.language)})."
    extra = [words.edition] if words.edition else []
    if words.translators:
        extra.append(words.say(_TRANSLATOR, words.translators))
    after = f" ({'; '.join(extra)})." if extra else ("" if words.title.endswith((".", "?", "!", "؟")) else ".")
    rest = f"{after} {_stopped(words.publisher)}" if words.publisher else after
    if not people:
        return [Run(words.title, emphasised=True), Run(f"{after.rstrip('.')}. {year} {_stopped(words.publisher)}")]
    return [
        Run(f"{_stopped(words.joined(people, sign='&' if words.language == 'en' else ''))} {year} "),
        Run(words.title, emphasised=True),
        Run(rest),
    ]


def _first_inverted(words: _Words, most: int) -> str:
    if not words.authors:
        return ""
    people = [words.authors[0].inverted, *(name.direct for name in words.authors[1:])]
    if len(people) > most:
        return f"{people[0]} {_OTHERS.pick(words.language)}"
    return words.joined(people)


def _chicago(words: _Words) -> list[Run]:
    people = _first_inverted(words, 10)
    parts = [words.say(_EDITED, words.editors)] if words.editors else []
    parts += [words.say(_TRANSLATED, words.translators)] if words.translators else []
    parts += [words.edition] if words.edition else []
    imprint = ": ".join(part for part in (words.place, words.publisher) if part)
    imprint = words.comma.join(part for part in (imprint, words.year or _NO_DATE.pick(words.language)) if part)
    rest = "".join(f" {_stopped(part)}" for part in [*parts, imprint])
    stop = "" if words.title.endswith((".", "?", "!", "؟")) else "."
    return [Run(f"{_stopped(people)} " if people else ""), Run(words.title, emphasised=True), Run(stop + rest)]


def _mla(words: _Words) -> list[Run]:
    people = _first_inverted(words, 2)
    parts = [words.say(_TRANSLATED, words.translators)] if words.translators else []
    parts += [part for part in (words.edition, words.publisher, words.year) if part]
    stop = "" if words.title.endswith((".", "?", "!", "؟")) else "."
    rest = f" {_stopped(words.comma.join(parts))}" if parts else ""
    return [Run(f"{_stopped(people)} " if people else ""), Run(words.title, emphasised=True), Run(stop + rest)]


def _vancouver(words: _Words) -> list[Run]:
    def short(name: Name) -> str:
        letters = name.initials.replace(".", "").replace(" ", "") if name.initials != name.given else name.given
        return f"{name.family} {letters}" if name.given else name.family

    people = [short(name) for name in words.authors[:6]]
    comma = "، " if words.language == "fa" else ", "
    authors = comma.join(people) + (
        f"{comma}{_OTHERS.pick(words.language).rstrip('.')}" if len(words.authors) > 6 else ""
    )
    imprint = ": ".join(part for part in (words.place, words.publisher) if part)
    imprint = "; ".join(part for part in (imprint, words.year) if part)
    parts = [authors, words.title, words.edition, imprint]
    return [Run(" ".join(_stopped(part) for part in parts if part))]


_WRITERS = {"apa": _apa, "chicago": _chicago, "mla": _mla, "vancouver": _vancouver}


def cite(description: Description, *, style: str, language: str = "en") -> tuple[Run, ...]:
    """The citation in runs of text. Raises KeyError for a style that is not in STYLES."""
    return tuple(run for run in _WRITERS[style](_Words(description, language[:2])) if run.text)


def as_text(runs: tuple[Run, ...]) -> str:
    """The citation without emphasis."""
    return "".join(run.text for run in runs)
