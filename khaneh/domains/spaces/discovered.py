"""Spaces as they can be found: rooms, machines and desks in the one search box."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from khaneh.domains.discovery import registry
from khaneh.domains.discovery.services import touch
from khaneh.domains.discovery.types import Document, Kind
from khaneh.domains.network import queries as network
from khaneh.domains.spaces import queries
from khaneh.domains.spaces.types import FACILITIES, SPACE_GROUPS, SPACE_KINDS, SpaceState
from khaneh.infrastructure import journal
from khaneh.kernel.labels import LANGUAGES, Label

_NATIVE = {"IR": "fa", "VN": "vi"}


def register() -> None:
    """Make spaces findable, and follow the houses that they show."""
    registry.register(
        Kind("space", Label("Space", "فضا و دستگاه", "Địa điểm, máy móc"), space_documents, queries.public_space_ids)
    )
    journal.follow("network.house.", _house_changed)


def space_documents(keys: list[int]) -> Iterable[Document]:
    """The documents of spaces that everybody may find. About ten statements."""
    rows = [row for row in queries.spaces_by_ids(keys).values() if row.state is not SpaceState.RETIRED]
    public = {number for ids in network.public_house_ids() for number in ids}
    for row in rows:
        if row.house.id not in public:
            continue
        house = network.house_facts(row.house.id)
        native = _NATIVE.get(house.country, "en")
        regions = network.region_refs(house.regions)
        title = row.names.pick(native)
        kind, group = SPACE_KINDS[row.kind], SPACE_GROUPS[row.group]
        yield Document(
            kind="space",
            key=row.id,
            title=title,
            titles=tuple(dict.fromkeys(name for name in row.names if name and name != title)),
            creators=(row.house.names.pick(native),),
            names=tuple(row.house.names),
            subjects=(*kind, *group, *(word for one in row.facilities for word in FACILITIES[one])),
            text=tuple(text for text in (row.descriptions.pick(native), *row.descriptions) if text),
            identifiers=(row.code,),
            facets={"region": ("/".join(regions[number].code for number in house.regions if number in regions),)},
            payload={
                "code": row.code,
                "names": row.names.to_dict(),
                "kind_names": kind.to_dict(),
                "space_kind": row.kind,
                "house": row.house.code,
                "house_names": row.house.names.to_dict(),
                "capacity": row.capacity,
                "state": row.state.value,
                "region": {
                    language: _place([regions[n].names for n in house.regions if n in regions], language)
                    for language in LANGUAGES
                },
            },
        )


def _house_changed(kind: str, house_id: int | None, facts: dict[str, Any]) -> None:
    if house_id is not None and kind != "network.house.created":  # one that has just been entered has no spaces
        touch("space", [row.id for row in queries.spaces_of_house(house_id)])


def _place(names: list[Label], language: str) -> str:
    """Regions in words, the smallest first."""
    return ("، " if language == "fa" else ", ").join(name.pick(language) for name in reversed(names))
