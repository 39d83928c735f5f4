"""Proposals: made, changed while nobody has judged them, withdrawn."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from khaneh.domains.founding import notices, permissions, queries
from khaneh.domains.founding.errors import ProposedAlready, StandardNotInForce
from khaneh.domains.founding.models import Assessment, Proposal, Standard
from khaneh.domains.founding.rules import drafts
from khaneh.domains.founding.services import holding
from khaneh.domains.founding.types import (
    UNDERWAY,
    AssessmentState,
    ProposalDraft,
    ProposalRow,
    ProposalState,
    StandardState,
)
from khaneh.domains.network import queries as network
from khaneh.domains.network import services as network_services
from khaneh.domains.network.types import HouseDraft, HouseState
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import SYSTEM, Actor
from khaneh.kernel.refusal import Invalid, NotFound

# On an estate there is no house whose clocks a plan could take.
_CLOCKS = {"IR": ("Asia/Tehran", "jalali"), "VN": ("Asia/Ho_Chi_Minh", "gregorian")}
_PLANS = (HouseState.PROPOSED, HouseState.ASSESSED, HouseState.APPROVED)


def propose(*, actor: Actor, draft: ProposalDraft, now: datetime, key: str = "") -> ProposalRow:
    """Propose a house in a house or on an estate; it is entered as a plan, unless it is one already. A `key` that has made one gives that.

    Raises Invalid, NotAllowed, StandardNotInForce, ProposedAlready, and network.CodeTaken.
    """
    made_key = f"{actor.account_id}:{key}" if key else secrets.token_hex(8)
    again = Proposal.objects.filter(made_key=made_key).first()
    if again is not None:
        return queries.proposal(again.pk, actor=actor, now=now)
    known = network.house_ids_by_code([draft.code]).get(draft.code)
    wrong = drafts.proposal_problems(draft, fresh=known is None)
    if wrong:
        raise Invalid(fields=wrong)
    with db.transaction():
        standard = _standard(draft.standard_id)
        house_id = known if known is not None else _enter(actor, draft, standard.kind, now)
        db.lock(("founding.house", house_id))
        house = network.house_by_id(house_id, actor=SYSTEM, now=now)
        permissions.require(permissions.may_propose(actor, network.place_of_house(house_id)), "propose")
        under = [state.value for state in UNDERWAY]
        if house.state not in _PLANS or Proposal.objects.filter(house_id=house_id, state__in=under).exists():
            raise ProposedAlready(house=house.code, state=house.state.value)
        if house.kind != standard.kind:
            raise StandardNotInForce(state=standard.state, kind=standard.kind)
        weighed = queries.weighed(queries.spot_of(house_id, now=now), standard.kind, now=now)
        made, is_fresh = Proposal.objects.get_or_create(
            made_key=made_key,
            defaults={
                "house_id": house_id, "made_by_id": actor.account_id, "made_at": now, "changed_at": now,
                "weighed": weighed.to_dict(), **_values(draft),
            },
        )  # fmt: skip
        if is_fresh:
            journal.record(
                "founding.proposal.made", actor=actor, house_id=house_id, proposal_id=made.pk, standard_id=standard.pk
            )
            notices.tell_staff("founding.proposed", made, permissions.ASSESSORS, now=now)
    return queries.proposal(made.pk, actor=holding.founder(actor), now=now)


def change_proposal(*, actor: Actor, proposal_id: int, draft: ProposalDraft, now: datetime) -> ProposalRow:
    """Make plan, standard, area, money and day as the draft says; the house itself is changed on its own page.

    While nobody has submitted an assessment; those that are begun by another standard are given up. Raises NotFound, NotAllowed, Invalid,
    ProposalStateRefused, StandardNotInForce.
    """
    wrong = drafts.proposal_problems(draft, fresh=False)
    if wrong:
        raise Invalid(fields=wrong)
    with db.transaction():
        found, place = holding.held_proposal(proposal_id, actor=actor)
        permissions.require(permissions.may_propose(actor, place), "propose")
        begun = Assessment.objects.filter(proposal=found)
        submitted = begun.filter(state=AssessmentState.SUBMITTED.value).exists()
        holding.require_state(found, *(() if submitted else (ProposalState.PROPOSED,)), act="change")
        if draft.standard_id != found.standard_id:
            standard = _standard(draft.standard_id)
            if standard.kind != network.house_facts(found.house_id).kind:
                raise StandardNotInForce(state=standard.state, kind=standard.kind)
            begun.filter(state=AssessmentState.DRAFTED.value).update(state=AssessmentState.GIVEN_UP.value)
        Proposal.objects.filter(pk=found.pk).update(changed_at=now, **_values(draft))
        journal.record("founding.proposal.changed", actor=actor, house_id=found.house_id, proposal_id=found.pk)
    return queries.proposal(proposal_id, actor=actor, now=now)


def withdraw(*, actor: Actor, proposal_id: int, now: datetime) -> None:
    """Take a proposal back before its house is open. The house stays a plan that may be proposed again; one that was being fitted out,
    which everybody has seen, is closed. Raises NotFound, NotAllowed, ProposalStateRefused."""
    with db.transaction():
        found, place = holding.held_proposal(proposal_id, actor=actor)
        mine = actor.account_id is not None and found.made_by_id == actor.account_id
        permissions.require(mine or permissions.may_decide(actor, place), "withdraw")
        holding.require_state(found, *UNDERWAY, act="withdraw")
        fitting = found.state == ProposalState.FITTING_OUT
        holding.move(found, ProposalState.WITHDRAWN, actor=actor, now=now, ended_at=now)
        begun = Assessment.objects.filter(proposal=found, state=AssessmentState.DRAFTED.value)
        begun.update(state=AssessmentState.GIVEN_UP.value)
        if fitting:
            code = network.house_facts(found.house_id).code
            network_services.change_house_state(
                actor=holding.founder(actor), code=code, state=HouseState.CLOSED, now=now
            )


def _standard(standard_id: int) -> Standard:
    # Shared, so that it is not retired before the proposal that names it stands.
    found = Standard.objects.select_for_update(of=("self",), no_key=True).filter(pk=standard_id).first()
    if found is None or found.state == StandardState.DRAFT:
        raise Invalid(fields={"standard_id": "not_in_list"})
    if found.state != StandardState.PUBLISHED:
        raise StandardNotInForce(state=found.state, kind=found.kind)
    return found


def _enter(actor: Actor, draft: ProposalDraft, kind: str, now: datetime) -> int:
    """The plan of a house, entered into the network as what it is in says: its operator, region, place and clocks."""
    parent = network.house_draft(draft.parent_code) if draft.parent_code else None
    operator = network.organisation_draft(draft.operator_code) if draft.operator_code else None
    wrong = {"parent_code": "not_in_list"} if draft.parent_code and parent is None else {}
    if draft.operator_code and operator is None:
        wrong["operator_code"] = "not_in_list"
    around = parent or operator
    if wrong or around is None:
        raise Invalid(fields=wrong or {"parent_code": "required"})
    if parent is not None:
        place = network.place_of_house(network.house_ids_by_code([parent.code])[parent.code])
    else:
        place = network.place_of_organisation(network.organisation(around.code).row.id)
    permissions.require(permissions.may_propose(actor, place), "propose")
    region = draft.region_code or around.region_code
    zone, calendar = _CLOCKS.get(_country(region), _CLOCKS["IR"])
    made = network_services.create_house(
        actor=holding.founder(actor),
        draft=HouseDraft(
            code=draft.code,
            kind=kind,
            names=draft.names,
            region_code=region,
            parent_code=draft.parent_code,
            operator_code=draft.operator_code or (parent.operator_code if parent else ""),
            address=draft.address or around.address,
            latitude=around.latitude,
            longitude=around.longitude,
            time_zone=parent.time_zone if parent else zone,
            calendar=parent.calendar if parent else calendar,
        ),
        now=now,
    )
    return made.id


def _country(region_code: str) -> str:
    try:
        return network.region(region_code).country
    except NotFound:
        raise Invalid(fields={"region_code": "not_in_list"}) from None


def _values(draft: ProposalDraft) -> dict[str, Any]:
    return {
        "standard_id": draft.standard_id,
        "plan": draft.plan.strip(),
        "area": draft.area,
        "asked": draft.asked,
        "currency": draft.currency if draft.asked is not None else "",
        "opens_on": draft.opens_on,
    }
