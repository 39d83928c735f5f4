"""Entering spaces, changing them, taking them out of service and closing them for a while."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import IntegrityError

from khaneh.domains.credits import queries as ledger
from khaneh.domains.discovery import services as discovery
from khaneh.domains.network import queries as network
from khaneh.domains.qualifications import queries as qualifications
from khaneh.domains.spaces import permissions, queries
from khaneh.domains.spaces.errors import (
    ClosureEnded,
    CodeTaken,
    SpaceDoesNotFit,
    SpaceInUse,
    StateChangeRefused,
)
from khaneh.domains.spaces.models import Booking, Space, SpaceClosure, SpaceHours, SpaceRequirement
from khaneh.domains.spaces.queries.holding import bookings_in_the_way
from khaneh.domains.spaces.rules import drafts
from khaneh.domains.spaces.services import ending
from khaneh.domains.spaces.services.judging import hold
from khaneh.domains.spaces.types import (
    OPEN_BOOKINGS,
    BookingState,
    Cancelled,
    ClosureKind,
    EndReason,
    SpaceDraft,
    SpaceRow,
    SpaceState,
)
from khaneh.infrastructure import db, jobs, journal
from khaneh.kernel.actor import Actor
from khaneh.kernel.money import is_credit
from khaneh.kernel.refusal import Invalid, NotFound

_STEPS = {
    SpaceState.ACTIVE: {SpaceState.OUT_OF_ORDER, SpaceState.RETIRED},
    SpaceState.OUT_OF_ORDER: {SpaceState.ACTIVE, SpaceState.RETIRED},
    SpaceState.RETIRED: {SpaceState.ACTIVE},
}
LONGEST_NOTE = 1000


def add_space(*, actor: Actor, draft: SpaceDraft, now: datetime) -> SpaceRow:
    """Enter a space of a house. Raises NotAllowed, Invalid, CodeTaken, SpaceDoesNotFit."""
    with db.transaction():
        values, requires = _values(draft)
        permissions.require_manage(actor, house_id=values["house_id"])
        if Space.objects.filter(code=draft.code).exists():
            raise CodeTaken(code=draft.code)
        made = _kept(draft, lambda: Space.objects.create(code=draft.code, changed_at=now, **values))
        _belongings(made.pk, draft, requires)
        discovery.touch("space", [made.pk])
        journal.record("spaces.space.added", actor=actor, house_id=made.house_id, space_id=made.pk, code=made.code)
    return queries.space_by_id(made.pk, actor=actor)


def change_space(*, actor: Actor, code: str, draft: SpaceDraft, now: datetime) -> SpaceRow:
    """Make everything but code and state as the draft says. What is booked stays as it was booked, its padding too.

    It stays in its house; it moves to another place in the tree, or loses units, only while nobody has booked these. Raises NotAllowed,
    NotFound, Invalid, SpaceDoesNotFit, SpaceInUse.
    """
    with db.transaction():
        found = _held(code)
        permissions.require_manage(actor, house_id=found.house_id)
        values, requires = _values(draft)
        if values["house_id"] != found.house_id:
            raise SpaceDoesNotFit(why="house", parent=draft.parent_code)
        changed = sorted(name for name, value in values.items() if getattr(found, name) != value)
        _kept(draft, lambda: Space.objects.filter(pk=found.pk).update(changed_at=now, **values))
        _belongings(found.pk, draft, requires)
        discovery.touch("space", [found.pk])
        journal.record("spaces.space.changed", actor=actor, house_id=found.house_id, space_id=found.pk, fields=changed)
    return queries.space_by_id(found.pk, actor=actor)


def change_space_state(*, actor: Actor, code: str, state: SpaceState, now: datetime, reason: str = "") -> Cancelled:
    """Take a space out of service or back into it. Whoever has booked it, or something in it, is told and offered what else is free.

    What is under way goes on. Raises NotFound, NotAllowed, StateChangeRefused, Invalid.
    """
    with db.transaction():
        found = _held(code)
        permissions.require_manage(actor, house_id=found.house_id)
        before = SpaceState(found.state)
        if state not in _STEPS[before]:
            raise StateChangeRefused(state=before.value, wanted=state.value)
        reason = _note(reason, "reason")
        Space.objects.filter(pk=found.pk).update(state=state.value, changed_at=now)
        ended: list[int] = []
        if state is not SpaceState.ACTIVE:
            within = Space.objects.filter(path__contains=[found.pk]).values_list("pk", flat=True)
            open_ = Booking.objects.filter(
                space_id__in=list(within), state__in=[one.value for one in OPEN_BOOKINGS], ends__gt=now
            )
            ended = ending.end_all(open_, reason=EndReason.CLOSED, words=reason, actor=actor, now=now)
        discovery.touch("space", [found.pk])
        journal.record(
            "spaces.space.state_changed", actor=actor, house_id=found.house_id, space_id=found.pk,
            before=before.value, after=state.value, bookings=len(ended),
        )  # fmt: skip
    return Cancelled(None, tuple(ended))


def close_space(
    *,
    actor: Actor,
    space_id: int,
    kind: ClosureKind,
    starts: datetime,
    ends: datetime | None,
    now: datetime,
    units: Iterable[int] = (),
    note: str = "",
    uid: str = "",
) -> Cancelled:
    """Close a space, or some units of a counted one, for a time; without `ends` until it is lifted. What is in it is closed with it.

    Bookings that meet it are cancelled, requests refused; each of those who booked is told and offered what else is free. What is under
    way is not cut off: close from its end. `uid` is what a calendar file calls it. Raises NotFound, NotAllowed, Invalid, SpaceInUse.
    """
    with db.transaction():
        found = _held_by_id(space_id)
        permissions.require_lead(actor, house_id=found.house_id)
        wanted = sorted(set(units))
        wrong = {}
        if ends is not None and ends <= starts:
            wrong["ends"] = "out_of_order"
        if ends is not None and ends <= now:
            wrong["ends"] = "past"
        if any(not 1 <= unit <= found.quantity for unit in wanted):
            wrong["units"] = "out_of_range"
        if wrong:
            raise Invalid(fields=wrong)
        note = _note(note, "note")
        met = Booking.objects.filter(pk__in=bookings_in_the_way(space_id, starts, ends, wanted))
        if met.filter(state=BookingState.CHECKED_IN.value).exists():
            raise SpaceInUse(why="under_way")
        ended = ending.end_all(met, reason=EndReason.CLOSED, words=note, actor=actor, now=now)
        made = SpaceClosure.objects.create(
            space_id=space_id, kind=ClosureKind(kind).value, units=wanted, starts=starts, ends=ends, note=note,
            made_by_id=actor.account_id, made_at=now, uid=uid,
        )  # fmt: skip
        ended += ending.refuse_without_room(space_id=space_id, words=note, actor=actor, now=now)
        journal.record(
            "spaces.space.closed", actor=actor, house_id=found.house_id, space_id=space_id, closure_id=made.pk,
            bookings=len(ended),
        )  # fmt: skip
    return Cancelled(made.pk, tuple(ended))


def lift_closure(*, actor: Actor, closure_id: int, now: datetime) -> None:
    """Open a space again before its closure would have ended; who waits is offered it. Raises NotFound, NotAllowed, ClosureEnded."""
    with db.transaction():
        seen = SpaceClosure.objects.filter(pk=closure_id).values_list("space_id", flat=True).first()
        if seen is None:
            raise NotFound(what="closure")
        space = _held_by_id(seen)
        permissions.require_lead(actor, house_id=space.house_id)
        closure = SpaceClosure.objects.get(pk=closure_id)
        if closure.lifted_at is not None or (closure.ends is not None and closure.ends <= now):
            raise ClosureEnded(closure_id=closure_id)
        SpaceClosure.objects.filter(pk=closure_id).update(lifted_at=now)
        journal.record(
            "spaces.space.opened", actor=actor, house_id=space.house_id, space_id=seen, closure_id=closure_id
        )
        jobs.defer("spaces.offer", space_id=seen)


def _held(code: str) -> Space:
    number = Space.objects.filter(code=code).values_list("pk", flat=True).first()
    if number is None:
        raise NotFound(what="space")
    return _held_by_id(number)


def _held_by_id(space_id: int) -> Space:
    """The space, with its tree held. Raises NotFound."""
    path = Space.objects.filter(pk=space_id).values_list("path", flat=True).first()
    if path is None:
        raise NotFound(what="space")
    hold(trees={path[0]})
    return Space.objects.get(pk=space_id)


def _values(draft: SpaceDraft) -> tuple[dict[str, Any], list[int]]:
    wrong = drafts.problems(draft)
    house_id = network.house_ids_by_code([draft.house_code]).get(draft.house_code)
    if house_id is None:
        wrong["house_code"] = "unknown" if draft.house_code else "required"
    parent = (
        Space.objects.filter(code=draft.parent_code).values_list("pk", "path").first() if draft.parent_code else None
    )
    if draft.parent_code and parent is None:
        wrong["parent_code"] = "unknown"
    known = {row.code: row.id for row in qualifications.qualifications(with_retired=True)} if draft.requires else {}
    if set(draft.requires) - known.keys():
        wrong["requires"] = "unknown"
    if house_id is not None and not _is_honoured(draft, house_id):
        wrong["price"] = "not_in_list"
    if wrong:
        raise Invalid(fields=wrong)
    if parent is not None:
        hold(trees={parent[1][0]})
    values = {
        "house_id": house_id,
        "parent_id": parent[0] if parent else None,
        "kind": draft.kind,
        "names": draft.names.to_dict(),
        "descriptions": draft.descriptions.to_dict(),
        "capacity": draft.capacity,
        "quantity": draft.quantity,
        "facilities": sorted(set(draft.facilities)),
        "slot_minutes": draft.slot_minutes,
        "min_minutes": draft.min_minutes,
        "max_minutes": draft.max_minutes,
        "setup_minutes": draft.setup_minutes,
        "cleanup_minutes": draft.cleanup_minutes,
        "approval": draft.approval,
        "self_service": draft.self_service,
        "needs_code": draft.needs_code,
        "instructions": draft.instructions.to_dict(),
        "price_amount": draft.price.amount if draft.price else None,
        "price_currency": draft.price.currency if draft.price else "",
        "price_unit": draft.price_unit.value,
    }
    return values, [known[code] for code in dict.fromkeys(draft.requires)]


def _is_honoured(draft: SpaceDraft, house_id: int) -> bool:
    """A house asks prices in money, or in its own credit, that of a house that it is in, or the network's."""
    if draft.price is None or not is_credit(draft.price.currency):
        return True
    return draft.price.currency in {one.code for one in ledger.credits_of_house(house_id)}


def _belongings(space_id: int, draft: SpaceDraft, requires: list[int]) -> None:
    SpaceHours.objects.filter(space_id=space_id).delete()
    SpaceHours.objects.bulk_create(SpaceHours(space_id=space_id, **one._asdict()) for one in draft.hours)
    SpaceRequirement.objects.filter(space_id=space_id).delete()
    SpaceRequirement.objects.bulk_create(
        SpaceRequirement(space_id=space_id, qualification_id=number) for number in requires
    )


def _kept(draft: SpaceDraft, write: Any) -> Any:
    """What the write gives; what PostgreSQL keeps of the tree is a refusal."""
    try:
        with db.transaction():
            return write()
    except IntegrityError as clash:
        name = getattr(getattr(clash.__cause__, "diag", None), "constraint_name", "") or ""
        if name in {"spaces_space_stays", "spaces_space_units_in_use"}:
            raise SpaceInUse(why=name.removeprefix("spaces_space_")) from clash
        if name in {"network_tree_cycle", "spaces_space_one_house", "spaces_space_counted_holds_nothing"}:
            raise SpaceDoesNotFit(why=name.rsplit("space_", 1)[-1], parent=draft.parent_code) from clash
        raise


def _note(text: str, field: str) -> str:
    text = text.strip()
    if len(text) > LONGEST_NOTE:
        raise Invalid(fields={field: "too_long"})
    return text
