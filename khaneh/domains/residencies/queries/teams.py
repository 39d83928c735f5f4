"""Whose a residency is, for those above who show teams or act for them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from khaneh.domains.residencies.models import Residency
from khaneh.domains.residencies.types import ResidencyState
from khaneh.kernel.labels import Label


class Team(NamedTuple):
    """A team: its name, the account that answers for it, the organisation that it is, the house it is in."""

    names: Label
    founder_id: int | None
    organisation_id: int | None
    house_id: int
    state: ResidencyState


def teams(residency_ids: Iterable[int]) -> dict[int, Team]:
    """Those that exist. The caller has asked who may see them. One statement, none for nothing."""
    asked = list(residency_ids)
    if not asked:
        return {}
    return {
        one.pk: Team(
            Label.from_dict(one.names), one.founder_id, one.organisation_id, one.house_id, ResidencyState(one.state)
        )
        for one in Residency.objects.filter(pk__in=asked)
    }


def team_names(residency_ids: Iterable[int]) -> dict[int, Label]:
    """What teams are called. One statement, none for nothing."""
    return {number: team.names for number, team in teams(residency_ids).items()}
