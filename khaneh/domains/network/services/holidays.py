"""The days that differ from the week: of one house, of a region and all below it, of a country."""

from __future__ import annotations

from typing import Any

from khaneh.domains.network import permissions, queries
from khaneh.domains.network.errors import HolidayTaken
from khaneh.domains.network.models import Holiday, House, Region
from khaneh.domains.network.rules import hours as rules
from khaneh.domains.network.rules import validation
from khaneh.domains.network.services.references import differs, find, refuse_if_any
from khaneh.domains.network.types import HolidayDraft, Outcome
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import Actor, Place
from khaneh.kernel.refusal import NotFound

# Two at a time for the same days would both find none.
_ALL = ("network.holidays", 0)


def add_holiday(*, actor: Actor, draft: HolidayDraft) -> tuple[int, Outcome]:
    """Enter a day that differs, or give the one already entered for these days its names and hours. Gives its id and what
    became of it.

    A house's is for its manager, a region's and a country's for its authority. Raises Invalid, NotAllowed.
    """
    with db.transaction():
        key, values = _judged(actor, draft)
        db.lock(_ALL)
        row = _of_these_days(key)
        if row is not None and not differs(row, values):
            return row.pk, Outcome.SAME
        outcome = Outcome.CREATED if row is None else Outcome.CHANGED
        written = _write(actor, row or Holiday(), key | values)
    return written, outcome


def change_holiday(*, actor: Actor, holiday_id: int, draft: HolidayDraft) -> bool:
    """Make a day that differs as the draft says, its days included; false when it was so already. It stays where it is: the draft names
    its own house, region or country.

    Raises Invalid, NotFound, NotAllowed, HolidayTaken.
    """
    with db.transaction():
        row = _locked(actor, holiday_id)
        key, values = _judged(actor, draft)
        if (key["house_id"], key["region_id"], key["country"]) != (row.house_id, row.region_id, row.country):
            raise NotFound(what="holiday")
        db.lock(_ALL)
        other = _of_these_days(key)
        if other is not None and other.pk != row.pk:
            raise HolidayTaken(holiday=other.pk)
        if not differs(row, key | values):
            return False
        _write(actor, row, key | values)
    return True


def take_in_holiday(*, actor: Actor, draft: HolidayDraft, uid: str) -> Outcome:
    """A house's day that differs, as a calendar file has it: the entry of this name is moved with the file, and no second one is made.

    A day that is there already under no name is given this one. Names in other languages stay while the file's own name is one of them.
    Raises Invalid, NotAllowed, HolidayTaken.
    """
    with db.transaction():
        key, values = _judged(actor, draft)
        db.lock(_ALL)
        row = Holiday.objects.filter(house_id=key["house_id"], uid=uid).first()
        other = _of_these_days(key)
        if other is not None and (row is None or other.pk != row.pk):
            if row is not None or other.uid:
                raise HolidayTaken(holiday=other.pk)
            row = other
        if row is not None and set(filter(None, values["names"].values())) <= set(row.names.values()):
            values["names"] = row.names
        # Hours that were given by hand are not the file's to take away.
        if row is not None and all(getattr(row, name) == value for name, value in key.items()):
            values["spans"] = row.spans
        values["uid"] = uid
        if row is not None and not differs(row, key | values):
            return Outcome.SAME
        _write(actor, row or Holiday(), key | values)
    return Outcome.CREATED if row is None else Outcome.CHANGED


def remove_taken_in(*, actor: Actor, house_id: int, uid: str) -> bool:
    """Take the day away that a calendar file has taken back; false where there is none of this name. Raises NotFound, NotAllowed."""
    with db.transaction():
        found = Holiday.objects.filter(house_id=house_id, uid=uid).exclude(uid="").values_list("pk", flat=True).first()
        if found is None:
            return False
        remove_holiday(actor=actor, holiday_id=found)
    return True


def remove_holiday(*, actor: Actor, holiday_id: int) -> None:
    """Take a day that differs away. Raises NotFound, NotAllowed."""
    with db.transaction():
        row = _locked(actor, holiday_id)
        row.delete()
        journal.record("network.holiday.removed", actor=actor, house_id=row.house_id, holiday_id=holiday_id)


def _judged(actor: Actor, draft: HolidayDraft) -> tuple[dict[str, Any], dict[str, Any]]:
    """What makes it one of its kind, and the rest. Raises Invalid, NotAllowed."""
    problems = validation.holiday_problems(draft)
    if rules.when(draft.rule, month=draft.month, day=draft.day, first=draft.first, last=draft.last) is None:
        problems["rule"] = "never_comes"
    scope, place = _scope(draft, problems, actor)
    refuse_if_any(problems)
    require = permissions.require_manage_house if draft.scope == "house" else permissions.require_administer
    require(actor, place)
    key = {**scope, "rule": draft.rule, "month": draft.month, "day": draft.day, "first": draft.first}
    values = {
        "last": draft.last or draft.first,
        "spans": [[span.opens, span.closes] for span in sorted(draft.spans)],
        "names": draft.names.to_dict(),
        "expected": draft.expected,
    }
    return key, values


def _of_these_days(key: dict[str, Any]) -> Holiday | None:
    lookup = {(f"{name}__isnull" if value is None else name): value is None or value for name, value in key.items()}
    return Holiday.objects.filter(**lookup).first()


def _write(actor: Actor, row: Holiday, values: dict[str, Any]) -> int:
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    journal.record("network.holiday.set", actor=actor, house_id=values["house_id"], holiday_id=row.pk)
    return row.pk


def _locked(actor: Actor, holiday_id: int) -> Holiday:
    row = Holiday.objects.select_for_update(of=("self",)).filter(pk=holiday_id).first()
    if row is None:
        raise NotFound(what="holiday")
    if row.house_id is not None:
        permissions.require_manage_house(actor, queries.place_of_house(row.house_id))
    elif row.region_id is not None:
        permissions.require_administer(actor, queries.place_of_region(row.region_id))
    else:
        permissions.require_administer(actor, queries.place_of_country(row.country))
    return row


def _scope(draft: HolidayDraft, problems: dict[str, str], actor: Actor) -> tuple[dict[str, Any], Place]:
    scope: dict[str, Any] = {"house_id": None, "region_id": None, "country": ""}
    if draft.scope == "country":
        if len(draft.scope_code) != 2 or not draft.scope_code.isascii() or not draft.scope_code.isupper():
            problems["scope"] = "format"
        return {**scope, "country": draft.scope_code}, queries.place_of_country(draft.scope_code)
    if draft.scope == "region":
        region = find(Region.objects.all(), draft.scope_code, field="scope", problems=problems)
        if region is not None:
            return {**scope, "region_id": region.pk}, queries.place_of_region(region.pk)
    else:
        house = find(
            House.objects.filter(queries.visible_houses(actor)), draft.scope_code, field="scope", problems=problems
        )
        if house is not None:
            return {**scope, "house_id": house.pk}, queries.place_of_house(house.pk)
    problems.setdefault("scope", "required")
    return scope, Place()
