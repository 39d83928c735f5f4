"""Lists cost the same number of statements at one row and at forty, and no more than they say."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from khaneh.domains.network import queries
from khaneh.domains.network.models import House, Organisation, Region
from khaneh.domains.network.queries import keeping
from khaneh.domains.network.types import HouseFilter, OrganisationFilter, RegionLevel, Role, TableName
from khaneh.domains.people import queries as people
from khaneh.domains.people.models import Account, RoleAssignment
from khaneh.kernel.actor import SYSTEM, VISITOR
from tests.domains.network.conftest import NOW, Network

FULL = HouseFilter(region_code="vn-a", operator_code="A-AUTH", near=(18.0, 105.0), open_now=True)
LISTS: dict[str, tuple[int, Callable[[Network], object]]] = {
    "houses": (8, lambda n: queries.houses(HouseFilter(region_code="vn-a"), actor=VISITOR, now=NOW)),
    "houses, every filter": (8, lambda n: queries.houses(FULL, actor=VISITOR, now=NOW)),
    "houses by ids": (
        6,
        lambda n: queries.houses_by_ids(House.objects.values_list("pk", flat=True), actor=SYSTEM, now=NOW),
    ),
    "a house": (16, lambda n: queries.house("LIB", actor=VISITOR, now=NOW)),
    "regions": (5, lambda n: queries.regions()),
    "organisations": (
        5,
        lambda n: queries.organisations(OrganisationFilter(sectors=frozenset({"J"}), region_code="vn-a")),
    ),
    "an organisation": (6, lambda n: queries.organisation("A-AUTH")),
    "the map": (11, lambda n: queries.map_of(HouseFilter(), actor=VISITOR, now=NOW, language="fa")),
    "places": (3, lambda n: queries.places_of_houses(n.houses.values())),
    "export": (3, lambda n: queries.export_table(TableName.HOUSES, form="csv", actor=VISITOR)),
    "an actor": (2, lambda n: people.actor(Account.objects.only("pk").first().pk, now=NOW)),  # type: ignore[union-attr]
    "roles of an account": (3, lambda n: people.roles_of(1, now=NOW)),
    "roles at a house": (6, lambda n: people.roles_at(actor=SYSTEM, house_id=n.houses["LIB"], now=NOW)),
}


def grow(network: Network, number: int) -> None:
    for turn in range(number):
        account = Account.objects.create_user(f"a{turn}@example.org")
        RoleAssignment.objects.create(
            account=account,
            role=Role.LIBRARIAN.value,
            house_id=network.houses["LIB"],
            valid_from=NOW,
            granted_by=account,
        )
        code = f"G{turn}"
        operator_id = network.organisations["A-AUTH"]
        region = Region.objects.create(
            code=f"vn-a-{code}",
            level=RegionLevel.DISTRICT,
            parent=Region.objects.get(code="vn-a"),
            country="VN",
            names={},
        )
        house = House.objects.create(
            code=code, kind="district_library", state="open", parent_id=network.houses["LIB"], region=region,
            operator_id=operator_id, names={"en": code}, time_zone="Asia/Tehran", calendar="jalali",
            latitude=1.0, longitude=1.0,
        )  # fmt: skip
        house.hours.create(weekday=7, opens=0, closes=1440)
        house.holidays.create(rule="jalali", month=1, day=1, names={"en": "N"})
        Organisation.objects.create(
            code=code, kind="sponsor", country="VN", region=region, parent_id=operator_id, names={}, sectors=["6201"]
        )


@pytest.mark.parametrize("name", LISTS)
def test_the_number_of_statements_does_not_grow_with_the_rows(network: Network, name: str) -> None:
    most, ask = LISTS[name]
    counts = []
    for number in (1, 40):
        RoleAssignment.objects.all().delete()
        Account.objects.all().delete()
        House.objects.filter(code__startswith="G").delete()
        Organisation.objects.filter(code__startswith="G").delete()
        Region.objects.filter(code__contains="-G").delete()
        grow(network, number)
        keeping.forget()
        with CaptureQueriesContext(connection) as captured:
            ask(network)
        counts.append(len(captured))
    assert counts[0] == counts[1]
    assert counts[1] <= most + (1 if name in {"an actor", "houses by ids"} else 0)  # the question's own statement
