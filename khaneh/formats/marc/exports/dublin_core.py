"""Simple Dublin Core in the container of OAI-PMH (`oai_dc`): fifteen elements, all repeatable, no order."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from khaneh.formats.marc.description import Description
from khaneh.formats.marc.exports import names
from khaneh.formats.marc.exports.xml import clean

DC = "http://purl.org/dc/elements/1.1/"
OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
_SCHEMA_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
# DCMI Type Vocabulary
_TYPES = {
    "music": "Text",
    "recording": "Sound",
    "map": "StillImage",
    "visual": "StillImage",
    "archive": "Collection",
    "electronic": "InteractiveResource",
    "object": "PhysicalObject",
}


def elements(description: Description, *, url: str = "") -> Iterator[tuple[str, str]]:
    """Pairs of element and value."""
    yield "title", names.full_title(description)
    if description.title.romanised:
        yield "title", description.title.romanised
    yield from (("creator", name.inverted) for name in names.makers(description))
    yield from (("contributor", name.inverted) for name in names.others(description))
    yield from (("subject", subject.heading) for subject in description.subjects)
    yield "description", description.summary
    yield from (("publisher", publication.publisher) for publication in description.publications)
    yield "date", str(description.year or description.year_as_written)
    yield "type", _TYPES.get(description.form, "Text")
    yield "format", description.extent
    yield from (("identifier", f"urn:isbn:{isbn}") for isbn in description.isbns)
    yield from (("identifier", f"urn:issn:{issn}") for issn in description.issns)
    yield "identifier", url
    yield from (("language", code) for code in description.languages)
    yield from (("relation", series.value) for series in description.series)


def dublin_core_element(description: Description, *, url: str = "") -> etree._Element:
    """The `oai_dc:dc` element."""
    root = etree.Element(f"{{{OAI_DC}}}dc", nsmap={"oai_dc": OAI_DC, "dc": DC, "xsi": _SCHEMA_INSTANCE})
    root.set(f"{{{_SCHEMA_INSTANCE}}}schemaLocation", f"{OAI_DC} http://www.openarchives.org/OAI/2.0/oai_dc.xsd")
    for name, value in elements(description, url=url):
        if value.strip():
            etree.SubElement(root, f"{{{DC}}}{name}").text = clean(value)
    return root


def to_dublin_core(description: Description, *, url: str = "") -> bytes:
    """An `oai_dc` document, UTF-8 with its declaration."""
    root = dublin_core_element(description, url=url)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
