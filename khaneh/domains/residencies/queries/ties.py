"""What residencies know of ties between people and organisations, for whoever asks before somebody judges."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from django.db.models import Q

from khaneh.domains.people import queries as people
from khaneh.domains.residencies.models import Mentorship, Residency, Support, Tranche
from khaneh.domains.residencies.rules import ties as rules
from khaneh.domains.residencies.rules.ties import Link, Side
from khaneh.domains.residencies.types import TrancheState
from khaneh.domains.selection.rules.conflicts import Bond
from khaneh.domains.selection.types import TieKind

_STAY = ("pk", "house_id", "founder_id", "organisation_id", "moved_in_on", "over_on")


def ties(account_ids: Collection[int], since: datetime) -> list[Bond]:
    """What ties these accounts, themselves or through an organisation that they act for: who mentors a team; what was given or is promised by an
    organisation; who works in one house at one time. What was over before `since` does not count.

    Six statements at most.
    """
    held = people.organisations_of(account_ids, since=since)
    acting_for = {account_id: held.get(account_id, set()) for account_id in sorted(account_ids)}
    accounts = list(acting_for)
    organisations = sorted({number for numbers in held.values() for number in numbers})
    links = [
        *_mentoring(accounts, organisations, since),
        *_support(accounts, organisations, since),
        *_tenancy(accounts, organisations, since),
    ]
    return rules.bonds(links, acting_for)


def _mentoring(accounts: list[int], organisations: list[int], since: datetime) -> Iterator[Link]:
    found = Mentorship.objects.filter(
        Q(until__isnull=True) | Q(until__gte=since.date()),
        Q(mentor_id__in=accounts) | _team(accounts, organisations, "residency__"),
        mentor__isnull=False,
    ).order_by("pk")
    for mentor, founder, organisation in found.values_list(
        "mentor_id", "residency__founder_id", "residency__organisation_id"
    ):
        yield Link(TieKind.MENTORING, Side(account_id=mentor), Side(founder, organisation))


def _support(accounts: list[int], organisations: list[int], since: datetime) -> Iterator[Link]:
    """Given, but for what was taken back; and promised, which who promised has a stake in just as well."""
    given = Support.objects.filter(
        Q(giver_id__in=organisations) | Q(organisation_id__in=organisations) | _team(accounts, [], "residency__"),
        giver__isnull=False, reverses__isnull=True, reversed_by__isnull=True, given_on__gte=since.date(),
    ).order_by("pk")  # fmt: skip
    promised = Tranche.objects.filter(
        Q(line__giver_id__in=organisations) | _team(accounts, organisations, "residency__"),
        state=TrancheState.PROMISED.value,
    ).order_by("pk")
    rows = [
        *given.values_list("giver_id", "residency__founder_id", "organisation_id"),
        *promised.values_list("line__giver_id", "residency__founder_id", "residency__organisation_id"),
    ]
    for giver, founder, organisation in dict.fromkeys(rows):
        yield Link(TieKind.INVESTMENT, Side(organisation_id=giver), Side(founder, organisation))


def _tenancy(accounts: list[int], organisations: list[int], since: datetime) -> Iterator[Link]:
    """Teams that are, or were, in one house on one day."""
    there = Residency.objects.filter(moved_in_on__isnull=False).filter(
        Q(over_on__isnull=True) | Q(over_on__gte=since.date())
    )
    own = list(there.filter(_team(accounts, organisations)).order_by("pk").values_list(*_STAY))
    beside: dict[int, list[tuple[Any, ...]]] = {}
    for row in there.filter(house_id__in={row[1] for row in own}).order_by("pk").values_list(*_STAY):
        beside.setdefault(row[1], []).append(row)
    for pk, house, founder, organisation, first, last in own:
        for other, _, its_founder, its_organisation, its_first, its_last in beside[house]:
            # Days are inclusive; who is still there has no last one.
            if other != pk and first <= (its_last or first) and its_first <= (last or its_first):
                yield Link(TieKind.TENANCY, Side(founder, organisation), Side(its_founder, its_organisation))


def _team(accounts: list[int], organisations: list[int], through: str = "") -> Q:
    """Residencies that these answer for, or of these organisations."""
    return Q(**{f"{through}founder_id__in": accounts}) | Q(**{f"{through}organisation_id__in": organisations})
