"""Calls as they can be found in the one search box: those that are open or will be."""

from __future__ import annotations

from collections.abc import Iterable

from khaneh.domains.discovery import registry
from khaneh.domains.discovery.types import Document, Kind
from khaneh.domains.network import queries as network
from khaneh.domains.network.types.sectors import sector_name
from khaneh.domains.programmes import queries
from khaneh.domains.programmes.types import PROGRAMME_KINDS, CallState
from khaneh.kernel.labels import Label

_NATIVE = {"IR": "fa", "VN": "vi"}


def register() -> None:
    """Make calls findable."""
    registry.register(Kind("call", Label("Call", "فراخوان", "Đợt tuyển"), call_documents, queries.public_call_ids))


def call_documents(keys: list[int]) -> Iterable[Document]:
    """The documents of calls in public that were not cancelled. About twelve statements."""
    rows = [
        row
        for row in queries.calls_by_ids(keys).values()
        if row.published_at is not None and row.state in (CallState.PUBLISHED, CallState.DECIDED)
    ]
    paths = network.region_refs({number for row in rows for number in network.house_facts(row.house.id).regions})
    for row in rows:
        facts = network.house_facts(row.house.id)
        native = _NATIVE.get(facts.country, "en")
        title, kind = row.names.pick(native), PROGRAMME_KINDS[row.programme.kind]
        regions = [paths[number] for number in facts.regions if number in paths]
        yield Document(
            kind="call",
            key=row.id,
            title=title,
            titles=tuple(dict.fromkeys(name for name in row.names if name and name != title)),
            creators=(row.house.names.pick(native),),
            names=tuple(dict.fromkeys(name for name in (*row.house.names, *row.programme.names) if name)),
            subjects=(*kind, *(word for code in row.sectors for word in sector_name(code) if word)),
            text=tuple(text for text in (row.descriptions.pick(native), *row.descriptions) if text),
            facets={"region": ("/".join(ref.code for ref in regions),)} if regions else {},
            added=row.published_at,
            payload={
                "names": row.names.to_dict(),
                "kind_names": kind.to_dict(),
                "house_names": row.house.names.to_dict(),
                "opens_at": row.opens_at.isoformat() if row.opens_at else "",
                "closes_at": row.closes_at.isoformat() if row.closes_at else "",
            },
        )
