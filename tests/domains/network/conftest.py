"""A small network: two provinces of one country, an authority of the country and one of each province, houses in one another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from khaneh.domains.network import services
from khaneh.domains.network.models import House, Organisation
from khaneh.domains.network.queries import keeping
from khaneh.domains.network.types import HouseDraft, HouseState, OrganisationDraft, RegionDraft, RegionLevel, Role
from khaneh.kernel.actor import SYSTEM, Actor, Grant
from khaneh.kernel.labels import Label

NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)


def name(text: str) -> Label:
    return Label(text, f"{text}-fa", f"{text}-vi")


def region(code: str, level: RegionLevel, parent: str = "", country: str = "VN") -> RegionDraft:
    return RegionDraft(code=code, level=level, names=name(code), country=country, parent_code=parent)


def house(code: str, parent: str = "", **facts: object) -> HouseDraft:
    values: dict[str, object] = {
        "kind": "district_library",
        "names": name(code),
        "region_code": "vn-a-1",
        "time_zone": "Asia/Ho_Chi_Minh",
        "calendar": "gregorian",
        "state": HouseState.OPEN,
    }
    return HouseDraft(code=code, parent_code=parent, **(values | facts))  # type: ignore[arg-type]


def organisation(code: str, kind: str = "company_startup", **facts: object) -> OrganisationDraft:
    return OrganisationDraft(code=code, kind=kind, names=name(code), country="VN", **facts)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Network:
    """Ids by code."""

    houses: dict[str, int]
    organisations: dict[str, int]

    def at_house(self, role: Role, code: str) -> Actor:
        return Actor(account_id=1, grants=(Grant(role, house_id=self.houses[code]),))

    def at_organisation(self, role: Role, code: str) -> Actor:
        return Actor(account_id=1, grants=(Grant(role, organisation_id=self.organisations[code]),))


@pytest.fixture(autouse=True)
def _forget_names() -> Iterator[None]:
    keeping.forget()
    yield
    keeping.forget()


@pytest.fixture
def network(db: None) -> Network:
    return make_network()


def make_network() -> Network:
    for draft in (
        region("vn-a", RegionLevel.PROVINCE),
        region("vn-a-1", RegionLevel.DISTRICT, "vn-a"),
        region("vn-a-1-x", RegionLevel.COMMUNE, "vn-a-1"),
        region("vn-b", RegionLevel.PROVINCE),
        region("vn-b-1", RegionLevel.DISTRICT, "vn-b"),
    ):
        services.create_region(actor=SYSTEM, draft=draft)
    for one in (
        organisation("VN-AUTH", "library_authority"),
        organisation("A-AUTH", "library_authority", region_code="vn-a"),
        organisation("B-AUTH", "library_authority", region_code="vn-b"),
        organisation("UNI", "university", region_code="vn-a-1"),
        organisation("FIRM", region_code="vn-a-1", registration_number="77"),
    ):
        services.create_organisation(actor=SYSTEM, draft=one, now=NOW)
    for two in (
        house("LIB", operator_code="A-AUTH", kind="central_library", latitude=18.68, longitude=105.67),
        house("LIB-INN", "LIB", kind="innovation_centre"),
        house("LIB-INN-LAB", "LIB-INN", kind="technical_centre"),
        house("PLAN", state=HouseState.PROPOSED, operator_code="A-AUTH"),
        house("INC", operator_code="UNI", kind="incubator"),
        house("FAR", region_code="vn-b-1", latitude=20.0, longitude=105.0),
    ):
        services.create_house(actor=SYSTEM, draft=two, now=NOW)
    return Network(
        houses=dict(House.objects.values_list("code", "pk")),
        organisations=dict(Organisation.objects.values_list("code", "pk")),
    )
