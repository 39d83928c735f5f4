"""Regions, their boundaries and their deprivation. The authority of a region keeps it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from khaneh.domains.network import permissions, queries
from khaneh.domains.network.errors import CodeTaken, DecileFixed
from khaneh.domains.network.models import DeprivationIndex, Region, RegionDecile
from khaneh.domains.network.rules import geometry, validation
from khaneh.domains.network.services.integrity import refusing
from khaneh.domains.network.services.references import differs, find, refuse_if_any
from khaneh.domains.network.types import BoundaryDraft, DecileDraft, DeprivationIndexDraft, RegionDraft
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import Actor, Place
from khaneh.kernel.refusal import Invalid, NotAllowed, NotFound

_TREE = ("network.region_tree", 0)


def create_region(*, actor: Actor, draft: RegionDraft) -> None:
    """Enter a region. Raises Invalid, NotAllowed, CodeTaken, TreeRefused."""
    with db.transaction():
        db.lock(_TREE)
        values = _values(draft)
        permissions.require_administer(actor, _place_above(values))
        if Region.objects.filter(code=draft.code).exists():
            raise CodeTaken(code=draft.code)
        with refusing(code=draft.code, parent=draft.parent_code):
            region = Region.objects.create(code=draft.code, **values)
        journal.record("network.region.created", actor=actor, region_id=region.pk, code=draft.code)


def change_region(*, actor: Actor, code: str, draft: RegionDraft) -> bool:
    """Make everything but the code as the draft says; false when it was so already.

    Raises Invalid, NotFound, NotAllowed, TreeRefused.
    """
    with db.transaction():
        db.lock(_TREE)
        region = _locked(code)
        draft = replace(draft, code=code)
        permissions.require_administer(actor, queries.place_of_region(region.pk))
        values = _values(draft)
        if not differs(region, values):
            return False
        if region.parent_id != values["parent_id"]:
            permissions.require_administer(actor, _place_above(values))
        changed = sorted(name for name, value in values.items() if getattr(region, name) != value)
        with refusing(code=code, parent=draft.parent_code):
            Region.objects.filter(pk=region.pk).update(**values)
        journal.record("network.region.changed", actor=actor, region_id=region.pk, fields=changed)
    return True


def set_boundary(*, actor: Actor, draft: BoundaryDraft) -> bool:
    """Draw a region's outline; false when it was so already. Raises Invalid, NotFound, NotAllowed."""
    with db.transaction():
        region = _locked(draft.region_code)
        permissions.require_administer(actor, queries.place_of_region(region.pk))
        problem = geometry.geometry_problem(draft.geometry) if draft.geometry is not None else None
        if problem:
            raise Invalid(fields={"geometry": f"geometry_{problem}"})
        if region.boundary == draft.geometry:
            return False
        region.boundary = None if draft.geometry is None else dict(draft.geometry)
        region.outline = None if draft.geometry is None else geometry.simplified(draft.geometry)
        region.save(update_fields=["boundary", "outline"])
        journal.record("network.region.boundary_changed", actor=actor, region_id=region.pk)
    return True


def publish_index(*, actor: Actor, draft: DeprivationIndexDraft) -> bool:
    """Enter a version of a deprivation index; false when it stands already with the same words.

    An administrator of an authority may, of a region or a country. Raises Invalid, NotAllowed.
    """
    with db.transaction():
        if not queries.may_publish_indexes(actor):
            raise NotAllowed(act="network.publish_index")
        problems = {} if draft.code else {"code": "required"}
        if not draft.version:
            problems["version"] = "required"
        if not any(draft.names):
            problems["names"] = "required"
        refuse_if_any(problems)
        values: dict[str, Any] = {
            "names": draft.names.to_dict(),
            "notes": draft.notes.to_dict(),
            "published_on": draft.published_on,
            "illustrative": draft.illustrative,
        }
        index, is_new = DeprivationIndex.objects.select_for_update().get_or_create(
            code=draft.code, version=draft.version, defaults=values
        )
        if not is_new and not differs(index, values):
            return False
        for name, value in values.items():
            setattr(index, name, value)
        index.save()
        journal.record("network.index.published", actor=actor, index=draft.code, version=draft.version)
    return True


def set_decile(*, actor: Actor, draft: DecileDraft) -> bool:
    """Say a region's decile in a version of an index; false when it was said already.

    It never changes afterwards: a decision may rest on it. Raises Invalid, NotFound, NotAllowed, DecileFixed.
    """
    with db.transaction():
        problems: dict[str, str] = {}
        if not 1 <= draft.decile <= 10:
            problems["decile"] = "out_of_range"
        region = find(Region.objects.all(), draft.region_code, field="region_code", problems=problems)
        index = DeprivationIndex.objects.filter(code=draft.index_code, version=draft.index_version).first()
        if index is None:
            problems["index_code"] = "unknown_code"
        refuse_if_any(problems)
        if region is None or index is None:
            raise NotFound(what="region")
        permissions.require_administer(actor, queries.place_of_region(region.pk))
        row, is_new = RegionDecile.objects.get_or_create(
            index_id=index.pk, region_id=region.pk, defaults={"decile": draft.decile}
        )
        if not is_new:
            if row.decile != draft.decile:
                raise DecileFixed(index=draft.index_code, version=draft.index_version, region=draft.region_code)
            return False
        journal.record(
            "network.decile.set", actor=actor, region_id=region.pk, index=draft.index_code, decile=draft.decile
        )
    return True


def _locked(code: str) -> Region:
    region = Region.objects.select_for_update(of=("self",)).filter(code=code).first()
    if region is None:
        raise NotFound(what="region")
    return region


def _place_above(values: dict[str, Any]) -> Place:
    parent_id = values["parent_id"]
    return queries.place_of_country(values["country"]) if parent_id is None else queries.place_of_region(parent_id)


def _values(draft: RegionDraft) -> dict[str, Any]:
    problems = validation.region_problems(draft)
    parent = find(Region.objects.all(), draft.parent_code, field="parent_code", problems=problems)
    refuse_if_any(problems)
    return {
        "level": int(draft.level),
        "country": draft.country,
        "parent_id": parent.pk if parent else None,
        "names": draft.names.to_dict(),
        "population": draft.population,
        "rural": draft.rural,
        "latitude": draft.latitude,
        "longitude": draft.longitude,
    }
