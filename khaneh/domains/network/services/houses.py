"""Making, changing and moving houses, and their way from a proposal to a house in service."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from khaneh.domains.network import permissions, queries
from khaneh.domains.network.errors import CodeTaken, HousesStillOpen, StateChangeRefused
from khaneh.domains.network.models import House
from khaneh.domains.network.queries import References
from khaneh.domains.network.rules import directory, states, validation
from khaneh.domains.network.services.integrity import refusing
from khaneh.domains.network.services.references import differs, known, refuse_if_any
from khaneh.domains.network.types import HouseDraft, HouseRow, HouseState
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import NotFound

_TREE = ("network.house_tree", 0)
_ENDED = frozenset({HouseState.CLOSED})
# A manager closes the doors for a while; whether a house comes to be or ends is for those above it.
_BY_MANAGER = frozenset({HouseState.OPEN, HouseState.SUSPENDED})


def create_house(*, actor: Actor, draft: HouseDraft, now: datetime) -> HouseRow:
    """Enter a house in any state: one that has long been open is entered as open.

    Raises Invalid, NotAllowed, CodeTaken.
    """
    with db.transaction():
        house = enter(actor=actor, draft=draft, now=now, references=references_of([draft], actor=actor))
    return queries.house_by_id(house.pk, actor=actor, now=now)


def references_of(drafts: Sequence[HouseDraft], *, actor: Actor) -> References:
    """What the drafts name, with the tree of houses held until the transaction ends."""
    db.lock(_TREE)
    return References(drafts, actor=actor)


def enter(*, actor: Actor, draft: HouseDraft, now: datetime, references: References) -> House:
    """As `create_house`, one of many in one transaction; `references` must be told once it is sure to stay."""
    values = _values(draft, references)
    place = references.place_of_new_house(
        parent_id=values["parent_id"], operator_id=values["operator_id"], region_id=values["region_id"]
    )
    permissions.require_administer(actor, place)
    if references.is_taken(draft.code):
        raise CodeTaken(code=draft.code)
    with refusing(code=draft.code, parent=draft.parent_code):
        house = House.objects.create(code=draft.code, state=HouseState(draft.state).value, changed_at=now, **values)
    journal.record("network.house.created", actor=actor, house_id=house.pk, code=house.code, state=house.state)
    return house


def change_house(*, actor: Actor, code: str, draft: HouseDraft, now: datetime) -> bool:
    """Make everything but the state and the code as the draft says; false when it was so already.

    Moving it to another parent, region or operator, or making it another kind of house, needs an administrator of where it is and of
    where it goes. Raises Invalid, NotFound, NotAllowed, TreeRefused.
    """
    with db.transaction():
        db.lock(_TREE)
        house = _locked(code, actor)
        draft = replace(draft, code=code)
        references = References([draft], actor=actor)
        place = references.place_of_house(house.pk)
        permissions.require_manage_house(actor, place)
        values = _values(draft, references)
        if not differs(house, values):
            return False
        if differs(house, {name: values[name] for name in ("parent_id", "region_id", "operator_id", "kind")}):
            permissions.require_administer(actor, place)
            there = references.place_of_new_house(
                parent_id=values["parent_id"], operator_id=values["operator_id"], region_id=values["region_id"]
            )
            permissions.require_administer(actor, there)
        changed = sorted(name for name, value in values.items() if getattr(house, name) != value)
        with refusing(code=code, parent=draft.parent_code):
            House.objects.filter(pk=house.pk).update(changed_at=now, **values)
        journal.record("network.house.changed", actor=actor, house_id=house.pk, fields=changed)
    return True


def change_house_state(*, actor: Actor, code: str, state: HouseState, now: datetime, reason: str = "") -> None:
    """Take a house to its next state. Raises NotFound, NotAllowed, StateChangeRefused, HousesStillOpen."""
    with db.transaction():
        db.lock(_TREE)
        house = _locked(code, actor)
        before = HouseState(house.state)
        require = permissions.require_manage_house if {before, state} <= _BY_MANAGER else permissions.require_administer
        require(actor, queries.place_of_house(house.pk))
        if state not in states.possible(before):
            raise StateChangeRefused(state=before.value, wanted=state.value, possible=sorted(states.possible(before)))
        if state in _ENDED:
            inside = House.objects.filter(path__contains=[house.pk]).exclude(pk=house.pk)
            still = inside.filter(state=HouseState.OPEN.value).order_by("code").values_list("code", flat=True)
            if still:
                raise HousesStillOpen(houses=list(still))
        House.objects.filter(pk=house.pk).update(state=state.value, changed_at=now)
        journal.record(
            "network.house.state_changed",
            actor=actor,
            house_id=house.pk,
            before=before.value,
            after=state.value,
            reason=reason,
        )


def _locked(code: str, actor: Actor) -> House:
    house = House.objects.select_for_update(of=("self",)).filter(queries.visible_houses(actor), code=code).first()
    if house is None:
        raise NotFound(what="house")
    return house


def _values(draft: HouseDraft, references: References) -> dict[str, Any]:
    problems = validation.house_problems(draft)
    region_id = known(references.regions, draft.region_code, field="region_code", problems=problems)
    parent_id = known(references.houses, draft.parent_code, field="parent_code", problems=problems)
    operator_id = known(references.organisations, draft.operator_code, field="operator_code", problems=problems)
    refuse_if_any(problems)
    return {
        "kind": draft.kind,
        "parent_id": parent_id,
        "region_id": region_id,
        "operator_id": operator_id,
        "names": draft.names.to_dict(),
        "descriptions": draft.descriptions.to_dict(),
        "address": draft.address,
        "latitude": draft.latitude,
        "longitude": draft.longitude,
        "phone": draft.phone,
        "email": draft.email,
        "website": draft.website,
        "facilities": list(dict.fromkeys(draft.facilities)),
        "time_zone": draft.time_zone,
        "calendar": draft.calendar,
        "opened": draft.opened,
        "search_key": directory.directory_key(draft.names, draft.code, draft.address),
    }
