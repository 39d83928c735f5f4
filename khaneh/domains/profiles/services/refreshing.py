"""What the catalogue filters and orders by, written from the register and the profile whenever either changes."""

from __future__ import annotations

from collections.abc import Iterable

from khaneh.domains.discovery import services as discovery
from khaneh.domains.network import queries as network
from khaneh.domains.network.types import OrganisationRow, capability_name, sector_path
from khaneh.domains.profiles.models import Product, Profile
from khaneh.domains.profiles.types import PROFILED_KINDS
from khaneh.kernel.labels import Label
from khaneh.kernel.orthography import search_key, sort_key


def refresh(organisation_ids: Iterable[int]) -> None:
    """Write anew what the catalogue knows of these organisations. Four statements, and one for each profile that differs."""
    profiles = list(Profile.objects.filter(organisation_id__in=set(organisation_ids)).order_by("pk"))
    if not profiles:
        return
    organisations = network.organisations_by_ids(one.organisation_id for one in profiles)
    products: dict[int, list[str]] = {}
    for profile_id, names in (
        Product.objects.filter(profile__in=profiles).order_by("pk").values_list("profile_id", "names")
    ):
        products.setdefault(profile_id, []).extend(Label.from_dict(names))
    changed = []
    for one in profiles:
        before = (
            one.kind,
            one.region_path,
            one.sector_path,
            bytes(one.sort_fa),
            bytes(one.sort_vi),
            bytes(one.sort_en),
            one.search_key,
        )
        describe(one, organisations[one.organisation_id], products.get(one.pk, []))
        after = (one.kind, one.region_path, one.sector_path, one.sort_fa, one.sort_vi, one.sort_en, one.search_key)
        if before != after:
            changed.append(one)
    fields = ("kind", "region_path", "sector_path", "sort_fa", "sort_vi", "sort_en", "search_key")
    Profile.objects.bulk_update(changed, fields, batch_size=500)
    discovery.touch("organisation", [one.organisation_id for one in profiles])


def describe(profile: Profile, organisation: OrganisationRow, product_names: Iterable[str] = ()) -> None:
    """Fill what the catalogue needs. An organisation that became something else keeps the kind under which it showed itself."""
    if organisation.kind in PROFILED_KINDS:
        profile.kind = organisation.kind
    profile.region_path = [ref.id for ref in organisation.regions]
    profile.sector_path = list(dict.fromkeys(part for code in organisation.sectors for part in sector_path(code)))
    names = organisation.names
    profile.sort_fa, profile.sort_vi, profile.sort_en = (
        sort_key(names.pick(language), language) for language in ("fa", "vi", "en")
    )
    words = [*names, *(word for code in organisation.capabilities for word in capability_name(code))]
    words += [*Label.from_dict(profile.makes), *product_names]
    profile.search_key = " ".join(dict.fromkeys(key for key in map(search_key, words) if key))
