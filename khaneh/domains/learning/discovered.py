"""Courses as they can be found in the one search box."""

from __future__ import annotations

from collections.abc import Iterable

from khaneh.domains.discovery import registry
from khaneh.domains.discovery.types import Document, Kind
from khaneh.domains.learning import queries
from khaneh.domains.learning.types import COURSE_KINDS, LIVE_RUNS, CourseRow, CourseState, RunRow, RunState
from khaneh.domains.network import queries as network
from khaneh.domains.qualifications import queries as qualifications
from khaneh.kernel.actor import SYSTEM
from khaneh.kernel.labels import Label

_NATIVE = {"IR": "fa", "VN": "vi"}
_COMING = (RunState.OPEN, RunState.RUNNING)


def register() -> None:
    """Make courses findable."""
    registry.register(Kind("course", Label("Course", "دوره", "Khóa học"), course_documents, queries.public_course_ids))


def course_documents(keys: list[int]) -> Iterable[Document]:
    """The documents of courses that are published. About eight statements, and some twenty a course with runs to come."""
    rows = [row for row in queries.courses_by_ids(keys).values() if row.state is CourseState.PUBLISHED]
    awards = qualifications.rows_by_id(number for row in rows for number, _ in row.awards)
    for row in rows:
        runs = [
            run
            for run in queries.runs_of(actor=SYSTEM, course_id=row.id, states=LIVE_RUNS, limit=50)
            if run.state in _COMING
        ]
        yield _document(row, runs, [awards[number].names for number, _ in row.awards if number in awards])


def _document(row: CourseRow, runs: list[RunRow], awards: list[Label]) -> Document:
    houses = {run.house.id: run.house for run in runs}
    if row.house is not None:
        houses[row.house.id] = row.house
    facts = [network.house_facts(number) for number in houses]
    native = _NATIVE.get(facts[0].country, "en") if facts else "en"
    regions = network.region_refs(number for one in facts for number in one.regions)
    paths = {
        "/".join(regions[number].code for number in one.regions if number in regions) for one in facts if one.regions
    }
    giver = row.house or row.organisation
    title, kind = row.names.pick(native), COURSE_KINDS[row.kind]
    return Document(
        kind="course",
        key=row.id,
        title=title,
        titles=tuple(dict.fromkeys(name for name in row.names if name and name != title)),
        creators=(giver.names.pick(native),) if giver is not None else (),
        names=tuple(dict.fromkeys(name for house in houses.values() for name in house.names if name)),
        subjects=(*kind, *(name for names in awards for name in names if name)),
        text=tuple(text for text in dict.fromkeys((row.descriptions.pick(native), *row.descriptions)) if text),
        identifiers=(row.code,),
        facets={"region": tuple(sorted(paths))},
        payload={
            "code": row.code,
            "names": row.names.to_dict(),
            "kind_names": kind.to_dict(),
            "course_kind": row.kind.value,
            "giver_names": giver.names.to_dict() if giver is not None else {},
            "hours": row.hours,
            "enrolling": any(run.state is RunState.OPEN for run in runs),
            "houses": [house.code for house in houses.values()],
        },
    )
