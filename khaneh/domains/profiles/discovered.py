"""What of profiles is found in the one search box: organisations by what they make as well, and mentors by what they can do."""

from __future__ import annotations

from collections.abc import Iterable

from khaneh.domains.discovery import network_kinds, registry
from khaneh.domains.discovery.types import Document, Kind
from khaneh.domains.network import queries as network
from khaneh.domains.network.types import capability_name, sector_name
from khaneh.domains.profiles import queries
from khaneh.kernel.labels import LANGUAGES, Label


def register() -> None:
    """Make mentors findable, and organisations by their profiles: still one document each, so that one company is one result."""
    registry.replace(
        Kind(
            "organisation", Label("Organisation", "سازمان", "Tổ chức"), organisation_documents, network.organisation_ids
        )
    )
    registry.register(Kind("mentor", Label("Mentor", "راهنما", "Cố vấn"), mentor_documents, queries.mentor_ids))


def organisation_documents(keys: list[int]) -> Iterable[Document]:
    """The register's documents with what published profiles add. Eleven statements."""
    profiles = queries.profiles_by_ids(keys)
    for document in network_kinds.organisation_documents(keys):
        profile = profiles.get(document.key)
        if profile is None:
            yield document
            continue
        products = [one.draft for one in profile.products]
        said = [*profile.draft.makes, *(text for one in products for text in one.texts)]
        yield document._replace(
            subjects=(*document.subjects, *(name for one in products for name in one.names if name)),
            text=tuple(text for text in (*said, *document.text) if text),
            payload={**document.payload, "profile": True},
        )


def mentor_documents(keys: list[int]) -> Iterable[Document]:
    """Published mentors. Five statements."""
    for row in queries.mentors_by_ids(keys).values():
        if not row.name:
            continue
        draft = row.draft
        yield Document(
            kind="mentor",
            key=row.id,
            title=row.name,
            subtitle=draft.headlines.pick("en"),
            titles=tuple(text for text in draft.headlines if text),
            subjects=(
                *(word for code in draft.capabilities for word in capability_name(code)),
                *(word for code in draft.sectors for word in sector_name(code)),
            ),
            text=tuple(text for text in draft.about if text),
            facets={"region": ("/".join(ref.code for ref in row.regions),)} if row.regions else {},
            payload={
                "headlines": draft.headlines.to_dict(),
                "region": {
                    language: ("، " if language == "fa" else ", ").join(
                        ref.names.pick(language) for ref in reversed(row.regions)
                    )
                    for language in LANGUAGES
                },
            },
        )
