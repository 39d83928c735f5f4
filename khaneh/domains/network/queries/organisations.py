"""Organisations: the directory and an organisation's page. A register is public: nothing here is for some eyes only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Func

from khaneh.domains.network.models import House, Organisation, Region
from khaneh.domains.network.queries.houses import sort_name
from khaneh.domains.network.queries.regions import region_refs
from khaneh.domains.network.rules import directory
from khaneh.domains.network.types import (
    PUBLIC_STATES,
    OrganisationDetail,
    OrganisationDraft,
    OrganisationFilter,
    OrganisationPage,
    OrganisationRow,
    Ref,
    is_within,
)
from khaneh.kernel.labels import Label
from khaneh.kernel.refusal import NotFound

_COLUMNS = (
    "pk", "code", "kind", "names", "country", "region__path", "registration_number", "sectors", "capabilities",
    "latitude", "longitude", "withdrawn_at",
)  # fmt: skip


def organisations(
    wanted: OrganisationFilter, *, language: str = "en", offset: int = 0, limit: int = 50
) -> OrganisationPage:
    """The register, by name in the reader's language, without those that have withdrawn. Five statements at most."""
    found = Organisation.objects.filter(withdrawn_at__isnull=True)
    if wanted.kinds:
        found = found.filter(kind__in=wanted.kinds)
    if wanted.sectors:
        found = found.filter(sectors__overlap=_sectors_within(wanted.sectors))
    if wanted.region_code:
        ids = list(Region.objects.filter(code=wanted.region_code).values_list("pk", flat=True))
        found = found.filter(region__path__overlap=ids)
    for word in directory.wanted_words(wanted.text):
        found = found.filter(search_key__contains=word)
    # Names are ordered here, as PostgreSQL has no Persian or Vietnamese order of its own; ids and names of thousands are cheap.
    names = list(found.values_list("pk", "names", "code"))
    names.sort(key=lambda row: (sort_name(row[1], language), row[2]))
    page = [row[0] for row in names[offset : offset + limit]]
    rows = organisations_by_ids(page)
    return OrganisationPage(len(names), tuple(rows[pk] for pk in page if pk in rows))


def _sectors_within(wanted: frozenset[str]) -> list[str]:
    """The stored codes that are one of the wanted sectors or part of one. One statement."""
    stored = Organisation.objects.annotate(sector=Func("sectors", function="unnest")).values_list("sector", flat=True)
    return [code for code in stored.distinct() if any(is_within(code, sector) for sector in wanted)]


def organisations_by_ids(organisation_ids: Iterable[int]) -> dict[int, OrganisationRow]:
    """Organisations by id. Two statements."""
    found: list[dict[str, Any]] = list(
        Organisation.objects.filter(pk__in=list(organisation_ids)).order_by("pk").values(*_COLUMNS)
    )
    regions = region_refs(number for row in found for number in row["region__path"] or ())
    return {
        row["pk"]: OrganisationRow(
            id=row["pk"],
            code=row["code"],
            kind=row["kind"],
            names=Label.from_dict(row["names"]),
            country=row["country"],
            regions=tuple(regions[number] for number in row["region__path"] or ()),
            registration_number=row["registration_number"],
            sectors=tuple(row["sectors"]),
            capabilities=tuple(row["capabilities"]),
            latitude=row["latitude"],
            longitude=row["longitude"],
            withdrawn=row["withdrawn_at"] is not None,
        )
        for row in found
    }


def organisation(code: str) -> OrganisationDetail:
    """An organisation's page. Six statements. Raises NotFound."""
    found = Organisation.objects.filter(code=code).first()
    if found is None:
        raise NotFound(what="organisation")
    above = organisation_refs(found.path[:-1])
    parts = Organisation.objects.filter(parent_id=found.pk).order_by("code").values_list("pk", "code", "names")
    houses = House.objects.filter(operator_id=found.pk, state__in=[state.value for state in PUBLIC_STATES])
    return OrganisationDetail(
        row=organisations_by_ids([found.pk])[found.pk],
        descriptions=Label.from_dict(found.descriptions),
        address=found.address,
        phone=found.phone,
        email=found.email,
        website=found.website,
        ancestors=tuple(above[number] for number in found.path[:-1]),
        parts=tuple(Ref(pk, part, Label.from_dict(names)) for pk, part, names in parts),
        houses=tuple(
            Ref(pk, house, Label.from_dict(names))
            for pk, house, names in houses.order_by("code").values_list("pk", "code", "names")
        ),
    )


def organisation_descriptions(organisation_ids: Iterable[int]) -> dict[int, Label]:
    """What is said of organisations, by id. One statement."""
    rows = Organisation.objects.filter(pk__in=list(organisation_ids)).values_list("pk", "descriptions")
    return {pk: Label.from_dict(descriptions) for pk, descriptions in rows}


def organisation_refs(organisation_ids: Iterable[int]) -> dict[int, Ref]:
    """Organisations to link to, by id. One statement."""
    rows = Organisation.objects.filter(pk__in=set(organisation_ids)).values_list("pk", "code", "names")
    return {pk: Ref(pk, code, Label.from_dict(names)) for pk, code, names in rows}


def organisation_id(code: str) -> int | None:
    """The id of a code, or None. One statement."""
    return Organisation.objects.filter(code=code).values_list("pk", flat=True).first()


def organisation_by_number(*, country: str, number: str) -> int | None:
    """The organisation of a country with this registration number, written as it is stored; None without one. One statement."""
    if not number:
        return None
    found = Organisation.objects.filter(country=country, registration_number=number)
    return found.values_list("pk", flat=True).first()


def organisations_to_compare(*, after: int = 0) -> Iterator[tuple[OrganisationDraft, int]]:
    """Every organisation of an id beyond `after`, with what tells one from another: names, number, telephone and address. One statement."""
    columns = ("pk", "code", "kind", "names", "country", "registration_number", "phone", "website")
    for pk, code, kind, names, country, number, phone, website in (
        Organisation.objects.filter(pk__gt=after).order_by("pk").values_list(*columns).iterator(chunk_size=2000)
    ):
        yield (
            OrganisationDraft(
                code, kind, Label.from_dict(names), country, registration_number=number, phone=phone, website=website
            ),
            pk,
        )


def organisation_ids() -> Iterator[list[int]]:
    """Every organisation, in lists of at most 1,000. One statement a list."""
    last = 0
    while ids := list(Organisation.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:1000]):
        yield ids
        last = ids[-1]
