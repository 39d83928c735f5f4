"""Records written as lines of text: the `.mrk` of MarcEdit and Aleph sequential."""

from __future__ import annotations

import re

from khaneh.formats.marc.pieces import FileFormat
from khaneh.formats.marc.problems import Problem, doubt, fatal, note
from khaneh.formats.marc.types import Field, Record

_MRK = re.compile(r"=(\w{3})\s{1,2}(.*)\Z", re.DOTALL)
_ALEPH = re.compile(r"\d{9} (\w{3})([^\n]{2}) [^ ] (.*)\Z", re.DOTALL)
# MarcEdit writes some characters by name.
_MNEMONICS = {"{dollar}": "$", "{lcub}": "{", "{rcub}": "}", "{bsol}": "\\", "{esc}": "\x1b"}
_MNEMONIC = re.compile(r"\{(?:dollar|lcub|rcub|bsol|esc)\}")
_LEADER_LENGTH = 24


def parse_mrk(text: str, fmt: FileFormat, problems: list[Problem]) -> Record | None:
    """`=245  10$aTitle` lines, `\\` for a blank."""
    del fmt
    leader = ""
    fields: list[Field] = []
    for line in _joined(text, "="):
        match = _MRK.match(line)
        if match is None:
            problems.append(doubt("line-broken", line=line[:80]))
            continue
        tag, content = match.groups()
        if tag in ("LDR", "000"):
            leader = content.replace("\\", " ")
        elif tag < "010" or (not tag.isdigit() and "$" not in content[2:3]):
            fields.append(Field(tag, value=_named(content.replace("\\", " "))))
        else:
            indicators = content[:2].replace("\\", " ")
            fields.append(_data_field(tag, indicators, content[2:], "$", problems))
    return _record(leader, fields, problems)


def parse_aleph(text: str, fmt: FileFormat, problems: list[Problem]) -> Record | None:
    """`000000001 24510 L $$aTitle` lines, `^` for a blank in the leader and the control fields."""
    del fmt
    leader = ""
    fields: list[Field] = []
    for line in text.splitlines():
        if not line.strip():
            continue
        match = _ALEPH.match(line)
        if match is None:
            problems.append(doubt("line-broken", line=line[:80]))
            continue
        tag, indicators, content = match.groups()
        if tag == "LDR":
            leader = content.replace("^", " ")
        elif content.startswith("$$"):
            fields.append(_data_field(tag, indicators, content, "$$", problems))
        else:
            fields.append(Field(tag, value=content.replace("^", " ") if tag < "010" else content))
    return _record(leader, fields, problems)


def _joined(text: str, start: str) -> list[str]:
    """Lines, with those that do not begin as a field does joined to the one before."""
    found: list[str] = []
    for line in text.splitlines():
        if line.startswith(start) or not found:
            if line.strip():
                found.append(line)
        elif line.strip():
            found[-1] += "\n" + line
    return found


def _named(value: str) -> str:
    return _MNEMONIC.sub(lambda match: _MNEMONICS[match.group()], value) if "{" in value else value


def _data_field(tag: str, indicators: str, content: str, mark: str, problems: list[Problem]) -> Field:
    before, *pieces = content.split(mark)
    if before.strip():
        problems.append(doubt("text-before-subfield", tag=tag))
        pieces.insert(0, "a" + before)
    subfields = tuple((piece[0], _named(piece[1:])) for piece in pieces if piece)
    if not subfields:
        problems.append(note("subfields-missing", tag=tag))
    indicators = indicators.ljust(2)
    return Field(tag, indicators[0], indicators[1], subfields)


def _record(leader: str, fields: list[Field], problems: list[Problem]) -> Record | None:
    if not fields:
        problems.append(fatal("no-fields"))
        return None
    if len(leader) != _LEADER_LENGTH:
        problems.append(note("leader-short", leader=leader[:40], length=len(leader)))
        leader = leader.ljust(_LEADER_LENGTH)[:_LEADER_LENGTH]
    return Record(leader, tuple(fields))
