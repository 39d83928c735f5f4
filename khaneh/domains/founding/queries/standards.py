"""Standards and their checklists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db.models import Count, QuerySet

from khaneh.domains.founding import permissions
from khaneh.domains.founding.models import Item, Standard
from khaneh.domains.founding.types import ItemRow, StandardRow, StandardState
from khaneh.domains.network import queries as network
from khaneh.kernel.actor import VISITOR, Actor
from khaneh.kernel.labels import Label
from khaneh.kernel.refusal import NotFound


def standards(*, actor: Actor = VISITOR, kind: str = "", in_force: bool = False, limit: int = 200) -> list[StandardRow]:
    """What is or was in force, and the drafts of authorities that the actor writes for; by code, the newest version first, without their
    checklists. Two statements, and some for each authority with a draft."""
    found = Standard.objects.all()
    if kind:
        found = found.filter(kind=kind)
    if in_force:
        found = found.filter(state=StandardState.PUBLISHED.value)
    rows = _rows(found.order_by("code", "-version")[:limit])
    return [row for row in rows if _visible(row, actor)]


def standard(code: str, version: int | None = None, *, actor: Actor = VISITOR) -> StandardRow:
    """One with its checklist; without a version the newest that is in force, else the newest. Three statements. Raises NotFound."""
    found = Standard.objects.filter(code=code)
    if version is not None:
        found = found.filter(version=version)
    rows = [row for row in _rows(found.order_by("-version")) if _visible(row, actor)]
    if not rows:
        raise NotFound(what="standard")
    chosen = next((row for row in rows if row.state is StandardState.PUBLISHED), rows[0])
    return with_items([chosen.id])[chosen.id]


def versions(code: str, *, actor: Actor = VISITOR) -> list[StandardRow]:
    """Every version, the newest first, without their checklists. Two statements."""
    rows = _rows(Standard.objects.filter(code=code).order_by("-version"))
    return [row for row in rows if _visible(row, actor)]


def with_items(standard_ids: Iterable[int]) -> dict[int, StandardRow]:
    """Standards with their checklists, whoever asks. Three statements."""
    numbers = set(standard_ids)
    items: dict[int, list[ItemRow]] = {}
    for one in Item.objects.filter(standard_id__in=numbers).order_by("standard_id", "position", "pk"):
        items.setdefault(one.standard_id, []).append(
            ItemRow(
                one.pk, one.code, Label.from_dict(one.sections), Label.from_dict(one.names),
                Label.from_dict(one.evidence), one.weight, one.scale, one.least, one.photo,
            )
        )  # fmt: skip
    return {row.id: row for row in _rows(Standard.objects.filter(pk__in=numbers), items)}


def published_ids() -> Iterator[list[int]]:
    """What everybody finds, in lists of at most 1,000. One statement a list."""
    last = 0
    found = Standard.objects.filter(state=StandardState.PUBLISHED.value).order_by("pk")
    while ids := list(found.filter(pk__gt=last).values_list("pk", flat=True)[:1000]):
        yield ids
        last = ids[-1]


def newest_in_force(code: str) -> int | None:
    """The number of a standard's newest version that is in force. One statement."""
    found = Standard.objects.filter(code=code, state=StandardState.PUBLISHED.value).order_by("-version")
    return found.values_list("pk", flat=True).first()


def authored(actor: Actor) -> list[int]:
    """The authorities that the actor may write standards for. Some statements for each organisation of whose roles one is held."""
    held = {
        grant.organisation_id
        for grant in actor.grants
        if grant.organisation_id is not None and grant.role in permissions.DECIDERS
    }
    return sorted(number for number in held if permissions.may_author(actor, number))


def _visible(row: StandardRow, actor: Actor) -> bool:
    return row.state is not StandardState.DRAFT or actor.is_system or permissions.may_author(actor, row.authority.id)


def _rows(found: QuerySet[Standard], items: dict[int, list[ItemRow]] | None = None) -> list[StandardRow]:
    standards = list(found.annotate(item_count=Count("items")))
    authorities = network.organisation_refs(one.authority_id for one in standards)
    return [
        StandardRow(
            id=one.pk,
            code=one.code,
            version=one.version,
            authority=authorities[one.authority_id],
            kind=one.kind,
            names=Label.from_dict(one.names),
            descriptions=Label.from_dict(one.descriptions),
            pass_percent=one.pass_percent,
            assessors=one.assessors,
            valid_months=one.valid_months,
            state=StandardState(one.state),
            published_at=one.published_at,
            retired_at=one.retired_at,
            item_count=one.item_count,
            items=tuple((items or {}).get(one.pk, ())),
        )
        for one in standards
    ]
