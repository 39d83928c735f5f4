"""Tables of companies that were taken in, line by line, and what waits for a person."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from django.db.models import Count

from khaneh.domains.network import queries as network
from khaneh.domains.people import queries as people
from khaneh.domains.profiles.models import CompanyImport, ImportLine
from khaneh.domains.profiles.permissions import IMPORTERS
from khaneh.domains.profiles.types import ImportRow, ImportState, LineOutcome, LineRow
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import NotFound


def company_imports(*, actor: Actor, limit: int = 30) -> list[ImportRow]:
    """The tables that the actor may see, the latest first, without their lines. Four statements."""
    found = CompanyImport.objects.order_by("-pk")
    if not _sees_all(actor):
        found = found.filter(account_id=actor.account_id or 0)
    return _rows(list(found[:limit]))


def company_import(import_id: int, *, actor: Actor) -> ImportRow:
    """One table, without its lines. Four statements. Raises NotFound."""
    require_import_of(actor, import_id)
    return _rows([CompanyImport.objects.get(pk=import_id)])[0]


def import_lines(import_id: int, *, actor: Actor, outcome: str = "", after: int = 0, limit: int = 200) -> list[LineRow]:
    """The lines of a table that are decided so far, by number, those with one outcome or all, beyond the one numbered `after`. Five statements.

    Raises NotFound.
    """
    require_import_of(actor, import_id)
    found = ImportLine.objects.filter(table_id=import_id, number__gt=after)
    if outcome:
        found = found.filter(outcome=outcome)
    return _lines(found.order_by("number")[:limit])


def import_line(line_id: int, *, actor: Actor) -> LineRow:
    """One line. Five statements. Raises NotFound."""
    found = ImportLine.objects.filter(pk=line_id).first()
    if found is None:
        raise NotFound(what="line")
    require_import_of(actor, found.table_id)
    return _lines([found])[0]


def next_unsure(line_id: int) -> int | None:
    """The next line of the same table that waits for a person, beginning anew after the last. Two statements."""
    found = ImportLine.objects.filter(pk=line_id).values_list("table_id", "number").first()
    if found is None:
        return None
    waiting = ImportLine.objects.filter(table_id=found[0], outcome=LineOutcome.UNSURE.value).order_by("number")
    return waiting.filter(number__gt=found[1]).values_list("pk", flat=True).first() or (
        waiting.values_list("pk", flat=True).first()
    )


def import_of_line(line_id: int) -> int | None:
    """The table of a line. One statement."""
    return ImportLine.objects.filter(pk=line_id).values_list("table_id", flat=True).first()


def require_import_of(actor: Actor, import_id: int) -> None:
    """A table is seen and judged by who took it in, and by administrators of a whole country. Raises NotFound."""
    found = CompanyImport.objects.filter(pk=import_id).first()
    own = found is not None and actor.account_id is not None and actor.account_id == found.account_id
    if found is None or not ((own and actor.holds_somewhere(IMPORTERS)) or _sees_all(actor)):
        raise NotFound(what="import")


def _sees_all(actor: Actor) -> bool:
    return actor.is_system or any(actor.holds(IMPORTERS, place) for place in network.places_of_countries().values())


def _rows(found: list[CompanyImport]) -> list[ImportRow]:
    names = people.account_names(one.account_id for one in found)
    counted: dict[int, Counter[LineOutcome]] = defaultdict(Counter)
    lines = ImportLine.objects.filter(table__in=found).order_by().values_list("table_id", "outcome")
    for table_id, outcome, number in lines.annotate(number_of=Count("pk")):
        counted[table_id][LineOutcome(outcome)] = number
    return [
        ImportRow(
            id=one.pk,
            name=one.name,
            made_at=one.made_at,
            by=names.get(one.account_id or 0, ""),
            counts=counted[one.pk],
            state=ImportState(one.state),
            total=one.total,
            taken=counted[one.pk].total(),
            problem=one.problem,
            started_at=one.started_at,
            beat_at=one.beat_at,
        )
        for one in found
    ]


def _lines(found: Iterable[ImportLine]) -> list[LineRow]:
    lines = list(found)
    refs = network.organisation_refs(one.organisation_id for one in lines if one.organisation_id is not None)
    return [
        LineRow(
            id=one.pk,
            number=one.number,
            values=one.cells,
            outcome=LineOutcome(one.outcome),
            organisation=refs.get(one.organisation_id or 0),
            candidates=tuple(one.candidates),
            evidence=tuple(one.evidence),
            problems=one.problems,
        )
        for one in lines
    ]


def first_unsure(import_id: int) -> int | None:
    """The first line of a table that waits for a person. One statement."""
    waiting = ImportLine.objects.filter(table_id=import_id, outcome=LineOutcome.UNSURE.value)
    return waiting.order_by("number").values_list("pk", flat=True).first()
