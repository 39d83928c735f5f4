"""Text that may stand in XML 1.0, and elements made of it."""

from __future__ import annotations

import re

from lxml import etree

# Everything outside the Char production of XML 1.0 (fifth edition, 2.2).
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean(text: str) -> str:
    """The text without the letters that XML cannot hold."""
    return _FORBIDDEN.sub("", text)


def add(parent: etree._Element, name: str, text: str = "", **attributes: str) -> etree._Element:
    """A child of the parent's namespace with text and attributes; a trailing underscore of an attribute's name is dropped."""
    namespace = etree.QName(parent).namespace
    child = etree.SubElement(parent, f"{{{namespace}}}{name}")
    for key, value in attributes.items():
        if value:
            child.set(key.rstrip("_"), clean(value))
    if text:
        child.text = clean(text)
    return child
