"""Taking in a table of companies: what is surely there is completed, what is not is entered, what is unsure waits for a person.

A table is kept as a file, and taken in by a job, some lines a transaction: each transaction says how far it came, so that whoever goes on after a
crash begins behind it, and two who go on at once do not do a line twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import BinaryIO

from khaneh.domains.network import queries as network
from khaneh.domains.network import services as register
from khaneh.domains.network.errors import TableUnreadable
from khaneh.domains.network.types import OrganisationDraft
from khaneh.domains.people import queries as people
from khaneh.domains.profiles import permissions, queries
from khaneh.domains.profiles.errors import LineDecided
from khaneh.domains.profiles.models import CompanyImport, ImportLine
from khaneh.domains.profiles.queries import files
from khaneh.domains.profiles.rules import duplicates, tables
from khaneh.domains.profiles.services.completing import complete, enter_line, require_sound
from khaneh.domains.profiles.services.refreshing import refresh
from khaneh.domains.profiles.types import ImportRow, ImportState, LineOutcome, LineRow
from khaneh.infrastructure import db, jobs, journal
from khaneh.infrastructure.blobs import BlobMissing
from khaneh.kernel.actor import SYSTEM, Actor
from khaneh.kernel.refusal import Invalid, NotAllowed, NotFound, Refusal

# Lines a transaction: whoever changes the register otherwise waits for no more than these.
BATCH = 50
# An import that has not moved on for so long has nobody at work on it.
STALLED = timedelta(minutes=10)
_AT_WORK = [ImportState.WAITING.value, ImportState.RUNNING.value]

Told = Callable[[int, int], None]


def begin_import(
    *, actor: Actor, content: BinaryIO | Iterable[bytes], name: str, now: datetime, queued: bool = True
) -> ImportRow:
    """Keep a CSV or XLSX table of any size, and have it taken in by a job (with `queued`; else by `run_import`). The same content again by the same
    account is the import that there is.

    Raises NotAllowed, TableUnreadable (reason: not_a_table, no_header, missing_columns, too_large).
    """
    permissions.require_import(actor)
    blob = files.tables().put(content)
    try:
        with register.stream_table(files.tables().path(blob.digest)) as (header, _):
            _require_columns(header)
    except TableUnreadable:
        _forget(blob.digest)
        raise
    with db.transaction():
        made, fresh = CompanyImport.objects.get_or_create(
            made_key=f"{actor.account_id or 0}:{blob.digest}",
            defaults={
                "account_id": actor.account_id,
                "name": " ".join(name.split())[:200],
                "made_at": now,
                "beat_at": now,
                "state": ImportState.WAITING.value,
                "digest": blob.digest,
            },
        )
        if fresh and queued:
            jobs.defer("profiles.import_companies", queue="imports", import_id=made.pk)
    if not fresh:
        _forget(blob.digest)
    return queries.company_import(made.pk, actor=actor)


def run_import(*, import_id: int, clock: Callable[[], datetime], told: Told = lambda taken, total: None) -> ImportRow:
    """Take in what is left of a table, in the name of who brought it: each line stands or falls by itself. A line with what it makes is shown at once.

    `told` hears how many lines are decided and how many there are. One that is done, given up, or in other hands, stays as it is. Raises NotFound.
    """
    found = CompanyImport.objects.filter(pk=import_id).first()
    if found is None:
        raise NotFound(what="import")
    if found.state in _AT_WORK:
        try:
            with register.stream_table(files.tables().path(found.digest)) as (_, lines):
                total = found.total or sum(1 for _line in lines)
            CompanyImport.objects.filter(pk=import_id, state__in=_AT_WORK).update(
                state=ImportState.RUNNING.value, total=total, started_at=found.started_at or clock(), beat_at=clock()
            )
            with register.stream_table(files.tables().path(found.digest)) as (_, lines):
                _take_in(found, total, lines, clock, told)
        except (TableUnreadable, BlobMissing, OSError) as error:
            problem = error.facts["reason"] if isinstance(error, TableUnreadable) else "gone"
            _end(found, ImportState.FAILED, clock(), problem)
    return queries.company_import(import_id, actor=SYSTEM)


def resume_imports(*, now: datetime) -> int:
    """Have those taken up again that nobody is at work on; gives how many. None while one is under way: they wait for each other."""
    at_work = CompanyImport.objects.filter(state__in=_AT_WORK)
    if at_work.filter(beat_at__gt=now - STALLED).exists():
        return 0
    stalled = list(at_work.order_by("pk").values_list("pk", flat=True))
    for import_id in stalled:
        jobs.defer("profiles.import_companies", queue="imports", import_id=import_id)
    return len(stalled)


def judge_line(
    *, actor: Actor, line_id: int, organisation_id: int | None = None, enter: bool = False, now: datetime
) -> LineRow:
    """Decide a line that was unsure: it is this organisation (one of its candidates), or another one (`enter`), or it is left out.

    Raises NotFound, NotAllowed, LineDecided, Invalid (organisation_id: not_in_list), and what the register refuses.
    """
    with db.transaction():
        db.lock(("profiles.import", 0))
        line = ImportLine.objects.filter(pk=line_id).first()
        if line is None:
            raise NotFound(what="line")
        queries.require_import_of(actor, line.table_id)
        if line.outcome != LineOutcome.UNSURE:
            raise LineDecided(line_id=line_id, outcome=line.outcome)
        outcome, number = LineOutcome.SKIPPED, None
        if organisation_id is not None:
            if organisation_id not in line.candidates:
                raise Invalid(fields={"organisation_id": "not_in_list"})
            complete(organisation_id, line.cells, actor, now)
            outcome, number = LineOutcome.JOINED, organisation_id
        elif enter:
            outcome, number = LineOutcome.CREATED, enter_line(line.cells, f"{line.table_id}-{line.number}", actor, now)
        if number is not None:
            refresh([number])
        ImportLine.objects.filter(pk=line_id).update(
            outcome=outcome.value, organisation_id=number, judged_by_id=actor.account_id, judged_at=now
        )
        journal.record(
            "profiles.import.judged", actor=actor, line_id=line_id, outcome=outcome.value, organisation_id=number
        )
    return queries.import_line(line_id, actor=actor)


class _InOtherHands(Exception):
    """Somebody else took in these lines meanwhile."""


def _take_in(
    found: CompanyImport,
    total: int,
    lines: Iterable[tuple[int, dict[str, str]]],
    clock: Callable[[], datetime],
    told: Told,
) -> None:
    known, batch = duplicates.Register(), list[tuple[int, dict[str, str]]]()
    done, taken = found.done, ImportLine.objects.filter(table_id=found.pk).count()
    left = ((number, cells) for number, cells in lines if number > found.done)
    try:
        for number, cells in left:
            batch.append((number, {name: cells.get(name, "") for name in tables.COLUMNS}))
            if len(batch) == BATCH:
                done, taken = _take_batch(found, batch, done, known, clock()), taken + len(batch)
                batch = []
                told(taken, total)
        if batch:
            _take_batch(found, batch, done, known, clock())
            told(taken + len(batch), total)
    except _InOtherHands:
        return
    _end(found, ImportState.DONE, clock())


def _take_batch(
    found: CompanyImport,
    batch: list[tuple[int, dict[str, str]]],
    done: int,
    known: duplicates.Register,
    now: datetime,
) -> int:
    """Decide some lines, in one transaction with the place up to which the table is decided; gives that place."""
    actor = SYSTEM if found.account_id is None else people.actor(found.account_id, now=now)
    with db.transaction():
        db.lock(("profiles.import", 0))
        mine = CompanyImport.objects.filter(pk=found.pk, state=ImportState.RUNNING.value, done=done)
        if not mine.update(done=batch[-1][0], beat_at=now):
            raise _InOtherHands
        _catch_up(known)
        rows = [_taken_in(found.pk, number, cells, known, actor, now) for number, cells in batch]
        ImportLine.objects.bulk_create(rows)
        refresh(row.organisation_id for row in rows if row.organisation_id is not None)
    return batch[-1][0]


def _end(found: CompanyImport, state: ImportState, now: datetime, problem: str = "") -> None:
    with db.transaction():
        mine = CompanyImport.objects.filter(pk=found.pk, state__in=_AT_WORK)
        if not mine.update(state=state.value, digest="", beat_at=now, problem=problem):
            return
        outcomes = Counter(ImportLine.objects.filter(table_id=found.pk).values_list("outcome", flat=True))
        actor = SYSTEM if found.account_id is None else people.actor(found.account_id, now=now)
        journal.record("profiles.import.made", actor=actor, import_id=found.pk, lines=outcomes.total())
        db.on_commit(lambda: _forget(found.digest))


def _forget(digest: str) -> None:
    """Remove a table's file once no import needs it."""
    if not CompanyImport.objects.filter(digest=digest).exists():
        files.tables().remove(digest)


def _require_columns(header: tuple[str, ...]) -> None:
    missing = [name for name in tables.NEEDED if name not in header]
    if not any(name in header for name in ("name_fa", "name_vi", "name_en")):
        missing.append("name_en")
    if missing:
        raise TableUnreadable(reason="missing_columns", columns=missing)


def _catch_up(known: duplicates.Register) -> None:
    """Know what was entered since, by whomever. One statement and some memory: 50,000 organisations are 60 MB."""
    for draft, number in network.organisations_to_compare(after=known.last):
        known.add(number, _marks(draft))


def _marks(draft: OrganisationDraft) -> duplicates.Marks:
    return duplicates.marks(
        country=draft.country,
        number=draft.registration_number,
        names=draft.names,
        website=draft.website,
        phone=draft.phone,
    )


def _taken_in(
    import_id: int, number: int, cells: dict[str, str], known: duplicates.Register, actor: Actor, now: datetime
) -> ImportLine:
    line = ImportLine(table_id=import_id, number=number, cells=cells)
    told = tables.organisation(cells, code="x")
    found = known.judge(_marks(told))
    line.evidence = list(found.evidence)
    try:
        with db.transaction():
            if found.verdict is duplicates.Verdict.UNSURE:
                require_sound(cells, told, now)
                line.outcome, line.candidates = LineOutcome.UNSURE.value, list(found.candidates)
            elif found.verdict is duplicates.Verdict.SURE:
                changed = complete(found.candidates[0], cells, actor, now)
                line.outcome = (LineOutcome.CHANGED if changed else LineOutcome.UNCHANGED).value
                line.organisation_id = found.candidates[0]
            else:
                line.organisation_id = enter_line(cells, f"{import_id}-{number}", actor, now)
                line.outcome = LineOutcome.CREATED.value
                # The next line may be the same company again.
                known.add(line.organisation_id, _marks(told))
    except NotAllowed:
        line.outcome, line.problems, line.organisation_id = LineOutcome.REFUSED.value, {"region": "not_allowed"}, None
    except Invalid as refusal:
        line.outcome, line.problems, line.organisation_id = LineOutcome.REFUSED.value, refusal.facts["fields"], None
    except Refusal as refusal:
        line.outcome, line.problems, line.organisation_id = LineOutcome.REFUSED.value, {"": refusal.code}, None
    return line
