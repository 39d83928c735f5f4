"""schema.org JSON-LD of a record, for search engines and library browsers' add-ons."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from khaneh.formats.marc.description import Agent, Description
from khaneh.formats.marc.exports import names

_TYPES = {
    "book": "Book",
    "serial": "Periodical",
    "music": "SheetMusic",
    "recording": "AudioObject",
    "map": "Map",
    "visual": "VisualArtwork",
    "manuscript": "Manuscript",
    "archive": "ArchiveComponent",
    "electronic": "DigitalDocument",
}
# BCP 47 tags of the bibliographic ISO 639-2 codes; the others are their own tags.
_TAGS = {
    "per": "fa",
    "vie": "vi",
    "eng": "en",
    "ara": "ar",
    "fre": "fr",
    "ger": "de",
    "rus": "ru",
    "chi": "zh",
    "tur": "tr",
}


class Offer(NamedTuple):
    """Where the thing can be borrowed."""

    house: str
    url: str
    available: bool


def _agent(agent: Agent) -> dict[str, str]:
    kind = {"person": "Person", "meeting": "Event"}.get(agent.kind, "Organization")
    return {"@type": kind, "name": names.name_of(agent).direct}


def schema_org(description: Description, *, url: str, offers: Iterable[Offer] = ()) -> dict[str, Any]:
    """A JSON-LD object. Empty properties are left out."""
    by_role: dict[str, list[dict[str, str]]] = {}
    for agent in description.agents:
        role = {names.TRANSLATOR: "translator", names.EDITOR: "editor", names.ILLUSTRATOR: "illustrator"}.get(
            agent.role
        )
        by_role.setdefault(role or ("contributor" if agent.role == "contributor" else "author"), []).append(
            _agent(agent)
        )
    publication = description.publications[0] if description.publications else None
    found: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": _TYPES.get(description.form, "CreativeWork"),
        "@id": url,
        "url": url,
        "name": names.full_title(description),
        "alternateName": [title for title in (description.title.romanised, description.uniform_title.value) if title],
        **by_role,
        "isbn": list(description.isbns),
        "issn": list(description.issns),
        "inLanguage": [_TAGS.get(code, code) for code in description.languages],
        "datePublished": str(description.year) if description.year else "",
        "bookEdition": description.edition.value,
        "numberOfPages": description.pages if description.form == "book" else None,
        "publisher": {"@type": "Organization", "name": publication.publisher}
        if publication and publication.publisher
        else None,
        "about": [subject.heading for subject in description.subjects],
        "genre": list(description.genres),
        "abstract": description.summary,
        "offers": [
            {
                "@type": "Offer",
                "businessFunction": "http://purl.org/goodrelations/v1#LeaseOut",
                "availability": f"https://schema.org/{'InStock' if offer.available else 'OutOfStock'}",
                "seller": {"@type": "Library", "name": offer.house, "url": offer.url},
            }
            for offer in offers
        ],
    }
    return {name: value for name, value in found.items() if value not in ("", None, [], {})}
