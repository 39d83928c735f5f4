"""Profiles and sources."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import connection

from khaneh.domains.catalogue import scope
from khaneh.domains.catalogue.errors import UnknownSource
from khaneh.domains.catalogue.models import Profile, Source
from khaneh.domains.catalogue.rules.intake.profile import BUILTIN
from khaneh.domains.catalogue.types import ProfileRow, SourceRow
from khaneh.domains.network import queries as network
from khaneh.kernel.actor import Actor
from khaneh.kernel.labels import Label


def profiles() -> list[ProfileRow]:
    """The ready-made profiles, then those that librarians made, by name. One statement."""
    ready = [ProfileRow(0, name, label, rules, True) for name, (label, rules) in BUILTIN.items()]
    return ready + [_row(profile) for profile in Profile.objects.order_by("name")]


def profile(name: str) -> ProfileRow:
    """One profile. Raises UnknownSource."""
    if name in BUILTIN:
        return ProfileRow(0, name, *BUILTIN[name], True)
    found = Profile.objects.filter(name=name).first()
    if found is None:
        raise UnknownSource(what="profile", code=name)
    return _row(found)


def profile_rules(name: str) -> dict[str, Any]:
    """The rules of a profile. Raises UnknownSource."""
    return dict(profile(name).rules)


def _row(found: Profile) -> ProfileRow:
    return ProfileRow(found.pk, found.name, Label.from_dict(found.names), found.rules, False)


def sources(*, actor: Actor) -> list[SourceRow]:
    """The sources that the actor may import for, by code, with the number of their contributions. A bounded number of statements."""
    houses = scope.house_scope(actor)
    found = Source.objects.order_by("code")
    if houses is not None:
        found = found.filter(house_id__in=houses)
    rows = list(found[:1000])
    counts = _contributions([row.pk for row in rows])
    refs = network.house_refs(row.house_id for row in rows if row.house_id)
    return [
        SourceRow(
            id=row.pk,
            code=row.code,
            label=Label.from_dict(row.names),
            house_id=row.house_id,
            house_code=refs[row.house_id].code if row.house_id in refs else "",
            profile=row.profile,
            encoding=row.encoding,
            dialect=row.dialect,
            contributions=counts.get(row.pk, 0),
        )
        for row in rows
    ]


def _contributions(source_ids: list[int]) -> Mapping[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT source_id, count(*) FROM catalogue_contribution WHERE source_id = ANY(%s) GROUP BY source_id",
            [source_ids],
        )
        return dict(cursor.fetchall())
