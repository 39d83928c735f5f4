"""Mentors: one's own page, those who are published, and finding one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from khaneh.domains.network import queries as network
from khaneh.domains.network.types import is_sector
from khaneh.domains.people import queries as people
from khaneh.domains.profiles.models import Mentor
from khaneh.domains.profiles.types import MentorDraft, MentorPage, MentorRow
from khaneh.kernel.actor import Actor
from khaneh.kernel.labels import Label
from khaneh.kernel.refusal import NotFound


def mentors(*, sector: str = "", capability: str = "", after: str = "", limit: int = 24) -> MentorPage:
    """Those who are published, who changed last first. Six statements."""
    found = Mentor.objects.filter(published_at__isnull=False)
    if is_sector(sector):
        found = found.filter(sector_path__contains=[sector])
    if capability:
        found = found.filter(capabilities__contains=[capability])
    total = found.count()
    if after.isdecimal() and len(after) < 19:
        found = found.filter(pk__lt=int(after))
    rows = list(found.order_by("-pk")[: limit + 1])
    more = len(rows) > limit
    return MentorPage(total, tuple(_rows(rows[:limit])), str(rows[limit - 1].pk) if more else "")


def mentor(mentor_id: int, *, actor: Actor) -> MentorRow:
    """A mentor: a published one for everybody, any for themself. Five statements. Raises NotFound."""
    found = Mentor.objects.filter(pk=mentor_id).first()
    own = found is not None and (actor.is_system or actor.account_id == found.account_id)
    if found is None or not (found.published_at or own):
        raise NotFound(what="mentor")
    return _rows([found])[0]


def mentor_of(account_id: int, *, actor: Actor) -> MentorRow | None:
    """One's own page as a mentor, for its holder and whoever is asked to find one; None where there is none. Five statements."""
    found = Mentor.objects.filter(account_id=account_id).first()
    if found is None or not (found.published_at or actor.is_system or actor.account_id == account_id):
        return None
    return _rows([found])[0]


def mentors_by_accounts(account_ids: Iterable[int]) -> dict[int, MentorRow]:
    """The published mentors of these accounts. Five statements."""
    found = Mentor.objects.filter(account_id__in=set(account_ids), published_at__isnull=False)
    return {row.account_id: row for row in _rows(list(found))}


def mentors_by_ids(mentor_ids: Iterable[int]) -> dict[int, MentorRow]:
    """The published ones. Five statements."""
    return {
        row.id: row for row in _rows(list(Mentor.objects.filter(pk__in=set(mentor_ids), published_at__isnull=False)))
    }


def mentor_ids() -> Iterator[list[int]]:
    """Every published mentor, in lists of at most 1,000. One statement a list."""
    last = 0
    found = Mentor.objects.filter(published_at__isnull=False).order_by("pk")
    while ids := list(found.filter(pk__gt=last).values_list("pk", flat=True)[:1000]):
        yield ids
        last = ids[-1]


def _rows(found: list[Mentor]) -> list[MentorRow]:
    if not found:
        return []
    names = people.account_names(one.account_id for one in found)
    paths = dict(Mentor.objects.filter(pk__in=[one.pk for one in found]).values_list("pk", "region__path"))
    regions = network.region_refs(number for path in paths.values() for number in path or ())
    organisations = network.organisation_refs(one.organisation_id for one in found if one.organisation_id)
    rows = []
    for one in found:
        path = tuple(regions[number] for number in paths[one.pk] or ())
        organisation = organisations.get(one.organisation_id or 0)
        draft = MentorDraft(
            headlines=Label.from_dict(one.headlines),
            about=Label.from_dict(one.about),
            capabilities=tuple(one.capabilities),
            sectors=tuple(one.sectors),
            languages=tuple(one.languages),
            region_code=path[-1].code if path else "",
            organisation_code=organisation.code if organisation else "",
            hours=one.hours,
        )
        rows.append(
            MentorRow(
                id=one.pk,
                account_id=one.account_id,
                name=names.get(one.account_id, ""),
                draft=draft,
                regions=path,
                organisation=organisation,
                published=one.published_at is not None,
                changed_at=one.changed_at,
            )
        )
    return rows
