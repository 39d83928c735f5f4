"""Standards: written as drafts, published for good, followed by other versions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Max

from khaneh.domains.discovery import services as discovery
from khaneh.domains.founding import permissions, queries
from khaneh.domains.founding.errors import CodeTaken, StandardStateRefused
from khaneh.domains.founding.models import Item, Standard
from khaneh.domains.founding.rules import drafts
from khaneh.domains.founding.types import MOST_ITEMS, ItemDraft, StandardDraft, StandardRow, StandardState
from khaneh.domains.network import queries as network
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import Invalid, NotFound

# Who writes standards waits for each other: there are few, and versions count up.
_ALL = ("founding.standards", 0)


def add_standard(*, actor: Actor, draft: StandardDraft, now: datetime) -> StandardRow:
    """Enter a draft: of a fresh standard, or of another version of one, with the checklist of the last to begin with.

    Raises Invalid, NotAllowed, CodeTaken (another authority's), StandardStateRefused (a draft is there already).
    """
    values = _values(draft)
    permissions.require(permissions.may_author(actor, values["authority_id"]), "author")
    with db.transaction():
        db.lock(_ALL)
        last = Standard.objects.filter(code=draft.code).order_by("-version").first()
        if last is not None and last.authority_id != values["authority_id"]:
            raise CodeTaken(code=draft.code)
        if last is not None and last.state == StandardState.DRAFT:
            raise StandardStateRefused(state=last.state)
        highest = Standard.objects.filter(code=draft.code).aggregate(Max("version"))["version__max"] or 0
        made = Standard.objects.create(code=draft.code, version=highest + 1, made_at=now, **values)
        if last is not None:
            items = Item.objects.filter(standard=last).order_by("position")
            Item.objects.bulk_create(_copy(one, made.pk) for one in items)
        _note("added", actor, made)
    return queries.with_items([made.pk])[made.pk]


def change_standard(*, actor: Actor, standard_id: int, draft: StandardDraft) -> StandardRow:
    """Make everything but code and checklist of a draft as it says. Raises NotFound, Invalid, NotAllowed, StandardStateRefused."""
    values = _values(draft)
    with db.transaction():
        found = held_draft(standard_id, actor=actor)
        permissions.require(permissions.may_author(actor, values["authority_id"]), "author")
        Standard.objects.filter(pk=found.pk).update(**values)
        _note("changed", actor, found)
    return queries.with_items([standard_id])[standard_id]


def set_items(*, actor: Actor, standard_id: int, items: Sequence[ItemDraft]) -> StandardRow:
    """Make the checklist of a draft these items in this order. Raises NotFound, Invalid (items: required, twice, too_many, or by code and
    field), StandardStateRefused."""
    wrong: dict[str, str] = {}
    if not items:
        wrong["items"] = "required"
    elif len(items) > MOST_ITEMS:
        wrong["items"] = "too_many"
    elif len({one.code for one in items}) < len(items):
        wrong["items"] = "twice"
    for one in items:
        wrong |= {f"{one.code}.{field}": reason for field, reason in drafts.item_problems(one).items()}
    if wrong:
        raise Invalid(fields=wrong)
    with db.transaction():
        found = held_draft(standard_id, actor=actor)
        write_items(found, items)
        _note("changed", actor, found)
    return queries.with_items([standard_id])[standard_id]


def publish_standard(*, actor: Actor, standard_id: int, now: datetime) -> StandardRow:
    """Put a draft in force, for good. Raises NotFound, StandardStateRefused, Invalid (items: required)."""
    with db.transaction():
        found = held_draft(standard_id, actor=actor)
        if not Item.objects.filter(standard=found).exists():
            raise Invalid(fields={"items": "required"})
        Standard.objects.filter(pk=found.pk).update(state=StandardState.PUBLISHED.value, published_at=now)
        discovery.touch("standard", [found.pk])
        _note("published", actor, found)
    return queries.with_items([standard_id])[standard_id]


def retire_standard(*, actor: Actor, standard_id: int, now: datetime) -> StandardRow:
    """Begin nothing by it any more; what was judged by it stays. Raises NotFound, StandardStateRefused."""
    with db.transaction():
        db.lock(_ALL)
        found = _own(standard_id, actor)
        if found.state != StandardState.PUBLISHED:
            raise StandardStateRefused(state=found.state)
        Standard.objects.filter(pk=found.pk).update(state=StandardState.RETIRED.value, retired_at=now)
        discovery.touch("standard", [found.pk])
        _note("retired", actor, found)
    return queries.with_items([standard_id])[standard_id]


def drop_draft(*, actor: Actor, standard_id: int) -> None:
    """Throw a draft away. Raises NotFound, StandardStateRefused."""
    with db.transaction():
        found = held_draft(standard_id, actor=actor)
        _note("dropped", actor, found)
        found.delete()


def held_draft(standard_id: int, *, actor: Actor) -> Standard:
    """A draft, with the lock of all standards. Raises NotFound, StandardStateRefused."""
    db.lock(_ALL)
    found = _own(standard_id, actor)
    if found.state != StandardState.DRAFT:
        raise StandardStateRefused(state=found.state)
    return found


def write_items(found: Standard, items: Sequence[ItemDraft]) -> None:
    """Make the checklist these items. Three statements and one for each item that changes place with nobody: all are written anew."""
    Item.objects.filter(standard=found).delete()
    Item.objects.bulk_create(
        Item(
            standard=found, position=position, code=one.code, sections=one.sections.to_dict(),
            names=one.names.to_dict(), evidence=one.evidence.to_dict(), weight=one.weight, scale=one.scale,
            least=one.least, photo=one.photo,
        )
        for position, one in enumerate(items, 1)
    )  # fmt: skip


def _own(standard_id: int, actor: Actor) -> Standard:
    found = Standard.objects.filter(pk=standard_id).first()
    # Whoever does not write for the authority sees no draft: the two must look the same.
    if found is None or not permissions.may_author(actor, found.authority_id):
        raise NotFound(what="standard")
    return found


def _values(draft: StandardDraft) -> dict[str, Any]:
    wrong = drafts.standard_problems(draft)
    authority = None
    try:
        authority = network.organisation(draft.authority_code).row
    except NotFound:
        wrong["authority_code"] = "not_in_list"
    if authority is not None and authority.kind not in permissions.AUTHORITIES:
        wrong["authority_code"] = "not_in_list"
    if wrong or authority is None:
        raise Invalid(fields=wrong)
    return {
        "authority_id": authority.id,
        "kind": draft.kind,
        "names": draft.names.to_dict(),
        "descriptions": draft.descriptions.to_dict(),
        "pass_percent": draft.pass_percent,
        "assessors": draft.assessors,
        "valid_months": draft.valid_months,
    }


def _copy(one: Item, standard_id: int) -> Item:
    return Item(
        standard_id=standard_id, position=one.position, code=one.code, sections=one.sections, names=one.names,
        evidence=one.evidence, weight=one.weight, scale=one.scale, least=one.least, photo=one.photo,
    )  # fmt: skip


def _note(what: str, actor: Actor, found: Standard) -> None:
    journal.record(
        f"founding.standard.{what}", actor=actor, standard_id=found.pk, code=found.code, version=found.version
    )
