"""The catalogue of profiles by sector and region: pages by key, and what else could be asked for, counted."""

from __future__ import annotations

import base64
import binascii
from collections import Counter
from typing import Any

from django.db.models import Count, F, Func, QuerySet

from khaneh.domains.network import queries as network
from khaneh.domains.network.types import is_sector, sector_name, sector_path
from khaneh.domains.profiles.models import Profile
from khaneh.domains.profiles.types import (
    FAMILIES,
    STAGES,
    CatalogueFilter,
    CatalogueLine,
    CataloguePage,
    FacetValue,
    ProfileState,
    Stage,
)
from khaneh.kernel.labels import LANGUAGES, Label
from khaneh.kernel.orthography import search_key
from khaneh.kernel.refusal import NotFound

PAGE = 24
# So many are ordered sooner than found on the way through the whole index by name.
FEW = 1_000


def catalogue(
    wanted: CatalogueFilter, *, language: str = "en", after: str = "", before: str = "", limit: int = PAGE
) -> CataloguePage:
    """A page in the order of a reader's alphabet. `after` and `before` are what a page gave; what is no such thing begins anew.

    Ten statements at most, however many profiles there are. Where many fit, the page is read from the index by name, from its key on. Where few do,
    that index would be read from end to end to find them (0.4 s at 50,000): they are found first, by what is asked for, and ordered then.
    """
    sort = f"sort_{language}" if language in LANGUAGES else "sort_en"
    # One statement: a page knows which regions there are, however it is filtered.
    region = _region(wanted.region_code)
    found = _filtered(wanted, region)
    few = list(found.order_by().values_list("pk", flat=True)[: FEW + 1])
    total = len(few) if len(few) <= FEW else found.count()
    if total <= FEW:
        found = Profile.objects.filter(pk__in=few)
    lines, more = _page(found, sort, after, before, limit)
    rows = network.organisations_by_ids(one.organisation_id for one in lines)
    back = bool(before and not after)
    first, last = (_token(lines[0], sort), _token(lines[-1], sort)) if lines else ("", "")
    return CataloguePage(
        total=total,
        lines=tuple(
            CatalogueLine(
                rows[one.organisation_id], Label.from_dict(one.makes), Stage(one.stage) if one.stage else None, one.trl
            )
            for one in lines
        ),
        after=last if (more or back) else "",
        before=first if (after or (back and more)) else "",
        facets=_facets(wanted, region),
    )


def filtered(wanted: CatalogueFilter) -> QuerySet[Profile]:
    """The published profiles that are asked for."""
    return _filtered(wanted, _region(wanted.region_code))


def _filtered(wanted: CatalogueFilter, region: int | None, *, but: str = "") -> QuerySet[Profile]:
    found = Profile.objects.filter(state=ProfileState.PUBLISHED.value)
    if wanted.family in FAMILIES and but != "family":
        found = found.filter(kind__in=FAMILIES[wanted.family][1])
    if is_sector(wanted.sector) and but != "sector":
        found = found.filter(sector_path__contains=[wanted.sector])
    if region is not None and but != "region":
        found = found.filter(region_path__contains=[region])
    if wanted.stage in list(Stage) and but != "stage":
        found = found.filter(stage=wanted.stage)
    if wanted.trl is not None and but != "trl":
        found = found.filter(trl__gte=wanted.trl)
    for word in search_key(wanted.text).split()[:10]:
        found = found.filter(search_key__contains=word)
    return found


def _page(found: QuerySet[Profile], sort: str, after: str, before: str, limit: int) -> tuple[list[Profile], bool]:
    """The profiles of a page, and whether there are more on the side to which one goes."""
    key = _key(after or before)
    if key is None:
        lines = list(found.order_by(sort, "pk")[: limit + 1])
    elif after:
        beyond = found.filter(**{f"{sort}__gte": key[0]}).exclude(**{sort: key[0], "pk__lte": key[1]})
        lines = list(beyond.order_by(sort, "pk")[: limit + 1])
    else:
        beyond = found.filter(**{f"{sort}__lte": key[0]}).exclude(**{sort: key[0], "pk__gte": key[1]})
        lines = list(beyond.order_by(f"-{sort}", "-pk")[: limit + 1])
        return lines[:limit][::-1], len(lines) > limit
    return lines[:limit], len(lines) > limit


def _token(one: Profile, sort: str) -> str:
    return f"{base64.urlsafe_b64encode(bytes(getattr(one, sort))).decode().rstrip('=')}.{one.pk}"


def _key(token: str) -> tuple[bytes, int] | None:
    text, _, number = token[:2000].rpartition(".")
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    return (raw, int(number)) if number.isdecimal() and len(number) < 19 else None


def _facets(wanted: CatalogueFilter, region: int | None) -> dict[str, tuple[FacetValue, ...]]:
    """What else could be asked for. Each is counted as if it were not asked for itself. Five statements."""
    kinds = _counts(_filtered(wanted, region, but="family"), "kind")
    stages = _counts(_filtered(wanted, region, but="stage"), "stage")
    return {
        "family": tuple(
            FacetValue(name, label, sum(kinds[kind] for kind in members)) for name, (label, members) in FAMILIES.items()
        ),
        "sector": _sectors(wanted, region),
        "region": _regions(wanted, region),
        "stage": tuple(FacetValue(one.value, STAGES[one], stages[one.value]) for one in Stage if stages[one.value]),
    }


def _counts(found: QuerySet[Profile], field: str) -> Counter[str]:
    return Counter(dict(found.order_by().values_list(field).annotate(number=Count("*"))))


def _sectors(wanted: CatalogueFilter, region: int | None) -> tuple[FacetValue, ...]:
    """Sections; below a chosen one its divisions, and beside a division its neighbours."""
    part: Any = Func(F("sector_path"), function="unnest")
    found = _filtered(wanted, region, but="sector")
    section = ""
    if is_sector(wanted.sector):
        section = wanted.sector if wanted.sector.isalpha() else _section(wanted.sector)
        found = found.filter(sector_path__contains=[section])
    counts = Counter(dict(found.order_by().annotate(part=part).values_list("part").annotate(number=Count("*"))))
    shown = [code for code in counts if (len(code) == 2 and _section(code) == section if section else code.isalpha())]
    return tuple(
        FacetValue(code, sector_name(code), counts[code]) for code in sorted(shown, key=lambda c: (-counts[c], c))
    )


def _section(code: str) -> str:
    return sector_path(code)[0]


def _regions(wanted: CatalogueFilter, region: int | None) -> tuple[FacetValue, ...]:
    """Provinces; below a chosen region those directly in it."""
    found = _filtered(wanted, region, but="region").exclude(region_path=[])
    if region is not None:
        found = found.filter(region_path__contains=[region])
    counted: Counter[int] = Counter()
    # As many groups as there are regions with profiles: hundreds, where there are tens of thousands of profiles.
    for path, number in found.order_by().values_list("region_path").annotate(number=Count("*")):
        below = path[path.index(region) + 1 :] if region is not None else path
        counted.update(dict.fromkeys(below[:1], number))
    refs = network.region_refs(counted)
    rows = [FacetValue(refs[one].code, refs[one].names, number) for one, number in counted.items() if one in refs]
    return tuple(sorted(rows, key=lambda row: (-row.number, row.value)))


def _region(code: str) -> int | None:
    """None for no region; 0, which is in no path, for one that there is not."""
    if not code:
        return None
    try:
        return network.region(code).id
    except NotFound:
        return 0
