"""The ledger: budget lines, tranches, what was given, and the sums of it."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, QuerySet, Sum

from khaneh.domains.network import queries as network
from khaneh.domains.residencies import permissions
from khaneh.domains.residencies.models import Line, Support, Tranche
from khaneh.domains.residencies.types import (
    LineRow,
    MilestoneState,
    ResidencyState,
    SupportKind,
    SupportRow,
    SupportSum,
    TrancheRow,
    TrancheState,
)
from khaneh.kernel.actor import Actor
from khaneh.kernel.labels import Label


def lines_of_house(house_id: int, *, actor: Actor, on: date | None = None) -> list[LineRow]:
    """The budget lines that a house keeps, those that end last first; only those in force `on` a day. Three statements."""
    if not permissions.may_run(actor, house_id=house_id):
        return []
    found = Line.objects.filter(house_id=house_id)
    if on is not None:
        found = found.filter(first__lte=on, last__gte=on)
    return line_rows(found.order_by("-last", "-pk")[:300])


def ledger_of_house(
    house_id: int, *, actor: Actor, first: date | None = None, last: date | None = None, limit: int = 500
) -> list[SupportRow]:
    """What was given to teams of a house, the latest first; nothing for who does not run it. At most six statements."""
    if not permissions.may_run(actor, house_id=house_id):
        return []
    found = _between(Support.objects.filter(house_id=house_id), first, last)
    return support_rows(found.order_by("-given_on", "-pk")[:limit])


def sums_of_house(
    house_id: int, *, actor: Actor, first: date | None = None, last: date | None = None
) -> list[SupportSum]:
    """What was given by kind and unit; nothing for who may not read figures. One statement."""
    if not permissions.may_read_figures(actor, house_id=house_id):
        return []
    found = _between(Support.objects.filter(house_id=house_id), first, last)
    sums = found.values("kind", "unit").annotate(sum=Sum("amount"), teams=Count("residency_id", distinct=True))
    return [
        SupportSum(SupportKind(one["kind"]), one["unit"], one["sum"], one["teams"])
        for one in sums.order_by("kind", "unit")
        if one["sum"]
    ]


def support(support_id: int, *, actor: Actor) -> SupportRow | None:
    """One line of the ledger with its receipt, for the team and the house; None for all others. At most eight statements."""
    found = Support.objects.select_related("residency").filter(pk=support_id).first()
    if found is None or not (
        permissions.may_run(actor, house_id=found.house_id)
        or (found.residency is not None and permissions.is_of_team(actor, found.residency))
    ):
        return None
    return support_rows(Support.objects.filter(pk=support_id))[0]


def line_rows(found: QuerySet[Line]) -> list[LineRow]:
    """Rows in the order of the query. Three statements."""
    listed = list(found)
    houses = network.house_refs(one.house_id for one in listed)
    givers = network.organisation_refs(one.giver_id for one in listed)
    return [
        LineRow(
            id=one.pk,
            house=houses[one.house_id],
            giver=givers[one.giver_id],
            agreement=one.agreement,
            names=Label.from_dict(one.names),
            kind=SupportKind(one.kind),
            unit=one.unit,
            amount=one.amount,
            promised=one.promised,
            given=one.given,
            first=one.first,
            last=one.last,
        )
        for one in listed
    ]


def tranche_rows(found: QuerySet[Tranche]) -> list[TrancheRow]:
    """Rows in the order of the query. One statement."""
    return [
        TrancheRow(
            id=one.pk,
            residency_id=one.residency_id,
            line_id=one.line_id,
            line=Label.from_dict(one.line.names),
            kind=SupportKind(one.line.kind),
            unit=one.line.unit,
            amount=one.amount,
            milestone=Label.from_dict(one.milestone.names) if one.milestone is not None else None,
            state=TrancheState(one.state),
            payable=one.state == TrancheState.PROMISED
            and (
                one.milestone.state == MilestoneState.REACHED
                if one.milestone is not None
                else one.residency.state != ResidencyState.OFFERED
            ),
        )
        for one in found.select_related("line", "milestone", "residency")
    ]


def support_rows(found: QuerySet[Support]) -> list[SupportRow]:
    """Rows in the order of the query. At most four statements."""
    listed = list(found.select_related("residency", "line", "acknowledgement", "reversed_by", "reverses"))
    houses = network.house_refs(one.house_id for one in listed)
    ids = {number for one in listed for number in (one.giver_id, one.organisation_id) if number is not None}
    organisations = network.organisation_refs(ids)
    return [
        SupportRow(
            id=one.pk,
            receipt=one.receipt,
            house=houses[one.house_id],
            residency_id=one.residency_id,
            team=Label.from_dict(one.residency.names) if one.residency is not None else None,
            organisation=organisations.get(one.organisation_id or 0),
            giver=organisations.get(one.giver_id or 0),
            agreement=one.line.agreement if one.line is not None else "",
            kind=SupportKind(one.kind),
            unit=one.unit,
            amount=one.amount,
            given_on=one.given_on,
            note=one.note,
            reverses=one.reverses.receipt if one.reverses is not None else "",
            reversed=hasattr(one, "reversed_by"),
            acknowledged_at=one.acknowledgement.at if hasattr(one, "acknowledgement") else None,
        )
        for one in listed
    ]


def _between(found: QuerySet[Support], first: date | None, last: date | None) -> QuerySet[Support]:
    if first is not None:
        found = found.filter(given_on__gte=first)
    return found.filter(given_on__lte=last) if last is not None else found
