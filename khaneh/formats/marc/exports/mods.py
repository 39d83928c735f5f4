"""MODS 3.8 (Library of Congress), from a description: the elements in the order of the outline of elements."""

from __future__ import annotations

from lxml import etree

from khaneh.formats.marc.description import Description, Text
from khaneh.formats.marc.exports.xml import add

NAMESPACE = "http://www.loc.gov/mods/v3"
_TYPES = {
    "music": "notated music",
    "recording": "sound recording",
    "map": "cartographic",
    "visual": "still image",
    "electronic": "software, multimedia",
    "object": "three dimensional object",
    "mixed": "mixed material",
}
_NAME_TYPES = {"person": "personal", "body": "corporate", "meeting": "conference"}
_RELATED = {"series": "series", "host": "host", "original": "original", "earlier": "preceding", "later": "succeeding"}
_SUBJECTS = {"topic": "topic", "place": "geographic", "time": "temporal"}


def _title(parent: etree._Element, title: Text, *, subtitle: str = "", part: str = "", kind: str = "") -> None:
    info = add(parent, "titleInfo", type=kind)
    add(info, "title", title.value)
    if subtitle:
        add(info, "subTitle", subtitle)
    if part:
        add(info, "partName", part)
    if title.romanised:
        add(add(parent, "titleInfo", type="translated", transliteration="ALA-LC"), "title", title.romanised)


def _origin(root: etree._Element, description: Description) -> None:
    for publication in description.publications[:3] or ():
        origin = add(root, "originInfo", eventType="publication")
        if publication.place:
            add(add(origin, "place"), "placeTerm", publication.place, type="text")
        if publication.publisher:
            add(origin, "publisher", publication.publisher)
        if publication.date:
            add(origin, "dateIssued", publication.date)
    if description.year or description.edition.value:
        origin = add(root, "originInfo")
        if description.year:
            add(origin, "dateIssued", f"{description.year:04}", encoding="w3cdtf", keyDate="yes")
        if description.edition.value:
            add(origin, "edition", description.edition.value)


def mods_element(description: Description, *, record_id: int, url: str = "") -> etree._Element:
    """The `mods` element."""
    root = etree.Element(f"{{{NAMESPACE}}}mods", nsmap={None: NAMESPACE})  # type: ignore[dict-item]  # the stubs know no default namespace
    root.set("version", "3.8")
    _title(root, description.title, subtitle=description.subtitle.value, part=description.part.value)
    if description.uniform_title.value:
        _title(root, description.uniform_title, kind="uniform")
    for title in description.variant_titles:
        _title(root, title, kind="alternative")
    for agent in description.agents:
        name = add(root, "name", type=_NAME_TYPES.get(agent.kind, ""))
        add(name, "namePart", agent.name)
        if agent.dates:
            add(name, "namePart", agent.dates, type="date")
        role = add(name, "role")
        if len(agent.role) == 3:
            add(role, "roleTerm", agent.role, type="code", authority="marcrelator")
        else:
            add(role, "roleTerm", agent.role, type="text")
    add(root, "typeOfResource", _TYPES.get(description.form, "text"))
    for genre in description.genres:
        add(root, "genre", genre)
    _origin(root, description)
    for code in description.languages:
        add(add(root, "language"), "languageTerm", code, type="code", authority="iso639-2b")
    for code in description.original_languages:
        add(add(root, "language", objectPart="translation"), "languageTerm", code, type="code", authority="iso639-2b")
    if description.extent or description.dimensions:
        physical = add(root, "physicalDescription")
        add(physical, "extent", " ; ".join(part for part in (description.extent, description.dimensions) if part))
    if description.summary:
        add(root, "abstract", description.summary)
    if description.contents:
        add(root, "tableOfContents", description.contents)
    if description.responsibility.value:
        add(root, "note", description.responsibility.value, type="statement of responsibility")
    for note in description.notes:
        add(root, "note", note)
    for subject in description.subjects:
        element = add(root, "subject", authority=subject.scheme)
        if subject.kind in {"person", "body", "meeting"}:
            add(add(element, "name", type=_NAME_TYPES[subject.kind]), "namePart", subject.heading)
        elif subject.kind == "title":
            add(add(element, "titleInfo"), "title", subject.heading)
        else:
            for part in subject.heading.split(" -- "):
                add(element, _SUBJECTS.get(subject.kind, "topic"), part)
    for classification in description.classifications:
        scheme, _, number = classification.partition(":")
        add(root, "classification", number, authority=scheme)
    for series in description.series:
        add(add(add(root, "relatedItem", type="series"), "titleInfo"), "title", series.value)
    for link in description.links:
        if link.kind == "online":
            add(add(root, "location"), "url", link.target or link.text)
        elif link.text and link.kind != "series":
            add(add(add(root, "relatedItem", type=_RELATED.get(link.kind, "")), "titleInfo"), "title", link.text)
    for kind, values in (("isbn", description.isbns), ("issn", description.issns)):
        for value in values:
            add(root, "identifier", value, type=kind)
    if url:
        add(root, "identifier", url, type="uri")
    info = add(root, "recordInfo")
    if description.control_number:
        add(info, "recordIdentifier", description.control_number, source=description.control_source)
    add(info, "recordIdentifier", str(record_id), source="khaneh")
    return root


def to_mods(description: Description, *, record_id: int, url: str = "") -> bytes:
    """A MODS document, UTF-8 with its declaration."""
    root = mods_element(description, record_id=record_id, url=url)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
