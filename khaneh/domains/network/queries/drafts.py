"""Houses, organisations and regions in the shape in which they are changed: for forms, for exports, and to see what an import changes."""

from __future__ import annotations

from collections.abc import Iterable

from khaneh.domains.network.models import House, Organisation, Region
from khaneh.domains.network.types import HouseDraft, HouseState, OrganisationDraft, RegionDraft, RegionLevel
from khaneh.kernel.labels import Label


def region_drafts(codes: Iterable[str] | None = None) -> dict[str, RegionDraft]:
    """Regions by code, all of them without `codes`, provinces first. One statement."""
    found = Region.objects.select_related("parent").defer("boundary", "outline", "parent__boundary", "parent__outline")
    if codes is not None:
        found = found.filter(code__in=list(codes))
    return {
        row.code: RegionDraft(
            code=row.code,
            level=RegionLevel(row.level),
            names=Label.from_dict(row.names),
            country=row.country,
            parent_code=row.parent.code if row.parent else "",
            population=row.population,
            rural=row.rural,
            latitude=row.latitude,
            longitude=row.longitude,
        )
        for row in found.order_by("level", "code")
    }


def region_draft(code: str) -> RegionDraft | None:
    """One region, or None. One statement."""
    return region_drafts([code]).get(code)


def organisation_drafts(codes: Iterable[str] | None = None) -> dict[str, OrganisationDraft]:
    """Organisations by code, all of them without `codes`, parents first. One statement."""
    found = Organisation.objects.select_related("parent", "region")
    if codes is not None:
        found = found.filter(code__in=list(codes))
    return {
        row.code: OrganisationDraft(
            code=row.code,
            kind=row.kind,
            names=Label.from_dict(row.names),
            country=row.country,
            region_code=row.region.code if row.region else "",
            parent_code=row.parent.code if row.parent else "",
            registration_number=row.registration_number,
            sectors=tuple(row.sectors),
            capabilities=tuple(row.capabilities),
            descriptions=Label.from_dict(row.descriptions),
            address=row.address,
            latitude=row.latitude,
            longitude=row.longitude,
            phone=row.phone,
            email=row.email,
            website=row.website,
        )
        for row in found.order_by("path__len", "code")
    }


def organisation_draft(code: str) -> OrganisationDraft | None:
    """One organisation, or None. One statement."""
    return organisation_drafts([code]).get(code)


def house_drafts(codes: Iterable[str] | None = None) -> dict[str, HouseDraft]:
    """Houses by code, all of them without `codes`, those that contain others first. One statement."""
    found = House.objects.select_related("parent", "region", "operator")
    if codes is not None:
        found = found.filter(code__in=list(codes))
    return {
        row.code: HouseDraft(
            code=row.code,
            kind=row.kind,
            names=Label.from_dict(row.names),
            region_code=row.region.code,
            parent_code=row.parent.code if row.parent else "",
            operator_code=row.operator.code if row.operator else "",
            descriptions=Label.from_dict(row.descriptions),
            address=row.address,
            latitude=row.latitude,
            longitude=row.longitude,
            phone=row.phone,
            email=row.email,
            website=row.website,
            facilities=tuple(row.facilities),
            time_zone=row.time_zone,
            calendar=row.calendar,
            opened=row.opened,
            state=HouseState(row.state),
        )
        for row in found.order_by("path__len", "code")
    }


def house_draft(code: str) -> HouseDraft | None:
    """One house, or None. One statement."""
    return house_drafts([code]).get(code)
