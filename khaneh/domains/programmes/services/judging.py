"""Whether an applicant meets the conditions: what the policies are asked about an application, at every door alike."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from khaneh.domains.network import queries as network
from khaneh.domains.network.types.sectors import is_within
from khaneh.domains.people import queries as people
from khaneh.domains.policies import services as policies
from khaneh.domains.policies.types import Answer, Question, Value
from khaneh.domains.programmes.models import Application, Call
from khaneh.domains.programmes.rules.acts import APPLY, PERSON
from khaneh.domains.programmes.types import RUNNING, ApplicationState, Eligibility, ReasonRow
from khaneh.kernel.labels import Label

_RUNNING = [state.value for state in RUNNING]
_TAKEN = [ApplicationState.ACCEPTED.value, ApplicationState.CONTRACTED.value]


def eligibility(
    call: Call,
    *,
    account_id: int | None,
    organisation_id: int | None,
    region_path: tuple[int, ...],
    rural: bool | None,
    but: int = 0,
    now: datetime,
    keep: bool,
) -> tuple[Eligibility, int | None]:
    """Whether these conditions are met, with the reasons, and the number of the decision if it is kept. About ten statements.

    `region_path` is where it shall be, from the province down; `but` an application that is not counted: the one that is judged.
    """
    house = network.house_facts(call.house_id)
    facts: dict[str, Value] = {
        "programme.kind": call.programme.kind,
        "programme.code": call.programme.code,
        "house.kind": house.kind,
        "call.region_fits": call.region_id is None or call.region_id in region_path,
        "applicant.rural": rural,
        "applicant.decile": _decile(call, region_path),
        **_applicant(call, account_id, organisation_id, now),
        **_counted(call, account_id, organisation_id, but),
    }
    question = Question(APPLY, call.house_id, {name: value for name, value in facts.items() if value is not None}, now)
    answer = policies.decide(question, store=keep)
    return _told(answer), answer.decision_id


def _decile(call: Call, region_path: tuple[int, ...]) -> int | None:
    index = call.deprivation_index_id or network.newest_index_id()
    return network.decile_on_path(region_path, network.deciles_of(region_path, index_id=index))


def _applicant(call: Call, account_id: int | None, organisation_id: int | None, now: datetime) -> dict[str, Value]:
    if organisation_id is None:
        facts: dict[str, Value] = {
            "applicant.kind": PERSON,
            "call.kind_fits": call.for_persons,
            # Who has no organisation yet has no sector: what they want to do is for the reviewers.
            "call.sector_fits": True,
        }
        member_id = people.member_of_account(account_id) if account_id is not None else None
        member = people.standing(now=now, member_id=member_id) if member_id is not None else None
        if member is not None:
            facts["applicant.age"] = member.age_on(now.date())
        return facts
    row = network.organisations_by_ids([organisation_id]).get(organisation_id)
    if row is None:
        return {"call.kind_fits": False}
    return {
        "applicant.kind": row.kind,
        "applicant.sectors": row.sectors,
        "applicant.registered": bool(row.registration_number),
        "call.kind_fits": not call.for_kinds or row.kind in call.for_kinds,
        "call.sector_fits": not call.sectors
        or any(is_within(code, wanted) for code in row.sectors for wanted in call.sectors),
    }


def _counted(call: Call, account_id: int | None, organisation_id: int | None, but: int) -> dict[str, Value]:
    if organisation_id is not None:
        whose = Q(organisation_id=organisation_id)
    else:
        whose = Q(organisation__isnull=True, account_id=account_id or 0)
    mine = Application.objects.filter(whose).exclude(pk=but)
    return {
        "applicant.applications": mine.filter(call_id=call.pk, version__gte=1)
        .exclude(state=ApplicationState.WITHDRAWN.value)
        .count(),
        "applicant.running": mine.filter(state__in=_RUNNING).exclude(call_id=call.pk).count(),
        "applicant.accepted": mine.filter(call__programme_id=call.programme_id, state__in=_TAKEN).count(),
    }


def _told(answer: Answer) -> Eligibility:
    return Eligibility(
        answer.permitted and not answer.refusals,
        tuple(ReasonRow(one.code, one.label, one.remedy or Label("", "", "")) for one in answer.refusals),
    )
