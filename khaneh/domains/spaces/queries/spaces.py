"""Spaces for pages: one, those of a house, those that are closed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db.models import Count, Q

from khaneh.domains.network import queries as network
from khaneh.domains.network.queries.clocks import open_house_zones
from khaneh.domains.network.types import PUBLIC_STATES, Ref
from khaneh.domains.qualifications import queries as qualifications
from khaneh.domains.qualifications.types import QualificationRow
from khaneh.domains.spaces import permissions
from khaneh.domains.spaces.models import Space, SpaceClosure, SpaceRequirement
from khaneh.domains.spaces.queries.rows import by_ids, of_house, rows
from khaneh.domains.spaces.types import ClosureKind, ClosureRow, SpaceRow, SpaceState
from khaneh.kernel.actor import VISITOR, Actor
from khaneh.kernel.refusal import NotFound


def space(code: str, *, actor: Actor = VISITOR) -> SpaceRow:
    """A space, by its code. Five statements. Raises NotFound, also for one whose house is not for everybody's eyes, or that is retired."""
    found = rows(Space.objects.filter(code=code))
    if not found:
        raise NotFound(what="space")
    return _seen(found[0], actor)


def space_by_id(space_id: int, *, actor: Actor = VISITOR) -> SpaceRow:
    """The same by number."""
    found = rows(Space.objects.filter(pk=space_id))
    if not found:
        raise NotFound(what="space")
    return _seen(found[0], actor)


def spaces_by_ids(ids: Iterable[int]) -> dict[int, SpaceRow]:
    """Those that exist, whatever their state. Five statements."""
    return by_ids(set(ids))


def spaces_of_house(house_id: int, *, with_retired: bool = False, house: Ref | None = None) -> list[SpaceRow]:
    """The spaces of a house, each after what it is in, then by code. Three statements at most, two where `house` is known."""
    listed = of_house(house_id, without=() if with_retired else (SpaceState.RETIRED,), house=house)
    codes = {row.id: row.code for row in listed}
    return sorted(listed, key=lambda row: [codes.get(number, "") for number in row.path])


def kinds_offered() -> dict[str, int]:
    """The kinds of space that houses in service have in service, with how many there are of each. Two statements."""
    found = Space.objects.filter(house_id__in=open_house_zones(), state=SpaceState.ACTIVE.value)
    return dict(found.values("kind").order_by("kind").annotate(number=Count("pk")).values_list("kind", "number"))


def parts_of(space_id: int) -> list[SpaceRow]:
    """What is directly in a space, by code. Five statements."""
    return rows(Space.objects.filter(parent_id=space_id).exclude(state=SpaceState.RETIRED.value).order_by("code"))


def closures_of(space_id: int, *, now: datetime) -> list[ClosureRow]:
    """The closures of a space that are not over, by start. One statement."""
    found = SpaceClosure.objects.filter(Q(ends__isnull=True) | Q(ends__gt=now), space_id=space_id, lifted_at=None)
    return [
        ClosureRow(one.pk, one.space_id, ClosureKind(one.kind), tuple(one.units), one.starts, one.ends, one.note)
        for one in found.order_by("starts", "pk")
    ]


def space_of_closure(closure_id: int) -> int:
    """The number of the space that a closure is of. One statement. Raises NotFound."""
    found = SpaceClosure.objects.filter(pk=closure_id).values_list("space_id", flat=True).first()
    if found is None:
        raise NotFound(what="closure")
    return found


def own_requirements(space_id: int) -> tuple[str, ...]:
    """The codes of the qualifications that a space asks for by itself, without those of what it is in. One statement."""
    asked = SpaceRequirement.objects.filter(space_id=space_id).order_by("qualification__code")
    return tuple(asked.values_list("qualification__code", flat=True))


def lacking(space_id: int, *, account_id: int, at: datetime) -> list[QualificationRow]:
    """The qualifications that a space asks for and an account does not hold at an instant: what a page names the courses for.

    Seven statements. Raises NotFound.
    """
    wanted = dict(space_by_id(space_id).requires)
    if not wanted:
        return []
    missing = wanted.keys() - qualifications.held_ids(account_id, at=at).keys()
    found = qualifications.rows_by_id(missing)
    return [found[number] for number in wanted if number in found]


def public_space_ids() -> Iterator[list[int]]:
    """Spaces that everybody may find, in lists of at most 1,000: for the search index. One statement a list, and those for the houses."""
    houses = [number for ids in network.public_house_ids() for number in ids]
    last = 0
    while ids := list(
        Space.objects.filter(pk__gt=last, house_id__in=houses)
        .exclude(state=SpaceState.RETIRED.value)
        .order_by("pk")
        .values_list("pk", flat=True)[:1000]
    ):
        yield ids
        last = ids[-1]


def _seen(row: SpaceRow, actor: Actor) -> SpaceRow:
    public = row.state is not SpaceState.RETIRED and network.house_facts(row.house.id).state in PUBLIC_STATES
    if not (public or permissions.may_desk(actor, house_id=row.house.id)):
        raise NotFound(what="space")
    return row
