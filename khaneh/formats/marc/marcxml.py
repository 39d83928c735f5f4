"""One MARCXML record into a record. The text of one `<record>` element only: no prolog, no document type, no entities.

Namespaces and prefixes are ignored, because exports carry every possible one; a prefix that the enclosing document declared is declared again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from lxml import etree

from khaneh.formats.marc.pieces import FileFormat
from khaneh.formats.marc.problems import Problem, doubt, fatal, note
from khaneh.formats.marc.types import Field, Record

_OWN_PREFIX = re.compile(r"<([A-Za-z_][\w.-]*):record")
_PREFIX = re.compile(r"[<\s/]([A-Za-z_][\w.-]*):[\w-]")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_REFERENCE = re.compile(r"&#(?:x0*([0-9a-fA-F]+)|0*([0-9]+));")
_BLANK_LEADER = "     nam a22     uu 4500"


def _parser(*, recover: bool) -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, recover=recover, huge_tree=False, remove_comments=True,
        remove_pis=True, collect_ids=False,
    )  # fmt: skip


def parse(text: str, fmt: FileFormat, problems: list[Problem]) -> Record | None:
    """The record, with what had to be mended in `problems`; None with a `fatal` one where there is nothing to read."""
    del fmt
    own = _OWN_PREFIX.match(text)
    root: etree._Element | None
    try:
        root = _parsed(text, (own.group(1),) if own else ())
    except etree.XMLSyntaxError:
        prefixes = sorted(set(_PREFIX.findall(text)) - {"xml", "xmlns"})
        try:
            root = _parsed(text, prefixes)
        except etree.XMLSyntaxError as error:
            root = _mended(text, prefixes, error, problems)
    element = (
        next((child for child in root if isinstance(child.tag, str) and _local(child) == "record"), None)
        if root is not None
        else None
    )
    if element is None:
        problems.append(fatal("xml-broken", begins=text[:60]))
        return None
    return _record(element, problems)


def _parsed(text: str, prefixes: Iterable[str], *, recover: bool = False) -> etree._Element:
    declared = "".join(f' xmlns:{prefix}="urn:x"' for prefix in prefixes)
    return etree.fromstring(f"<wrap{declared}>{text}</wrap>".encode("utf-8", "surrogatepass"), _parser(recover=recover))


def _mended(
    text: str, prefixes: list[str], error: etree.XMLSyntaxError, problems: list[Problem]
) -> etree._Element | None:
    """A second try without the characters that XML forbids (certain), and a third that takes what can be had (not certain)."""
    clean = _REFERENCE.sub(_allowed, _FORBIDDEN.sub("", text))
    if clean != text:
        problems.append(note("xml-characters", removed=len(text) - len(clean)))
        try:
            return _parsed(clean, prefixes)
        except etree.XMLSyntaxError as second:
            error = second
    line, column = error.position
    problems.append(doubt("xml-broken", message=str(error.msg)[:200], line=line, column=column))
    try:
        return _parsed(clean, prefixes, recover=True)
    except etree.XMLSyntaxError:
        return None


def _allowed(match: re.Match[str]) -> str:
    point = int(match.group(1), 16) if match.group(1) else int(match.group(2))
    allowed = (
        point in (0x9, 0xA, 0xD) or 0x20 <= point < 0xD800 or 0xE000 <= point < 0xFFFE or 0x10000 <= point < 0x110000
    )
    return match.group() if allowed else ""


def _local(element: etree._Element) -> str:
    name = str(element.tag)
    return name.rpartition("}")[2].rpartition(":")[2]


def _text(element: etree._Element, problems: list[Problem]) -> str:
    text = element.text or ""
    if len(element):
        for child in element:
            if not _is_element(child, problems):
                text += str(child.text or "")
            else:
                # Markup inside a value, such as <i>: its text belongs to the value.
                problems.append(note("xml-structure", element=_local(child)))
                text += "".join(str(part) for part in child.itertext())
            text += child.tail or ""
    return text


def _is_element(child: etree._Element, problems: list[Problem]) -> bool:
    """Whether a node is an element; an entity in its place is reported."""
    tag: Any = child.tag  # a function, for nodes of other kinds
    if tag is etree.Entity:
        problems.append(doubt("xml-entity", entity=str(child.text)[:40]))
    return isinstance(tag, str)


def _record(element: etree._Element, problems: list[Problem]) -> Record | None:
    leader = ""
    fields: list[Field] = []
    for child in element:
        if not _is_element(child, problems):
            continue
        name = _local(child)
        if name == "datafield":
            field = _data_field(child, problems)
            if field is not None:
                fields.append(field)
        elif name == "controlfield":
            tag = child.get("tag", "")
            if len(tag) != 3:
                problems.append(doubt("tag-odd" if tag else "xml-structure", tag=tag, element="controlfield"))
            fields.append(Field(tag or "???", value=_text(child, problems)))
        elif name == "leader":
            leader = _text(child, problems)
        else:
            problems.append(doubt("xml-structure", element=name[:40]))
    return _with_leader(leader, fields, problems)


def _with_leader(leader: str, fields: list[Field], problems: list[Problem]) -> Record | None:
    if not fields:
        problems.append(fatal("no-fields"))
        return None
    if len(leader) != 24:
        stripped = leader.strip("\r\n\t")
        if len(stripped) > 24 and not stripped[24:].strip():
            stripped = stripped[:24]
        if len(stripped) != 24:
            problems.append(note("leader-short", leader=leader[:40], length=len(leader)))
            # Export programs that trim lose the ends: type and level at 06-07 keep their places in what begins with a length.
            stripped = (stripped + _BLANK_LEADER[len(stripped) :])[:24] if stripped.strip() else _BLANK_LEADER.ljust(24)
        leader = stripped
    return Record(leader, tuple(fields))


def _data_field(element: etree._Element, problems: list[Problem]) -> Field | None:
    tag = element.get("tag", "")
    if len(tag) != 3:
        problems.append(doubt("tag-odd" if tag else "xml-structure", tag=tag, element="datafield"))
        tag = tag or "???"
    ind1, ind2 = element.get("ind1"), element.get("ind2")
    if ind1 is None or ind2 is None or len(ind1) != 1 or len(ind2) != 1:
        if ind1 or ind2:
            problems.append(note("indicator-odd", tag=tag, indicators=f"{ind1}{ind2}"[:10]))
        else:
            problems.append(note("indicator-odd", tag=tag, indicators=""))
        ind1, ind2 = (ind1 or " ")[:1], (ind2 or " ")[:1]
    subfields: list[tuple[str, str]] = []
    for child in element:
        code = child.get("code", "")
        if not _is_element(child, problems):
            continue
        if len(code) == 1 and child.tag.endswith("subfield") and not len(child):
            subfields.append((code, child.text or ""))
            continue
        if _local(child) != "subfield" or len(code) != 1:
            problems.append(doubt("subfield-code-odd", tag=tag, code=code[:10], element=_local(child)[:40]))
            code = code[:1] or " "
        subfields.append((code, _text(child, problems)))
    if not subfields:
        value = (element.text or "").strip()
        problems.append(doubt("subfields-missing", tag=tag) if value else note("subfields-missing", tag=tag))
        subfields = [("a", value)] if value else []
    return Field(tag, ind1, ind2, tuple(subfields))
