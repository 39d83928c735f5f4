"""Importing the network's tables: every line is tried by the same service that a page would call, and answers for itself."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from khaneh.domains.network import permissions, queries
from khaneh.domains.network.errors import TableUnreadable
from khaneh.domains.network.models import House
from khaneh.domains.network.queries import References
from khaneh.domains.network.rules import table_files, table_lines
from khaneh.domains.network.rules.cells import Cells
from khaneh.domains.network.services.holidays import add_holiday
from khaneh.domains.network.services.hours import set_opening_hours
from khaneh.domains.network.services.houses import change_house, change_house_state, enter, references_of
from khaneh.domains.network.services.organisations import change_organisation, create_organisation
from khaneh.domains.network.services.regions import (
    change_region,
    create_region,
    publish_index,
    set_boundary,
    set_decile,
)
from khaneh.domains.network.types import (
    BoundaryDraft,
    DecileDraft,
    DeprivationIndexDraft,
    HolidayDraft,
    HouseDraft,
    ImportMode,
    ImportReport,
    LineResult,
    OrganisationDraft,
    Outcome,
    Problem,
    RegionDraft,
    TableName,
    WeeklyHours,
)
from khaneh.infrastructure import db
from khaneh.kernel.actor import Actor, Place
from khaneh.kernel.refusal import Invalid, NotAllowed, Refusal

Line = tuple[int, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class _Import:
    actor: Actor
    now: datetime


_Handler = Callable[[_Import, Sequence[Line]], list[LineResult]]


class _Undo(Exception):
    """Carries the results out of a transaction that must not stay."""

    def __init__(self, results: list[LineResult]) -> None:
        self.results = results
        super().__init__()


def import_table(*, actor: Actor, table: TableName, data: bytes, mode: ImportMode, now: datetime) -> ImportReport:
    """Take in a table of the network: CSV or XLSX, GeoJSON for boundaries. Running it again changes nothing.

    A line creates what its code does not name yet and otherwise changes it; columns that are missing leave what is known. With
    `ImportMode.TRY` everything is done and undone, so that the report is what would happen. Raises NotAllowed, TableUnreadable.
    """
    if not permissions.may_import(actor):
        raise NotAllowed(act="network.import")
    header, lines = _boundary_lines(data) if table is TableName.BOUNDARIES else _table_lines(table, data)
    handler = _HANDLERS[table]
    applied = True
    try:
        results = _apply(handler, _Import(actor, now), lines, mode)
    except _Undo as undo:
        applied, results = False, undo.results
    results.sort(key=lambda result: result.line)
    known = table_lines.COLUMNS.get(table, header)
    return ImportReport(
        table=table,
        mode=mode,
        applied=applied,
        lines=tuple(results),
        unknown_columns=tuple(column for column in header if column and column not in known),
        counts=dict(Counter(result.outcome for result in results)),
    )


def _apply(handler: _Handler, job: _Import, lines: Sequence[Line], mode: ImportMode) -> list[LineResult]:
    with db.transaction():
        results = handler(job, lines)
        refused = any(result.outcome is Outcome.REFUSED for result in results)
        if mode is ImportMode.TRY or (mode is ImportMode.ALL_OR_NOTHING and refused):
            raise _Undo(results)
    return results


def _table_lines(table: TableName, data: bytes) -> tuple[tuple[str, ...], Sequence[Line]]:
    file = table_files.read(data)
    missing = [column for column in table_lines.REQUIRED[table] if column not in file.header]
    if missing:
        raise TableUnreadable(reason="missing_columns", columns=missing)
    return file.header, file.lines


def _boundary_lines(data: bytes) -> tuple[tuple[str, ...], Sequence[Line]]:
    if len(data) > table_files.MOST_BYTES:
        raise TableUnreadable(reason="too_large", limit=table_files.MOST_BYTES)
    try:
        collection = json.loads(data)
        features = collection["features"]
        lines = [(number, dict(feature)) for number, feature in enumerate(features, 1)]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise TableUnreadable(reason="not_geojson") from error
    return (), lines


def _try(line: int, code: str, cells: Cells | None, act: Callable[[], Outcome]) -> LineResult:
    """One line in a transaction of its own, so that a refused one leaves nothing behind."""
    noted = tuple(cells.problems) if cells is not None else ()
    try:
        outcome = _attempt(act, undo=bool(noted))
    except Invalid as refusal:
        columns = {problem.column for problem in noted}
        found = [
            Problem(column, str(reason))
            for field, reason in refusal.facts["fields"].items()
            if (column := table_lines.FIELD_COLUMNS.get(field, field)) not in columns
        ]
        return LineResult(line, code, Outcome.REFUSED, (*noted, *found))
    except Refusal as refusal:
        return LineResult(line, code, Outcome.REFUSED, (*noted, Problem("", refusal.code, refusal.facts)))
    return LineResult(line, code, outcome)


def _attempt(act: Callable[[], Outcome], *, undo: bool) -> Outcome:
    # A line with an unreadable cell is tried too, so that its other faults are told at the same time.
    with db.transaction():
        outcome = act()
        if undo:
            raise Invalid(fields={})
    return outcome


def _changed(changed: bool) -> Outcome:
    return Outcome.CHANGED if changed else Outcome.SAME


def _once(lines: Iterable[Line]) -> tuple[list[Line], list[LineResult]]:
    """Lines with a code of their own, and refusals of those that repeat one."""
    seen: set[str] = set()
    kept: list[Line] = []
    refused: list[LineResult] = []
    for number, cells in lines:
        code = cells["code"]
        if code and code in seen:
            refused.append(LineResult(number, code, Outcome.REFUSED, (Problem("code", "duplicate_line"),)))
        else:
            seen.add(code)
            kept.append((number, cells))
    return kept, refused


def _parents_first(lines: list[Line], parent_column: str) -> list[Line]:
    """A file may name a house before the one it is in. A circle comes last and is refused line by line."""
    codes = {cells["code"] for _, cells in lines}
    below: dict[str, list[Line]] = defaultdict(list)
    ordered: list[Line] = []
    for line in lines:
        parent = line[1].get(parent_column, "")
        (below[parent] if parent in codes and parent else ordered).append(line)
    for line in ordered:  # grows while it is read
        ordered += below.pop(line[1]["code"], []) if line[1]["code"] else []
    return ordered + [line for circle in below.values() for line in circle]


def _stays(
    job: _Import,
    draft: RegionDraft | OrganisationDraft,
    known: Mapping[str, RegionDraft | OrganisationDraft],
    places: Mapping[str, Place],
    cells: Cells,
) -> bool:
    """Whether a line changes nothing where the actor may change it: then it costs no statement."""
    if cells.problems or known.get(draft.code) != draft:
        return False
    return permissions.may_administer(job.actor, places[draft.code])


def _regions(job: _Import, lines: Sequence[Line]) -> list[LineResult]:
    kept, results = _once(lines)
    known = queries.region_drafts(cells["code"] for _, cells in kept)
    places = queries.places_of_regions_by_code(known)
    for number, row in _parents_first(kept, "parent"):
        cells = Cells(row)
        draft = table_lines.region(cells, known.get(row["code"]))
        if _stays(job, draft, known, places, cells):
            results.append(LineResult(number, draft.code, Outcome.SAME))
            continue
        results.append(_try(number, row["code"], cells, partial(_put_region, job, draft, row["code"] in known)))
    return results


def _put_region(job: _Import, draft: RegionDraft, is_known: bool) -> Outcome:
    if is_known:
        return _changed(change_region(actor=job.actor, code=draft.code, draft=draft))
    create_region(actor=job.actor, draft=draft)
    return Outcome.CREATED


def _boundaries(job: _Import, lines: Sequence[Line]) -> list[LineResult]:
    results = []
    for number, feature in lines:
        properties = feature.get("properties")
        code = str(feature.get("id") or (properties.get("code") if isinstance(properties, dict) else "") or "")
        draft = BoundaryDraft(code, feature.get("geometry"))
        results.append(_try(number, code, None, partial(_put_boundary, job, draft)))
    return results


def _put_boundary(job: _Import, draft: BoundaryDraft) -> Outcome:
    return _changed(set_boundary(actor=job.actor, draft=draft))


def _indexes(job: _Import, lines: Sequence[Line]) -> list[LineResult]:
    known = {(index.code, index.version) for index in queries.deprivation_indexes()}
    results = []
    for number, row in lines:
        cells = Cells(row)
        draft = table_lines.index(cells)
        is_known = (row["code"], row["version"]) in known
        results.append(
            _try(number, f"{row['code']} {row['version']}", cells, partial(_put_index, job, draft, is_known))
        )
    return results


def _put_index(job: _Import, draft: DeprivationIndexDraft | None, is_known: bool) -> Outcome:
    if draft is None:
        raise Invalid(fields={})
    changed = publish_index(actor=job.actor, draft=draft)
    return _changed(changed) if is_known else Outcome.CREATED


def _deciles(job: _Import, lines: Sequence[Line]) -> list[LineResult]:
    results = []
    for number, row in lines:
        cells = Cells(row)
        draft = table_lines.decile(cells)
        results.append(_try(number, row["region_code"], cells, partial(_put_decile, job, draft)))
    return results


def _put_decile(job: _Import, draft: DecileDraft) -> Outcome:
    return Outcome.CREATED if set_decile(actor=job.actor, draft=draft) else Outcome.SAME


def _organisations(job: _Import, lines: Sequence[Line]) -> list[LineResult]:
    kept, results = _once(lines)
    known = queries.organisation_drafts(cells["code"] for _, cells in kept)
    regions = queries.region_drafts({cells.get("region_code", "") for _, cells in kept})
    countries = {code: draft.country for code, draft in regions.items()}
    places = queries.places_of_organisations_by_code(known)
    for number, row in _parents_first(kept, "parent_code"):
        cells = Cells(row)
        draft = table_lines.organisation(cells, known.get(row["code"]), countries)
        if _stays(job, draft, known, places, cells):
            results.append(LineResult(number, draft.code, Outcome.SAME))
            continue
        results.append(_try(number, row["code"], cells, partial(_put_organisation, job, draft, row["code"] in known)))
    return results


def _put_organisation(job: _Import, draft: OrganisationDraft, is_known: bool) -> Outcome:
    if is_known:
        return _changed(change_organisation(actor=job.actor, code=draft.code, draft=draft, now=job.now))
    create_organisation(actor=job.actor, draft=draft, now=job.now)
    return Outcome.CREATED


def _houses(job: _Import, lines: Sequence[Line]) -> list[LineResult]:
    kept, results = _once(lines)
    known = queries.house_drafts(cells["code"] for _, cells in kept)
    drafted: list[tuple[int, Cells, HouseDraft | None, HouseDraft]] = []
    for number, row in _parents_first(kept, "parent_code"):
        cells = Cells(row)
        before = known.get(row["code"])
        drafted.append((number, cells, before, table_lines.house(cells, before)))
    # What all lines name is read once: each by itself would ask some twenty times.
    references = references_of([draft for *_, draft in drafted], actor=job.actor)
    for number, cells, before, draft in drafted:
        if before is None:
            made: list[House] = []
            result = _try(number, draft.code, cells, partial(_enter_house, job, draft, references, made))
            if result.outcome is Outcome.CREATED:
                references.entered(made[0])
        elif draft == before and not cells.problems and _may_leave(job, draft, references):
            result = LineResult(number, draft.code, Outcome.SAME)
        else:
            result = _try(number, draft.code, cells, partial(_put_house, job, draft, before))
            if _place(draft) != _place(before):
                references = references_of([one for *_, one in drafted], actor=job.actor)
        results.append(result)
    return results


def _may_leave(job: _Import, draft: HouseDraft, references: References) -> bool:
    """Whether a line that changes nothing may say so without asking: it is of a house that the actor manages."""
    house_id = references.houses.get(draft.code)
    return house_id is not None and permissions.may_manage_house(job.actor, references.place_of_house(house_id))


def _place(draft: HouseDraft) -> tuple[str, str, str]:
    return draft.parent_code, draft.operator_code, draft.region_code


def _enter_house(job: _Import, draft: HouseDraft, references: References, made: list[House]) -> Outcome:
    made.append(enter(actor=job.actor, draft=draft, now=job.now, references=references))
    return Outcome.CREATED


def _put_house(job: _Import, draft: HouseDraft, before: HouseDraft) -> Outcome:
    changed = change_house(actor=job.actor, code=draft.code, draft=draft, now=job.now)
    if draft.state is not before.state:
        change_house_state(actor=job.actor, code=draft.code, state=draft.state, now=job.now, reason="import")
        changed = True
    return _changed(changed)


def _opening_hours(job: _Import, lines: Sequence[Line]) -> list[LineResult]:
    """A week is taken whole, so the lines of a house stand or fall together."""
    weeks: dict[str, list[tuple[int, Cells, WeeklyHours | None]]] = {}
    for number, row in lines:
        cells = Cells(row)
        weeks.setdefault(row["house_code"], []).append((number, cells, table_lines.hours(cells)))
    results = []
    for code, week in weeks.items():
        if any(cells.problems for _, cells, _ in week):
            for number, cells, _ in week:
                problems = tuple(cells.problems) or (Problem("house_code", "other_line"),)
                results.append(LineResult(number, code, Outcome.REFUSED, problems))
            continue
        spans = [hours for _, _, hours in week if hours is not None]
        whole = _try(week[0][0], code, None, partial(_put_week, job, code, spans))
        results += [replace(whole, line=number) for number, _, _ in week]
    return results


def _put_week(job: _Import, code: str, spans: list[WeeklyHours]) -> Outcome:
    return _changed(set_opening_hours(actor=job.actor, house_code=code, week=spans))


def _holidays(job: _Import, lines: Sequence[Line]) -> list[LineResult]:
    houses = queries.house_drafts({cells["scope"] for _, cells in lines})
    scopes = dict.fromkeys(houses, "house")
    results = []
    for number, row in lines:
        cells = Cells(row)
        draft = table_lines.holiday(cells, scopes)
        day = row.get("date") or f"{row.get('month', '')}/{row.get('day', '')}"
        results.append(_try(number, f"{row['scope']} {day}", cells, partial(_put_holiday, job, draft)))
    return results


def _put_holiday(job: _Import, draft: HolidayDraft) -> Outcome:
    _, outcome = add_holiday(actor=job.actor, draft=draft)
    return outcome


_HANDLERS: dict[TableName, _Handler] = {
    TableName.REGIONS: _regions,
    TableName.BOUNDARIES: _boundaries,
    TableName.DEPRIVATION_INDEXES: _indexes,
    TableName.DEPRIVATION: _deciles,
    TableName.ORGANISATIONS: _organisations,
    TableName.HOUSES: _houses,
    TableName.OPENING_HOURS: _opening_hours,
    TableName.HOLIDAYS: _holidays,
}
