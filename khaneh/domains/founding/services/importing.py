"""A checklist as a file: CSV or XLSX, tried line by line; it stands or falls as a whole."""

from __future__ import annotations

from collections import Counter

from khaneh.domains.founding import queries
from khaneh.domains.founding.errors import FileUnreadable
from khaneh.domains.founding.rules import lines
from khaneh.domains.founding.services.standards import held_draft, write_items
from khaneh.domains.founding.types import MOST_ITEMS, ImportReport, ItemDraft, LineOutcome, LineResult
from khaneh.domains.network import services as network
from khaneh.domains.network.errors import TableUnreadable
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import Actor


def import_items(*, actor: Actor, standard_id: int, data: bytes, only_try: bool = False) -> ImportReport:
    """Make the checklist of a draft what the file says, in its order; an answer for each line and for each item that goes.

    Where one line is refused nothing is taken in. Raises NotFound, StandardStateRefused, FileUnreadable.
    """
    try:
        file = network.read_table(data)
    except TableUnreadable as refusal:
        raise FileUnreadable(**refusal.facts) from refusal
    missing = [column for column in lines.REQUIRED if column not in file.header]
    if missing:
        raise FileUnreadable(reason="missing_columns", columns=missing)
    if len(file.lines) > MOST_ITEMS:
        raise FileUnreadable(reason="too_large", limit=MOST_ITEMS)
    with db.transaction():
        found = held_draft(standard_id, actor=actor)
        there = {one.code: lines.draft_of(one) for one in queries.with_items([standard_id])[standard_id].items}
        items: list[ItemDraft] = []
        results: list[LineResult] = []
        for number, cells in file.lines:
            draft, problems = lines.item_of(cells)
            if draft.code in {one.code for one in items}:
                problems.append(("code", "twice"))
            items.append(draft)
            results.append(LineResult(number, draft.code, _outcome(draft, there, problems), tuple(problems)))
        gone = sorted(set(there) - {one.code for one in items})
        results += [LineResult(0, code, LineOutcome.REMOVED) for code in gone]
        refused = not items or any(one.problems for one in results)
        if not refused and not only_try:
            write_items(found, items)
            journal.record(
                "founding.standard.imported", actor=actor, standard_id=found.pk, code=found.code,
                version=found.version, items=len(items),
            )  # fmt: skip
    counts = Counter(one.outcome for one in results)
    unknown = tuple(column for column in file.header if column and column not in lines.COLUMNS)
    return ImportReport(not refused and not only_try, tuple(results), unknown, dict(counts))


def export_items(*, standard_id: int, form: str) -> bytes:
    """The checklist as a file that is taken in again: `csv` or `xlsx`. Who asks is judged with the standard."""
    rows = lines.cells_of(queries.with_items([standard_id])[standard_id].items)
    if form == "xlsx":
        return network.write_xlsx(lines.COLUMNS, rows, title="checklist")
    return network.write_csv(lines.COLUMNS, rows)


def _outcome(draft: ItemDraft, there: dict[str, ItemDraft], problems: list[tuple[str, str]]) -> LineOutcome:
    if problems:
        return LineOutcome.REFUSED
    known = there.get(draft.code)
    if known is None:
        return LineOutcome.ENTERED
    return LineOutcome.SAME if known == draft else LineOutcome.CHANGED
