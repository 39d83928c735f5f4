"""Regions, houses and organisations, as far as everybody may see them."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Path, Query, Router, Schema
from pydantic import Field

from khaneh.domains.network import queries
from khaneh.domains.network.types import (
    HouseFilter,
    HouseRow,
    OrganisationFilter,
    OrganisationRow,
    Ref,
    RegionLevel,
    RegionRow,
)
from khaneh.interfaces.api.problems import Problem
from khaneh.interfaces.api.values import Code, Language, Names, Page, Point, Reference, Words
from khaneh.kernel.actor import VISITOR

router = Router(tags=["network"])

KnownCode = Annotated[str, Path(max_length=64, pattern=r"^[^\x00]*$")]


class Region(Schema):
    """A region. `decile` is that of the newest deprivation index, 1 the most deprived; `houses` are those in service."""

    code: str
    level: str
    country: str
    names: Names
    above: list[Reference]
    population: int | None
    rural: bool | None
    latitude: float | None
    longitude: float | None
    decile: int | None
    houses: int


class House(Schema):
    """A house as lists show it."""

    code: str
    kind: str
    state: str
    names: Names
    address: str
    latitude: float | None
    longitude: float | None
    regions: list[Reference]
    inside: list[Reference]
    operator: Reference | None
    facilities: list[str]
    time_zone: str
    open_now: bool
    kilometres: float | None


class Opening(Schema):
    """One day of the coming week; times are the house's own, HH:MM, and past 24:00 for a span that ends on the next day."""

    day: date
    spans: list[tuple[str, str]]
    holiday: Names | None


class HouseWhole(House):
    """A house's page."""

    descriptions: Names
    phone: str
    email: str
    website: str
    week: list[Opening]
    contains: list[House]
    decile: int | None


class Houses(Schema):
    """A page of houses."""

    total: int
    houses: list[House]


class Organisation(Schema):
    """An organisation as lists show it; `sectors` are ISIC revision 4 codes."""

    code: str
    kind: str
    names: Names
    country: str
    regions: list[Reference]
    registration_number: str
    sectors: list[str]
    capabilities: list[str]


class OrganisationWhole(Organisation):
    """An organisation's page."""

    descriptions: Names
    address: str
    phone: str
    email: str
    website: str
    above: list[Reference]
    parts: list[Reference]
    houses: list[Reference]


class Organisations(Schema):
    """A page of organisations."""

    total: int
    organisations: list[Organisation]


class WantedRegions(Schema):
    """Which regions."""

    below: Code = Field("", description="A region's code: it and what is in it")
    level: Literal["", "province", "district", "commune"] = ""


class WantedHouses(Page, Point):
    """Which houses."""

    q: Words = ""
    kind: list[Code] = Field([], max_length=20)
    region: Code = ""
    operator: Code = ""
    facility: list[Code] = Field([], max_length=20, description="All of them")
    open_now: bool = False
    language: Language = "en"


class WantedOrganisations(Page):
    """Which organisations."""

    q: Words = ""
    kind: list[Code] = Field([], max_length=20)
    sector: list[Code] = Field([], max_length=20, description="ISIC revision 4")
    region: Code = ""
    language: Language = "en"


@router.get("/regions", response={200: list[Region], 422: Problem}, summary="Regions in tree order")
def regions(request: HttpRequest, wanted: Query[WantedRegions]) -> list[Region]:
    """The whole tree, or a part of it."""
    level = RegionLevel[wanted.level.upper()] if wanted.level else None
    return [_region(row) for row in queries.regions(below=wanted.below, level=level)]


@router.get("/regions/{code}", response={200: Region, 404: Problem, 422: Problem}, summary="One region")
def region(request: HttpRequest, code: KnownCode) -> Region:
    """By its code."""
    return _region(queries.region(code))


@router.get("/houses", response={200: Houses, 422: Problem}, summary="Houses, by name or nearest first")
def houses(request: HttpRequest, wanted: Query[WantedHouses]) -> Houses:
    """The directory."""
    page = queries.houses(
        HouseFilter(
            text=wanted.q,
            kinds=frozenset(wanted.kind),
            region_code=wanted.region,
            operator_code=wanted.operator,
            facilities=frozenset(wanted.facility),
            open_now=wanted.open_now,
            near=wanted.pair(),
        ),
        actor=VISITOR,
        now=timezone.now(),
        language=wanted.language,
        offset=wanted.offset,
        limit=wanted.limit,
    )
    return Houses(total=page.total, houses=[_house(row) for row in page.rows])


@router.get("/houses/{code}", response={200: HouseWhole, 404: Problem, 422: Problem}, summary="One house")
def house(request: HttpRequest, code: KnownCode) -> HouseWhole:
    """With its coming week and the houses in it."""
    found = queries.house(code, actor=VISITOR, now=timezone.now())
    return HouseWhole(
        **_house(found.row).dict(),
        descriptions=Names.of(found.descriptions),
        phone=found.phone,
        email=found.email,
        website=found.website,
        week=[
            Opening(
                day=day,
                spans=[(_clock(span.opens), _clock(span.closes)) for span in spans],
                holiday=Names.of(name) if name else None,
            )
            for day, spans, name in found.week
        ],
        contains=[_house(row) for row in found.inside],
        decile=found.decile,
    )


@router.get("/organisations", response={200: Organisations, 422: Problem}, summary="Organisations, by name")
def organisations(request: HttpRequest, wanted: Query[WantedOrganisations]) -> Organisations:
    """The register."""
    page = queries.organisations(
        OrganisationFilter(
            text=wanted.q,
            kinds=frozenset(wanted.kind),
            sectors=frozenset(wanted.sector),
            region_code=wanted.region,
        ),
        language=wanted.language,
        offset=wanted.offset,
        limit=wanted.limit,
    )
    return Organisations(total=page.total, organisations=[_organisation(row) for row in page.rows])


@router.get(
    "/organisations/{code}", response={200: OrganisationWhole, 404: Problem, 422: Problem}, summary="One organisation"
)
def organisation(request: HttpRequest, code: KnownCode) -> OrganisationWhole:
    """With what is above it, its parts and the houses it runs."""
    found = queries.organisation(code)
    return OrganisationWhole(
        **_organisation(found.row).dict(),
        descriptions=Names.of(found.descriptions),
        address=found.address,
        phone=found.phone,
        email=found.email,
        website=found.website,
        above=[_reference(one) for one in found.ancestors],
        parts=[_reference(one) for one in found.parts],
        houses=[_reference(one) for one in found.houses],
    )


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _reference(ref: Ref) -> Reference:
    return Reference(code=ref.code, names=Names.of(ref.names))


def _region(row: RegionRow) -> Region:
    return Region(
        code=row.code,
        level=row.level.name.lower(),
        country=row.country,
        names=Names.of(row.names),
        above=[_reference(one) for one in row.ancestors],
        population=row.population,
        rural=row.rural,
        latitude=row.latitude,
        longitude=row.longitude,
        decile=row.decile,
        houses=row.houses,
    )


def _house(row: HouseRow) -> House:
    return House(
        code=row.code,
        kind=row.kind,
        state=row.state.value,
        names=Names.of(row.names),
        address=row.address,
        latitude=row.latitude,
        longitude=row.longitude,
        regions=[_reference(one) for one in row.regions],
        inside=[_reference(one) for one in row.ancestors],
        operator=_reference(row.operator) if row.operator else None,
        facilities=list(row.facilities),
        time_zone=row.time_zone,
        open_now=row.status.is_open,
        kilometres=row.distance_km,
    )


def _organisation(row: OrganisationRow) -> Organisation:
    return Organisation(
        code=row.code,
        kind=row.kind,
        names=Names.of(row.names),
        country=row.country,
        regions=[_reference(one) for one in row.regions],
        registration_number=row.registration_number,
        sectors=list(row.sectors),
        capabilities=list(row.capabilities),
    )
