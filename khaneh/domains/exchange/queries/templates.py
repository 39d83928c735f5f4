"""The texts with which an agreement begins: three kinds in three languages, filled with what is known of a match."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from khaneh.domains.exchange.types import MatchRow
from khaneh.kernel.labels import LANGUAGES

_FOLDER = Path(__file__).parent.parent / "agreement_texts"
TEMPLATES = ("pilot", "supply", "development")


class Template(NamedTuple):
    """What a text is called, and the text with its gaps."""

    name: str
    text: str


@cache
def _read(language: str) -> Mapping[str, Template]:
    stored = json.loads((_FOLDER / f"{language}.json").read_text(encoding="utf-8"))
    return {code: Template(one["name"], "\n".join(one["text"])) for code, one in stored.items()}


def templates(language: str) -> Mapping[str, Template]:
    """The texts in a language, English where there is none, by code."""
    return _read(language if language in LANGUAGES else "en")


def begun(found: MatchRow, *, template: str, language: str, day: str) -> str:
    """A template filled with what is known: parties, title, problem, technology, the broker's house and a day. Gaps stay for people."""
    text = templates(language).get(template, templates(language)[TEMPLATES[0]]).text
    facts = {
        "title": found.need.title,
        "problem": found.need.problem,
        "technology": found.offer_title or found.need.technology or found.need.title,
        "owner": found.owner.names.pick(language) if found.owner else "____",
        "partner": found.partner.names.pick(language),
        "house": found.need.broker_house.names.pick(language),
        "date": day,
    }
    for name, said in facts.items():
        text = text.replace(f"{{{name}}}", said)
    return text
