"""Taking in a table of companies: what is surely there is completed, what is not is entered, what is unsure waits for a person."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime

from khaneh.domains.network import queries as network
from khaneh.domains.network import services as register
from khaneh.domains.network.errors import TableUnreadable
from khaneh.domains.network.types import OrganisationDraft
from khaneh.domains.profiles import permissions, queries
from khaneh.domains.profiles.errors import LineDecided
from khaneh.domains.profiles.models import CompanyImport, ImportLine, Profile
from khaneh.domains.profiles.rules import duplicates, tables
from khaneh.domains.profiles.rules.problems import profile_problems
from khaneh.domains.profiles.services.refreshing import refresh
from khaneh.domains.profiles.services.verifying import ensure_profile
from khaneh.domains.profiles.types import ImportRow, LineOutcome, LineRow, ProfileState
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import Actor
from khaneh.kernel.labels import Label
from khaneh.kernel.refusal import Invalid, NotAllowed, NotFound, Refusal

# What is taken in while somebody waits for the page, in one transaction that holds the register.
MOST_LINES = 2_000


def import_companies(*, actor: Actor, data: bytes, name: str, now: datetime) -> ImportRow:
    """Take in a CSV or XLSX table, and say of every line what became of it. The same content again by the same account changes nothing.

    Each line stands or falls by itself. A line with what it makes is shown at once, in the name of who takes it in. Raises NotAllowed,
    TableUnreadable (reason: not_a_table, no_header, missing_columns, too_large).
    """
    permissions.require_import(actor)
    key = f"{actor.account_id or 0}:{hashlib.sha256(data).hexdigest()}"
    made = CompanyImport.objects.filter(made_key=key).first()
    if made is None:
        lines = _lines(data)
        with db.transaction():
            db.lock(("profiles.import", 0))
            made, fresh = CompanyImport.objects.get_or_create(
                made_key=key,
                defaults={"account_id": actor.account_id, "name": " ".join(name.split())[:200], "made_at": now},
            )
            if fresh:
                known = _register()
                rows = [_taken_in(made.pk, number, cells, known, actor, now) for number, cells in lines]
                ImportLine.objects.bulk_create(rows, batch_size=500)
                journal.record("profiles.import.made", actor=actor, import_id=made.pk, lines=len(rows))
    return queries.company_import(made.pk, actor=actor)


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
            _complete(organisation_id, line.cells, actor, now)
            outcome, number = LineOutcome.JOINED, organisation_id
        elif enter:
            outcome, number = LineOutcome.CREATED, _enter(line.cells, f"{line.table_id}-{line.number}", actor, now)
        ImportLine.objects.filter(pk=line_id).update(
            outcome=outcome.value, organisation_id=number, judged_by_id=actor.account_id, judged_at=now
        )
        journal.record(
            "profiles.import.judged", actor=actor, line_id=line_id, outcome=outcome.value, organisation_id=number
        )
    return queries.import_line(line_id, actor=actor)


def _lines(data: bytes) -> tuple[tuple[int, dict[str, str]], ...]:
    table = register.read_table(data)
    missing = [name for name in tables.NEEDED if name not in table.header]
    if not any(name in table.header for name in ("name_fa", "name_vi", "name_en")):
        missing.append("name_en")
    if missing:
        raise TableUnreadable(reason="missing_columns", columns=missing)
    if len(table.lines) > MOST_LINES:
        raise TableUnreadable(reason="too_large", limit=MOST_LINES)
    return tuple((number, {name: cells.get(name, "") for name in tables.COLUMNS}) for number, cells in table.lines)


def _register() -> duplicates.Register:
    """Everything that can be compared of the register. One statement and some memory: 50,000 organisations are 60 MB."""
    known = duplicates.Register()
    for draft, number in network.organisations_to_compare():
        known.add(number, _marks(draft))
    return known


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
                _require_sound(cells, told, now)
                line.outcome, line.candidates = LineOutcome.UNSURE.value, list(found.candidates)
            elif found.verdict is duplicates.Verdict.SURE:
                changed = _complete(found.candidates[0], cells, actor, now)
                line.outcome = (LineOutcome.CHANGED if changed else LineOutcome.UNCHANGED).value
                line.organisation_id = found.candidates[0]
            else:
                line.organisation_id = _enter(cells, f"{import_id}-{number}", actor, now)
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


def _enter(cells: Mapping[str, str], key: str, actor: Actor, now: datetime) -> int:
    told = tables.organisation(cells, code=f"T{key}")
    _require_sound(cells, told, now)
    row = register.create_organisation(actor=actor, draft=told, now=now)
    _say(row.id, cells, now)
    return row.id


def _complete(organisation_id: int, cells: Mapping[str, str], actor: Actor, now: datetime) -> bool:
    """Fill what is not said yet; whether anything was."""
    code = network.organisation_refs([organisation_id])[organisation_id].code
    there = network.organisation_draft(code)
    if there is None:
        raise NotFound(what="organisation")
    told = tables.organisation(cells, code=code)
    _require_sound(cells, told, now)
    changed = register.change_organisation(actor=actor, code=code, draft=tables.completed(there, told), now=now)
    return _say(organisation_id, cells, now) or changed


def _say(organisation_id: int, cells: Mapping[str, str], now: datetime) -> bool:
    """Write into the profile what it does not say yet, and show one that was never written by its own people. Whether anything was."""
    draft, _ = tables.profile(cells)
    found = ensure_profile(organisation_id, now)
    if found.state == ProfileState.WITHDRAWN:
        return False
    values: dict[str, object] = {}
    makes = Label.from_dict(found.makes)
    filled = Label(*(one or other for one, other in zip(makes, draft.makes, strict=True)))
    if filled != makes:
        values["makes"] = filled.to_dict()
    told = {
        "stage": draft.stage.value if draft.stage else "",
        "trl": draft.trl,
        "size": draft.size,
        "founded": draft.founded,
    }
    values |= {name: value for name, value in told.items() if value and not getattr(found, name)}
    if draft.markets and not found.markets:
        values["markets"] = sorted(set(draft.markets))
    if values:
        if any(filled) and found.state == ProfileState.HIDDEN and not any(makes):
            values |= {"state": ProfileState.PUBLISHED.value, "published_at": found.published_at or now}
        Profile.objects.filter(pk=found.pk).update(changed_at=now, **values)
        refresh([organisation_id])
    return bool(values)


def _require_sound(cells: Mapping[str, str], told: OrganisationDraft, now: datetime) -> None:
    draft, problems = tables.profile(cells)
    problems |= tables.kind_problem(told) | profile_problems(draft, year=now.year)
    if problems:
        raise Invalid(fields=problems)
