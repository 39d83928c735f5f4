"""Events as they can be found: talks, fairs and tours in the one search box."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from khaneh.domains.discovery import registry
from khaneh.domains.discovery.services import touch
from khaneh.domains.discovery.types import Document, Kind
from khaneh.domains.events import queries
from khaneh.domains.events.types import EVENT_KINDS, PUBLIC_EVENTS, EventRow, EventState
from khaneh.domains.network import queries as network
from khaneh.domains.network.types import sector_name
from khaneh.infrastructure import journal
from khaneh.kernel.labels import LANGUAGES, Label

_NATIVE = {"IR": "fa", "VN": "vi"}


def register() -> None:
    """Make events findable, and follow the houses that they show."""
    registry.register(Kind("event", Label("Event", "رویداد", "Sự kiện"), event_documents, queries.public_event_ids))
    journal.follow("network.house.", _house_changed)


def event_documents(keys: list[int]) -> Iterable[Document]:
    """The documents of events that everybody may find, also those that are over: what was told there is looked for. About 20 statements."""
    for row in queries.events_by_ids(keys).values():
        # Who looks for one that was cancelled is told so on its page; nobody else needs to find it.
        if row.state in PUBLIC_EVENTS and row.state is not EventState.CANCELLED:
            yield _document(row)


def _document(row: EventRow) -> Document:
    house = network.house_facts(row.house.id)
    native = _NATIVE.get(house.country, "en")
    regions = network.region_refs(house.regions)
    title = row.names.pick(native)
    places = [house.names for house in row.houses] + [leg.names for leg in row.legs] + [row.place]
    return Document(
        kind="event",
        key=row.id,
        title=title,
        titles=tuple(dict.fromkeys(name for name in row.names if name and name != title)),
        creators=tuple(dict.fromkeys(one.names.pick(native) for one in row.organisers or (row.house,))),
        names=tuple(dict.fromkeys(name for label in [*places, *(one.names for one in row.organisers)] for name in label if name)),
        subjects=(*EVENT_KINDS[row.kind], *(word for code in row.sectors for word in sector_name(code))),
        text=tuple(text for text in (row.descriptions.pick(native), *row.descriptions) if text),
        facets={"region": ("/".join(regions[number].code for number in house.regions if number in regions),)},
        year=row.starts.year,
        payload={
            "names": row.names.to_dict(),
            "kind_names": EVENT_KINDS[row.kind].to_dict(),
            "event_kind": row.kind,
            "house": row.house.code,
            "house_names": row.house.names.to_dict(),
            "starts": row.starts.isoformat(),
            "ends": row.ends.isoformat(),
            "zone": row.zone,
            "state": row.state.value,
            "region": {
                language: _place([regions[n].names for n in house.regions if n in regions], language)
                for language in LANGUAGES
            },
        },
    )  # fmt: skip


def _house_changed(kind: str, house_id: int | None, facts: dict[str, Any]) -> None:
    if house_id is not None and kind != "network.house.created":  # one that has just been entered has no events
        touch("event", queries.event_ids_of_house(house_id))


def _place(names: list[Label], language: str) -> str:
    """Regions in words, the smallest first."""
    return ("، " if language == "fa" else ", ").join(name.pick(language) for name in reversed(names))
