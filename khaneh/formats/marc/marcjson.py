"""One MARC-in-JSON record (Ross Singer's form) into a record."""

from __future__ import annotations

import json
import re
from typing import Any

import orjson

from khaneh.formats.marc.pieces import FileFormat
from khaneh.formats.marc.problems import Problem, doubt, fatal, note
from khaneh.formats.marc.types import Field, Record


def parse(text: str, fmt: FileFormat, problems: list[Problem]) -> Record | None:
    """The record, or None with a `fatal` problem."""
    del fmt
    try:
        data = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        try:
            # Control characters inside strings are forbidden but harmless, and lone surrogates are a doubt of their own.
            data, _ = json.JSONDecoder(strict=False).raw_decode(text.lstrip())
        except (ValueError, RecursionError):
            problems.append(fatal("json-broken", message=str(error)[:200], begins=text[:60]))
            return None
        problems.append(note("json-broken", message=str(error)[:200]))
    if not isinstance(data, dict):
        problems.append(fatal("json-structure", begins=text[:60]))
        return None
    return build(data, problems)


_HALF = re.compile("[\ud800-\udfff]")


def build(data: dict[str, Any], problems: list[Problem]) -> Record | None:
    """A record from parsed JSON, or None with a `fatal` problem where the shape is another."""
    leader = data.get("leader", "")
    entries = data.get("fields")
    if not isinstance(entries, list) or not isinstance(leader, str):
        problems.append(fatal("json-structure", keys=sorted(map(str, data))[:10]))
        return None
    fields: list[Field] = []
    for entry in entries:
        if not isinstance(entry, dict):
            problems.append(doubt("json-structure", entry=str(entry)[:60]))
            continue
        for tag, content in entry.items():
            if not isinstance(tag, str) or len(tag) != 3:
                problems.append(doubt("tag-odd", tag=str(tag)[:20]))
            if isinstance(content, dict):
                fields.append(_data_field(str(tag), content, problems))
            elif isinstance(content, str):
                fields.append(Field(str(tag), value=_sound(content, problems)))
            else:
                problems.append(doubt("json-structure", tag=str(tag)[:20]))
    if not fields:
        problems.append(fatal("no-fields"))
        return None
    if len(leader) != 24:
        problems.append(note("leader-short", leader=leader[:40], length=len(leader)))
        leader = leader.ljust(24)[:24]
    return Record(leader, tuple(fields))


def _sound(value: str, problems: list[Problem]) -> str:
    """Text that can be encoded: half a surrogate pair, which JSON can spell, becomes U+FFFD."""
    if not value.isascii() and _HALF.search(value):
        problems.append(doubt("undecodable", encoding="json"))
        return _HALF.sub("\ufffd", value)
    return value


def _data_field(tag: str, content: dict[str, Any], problems: list[Problem]) -> Field:
    indicators = [content.get("ind1", " "), content.get("ind2", " ")]
    for index, indicator in enumerate(indicators):
        if not isinstance(indicator, str) or len(indicator) != 1:
            problems.append(note("indicator-odd", tag=tag, indicators=str(indicator)[:10]))
            indicators[index] = indicator[:1] if isinstance(indicator, str) and indicator else " "
    subfields: list[tuple[str, str]] = []
    listed = content.get("subfields", [])
    for entry in listed if isinstance(listed, list) else [listed]:
        if not isinstance(entry, dict):
            problems.append(doubt("json-structure", tag=tag))
            continue
        for code, value in entry.items():
            if not isinstance(value, str):
                if value is not None:
                    problems.append(doubt("json-structure", tag=tag, code=str(code)[:10]))
                value = "" if value is None else str(value)
            if len(code) != 1:
                problems.append(doubt("subfield-code-odd", tag=tag, code=code[:10]))
            subfields.append((code[:1] or " ", _sound(value, problems)))
    if not subfields:
        problems.append(note("subfields-missing", tag=tag))
    return Field(tag, indicators[0], indicators[1], tuple(subfields))
