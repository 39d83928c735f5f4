"""WebDAV's XML: bodies read without ever opening anything that they name, answers built."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lxml import etree

DAV, CALDAV, SERVER, APPLE = (
    "DAV:",
    "urn:ietf:params:xml:ns:caldav",
    "http://calendarserver.org/ns/",
    "http://apple.com/ns/ical/",
)
_PREFIXES = {"d": DAV, "c": CALDAV, "cs": SERVER, "a": APPLE}
LARGEST = 512 * 1024
# XML 1.0, 2.2: what no document may hold, however it is written.
_NOT_XML = re.compile("[^\\t\\n\\r\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")
Element = etree._Element


class MalformedError(ValueError):
    """The body is no XML that a calendar program would send."""


def name(prefix: str, local: str) -> str:
    """A name as lxml writes it: `{DAV:}href`."""
    return f"{{{_PREFIXES[prefix]}}}{local}"


def read(body: bytes) -> Element | None:
    """The body's root, None for an empty one. Raises MalformedError."""
    if not body.strip():
        return None
    if len(body) > LARGEST or b"<!DOCTYPE" in body[:2000] or b"<!ENTITY" in body:
        raise MalformedError
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as wrong:
        raise MalformedError from wrong
    if root.getroottree().docinfo.internalDTD is not None:
        raise MalformedError
    return root


def node(tag: str, *children: Element | str, **attributes: str) -> Element:
    """An element `d:href` with children and text."""
    prefix, _, local = tag.partition(":")
    made = etree.Element(name(prefix, local), nsmap=_PREFIXES)
    for key, value in attributes.items():
        made.set(key, value)
    for child in children:
        if isinstance(child, str):
            made.text = (made.text or "") + _NOT_XML.sub("", child)
        else:
            made.append(child)
    return made


def href(address: str) -> Element:
    """`<d:href>`."""
    return node("d:href", address)


def multistatus(parts: Iterable[Element]) -> bytes:
    """The whole answer of a PROPFIND or REPORT."""
    root = node("d:multistatus", *parts)
    etree.cleanup_namespaces(root, keep_ns_prefixes=list(_PREFIXES))
    return written(root)


def error(tag: str) -> bytes:
    """A precondition that is not met (RFC 4918, 16), e.g. `d:valid-sync-token`."""
    return written(node("d:error", node(tag)))


def written(root: Element) -> bytes:
    """As bytes with a declaration."""
    return bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8"))
