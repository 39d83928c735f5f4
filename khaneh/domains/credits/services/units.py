"""Saying which credits there are, and what work earns."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db import IntegrityError

from khaneh.domains.credits import permissions, queries, rules
from khaneh.domains.credits.errors import CodeTaken
from khaneh.domains.credits.models import Rate, Unit
from khaneh.domains.credits.types import UnitDraft, UnitKind, UnitRow
from khaneh.domains.network import queries as network
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import Invalid, NotFound


def define_unit(*, actor: Actor, draft: UnitDraft) -> UnitRow:
    """Begin a credit, of a house or of the whole network, with what work earns of it. Raises NotAllowed, Invalid, CodeTaken."""
    values = _values(draft)
    permissions.require_manage(actor, house_id=values["house_id"])
    try:
        with db.transaction():
            made = Unit.objects.create(code=draft.code, kind=UnitKind.CREDIT.value, **values)
            _rates(draft)
            journal.record("credits.unit.defined", actor=actor, house_id=made.house_id, unit=made.code)
    except IntegrityError as clash:
        raise CodeTaken(code=draft.code) from clash
    return queries.unit(draft.code)


def change_unit(*, actor: Actor, code: str, draft: UnitDraft) -> UnitRow:
    """Other names, other rates, or no more of it: then nobody earns it, and what somebody has of it they can spend. It stays its house's.

    Rates count for what is confirmed from here on. Raises NotAllowed, NotFound, Invalid.
    """
    with db.transaction():
        found = Unit.objects.select_for_update().filter(code=code, kind=UnitKind.CREDIT.value).first()
        if found is None:
            raise NotFound(what="unit")
        permissions.require_manage(actor, house_id=found.house_id)
        values = _values(replace(draft, code=code))
        if values["house_id"] != found.house_id:
            raise Invalid(fields={"house_code": "stays"})
        Unit.objects.filter(pk=code).update(**values)
        Rate.objects.filter(unit_id=code).delete()
        _rates(replace(draft, code=code))
        journal.record("credits.unit.changed", actor=actor, house_id=found.house_id, unit=code)
    return queries.unit(code)


def _values(draft: UnitDraft) -> dict[str, Any]:
    wrong = rules.problems(draft)
    house_id = network.house_ids_by_code([draft.house_code]).get(draft.house_code) if draft.house_code else None
    if draft.house_code and house_id is None:
        wrong["house_code"] = "unknown"
    if wrong:
        raise Invalid(fields=wrong)
    return {"names": draft.names.to_dict(), "house_id": house_id, "active": draft.active}


def _rates(draft: UnitDraft) -> None:
    Rate.objects.bulk_create(
        Rate(unit_id=draft.code, kind=kind, per_hour=per_hour) for kind, per_hour in sorted(draft.rates.items())
    )
