"""What discovery needs to find standards."""

from __future__ import annotations

from collections.abc import Iterable

from khaneh.domains.discovery import registry
from khaneh.domains.discovery.types import Document, Kind
from khaneh.domains.founding import queries
from khaneh.domains.founding.types import FOUNDED_KINDS, StandardState
from khaneh.domains.network import queries as network
from khaneh.kernel.labels import Label

_NATIVE = {"IR": "fa", "VN": "vi"}


def register() -> None:
    """Make standards findable."""
    registry.register(
        Kind("standard", Label("Standard", "استاندارد", "Tiêu chuẩn"), standard_documents, queries.published_ids)
    )


def standard_documents(keys: list[int]) -> Iterable[Document]:
    """The documents of standards in force. Five statements."""
    rows = [row for row in queries.with_items(keys).values() if row.state is StandardState.PUBLISHED]
    authorities = network.organisations_by_ids({row.authority.id for row in rows})
    for row in rows:
        native = _NATIVE.get(authorities[row.authority.id].country, "en")
        title = row.names.pick(native)
        yield Document(
            kind="standard",
            key=row.id,
            title=title,
            titles=tuple(dict.fromkeys(name for name in row.names if name and name != title)),
            creators=(row.authority.names.pick(native),),
            names=tuple(name for name in row.authority.names if name),
            subjects=tuple(FOUNDED_KINDS[row.kind]),
            text=tuple(
                text for text in (*row.descriptions, *(word for one in row.items for word in one.names)) if text
            ),
            added=row.published_at,
            payload={
                "names": row.names.to_dict(),
                "kind_names": FOUNDED_KINDS[row.kind].to_dict(),
                "code": row.code,
                "version": row.version,
            },
        )
