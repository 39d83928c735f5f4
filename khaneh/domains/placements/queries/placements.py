"""Placements, for the trainee and for the employer."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from django.db.models import Q, QuerySet

from khaneh.domains.network import queries as network
from khaneh.domains.people import queries as people
from khaneh.domains.placements import permissions
from khaneh.domains.placements.models import Confirmation, Interest, Placement, Vacancy
from khaneh.domains.placements.types import (
    AT_WORK,
    ConfirmationRow,
    EmployerRow,
    EndReason,
    Match,
    PlacementRow,
    PlacementState,
    VacancyKind,
    VacancyState,
)
from khaneh.kernel.actor import Actor
from khaneh.kernel.labels import Label
from khaneh.kernel.refusal import NotFound


def placement(placement_id: int, *, actor: Actor) -> PlacementRow:
    """One placement, for the trainee and for who speaks for the employer. Five statements. Raises NotFound."""
    found = rows(Placement.objects.filter(pk=placement_id), actor)
    if not found or not (
        permissions.represents(actor, found[0].organisation.id)
        or (actor.account_id is not None and found[0].account_id == actor.account_id)
    ):
        raise NotFound(what="placement")
    return found[0]


def placements_of(account_id: int, *, actor: Actor, limit: int = 100) -> list[PlacementRow]:
    """What somebody was offered and what came of it, the latest first; for themself. Five statements."""
    if not actor.is_system and actor.account_id != account_id:
        return []
    return rows(Placement.objects.filter(account_id=account_id).order_by("-offered_at", "-pk")[:limit], actor)


def placements_of_organisation(organisation_id: int, *, actor: Actor, limit: int = 300) -> list[PlacementRow]:
    """All of one employer, the latest first; nothing for who does not speak for it. Five statements."""
    if not permissions.represents(actor, organisation_id):
        return []
    found = Placement.objects.filter(organisation_id=organisation_id).order_by("-offered_at", "-pk")
    return rows(found[:limit], actor)


def employers(actor: Actor, *, now: datetime) -> list[EmployerRow]:
    """The organisations that the actor speaks for, with what waits there. Four statements."""
    ids = permissions.represented(actor)
    if not ids:
        return []
    refs = network.organisation_refs(ids)
    open_: dict[int, int] = defaultdict(int)
    shown = Vacancy.objects.filter(organisation_id__in=ids, state=VacancyState.PUBLISHED.value)
    for number in shown.values_list("organisation_id", flat=True):
        open_[number] += 1
    interested: dict[int, int] = defaultdict(int)
    waiting = Interest.objects.filter(
        vacancy__organisation_id__in=ids,
        vacancy__state=VacancyState.PUBLISHED.value,
        seeker__consented_at__isnull=False,
    )
    for number in waiting.values_list("vacancy__organisation_id", flat=True):
        interested[number] += 1
    due: dict[int, set[int]] = defaultdict(set)
    unanswered = Confirmation.objects.filter(
        placement__organisation_id__in=ids,
        placement__state__in=[state.value for state in AT_WORK],
        answered_at__isnull=True,
        due_on__lte=now.date(),
    )
    for number, of in unanswered.values_list("placement__organisation_id", "placement_id"):
        due[number].add(of)
    return [
        EmployerRow(refs[number], open_[number], interested[number], len(due[number]))
        for number in ids
        if number in refs
    ]


def rows(found: QuerySet[Placement], actor: Actor) -> list[PlacementRow]:
    """Rows in the order of the query; names only for who may know them. Five statements."""
    placements = list(found.select_related("vacancy"))
    ids = [one.pk for one in placements]
    confirmations: dict[int, list[ConfirmationRow]] = defaultdict(list)
    for asked in Confirmation.objects.filter(placement_id__in=ids).order_by("months"):
        confirmations[asked.placement_id].append(
            ConfirmationRow(asked.months, asked.due_on, asked.reminded, asked.answered_at, asked.still)
        )
    organisations = network.organisation_refs(one.organisation_id for one in placements)
    told = {one.account_id for one in placements if one.account_id is not None and _may_know(one, actor)}
    interested = set(
        Interest.objects.filter(vacancy_id__in={one.vacancy_id for one in placements}).values_list(
            "vacancy_id", "seeker__account_id"
        )
    )
    named = {
        one.account_id
        for one in placements
        if one.account_id is not None and (one.vacancy_id, one.account_id) in interested
    }
    names, emails = people.account_names(told | named), people.account_emails(told)
    return [
        PlacementRow(
            id=one.pk,
            vacancy_id=one.vacancy_id,
            vacancy=Label.from_dict(one.vacancy.names),
            kind=VacancyKind(one.vacancy.kind),
            organisation=organisations[one.organisation_id],
            account_id=one.account_id,
            name=names.get(one.account_id or 0, ""),
            email=emails.get(one.account_id or 0, ""),
            state=PlacementState(one.state),
            note=one.note,
            match=Match.from_dict(one.match) if one.match else None,
            offered_at=one.offered_at,
            answer_by=one.answer_by,
            accepted_at=one.accepted_at,
            starts_on=one.starts_on,
            started_on=one.started_on,
            ended_on=one.ended_on,
            end_reason=EndReason(one.end_reason) if one.end_reason else None,
            confirmations=tuple(confirmations[one.pk]),
        )
        for one in placements
    ]


def _may_know(one: Placement, actor: Actor) -> bool:
    """Accepting an offer tells the employer who it is; before that nobody but the trainee knows it."""
    return one.accepted_at is not None or (actor.account_id is not None and one.account_id == actor.account_id)


def due_now(now: datetime) -> QuerySet[Confirmation]:
    """What employers have not answered though its day has come."""
    return Confirmation.objects.filter(
        Q(placement__state__in=[state.value for state in AT_WORK]), answered_at__isnull=True, due_on__lte=now.date()
    )
