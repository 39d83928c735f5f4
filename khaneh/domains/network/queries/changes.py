"""Which houses and organisations are touched when something they show changes: a region's name, a parent, an operator."""

from __future__ import annotations

from khaneh.domains.network.models import House, Organisation


def house_ids_in_region(region_id: int) -> list[int]:
    """Houses in the region and below. One statement."""
    return list(House.objects.filter(region__path__contains=[region_id]).order_by("pk").values_list("pk", flat=True))


def organisation_ids_in_region(region_id: int) -> list[int]:
    """Organisations in the region and below. One statement."""
    found = Organisation.objects.filter(region__path__contains=[region_id])
    return list(found.order_by("pk").values_list("pk", flat=True))


def house_ids_below(house_id: int) -> list[int]:
    """The house and those inside it. One statement."""
    return list(House.objects.filter(path__contains=[house_id]).order_by("pk").values_list("pk", flat=True))


def house_ids_of_organisation(organisation_id: int) -> list[int]:
    """Houses that the organisation runs itself. One statement."""
    return list(House.objects.filter(operator_id=organisation_id).order_by("pk").values_list("pk", flat=True))
