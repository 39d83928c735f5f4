"""Work that was recorded: one's own, and what waits at a house."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from khaneh.domains.credits import permissions, rules
from khaneh.domains.credits.models import Rate, Work
from khaneh.domains.credits.types import WorkRow, WorkState
from khaneh.domains.network import queries as network
from khaneh.domains.people import queries as people
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import NotFound


def work(work_id: int, *, actor: Actor) -> WorkRow:
    """One, for who did it and for the house. Four statements. Raises NotFound."""
    found = list(Work.objects.select_related("entry").filter(pk=work_id))
    own = bool(found) and actor.account_id is not None and found[0].account_id == actor.account_id
    if not found or not (own or permissions.may_desk(actor, house_id=found[0].house_id)):
        raise NotFound(what="work")
    return _rows(found)[0]


def works_of(account_id: int, *, limit: int = 50) -> list[WorkRow]:
    """Somebody's own, the latest first. Four statements. The caller has identified whose they are."""
    return _rows(Work.objects.select_related("entry").filter(account_id=account_id).order_by("-pk")[:limit])


def works_waiting(house_id: int, *, actor: Actor, limit: int = 200) -> list[WorkRow]:
    """What waits for a house's word, the oldest first; none for who may not give it. Four statements."""
    if not permissions.may_confirm(actor, house_id=house_id):
        return []
    found = Work.objects.select_related("entry").filter(house_id=house_id, state=WorkState.PENDING.value)
    return _rows(found.order_by("pk")[:limit])


def _earns(one: Work, rates: Mapping[tuple[str, str], int]) -> int:
    if one.entry is not None:
        return one.entry.amount
    waits = one.state == WorkState.PENDING
    return rules.earned(one.minutes, rates.get((one.unit_id, one.kind), 0)) if waits else 0


def _rows(found: Iterable[Work]) -> list[WorkRow]:
    listed = list(found)
    houses = network.house_refs({one.house_id for one in listed})
    names = people.account_names([one.account_id for one in listed] + [one.decided_by_id for one in listed])
    waits = {one.unit_id for one in listed if one.state == WorkState.PENDING}
    rates = {
        (unit, kind): per_hour
        for unit, kind, per_hour in Rate.objects.filter(unit__in=waits).values_list("unit_id", "kind", "per_hour")
    }
    return [
        WorkRow(
            id=one.pk,
            account_id=one.account_id,
            name=names.get(one.account_id or 0, ""),
            house=houses[one.house_id],
            kind=one.kind,
            minutes=one.minutes,
            done_on=one.done_on,
            note=one.note,
            state=WorkState(one.state),
            unit=one.unit_id,
            amount=_earns(one, rates),
            recorded_at=one.recorded_at,
            decided_at=one.decided_at,
            decided_by=names.get(one.decided_by_id or 0, ""),
            reason=one.reason,
        )
        for one in listed
    ]
