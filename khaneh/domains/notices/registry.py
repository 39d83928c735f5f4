"""The events that people are told of. Higher domains register theirs in `AppConfig.ready`; notices know nothing else of them."""

from __future__ import annotations

import json
from pathlib import Path

from khaneh.domains.notices.rules import templates
from khaneh.domains.notices.types import Channel, EventType, Text, Texts
from khaneh.kernel.labels import LANGUAGES
from khaneh.kernel.refusal import NotFound

_events: dict[str, EventType] = {}
_texts: dict[str, Texts] = {}


def register(event: EventType, texts: Texts) -> None:
    """Make an event known with the texts that ship. Raises ValueError where a language or channel lacks one, or one cannot be used."""
    for language in LANGUAGES:
        for channel in Channel:
            text = texts.get(language, {}).get(channel)
            if text is None:
                raise ValueError(f"{event.code}: no text for {channel} in {language}")
            problems = templates.problems(text, event, channel)
            if problems:
                raise ValueError(f"{event.code} {channel} {language}: {problems}")
    _events[event.code] = event
    _texts[event.code] = texts


def event(code: str) -> EventType:
    """A registered event. Raises NotFound."""
    found = _events.get(code)
    if found is None:
        raise NotFound(what="event")
    return found


def events() -> list[EventType]:
    """All of them, by code."""
    return [_events[code] for code in sorted(_events)]


def shipped(code: str, channel: Channel, language: str) -> Text:
    """The text that ships. Raises NotFound."""
    return _texts[event(code).code][language][channel]


def forget(code: str) -> None:
    """Take an event away again; for tests that register one of their own."""
    _events.pop(code, None)
    _texts.pop(code, None)


def read_texts(folder: Path, code: str) -> Texts:
    """The texts of an event from `fa.json`, `vi.json` and `en.json` of a folder.

    Each file: `{event: {channel: {"subject": line, "body": [line, …]}}}`, so that a translator reads lines and no escapes.
    """
    found: dict[str, dict[Channel, Text]] = {}
    for language in LANGUAGES:
        body = json.loads((folder / f"{language}.json").read_text(encoding="utf-8")).get(code, {})
        found[language] = {
            Channel(channel): Text(part.get("subject", ""), "\n".join(part["body"])) for channel, part in body.items()
        }
    return found
