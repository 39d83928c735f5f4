"""Who stands behind applications."""

from __future__ import annotations

from collections.abc import Iterable

from khaneh.domains.people import queries as people
from khaneh.domains.programmes.models import ApplicationMember
from khaneh.domains.programmes.types import MemberRow, Part


def teams_of(application_ids: Iterable[int]) -> dict[int, list[MemberRow]]:
    """Everybody of these applications' teams, who answers for each first; invitations without an address. Two statements, for the domains above."""
    found = list(ApplicationMember.objects.filter(application_id__in=set(application_ids)).order_by("pk"))
    names = people.account_names(one.account_id for one in found)
    teams: dict[int, list[MemberRow]] = {}
    for one in sorted(found, key=lambda one: one.part != Part.LEAD.value):
        row = MemberRow(one.pk, one.account_id, names.get(one.account_id or 0, ""), "", Part(one.part), one.joined_at)
        teams.setdefault(one.application_id, []).append(row)
    return teams
