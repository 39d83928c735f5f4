"""Residencies: lists for a house, a team and a mentor, and one with everything that whoever asks may see of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Q, QuerySet

from khaneh.domains.network import queries as network
from khaneh.domains.people import queries as people
from khaneh.domains.programmes import queries as programmes
from khaneh.domains.programmes.types import ApplicationRow
from khaneh.domains.residencies import permissions
from khaneh.domains.residencies.models import (
    Allotment,
    Evidence,
    FollowUp,
    HealthCheck,
    Mentorship,
    Milestone,
    Request,
    Residency,
)
from khaneh.domains.residencies.queries.mentoring import session_rows
from khaneh.domains.residencies.queries.support import support_rows, tranche_rows
from khaneh.domains.residencies.rules import days
from khaneh.domains.residencies.types import (
    ACCEPTED,
    AllotmentRow,
    CheckRow,
    EvidenceRow,
    Fate,
    FollowUpRow,
    MentorRow,
    MilestoneRow,
    MilestoneState,
    OverReason,
    Place,
    RequestRow,
    RequestState,
    ResidencyDetail,
    ResidencyRow,
    ResidencyState,
)
from khaneh.domains.spaces import queries as spaces
from khaneh.kernel.actor import Actor
from khaneh.kernel.labels import Label
from khaneh.kernel.refusal import NotFound

_ORDER = ("-starts_on", "-pk")


def residencies_of_house(
    house_id: int, *, actor: Actor, now: datetime, states: Iterable[ResidencyState] = (), limit: int = 300
) -> list[ResidencyRow]:
    """All of one house, the latest first; nothing for who does not run them there. Five statements."""
    if not permissions.may_run(actor, house_id=house_id):
        return []
    found = Residency.objects.filter(house_id=house_id)
    wanted = [state.value for state in states]
    return rows((found.filter(state__in=wanted) if wanted else found).order_by(*_ORDER)[:limit], now)


def residencies_of(actor: Actor, *, now: datetime) -> list[ResidencyRow]:
    """Those of the teams that somebody answers for, the latest first. Five statements."""
    if actor.account_id is None:
        return []
    spoken = {
        grant.organisation_id
        for grant in actor.grants
        if grant.organisation_id is not None and grant.role in permissions.SPEAKERS
    }
    mine = Q(founder_id=actor.account_id) | Q(organisation_id__in=spoken)
    return rows(Residency.objects.filter(mine).order_by(*_ORDER)[:100], now)


def residencies_mentored(actor: Actor, *, now: datetime) -> list[ResidencyRow]:
    """Those of the teams that somebody mentors at present. Five statements."""
    if actor.account_id is None:
        return []
    found = Residency.objects.filter(mentorships__mentor_id=actor.account_id, mentorships__until__isnull=True)
    return rows(found.order_by(*_ORDER)[:100], now)


def residency(residency_id: int, *, actor: Actor, now: datetime) -> ResidencyDetail:
    """One residency, for its team, its mentors and its house. At most 47 statements. Raises NotFound to all others."""
    one = Residency.objects.select_related("application").filter(pk=residency_id).first()
    if one is None:
        raise NotFound(what="residency")
    runs, team = permissions.may_run(actor, house_id=one.house_id), permissions.is_of_team(actor, one)
    mentor = permissions.mentors(actor, one.pk)
    if not (runs or team or mentor):
        raise NotFound(what="residency")
    (row,) = rows(Residency.objects.filter(pk=one.pk), now)
    close = runs or team
    return ResidencyDetail(
        row=row,
        plan=one.plan,
        over_reason=OverReason(one.over_reason) if one.over_reason else None,
        application=one.application.title if one.application is not None else "",
        follow_up_consent_at=one.follow_up_consent_at,
        founder_email=people.account_emails([one.founder_id]).get(one.founder_id or 0, ""),
        milestones=_milestones(one.pk),
        allotments=_allotments(one.pk) if close else (),
        mentors=_mentors(one.pk),
        sessions=tuple(session_rows(one.sessions.order_by("-starts", "-pk")[:100])),
        requests=_requests(one.pk) if close else (),
        # What a mentor writes of a team is for the house: the team reads no marks of itself.
        checks=_checks(one.pk) if runs or mentor else (),
        tranches=tuple(tranche_rows(one.tranches.order_by("pk"))) if close else (),
        support=tuple(support_rows(one.support.order_by("-pk"))) if close else (),
        follow_ups=_follow_ups(one.pk) if close else (),
        organisation_withdrawn=_withdrawn(one.organisation_id),
    )


def accepted_without(house_id: int, *, actor: Actor) -> list[ApplicationRow]:
    """Accepted applications of a house's calls that have no residency yet, for who runs them there: of the ten latest calls.

    Three statements and six for each call.
    """
    if not permissions.may_run(actor, house_id=house_id):
        return []
    found = [
        row
        for call in programmes.calls_of_house(house_id, actor=actor, limit=10)
        for row in programmes.applications_of(call.id, ACCEPTED)
    ]
    there = Residency.objects.filter(application_id__in=[row.id for row in found])
    taken = set(there.values_list("application_id", flat=True))
    return [row for row in found if row.id not in taken]


def places_for(house_id: int, *, first: date, last: date, actor: Actor, now: datetime) -> list[Place]:
    """What of a house could be allotted from a day to another, with how many units are free all the time; nothing for who does not run it.

    At most eight statements.
    """
    if not permissions.may_run(actor, house_id=house_id) or last < first:
        return []
    zone = network.house_facts(house_id).calendar.zone
    offered = [space for space in spaces.spaces_of_house(house_id) if space.in_service]
    starts, ends = days.allotted(first, last, zone=zone, slot_minutes=60, now=now)
    free = spaces.free_units(offered, starts=starts, ends=ends)
    return [Place(one.id, one.names, one.kind, free[one.id]) for one in offered if free[one.id]]


def rows(found: QuerySet[Residency], now: datetime) -> list[ResidencyRow]:
    """Rows in the order of the query. Five statements."""
    listed = list(found)
    houses = network.house_refs(one.house_id for one in listed)
    organisations = network.organisation_refs(one.organisation_id for one in listed if one.organisation_id is not None)
    names = people.account_names(one.founder_id for one in listed)
    milestones: dict[int, list[tuple[str, date]]] = defaultdict(list)
    ids = [one.pk for one in listed]
    for number, state, due_on in Milestone.objects.filter(residency_id__in=ids).values_list(
        "residency_id", "state", "due_on"
    ):
        milestones[number].append((state, due_on))
    today = now.date()
    return [
        ResidencyRow(
            id=one.pk,
            house=houses[one.house_id],
            organisation=organisations.get(one.organisation_id or 0),
            founder_id=one.founder_id,
            founder=names.get(one.founder_id or 0, ""),
            names=Label.from_dict(one.names),
            people=one.people,
            state=ResidencyState(one.state),
            starts_on=one.starts_on,
            ends_on=one.ends_on,
            moved_in_on=one.moved_in_on,
            over_on=one.over_on,
            milestones=sum(state != MilestoneState.DROPPED for state, _ in milestones[one.pk]),
            reached=sum(state == MilestoneState.REACHED for state, _ in milestones[one.pk]),
            waiting=sum(state == MilestoneState.SUBMITTED for state, _ in milestones[one.pk]),
            late=sum(state == MilestoneState.PLANNED and due < today for state, due in milestones[one.pk]),
        )
        for one in listed
    ]


def _withdrawn(organisation_id: int | None) -> bool:
    """Whether a team's organisation has withdrawn from the network since."""
    return organisation_id is not None and network.organisations_by_ids([organisation_id])[organisation_id].withdrawn


def _milestones(residency_id: int) -> tuple[MilestoneRow, ...]:
    files: dict[int, list[EvidenceRow]] = defaultdict(list)
    for one in Evidence.objects.filter(milestone__residency_id=residency_id).order_by("pk"):
        files[one.milestone_id].append(EvidenceRow(one.pk, one.name, one.media, one.size, one.given_at))
    return tuple(
        MilestoneRow(
            id=one.pk,
            number=one.number,
            names=Label.from_dict(one.names),
            wanted=one.wanted,
            due_on=one.due_on,
            state=MilestoneState(one.state),
            said=one.said,
            submitted_at=one.submitted_at,
            decided_at=one.decided_at,
            answer=one.answer,
            evidence=tuple(files[one.pk]),
        )
        for one in Milestone.objects.filter(residency_id=residency_id).order_by("due_on", "number")
    )


def _allotments(residency_id: int) -> tuple[AllotmentRow, ...]:
    listed = list(Allotment.objects.filter(residency_id=residency_id).order_by("first", "pk"))
    bookings = spaces.bookings_by_ids(one.booking_id for one in listed) if listed else {}
    return tuple(
        AllotmentRow(one.pk, bookings[one.booking_id], one.first, one.last, one.given_back_on) for one in listed
    )


def _mentors(residency_id: int) -> tuple[MentorRow, ...]:
    listed = list(Mentorship.objects.filter(residency_id=residency_id).order_by("since", "pk"))
    names = people.account_names(one.mentor_id for one in listed)
    return tuple(
        MentorRow(one.pk, one.mentor_id, names.get(one.mentor_id or 0, ""), one.since, one.until, one.why)
        for one in listed
    )


def _requests(residency_id: int) -> tuple[RequestRow, ...]:
    return tuple(
        RequestRow(one.pk, one.residency_id, one.kind, one.text, RequestState(one.state), one.asked_at, one.answer)
        for one in Request.objects.filter(residency_id=residency_id).order_by("-asked_at", "-pk")[:100]
    )


def _checks(residency_id: int) -> tuple[CheckRow, ...]:
    listed = list(HealthCheck.objects.filter(residency_id=residency_id).order_by("-on", "-pk")[:50])
    names = people.account_names(one.by_id for one in listed)
    return tuple(CheckRow(one.on, names.get(one.by_id or 0, ""), one.scores, one.note) for one in listed)


def _follow_ups(residency_id: int) -> tuple[FollowUpRow, ...]:
    return tuple(
        FollowUpRow(
            one.year, one.due_on, one.answered_at, Fate(one.fate) if one.fate else None, one.people, one.revenue_band,
            one.exports,
        )
        for one in FollowUp.objects.filter(residency_id=residency_id).order_by("year")
    )  # fmt: skip
