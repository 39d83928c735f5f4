"""Houses and organisations as documents. The network lies below and knows no index: its journal says what changed.

Registered here, and not by the network, because a lower domain never knows a higher one.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from khaneh.domains.discovery import registry
from khaneh.domains.discovery.services import touch
from khaneh.domains.discovery.types import Document, Facet, Kind
from khaneh.domains.network import queries as network
from khaneh.domains.network.types import FACILITIES, HOUSE_KINDS, ORGANISATION_KINDS, Ref, capability_name, sector_name
from khaneh.infrastructure import journal
from khaneh.kernel.actor import VISITOR
from khaneh.kernel.labels import LANGUAGES, Label

# The language in which most readers of a country know a name; it becomes the document's title, the others further titles.
_NATIVE = {"IR": "fa", "VN": "vi"}


def register() -> None:
    """Make houses and organisations findable and name their facets' values."""
    registry.register(Kind("house", Label("House", "خانه", "Cơ sở"), house_documents, network.public_house_ids))
    registry.register(
        Kind(
            "organisation", Label("Organisation", "سازمان", "Tổ chức"), organisation_documents, network.organisation_ids
        )
    )
    for facet in (registry.facet("region"), registry.facet("house")):
        if facet is not None:
            describe = _region_name if facet.name == "region" else _house_name
            registry.register_facet(Facet(facet.name, facet.label, facet.hierarchical, facet.size, describe))
    journal.follow("network.", _changed)


def house_documents(keys: list[int]) -> Iterable[Document]:
    """Houses that everybody may see. Eight statements."""
    rows = network.houses_by_ids(keys, actor=VISITOR, now=datetime.now(UTC))
    words = network.house_descriptions(rows)
    for row in rows.values():
        native = _native(row.regions)
        yield Document(
            kind="house",
            key=row.id,
            title=row.names.pick(native),
            titles=_others(row.names, native),
            creators=(row.operator.names.pick(native),) if row.operator else (),
            subjects=(*HOUSE_KINDS[row.kind], *(word for name in row.facilities for word in FACILITIES[name])),
            text=tuple(text for text in (words[row.id].pick(native), *words[row.id], row.address) if text),
            identifiers=(row.code,),
            facets={
                "house": ("/".join([*(ref.code for ref in row.ancestors), row.code]),),
                "region": ("/".join(ref.code for ref in row.regions),),
            },
            payload={
                "code": row.code,
                "names": row.names.to_dict(),
                "kind_names": HOUSE_KINDS[row.kind].to_dict(),
                "house_kind": row.kind,
                "state": row.state.value,
                "region": _place(row.regions),
                "address": row.address,
                "latitude": row.latitude,
                "longitude": row.longitude,
            },
        )


def organisation_documents(keys: list[int]) -> Iterable[Document]:
    """Organisations that have not withdrawn. Three statements."""
    rows = {pk: row for pk, row in network.organisations_by_ids(keys).items() if not row.withdrawn}
    words = network.organisation_descriptions(rows)
    for row in rows.values():
        native = _NATIVE.get(row.country, "en")
        yield Document(
            kind="organisation",
            key=row.id,
            title=row.names.pick(native),
            titles=_others(row.names, native),
            subjects=(
                *ORGANISATION_KINDS[row.kind],
                *(word for capability in row.capabilities for word in capability_name(capability)),
                *(word for code in row.sectors for word in sector_name(code)),
            ),
            text=tuple(text for text in (words[row.id].pick(native), *words[row.id]) if text),
            identifiers=tuple(number for number in (row.code, row.registration_number) if number),
            facets={"region": ("/".join(ref.code for ref in row.regions),)} if row.regions else {},
            payload={
                "code": row.code,
                "names": row.names.to_dict(),
                "kind_names": ORGANISATION_KINDS[row.kind].to_dict(),
                "organisation_kind": row.kind,
                "region": _place(row.regions),
            },
        )


def _changed(kind: str, house_id: int | None, facts: dict[str, Any]) -> None:
    """Note what shows something that changed: a house also shows its regions, the houses around it and its operator."""
    if kind.startswith("network.house.") and house_id is not None:
        touch("house", network.house_ids_below(house_id))
    elif kind.startswith("network.organisation."):
        touch("organisation", [facts["organisation_id"]])
        touch("house", network.house_ids_of_organisation(facts["organisation_id"]))
    elif kind == "network.region.changed":
        touch("house", network.house_ids_in_region(facts["region_id"]))
        touch("organisation", network.organisation_ids_in_region(facts["region_id"]))


def _region_name(path: str, language: str) -> str:
    return _named(network.region_names().get(path.rsplit("/", 1)[-1]), path, language)


def _house_name(path: str, language: str) -> str:
    return _named(network.house_names().get(path.rsplit("/", 1)[-1]), path, language)


def _named(label: Label | None, path: str, language: str) -> str:
    return label.pick(language) if label else path.rsplit("/", 1)[-1]


def _native(regions: tuple[Ref, ...]) -> str:
    return _NATIVE.get(regions[0].code[:2].upper(), "en") if regions else "en"


def _others(names: Label, native: str) -> tuple[str, ...]:
    title = names.pick(native)
    return tuple(dict.fromkeys(name for name in names if name and name != title))


def _place(regions: tuple[Ref, ...]) -> dict[str, str]:
    """Regions in words, the smallest first: Bến Thủy, Vinh, Nghệ An."""
    return {
        language: ("، " if language == "fa" else ", ").join(ref.names.pick(language) for ref in reversed(regions))
        for language in LANGUAGES
    }
