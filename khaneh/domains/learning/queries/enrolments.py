"""Enrolments for those whom they concern: one's own, a run's list; and who finished, for cohorts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import QuerySet

from khaneh.domains.learning import permissions
from khaneh.domains.learning.models import Attendance, Certificate, Enrolment, Party, Result, Run
from khaneh.domains.learning.queries.courses import run
from khaneh.domains.learning.queries.rows import run_rows
from khaneh.domains.learning.types import (
    OPEN_ENROLMENTS,
    SEATED,
    EndReason,
    EnrolmentRow,
    EnrolmentState,
    FinishedRow,
    ResultRow,
    Roster,
    RunRow,
)
from khaneh.domains.network import queries as network
from khaneh.domains.people import queries as people
from khaneh.kernel.actor import Actor
from khaneh.kernel.money import Money
from khaneh.kernel.refusal import NotFound

_OPEN = [state.value for state in OPEN_ENROLMENTS]


def enrolment(enrolment_id: int, *, actor: Actor) -> EnrolmentRow:
    """One enrolment, for whose it is, who enrolled them, the teachers and the desk. About 28 statements. Raises NotFound."""
    seen = (
        Enrolment.objects.filter(pk=enrolment_id)
        .values_list("account_id", "party__account_id", "run_id", "run__house_id")
        .first()
    )
    if seen is None:
        raise NotFound(what="enrolment")
    account_id, party_account, run_id, house_id = seen
    own = actor.account_id is not None and actor.account_id in (account_id, party_account)
    if not (own or permissions.may_scan(actor, run_id=run_id, house_id=house_id)):
        raise NotFound(what="enrolment")
    return enrolment_rows(Enrolment.objects.filter(pk=enrolment_id))[0]


def enrolments_of(account_id: int, *, now: datetime, past: bool = False, limit: int = 100) -> list[EnrolmentRow]:
    """Somebody's own enrolments: those to come and under way by start, or those that are over, the latest first. About 28 statements.

    The caller has identified whose they are.
    """
    mine = Enrolment.objects.filter(account_id=account_id)
    if past:
        return enrolment_rows(mine.exclude(state__in=_OPEN).order_by("-run__starts", "-pk")[:limit])
    return enrolment_rows(mine.filter(state__in=_OPEN).order_by("run__starts", "pk")[:limit])


def party(party_id: int, *, actor: Actor) -> list[EnrolmentRow]:
    """Everybody who was enrolled together, for who enrolled them and for the desk. About 28 statements. Raises NotFound."""
    seen = Party.objects.filter(pk=party_id).values_list("account_id", "run_id", "run__house_id").first()
    if seen is None:
        raise NotFound(what="party")
    own = actor.account_id is not None and actor.account_id == seen[0]
    if not (own or permissions.may_scan(actor, run_id=seen[1], house_id=seen[2])):
        raise NotFound(what="party")
    return enrolment_rows(Enrolment.objects.filter(party_id=party_id).order_by("pk"))


def roster(run_id: int, *, actor: Actor) -> Roster:
    """A run with everybody in it, for its teachers and the desk of its house. About 30 statements. Raises NotFound, also for others."""
    house_id = Run.objects.filter(pk=run_id).values_list("house_id", flat=True).first()
    if house_id is None or not permissions.may_scan(actor, run_id=run_id, house_id=house_id):
        raise NotFound(what="run")
    row = run(run_id, actor=actor)
    everybody = enrolment_rows(Enrolment.objects.filter(run_id=run_id).order_by("party__joined_at", "pk"), runs=[row])
    asking = (EnrolmentState.REQUESTED, EnrolmentState.WAITING, EnrolmentState.OFFERED)
    inside = (EnrolmentState.ENROLLED, EnrolmentState.COMPLETED, EnrolmentState.FAILED, EnrolmentState.NO_SHOW)
    return Roster(
        row,
        seated=tuple(sorted((one for one in everybody if one.state in inside), key=lambda one: (one.name, one.id))),
        asking=tuple(one for one in everybody if one.state in asking),
        ended=tuple(one for one in everybody if one.state not in (*asking, *inside)),
    )


def requests_of(house_id: int, *, actor: Actor, limit: int = 200) -> list[EnrolmentRow]:
    """Who asks to be let into runs of a house, the oldest first; nobody for who does not work there. About 28 statements."""
    if not permissions.may_desk(actor, house_id=house_id):
        return []
    found = Enrolment.objects.filter(run__house_id=house_id, state=EnrolmentState.REQUESTED.value)
    return enrolment_rows(found.order_by("party__joined_at", "pk")[:limit])


def finished(
    *,
    course_ids: Collection[int] | None = None,
    first: datetime | None = None,
    last: datetime | None = None,
    house_ids: Collection[int] | None = None,
    account_ids: Collection[int] | None = None,
    limit: int = 100_000,
) -> list[FinishedRow]:
    """Everybody who completed a course from `first` up to but without `last`, by when: one row an enrolment, so that somebody who finished
    two courses stands in it twice. Of who was erased the row stays without an account. One statement.
    """
    found = Enrolment.objects.filter(state=EnrolmentState.COMPLETED.value)
    if course_ids is not None:
        found = found.filter(run__course_id__in=set(course_ids))
    if first is not None:
        found = found.filter(finished_at__gte=first)
    if last is not None:
        found = found.filter(finished_at__lt=last)
    if house_ids is not None:
        found = found.filter(run__house_id__in=set(house_ids))
    if account_ids is not None:
        found = found.filter(account_id__in=set(account_ids))
    rows = found.order_by("finished_at", "pk").values_list(
        "account_id", "pk", "run__course_id", "run__course__code", "run_id", "run__house_id", "finished_at"
    )
    return [FinishedRow._make(row) for row in rows[:limit]]


def enrolment_rows(found: QuerySet[Enrolment], *, runs: list[RunRow] | None = None) -> list[EnrolmentRow]:
    """Rows in the order of the query. Eight statements and those for the runs, whatever their number."""
    listed = list(found.select_related("party"))
    ids = [one.pk for one in listed]
    if runs is None:
        runs = run_rows(Run.objects.filter(pk__in={one.run_id for one in listed}))
    known = {row.id: row for row in runs}
    names = people.account_names(one.account_id for one in listed)
    organisations = network.organisation_refs(
        one.party.organisation_id for one in listed if one.party.organisation_id is not None
    )
    attended: dict[int, list[int]] = defaultdict(list)
    there = Attendance.objects.filter(enrolment_id__in=ids).order_by("meeting__number")
    for number, meeting in there.values_list("enrolment_id", "meeting__number"):
        attended[number].append(meeting)
    results = {one.enrolment_id: one for one in Result.objects.filter(enrolment_id__in=ids).order_by("at", "pk")}
    judges = people.account_names(one.by_id for one in results.values())
    keys = dict(Certificate.objects.filter(enrolment_id__in=ids).values_list("enrolment_id", "key"))
    sizes, places = _parties([one.party_id for one in listed], {one.run_id for one in listed})
    return [
        EnrolmentRow(
            id=one.pk,
            run=known[one.run_id],
            account_id=one.account_id,
            name=names.get(one.account_id or 0, ""),
            organisation=organisations.get(one.party.organisation_id or 0),
            party_id=one.party_id,
            together=sizes.get(one.party_id, 1),
            state=EnrolmentState(one.state),
            joined_at=one.party.joined_at,
            code=one.code,
            place=places.get(one.party_id) if one.state == EnrolmentState.WAITING else None,
            answer_by=one.party.answer_by if one.state == EnrolmentState.OFFERED else None,
            withdraw_until=withdraw_until(one, known[one.run_id].starts),
            price=Money(one.price_amount, one.price_currency) if one.price_amount is not None else None,
            meetings=tuple(attended[one.pk]),
            of_meetings=len(known[one.run_id].meetings),
            result=_result(results.get(one.pk), judges),
            certificate_key=keys.get(one.pk, ""),
            end_reason=EndReason(one.end_reason) if one.end_reason else None,
            reason=one.reason,
        )
        for one in listed
    ]


def withdraw_until(one: Enrolment, starts: datetime) -> datetime | None:
    """The last instant at which somebody gives a seat up without the desk; None where any is."""
    hours = one.terms.get("withdraw_hours")
    held = one.state in (EnrolmentState.ENROLLED, EnrolmentState.OFFERED)
    return starts - timedelta(hours=hours) if held and hours is not None else None


def _parties(party_ids: list[int], run_ids: set[int]) -> tuple[dict[int, int], dict[int, int]]:
    """How many there are in each party who have not left, and each waiting party's place: how many people stand before it, and one. Two statements."""
    sizes: dict[int, int] = defaultdict(int)
    counted = [state.value for state in {*OPEN_ENROLMENTS, *SEATED}]
    for number in Enrolment.objects.filter(party_id__in=party_ids, state__in=counted).values_list(
        "party_id", flat=True
    ):
        sizes[number] += 1
    places: dict[int, int] = {}
    before: dict[int, int] = defaultdict(int)
    waiting = Enrolment.objects.filter(run_id__in=run_ids, state=EnrolmentState.WAITING.value)
    for run_id, number in waiting.order_by("party__joined_at", "party_id").values_list("run_id", "party_id"):
        places.setdefault(number, before[run_id] + 1)
        before[run_id] += 1
    return sizes, places


def _result(found: Result | None, names: dict[int, str]) -> ResultRow | None:
    if found is None:
        return None
    return ResultRow(found.score, found.passed, names.get(found.by_id or 0, ""), found.at, found.note)
