"""What PostgreSQL itself keeps about the three trees, also when two act at once."""

from __future__ import annotations

import threading

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from khaneh.domains.network import services
from khaneh.domains.network.models import House, Region, RegionDecile
from khaneh.domains.network.types import DecileDraft, DeprivationIndexDraft
from khaneh.kernel.actor import SYSTEM
from tests.domains.network.conftest import NOW, Network, make_network, name


def path_codes(code: str) -> list[str]:
    codes = dict(House.objects.values_list("pk", "code"))
    return [codes[number] for number in House.objects.get(code=code).path]


def test_a_path_runs_from_the_top_to_the_house_itself(network: Network) -> None:
    assert path_codes("LIB-INN-LAB") == ["LIB", "LIB-INN", "LIB-INN-LAB"]


def test_a_move_takes_everything_below_along(network: Network) -> None:
    House.objects.filter(code="LIB-INN").update(parent_id=network.houses["INC"])
    assert path_codes("LIB-INN-LAB") == ["INC", "LIB-INN", "LIB-INN-LAB"]


def test_a_path_cannot_be_forged(network: Network) -> None:
    House.objects.filter(code="LIB-INN").update(path=[999])
    assert path_codes("LIB-INN") == ["LIB", "LIB-INN"]


@pytest.mark.parametrize("below", ["LIB", "LIB-INN", "LIB-INN-LAB"])
def test_nothing_is_below_itself(network: Network, below: str) -> None:
    with pytest.raises(IntegrityError, match="below itself"), transaction.atomic():
        House.objects.filter(code="LIB").update(parent_id=network.houses[below])
    assert path_codes("LIB") == ["LIB"]


@pytest.mark.parametrize(
    ("level", "parent", "country"),
    [
        (1, "vn-a", "VN"),
        (2, None, "VN"),
        (3, "vn-a", "VN"),
        (2, "vn-a-1", "VN"),
        (2, "vn-a", "IR"),
        (4, "vn-a-1-x", "VN"),
    ],
)
def test_levels_come_in_order_and_in_one_country(
    network: Network, level: int, parent: str | None, country: str
) -> None:
    above = Region.objects.get(code=parent) if parent else None
    with pytest.raises(IntegrityError), transaction.atomic():
        Region.objects.create(code="new", level=level, parent=above, country=country, names={"en": "New"})


def test_a_region_with_regions_below_keeps_its_level(network: Network) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Region.objects.filter(code="vn-a-1").update(level=1, parent=None)


def test_a_decile_never_changes_and_never_goes(network: Network) -> None:
    draft = DeprivationIndexDraft("demo", "1", name("Index"), NOW.date())
    services.publish_index(actor=SYSTEM, draft=draft)
    services.set_decile(actor=SYSTEM, draft=DecileDraft("demo", "1", "vn-a", 3))
    for change in (lambda rows: rows.update(decile=4), lambda rows: rows._raw_delete("default")):
        with pytest.raises(DatabaseError, match="do not change"), transaction.atomic():
            change(RegionDecile.objects.all())
    assert RegionDecile.objects.get().decile == 3


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_moves_at_once_never_make_a_circle() -> None:
    network = make_network()
    House.objects.filter(code__in=["LIB-INN", "INC"]).update(parent_id=None)
    assert path_codes("LIB-INN-LAB") == ["LIB-INN", "LIB-INN-LAB"]
    barrier = threading.Barrier(2)
    refused: list[str] = []

    def move(code: str, below: str) -> None:
        try:
            barrier.wait(timeout=60)
            House.objects.filter(code=code).update(parent_id=network.houses[below])
        except DatabaseError as error:  # a circle, or the deadlock that stands in for it
            refused.append(str(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=move, args=pair) for pair in (("LIB-INN", "INC"), ("INC", "LIB-INN"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert len(refused) == 1, refused
    paths = dict(House.objects.values_list("pk", "path"))
    assert all(len(set(path)) == len(path) and path[-1] == number for number, path in paths.items())
    assert sorted(len(paths[network.houses[code]]) for code in ("LIB-INN", "INC")) == [1, 2]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_the_same_two_moves_without_the_trigger_do_make_one() -> None:
    """The control: without the trigger the race is there to be seen."""
    network = make_network()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE network_house DISABLE TRIGGER network_house_path")
    try:
        House.objects.filter(code="LIB-INN").update(parent_id=network.houses["INC"])
        House.objects.filter(code="INC").update(parent_id=network.houses["LIB-INN"])
        parents = dict(House.objects.values_list("code", "parent__code"))
        assert (parents["INC"], parents["LIB-INN"]) == ("LIB-INN", "INC")
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE network_house ENABLE TRIGGER network_house_path")
