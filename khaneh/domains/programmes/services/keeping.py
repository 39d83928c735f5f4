"""Programmes and their calls: entered, changed, published, extended, cancelled, decided. By who keeps them for the house."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from django.db import IntegrityError

from khaneh.domains.discovery import services as discovery
from khaneh.domains.network import queries as network
from khaneh.domains.network.types import ORGANISATION_KINDS
from khaneh.domains.network.types.sectors import is_sector
from khaneh.domains.programmes import notices, permissions, queries
from khaneh.domains.programmes.errors import CallStateRefused, CodeTaken, FormMissing
from khaneh.domains.programmes.models import Call, Criterion, Programme, Quota
from khaneh.domains.programmes.rules import drafts
from khaneh.domains.programmes.services import holding
from khaneh.domains.programmes.types import (
    CallDraft,
    CallRow,
    CallState,
    ProgrammeDraft,
    ProgrammeRow,
    QuotaKind,
)
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import Invalid, NotFound


def add_programme(*, actor: Actor, house_id: int, draft: ProgrammeDraft, now: datetime) -> ProgrammeRow:
    """Enter a programme of a house. Raises NotFound, NotAllowed, Invalid, CodeTaken."""
    permissions.require_manage(actor, house_id=house_id)
    _refuse(drafts.programme_problems(draft))
    try:
        with db.transaction():
            made = Programme.objects.create(
                house_id=house_id, code=draft.code, made_at=now, changed_at=now, **_programme(draft)
            )
            journal.record("programmes.programme.added", actor=actor, house_id=house_id, programme_id=made.pk)
    except IntegrityError as error:
        raise CodeTaken(code=draft.code) from error
    return queries.programme(draft.code)


def change_programme(*, actor: Actor, code: str, draft: ProgrammeDraft, now: datetime) -> ProgrammeRow:
    """Make kind and words as the draft says; the code stays. Raises NotFound, NotAllowed, Invalid."""
    found = queries.programme(code)
    permissions.require_manage(actor, house_id=found.house.id)
    _refuse(drafts.programme_problems(draft))
    with db.transaction():
        Programme.objects.filter(pk=found.id).update(changed_at=now, **_programme(draft))
        discovery.touch("call", list(Call.objects.filter(programme_id=found.id).values_list("pk", flat=True)))
        journal.record("programmes.programme.changed", actor=actor, house_id=found.house.id, programme_id=found.id)
    return queries.programme(code)


def add_call(*, actor: Actor, programme_code: str, draft: CallDraft, now: datetime, key: str = "") -> CallRow:
    """Enter a call as a draft; with a `key` that has made one already, gives that. Raises NotFound, NotAllowed, Invalid."""
    found = queries.programme(programme_code)
    permissions.require_manage(actor, house_id=found.house.id)
    columns, regions = _call_columns(draft)
    with db.transaction():
        made, is_fresh = Call.objects.get_or_create(
            made_key=f"{found.id}:{key}" if key else secrets.token_hex(8),
            defaults={
                "programme_id": found.id,
                "house_id": found.house.id,
                "made_at": now,
                "changed_at": now,
                **columns,
            },
        )
        if is_fresh:
            _belongings(made.pk, draft, regions)
            journal.record("programmes.call.added", actor=actor, house_id=made.house_id, call_id=made.pk)
    return queries.call(made.pk)


def change_call(*, actor: Actor, call_id: int, draft: CallDraft, now: datetime) -> CallRow:
    """Make a call as the draft says. In public only the words, the day of the results and a later deadline change: what was promised stays.

    Raises NotFound, NotAllowed, Invalid (fixed: a field that stays), CallStateRefused.
    """
    columns, regions = _call_columns(draft)
    with db.transaction():
        found = own_call(actor, call_id)
        row = queries.call(call_id)
        if row.state not in (CallState.DRAFT, CallState.PUBLISHED):
            raise CallStateRefused(call_id=call_id, stage=row.stage(now).value)
        if row.state is CallState.PUBLISHED:
            _refuse(_promised(row, draft, now))
            columns = {name: columns[name] for name in ("names", "descriptions", "results_on", "closes_at")}
        Call.objects.filter(pk=call_id).update(changed_at=now, **columns)
        if row.state is CallState.DRAFT:
            _belongings(call_id, draft, regions)
        else:
            discovery.touch("call", [call_id])
            if draft.closes_at != row.closes_at:
                notices.tell_writers("programmes.deadline", call_id, key=f"{draft.closes_at:%Y%m%d%H%M}", now=now)
        changed = sorted(name for name, value in columns.items() if getattr(found, name) != value)
        journal.record("programmes.call.changed", actor=actor, house_id=found.house_id, call_id=call_id, fields=changed)
    return queries.call(call_id)


def publish_call(*, actor: Actor, call_id: int, now: datetime) -> CallRow:
    """Let everybody find it, with the version of the deprivation index that holds today. Open from its first instant on.

    Raises NotFound, NotAllowed, CallStateRefused, FormMissing, Invalid.
    """
    with db.transaction():
        found = own_call(actor, call_id)
        row = queries.call(call_id)
        if row.state is not CallState.DRAFT:
            raise CallStateRefused(call_id=call_id, stage=row.stage(now).value)
        if row.form is None:
            raise FormMissing(call_id=call_id)
        _refuse(drafts.publication_problems(draft_of(row), now=now))
        Call.objects.filter(pk=call_id).update(
            state=CallState.PUBLISHED.value,
            published_at=now,
            changed_at=now,
            deprivation_index_id=network.newest_index_id(now.date()),
        )
        discovery.touch("call", [call_id])
        journal.record("programmes.call.published", actor=actor, house_id=found.house_id, call_id=call_id)
    return queries.call(call_id)


def cancel_call(*, actor: Actor, call_id: int, now: datetime) -> CallRow:
    """Nothing comes of a call; whoever writes or has handed in is told. Raises NotFound, NotAllowed, CallStateRefused."""
    return _end(actor, call_id, CallState.CANCELLED, (CallState.DRAFT, CallState.PUBLISHED), now)


def decide_call(*, actor: Actor, call_id: int, now: datetime) -> CallRow:
    """All is decided: the results are public. Raises NotFound, NotAllowed, CallStateRefused before conditions were judged."""
    with db.transaction():
        found = own_call(actor, call_id)
        if found.state == CallState.PUBLISHED and found.checked_at is None:
            raise CallStateRefused(call_id=call_id, stage=queries.call(call_id).stage(now).value)
        return _end(actor, call_id, CallState.DECIDED, (CallState.PUBLISHED,), now)


def own_call(actor: Actor, call_id: int) -> Call:
    """A call, held, of who keeps it. Who may not see its draft is told that there is none. Raises NotFound, NotAllowed."""
    found = holding.held_call(call_id)
    if not permissions.may_manage(actor, house_id=found.house_id):
        if found.published_at is None:
            raise NotFound(what="call")
        permissions.require_manage(actor, house_id=found.house_id)
    return found


def draft_of(row: CallRow) -> CallDraft:
    """What a call is, as a draft."""
    from khaneh.domains.programmes.types import CriterionDraft, QuotaDraft

    return CallDraft(
        names=row.names,
        descriptions=row.descriptions,
        places=row.places,
        for_persons=row.for_persons,
        for_kinds=row.for_kinds,
        sectors=row.sectors,
        region_code=row.region.code if row.region else "",
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        results_on=row.results_on,
        criteria=tuple(
            CriterionDraft(one.code, one.names, one.weight, one.scale_max, one.hints) for one in row.criteria
        ),
        quotas=tuple(
            QuotaDraft(one.kind, one.places, one.region.code if one.region else "", one.decile_max)
            for one in row.quotas
        ),
    )


def _end(actor: Actor, call_id: int, state: CallState, before: tuple[CallState, ...], now: datetime) -> CallRow:
    with db.transaction():
        found = own_call(actor, call_id)
        if found.state not in before:
            raise CallStateRefused(call_id=call_id, stage=queries.call(call_id).stage(now).value)
        Call.objects.filter(pk=call_id).update(state=state.value, changed_at=now)
        if found.published_at is not None:
            discovery.touch("call", [call_id])
            if state is CallState.CANCELLED:
                notices.tell_writers("programmes.cancelled", call_id, key="cancelled", now=now)
        journal.record(f"programmes.call.{state.value}", actor=actor, house_id=found.house_id, call_id=call_id)
    return queries.call(call_id)


def _promised(row: CallRow, draft: CallDraft, now: datetime) -> dict[str, str]:
    """What a call in public does not change any more."""
    before = draft_of(row)
    fixed = ("places", "for_persons", "for_kinds", "sectors", "region_code", "opens_at", "criteria", "quotas")
    wrong = {name: "fixed" for name in fixed if getattr(draft, name) != getattr(before, name)}
    if (
        draft.closes_at is None
        or (before.closes_at is not None and draft.closes_at < before.closes_at)
        or (row.checked_at is not None and draft.closes_at != before.closes_at)
    ):
        wrong["closes_at"] = "fixed"
    return wrong


def _programme(draft: ProgrammeDraft) -> dict[str, Any]:
    return {"kind": draft.kind.value, "names": draft.names.to_dict(), "descriptions": draft.descriptions.to_dict()}


def _call_columns(draft: CallDraft) -> tuple[dict[str, Any], dict[str, int]]:
    """The draft as columns, and the ids of the regions that it names. Raises Invalid."""
    wrong = drafts.call_problems(draft)
    if not set(draft.for_kinds) <= set(ORGANISATION_KINDS):
        wrong.setdefault("for_kinds", "not_in_list")
    if not all(is_sector(code) for code in draft.sectors):
        wrong.setdefault("sectors", "not_in_list")
    regions: dict[str, int] = {}
    wanted = {one.region_code for one in draft.quotas if one.kind is QuotaKind.REGION} | {draft.region_code}
    for code in wanted - {""}:
        try:
            regions[code] = network.region(code).id
        except NotFound:
            wrong.setdefault("region_code" if code == draft.region_code else "quotas", "not_in_list")
    _refuse(wrong)
    return {
        "names": draft.names.to_dict(),
        "descriptions": draft.descriptions.to_dict(),
        "places": draft.places,
        "for_persons": draft.for_persons,
        "for_kinds": list(draft.for_kinds),
        "sectors": list(draft.sectors),
        "region_id": regions.get(draft.region_code),
        "opens_at": draft.opens_at,
        "closes_at": draft.closes_at,
        "results_on": draft.results_on,
    }, regions


def _belongings(call_id: int, draft: CallDraft, regions: dict[str, int]) -> None:
    Criterion.objects.filter(call_id=call_id).delete()
    Criterion.objects.bulk_create(
        Criterion(
            call_id=call_id, code=one.code, position=place, names=one.names.to_dict(), hints=one.hints.to_dict(),
            weight=one.weight, scale_max=one.scale_max,
        )
        for place, one in enumerate(draft.criteria, 1)
    )  # fmt: skip
    Quota.objects.filter(call_id=call_id).delete()
    Quota.objects.bulk_create(
        Quota(
            call_id=call_id, position=place, kind=one.kind.value, places=one.places,
            region_id=regions.get(one.region_code) if one.kind is QuotaKind.REGION else None,
            decile_max=one.decile_max if one.kind is QuotaKind.DEPRIVATION else None,
        )
        for place, one in enumerate(draft.quotas, 1)
    )  # fmt: skip


def _refuse(wrong: dict[str, str]) -> None:
    if wrong:
        raise Invalid(fields=wrong)
