"""Courses as they can be found in the one search box."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from khaneh.domains.discovery import registry
from khaneh.domains.discovery.services import touch
from khaneh.domains.discovery.types import Document, Kind
from khaneh.domains.learning import queries
from khaneh.domains.learning.types import COURSE_KINDS, CourseState
from khaneh.domains.network import queries as network
from khaneh.domains.qualifications import queries as qualifications
from khaneh.infrastructure import journal
from khaneh.kernel.labels import Label

_NATIVE = {"IR": "fa", "VN": "vi"}


def register() -> None:
    """Make courses findable, and follow the houses that they show."""
    registry.register(Kind("course", Label("Course", "دوره", "Khóa học"), course_documents, queries.public_course_ids))
    journal.follow("network.house.", _house_changed)


def course_documents(keys: list[int]) -> Iterable[Document]:
    """The documents of courses that are published. About eleven statements."""
    rows = [row for row in queries.courses_by_ids(keys).values() if row.state is CourseState.PUBLISHED]
    awards = qualifications.rows_by_id(number for row in rows for number, _ in row.awards)
    held = queries.held_in(row.id for row in rows)
    wanted = {number for houses in held.values() for number in houses}
    houses = network.house_refs(wanted | {row.house.id for row in rows if row.house is not None})
    facts = {number: network.house_facts(number) for number in houses}
    regions = network.region_refs(number for one in facts.values() for number in one.regions)
    paths = {
        number: "/".join(regions[region].code for region in one.regions if region in regions)
        for number, one in facts.items()
    }
    for row in rows:
        runs = held.get(row.id, {})
        numbers = list(dict.fromkeys((*([row.house.id] if row.house is not None else []), *runs)))
        native = _NATIVE.get(facts[numbers[0]].country, "en") if numbers else "en"
        giver = row.house or row.organisation
        title, kind = row.names.pick(native), COURSE_KINDS[row.kind]
        named = [awards[number].names for number, _ in row.awards if number in awards]
        yield Document(
            kind="course",
            key=row.id,
            title=title,
            titles=tuple(dict.fromkeys(name for name in row.names if name and name != title)),
            creators=(giver.names.pick(native),) if giver is not None else (),
            names=tuple(dict.fromkeys(name for number in numbers for name in houses[number].names if name)),
            subjects=(*kind, *(name for names in named for name in names if name)),
            text=tuple(text for text in dict.fromkeys((row.descriptions.pick(native), *row.descriptions)) if text),
            identifiers=(row.code,),
            facets={"region": tuple(sorted({paths[number] for number in numbers if paths[number]}))},
            payload={
                "code": row.code,
                "names": row.names.to_dict(),
                "kind_names": kind.to_dict(),
                "course_kind": row.kind.value,
                "giver_names": giver.names.to_dict() if giver is not None else {},
                "hours": row.hours,
                "enrolling": any(runs.values()),
                "houses": [houses[number].code for number in numbers],
            },
        )


def _house_changed(kind: str, house_id: int | None, facts: dict[str, Any]) -> None:
    if house_id is not None and kind != "network.house.created":  # in one that has just been entered nothing is held
        touch("course", queries.course_ids_of_house(house_id))
