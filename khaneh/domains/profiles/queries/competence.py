"""What organisations and mentors can do, as texts for whoever matches them with needs, papers and applications."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from khaneh.domains.network import queries as network
from khaneh.domains.network.types import capability_name, sector_name
from khaneh.domains.profiles.models import Mentor, Product, Profile
from khaneh.domains.profiles.types import Competence, ProfileState, Stage
from khaneh.kernel.labels import LANGUAGES, Label


def competence(
    *, since_key: str = "", limit: int = 500, changed_since: datetime | None = None
) -> tuple[Competence, ...]:
    """What can be matched, organisations first, each by id: the next `limit` beyond a key, empty at the end. At most six statements.

    Only what is published; what has gone since is not in it. `changed_since` leaves out what did not change.
    """
    kind, _, number = since_key.partition(":")
    last = int(number) if number.isdecimal() else 0
    found: list[Competence] = []
    if kind != "mentor":
        found = _organisations(last, limit, changed_since)
        last = 0
    if len(found) < limit:
        found += _mentors(last, limit - len(found), changed_since)
    return tuple(found)


def _organisations(last: int, limit: int, changed_since: datetime | None) -> list[Competence]:
    profiles = Profile.objects.filter(state=ProfileState.PUBLISHED.value, organisation_id__gt=last)
    if changed_since is not None:
        profiles = profiles.filter(changed_at__gte=changed_since)
    rows = list(profiles.order_by("organisation_id")[:limit])
    organisations = network.organisations_by_ids(row.organisation_id for row in rows) if rows else {}
    said = network.organisation_descriptions(organisations) if rows else {}
    products: dict[int, list[Product]] = defaultdict(list)
    for product in Product.objects.filter(profile__in=rows).order_by("profile_id", "position", "pk") if rows else ():
        products[product.profile_id].append(product)
    found = []
    for row in rows:
        organisation = organisations[row.organisation_id]
        parts = [Label.from_dict(row.makes), said[row.organisation_id]]
        parts += [Label.from_dict(words) for one in products[row.pk] for words in (one.names, one.texts)]
        parts += [capability_name(one) for one in organisation.capabilities]
        parts += [sector_name(one) for one in organisation.sectors]
        found.append(
            Competence(
                key=f"organisation:{row.organisation_id}",
                kind="organisation",
                id=row.organisation_id,
                organisation_id=row.organisation_id,
                account_id=None,
                texts=_joined(parts),
                capabilities=organisation.capabilities,
                sectors=organisation.sectors,
                region_path=tuple(row.region_path),
                trl=row.trl,
                stage=Stage(row.stage) if row.stage else None,
                changed_at=row.changed_at,
            )
        )
    return found


def _mentors(last: int, limit: int, changed_since: datetime | None) -> list[Competence]:
    mentors = Mentor.objects.filter(published_at__isnull=False, pk__gt=last).order_by("pk")
    if changed_since is not None:
        mentors = mentors.filter(changed_at__gte=changed_since)
    rows = list(mentors[:limit])
    paths = (
        dict(Mentor.objects.filter(pk__in=[one.pk for one in rows]).values_list("pk", "region__path")) if rows else {}
    )
    return [
        Competence(
            key=f"mentor:{one.pk}",
            kind="mentor",
            id=one.pk,
            organisation_id=one.organisation_id,
            account_id=one.account_id,
            texts=_joined(
                [
                    Label.from_dict(one.headlines),
                    Label.from_dict(one.about),
                    *(capability_name(word) for word in one.capabilities),
                    *(sector_name(code) for code in one.sectors),
                ]
            ),
            capabilities=tuple(one.capabilities),
            sectors=tuple(one.sectors),
            region_path=tuple(paths[one.pk] or ()),
            trl=None,
            stage=None,
            changed_at=one.changed_at,
        )
        for one in rows
    ]


def _joined(parts: list[Label]) -> Label:
    """The same in each language: a text a line, nothing twice."""
    joined = {
        language: "\n".join(dict.fromkeys(text for part in parts if (text := getattr(part, language))))
        for language in LANGUAGES
    }
    return Label(**joined)
