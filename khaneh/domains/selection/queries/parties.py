"""Who applies, who judges, and what ties them: read from programmes, people and whoever registered ties."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta

from khaneh.domains.people import queries as people
from khaneh.domains.programmes import queries as programmes
from khaneh.domains.programmes.types import ApplicationRow
from khaneh.domains.selection import registry
from khaneh.domains.selection.models import Tie
from khaneh.domains.selection.rules import conflicts
from khaneh.domains.selection.rules.conflicts import Bond, Party
from khaneh.domains.selection.types.lists import TieKind
from khaneh.domains.selection.types.rows import Applicant

# How long after it ended a role, or what others registered, still ties somebody.
COOLING = timedelta(days=730)


def parties(rows: Iterable[ApplicationRow]) -> dict[int, Party]:
    """Who stands behind these applications: everybody of their teams. One statement."""
    rows = list(rows)
    teams = programmes.teams_of([row.id for row in rows])
    return {
        row.id: Party(
            row.id,
            frozenset(
                {one.account_id for one in teams.get(row.id, ()) if one.account_id is not None}
                | ({row.account_id} if row.account_id is not None else set())
            ),
            row.organisation.id if row.organisation else None,
        )
        for row in rows
    }


def applicant(row: ApplicationRow) -> Applicant:
    """Who applies, by name. Two statements."""
    return applicants([row])[row.id]


def applicants(rows: Iterable[ApplicationRow]) -> dict[int, Applicant]:
    """Who applies, by name; invitations that nobody took are nobody's. Two statements."""
    rows = list(rows)
    teams = programmes.teams_of([row.id for row in rows])
    leads = people.account_names(row.account_id for row in rows)
    found = {}
    for row in rows:
        names = [leads.get(row.account_id or 0, "")] + [
            one.name for one in teams.get(row.id, ()) if one.account_id not in (None, row.account_id)
        ]
        found[row.id] = Applicant(row.organisation, tuple(name for name in names if name), row.regions)
    return found


def bonds(account_ids: Collection[int], *, now: datetime) -> list[Bond]:
    """What is known to tie these accounts to anybody: roles of the last two years, what they declared, what others registered.

    Two statements and those of the sources.
    """
    held = people.organisations_of(account_ids, since=now - COOLING)
    found = [
        Bond(TieKind.ORGANISATION, account_id, organisation_id=organisation_id)
        for account_id, organisations in sorted(held.items())
        for organisation_id in sorted(organisations)
    ]
    declared = Tie.objects.filter(account_id__in=list(account_ids), ended_at__isnull=True).order_by("pk")
    found += [
        Bond(TieKind(kind), account_id, other_id, organisation_id)
        for kind, account_id, other_id, organisation_id in declared.values_list(
            "kind", "account_id", "other_id", "organisation_id"
        )
    ]
    return found + registry.ties(account_ids, since=now - COOLING)


def ties_between(
    account_ids: Collection[int], rows: Iterable[ApplicationRow], *, now: datetime
) -> Mapping[tuple[int, int], tuple[TieKind, ...]]:
    """What ties each account to each application; only pairs that something ties. Three statements and those of the sources."""
    known = bonds(account_ids, now=now)
    by_account: dict[int, list[Bond]] = {account_id: [] for account_id in account_ids}
    for bond in known:
        for end in (bond.account_id, bond.other_id):
            if end in by_account:
                by_account[end].append(bond)
    found = {}
    for application_id, party in parties(rows).items():
        for account_id in account_ids:
            if kinds := conflicts.ties(account_id, party, by_account[account_id]):
                found[account_id, application_id] = kinds
    return found


def ties_of(account_id: int, application_id: int, *, now: datetime) -> tuple[TieKind, ...]:
    """What ties one account to one application."""
    row = programmes.application(application_id)
    return ties_between([account_id], [row], now=now).get((account_id, application_id), ())
