"""Proposals at the desk: side by side, made, weighed, decided, fitted out, opened; and the passports of houses. Parse, call, translate."""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from khaneh.domains.founding import permissions, queries, services
from khaneh.domains.founding.types import (
    FOUNDED_KINDS,
    PASSPORT_STATES,
    PROPOSAL_STATES,
    UNDERWAY,
    AssessmentState,
    ProposalState,
)
from khaneh.domains.network import queries as network
from khaneh.domains.network.types import HouseFilter, HouseState
from khaneh.interfaces.web import reader
from khaneh.interfaces.web.desk.gate import FOUNDING, staffed
from khaneh.interfaces.web.founding import acts, wording
from khaneh.interfaces.web.founding.forms import ProposalForm
from khaneh.interfaces.web.founding.standards import crumbs
from khaneh.interfaces.web.requests import actor_of
from khaneh.kernel.actor import SYSTEM, Actor
from khaneh.kernel.refusal import NotAllowed, Refusal

_ENDED = (ProposalState.REFUSED, ProposalState.WITHDRAWN)


@staffed(FOUNDING)
@require_safe
def proposals(request: HttpRequest) -> HttpResponse:
    """Those on their way side by side, the neediest region first; then those that opened or came to nothing."""
    actor, now = actor_of(request), timezone.now()
    found = queries.proposals(actor=actor, now=now)
    running = [row for row in found if row.state in UNDERWAY]
    context = {
        "section": "founding",
        "tab": "proposals",
        "running": [
            line(row) for row in sorted(running, key=lambda row: (row.weighed.decile or 11, -(row.permille or 0)))
        ],
        "others": [line(row) for row in found if row.state not in UNDERWAY],
        "mine": queries.own_drafts(actor),
        "may_propose": actor.holds_somewhere(permissions.PROPOSERS),
        "crumbs": crumbs(),
    }
    return render(request, "founding/desk_proposals.html", context)


@staffed(permissions.PROPOSERS)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A house that shall be. Sent twice it is one."""
    actor, now = actor_of(request), timezone.now()
    parents = _parents(actor, request)
    form = ProposalForm(
        request.POST if request.method == "POST" else None,
        standards=_standards(),
        parents=parents,
        operators=_operators(actor),
        initial={"parent": parents[0][0]} if len(parents) == 1 else None,
    )
    if form.is_bound and form.is_valid():
        try:
            made = services.propose(actor=actor, draft=form.draft(), now=now, key=form.cleaned_data["key"])
        except NotAllowed:
            raise
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The proposal is made. It waits to be assessed."))
            return redirect("desk-founding-proposal", proposal_id=made.id)
    context = {"section": "founding", "form": form, "crumbs": crumbs(_("Propose a house"))}
    return render(request, "founding/desk_proposal_form.html", context, status=422 if form.errors else 200)


@staffed(permissions.PROPOSERS)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, proposal_id: int) -> HttpResponse:
    """Change a proposal that nobody has judged."""
    actor, now = actor_of(request), timezone.now()
    row = queries.proposal(proposal_id, actor=actor, now=now)
    form = ProposalForm(
        request.POST if request.method == "POST" else None, standards=_standards(row.standard.kind), row=row
    )
    if form.is_bound and form.is_valid():
        try:
            services.change_proposal(actor=actor, proposal_id=proposal_id, draft=form.draft(row.house.code), now=now)
        except NotAllowed:
            raise
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The proposal is changed."))
            return redirect("desk-founding-proposal", proposal_id=proposal_id)
    name = row.house.names.pick(reader.current().language)
    context = {"section": "founding", "form": form, "row": row, "crumbs": crumbs(name, _("Change"))}
    return render(request, "founding/desk_proposal_form.html", context, status=422 if form.errors else 200)


@staffed(FOUNDING)
@require_http_methods(["GET", "HEAD", "POST"])
def proposal(request: HttpRequest, proposal_id: int) -> HttpResponse:
    """One with all that is known of it; a post takes the next step. Sent twice, the second is told how it stands."""
    actor, now = actor_of(request), timezone.now()
    row = queries.proposal(proposal_id, actor=actor, now=now)
    problem, given = "", {}
    if request.method == "POST":
        try:
            return acts.do(request, actor, row, now)
        except NotAllowed:
            raise
        except acts.Wrong as wrong:
            problem, given = str(wrong), request.POST.dict()
            row = queries.proposal(proposal_id, actor=actor, now=now)
    place = network.place_of_house(row.house.id)
    judged = queries.assessments_of(actor=actor, proposal_id=proposal_id)
    own = next((one for one in judged if one.assessor_id == actor.account_id), None)
    items = {one.code: one.names for one in row.standard.items}
    context = {
        "section": "founding",
        **line(row),
        "asked": wording.money(row.asked, row.currency),
        "kind": FOUNDED_KINDS[row.standard.kind],
        "assessments": [(one, wording.share(one.permille), wording.tone(one.state)) for one in judged],
        "submitted": sum(one.state is AssessmentState.SUBMITTED for one in judged),
        "failed": [items[code] for code in row.failed],
        "own": own,
        "items": row.standard.items,
        "tasks": [acts.task_line(one, row, now.date()) for one in queries.tasks(proposal_id)],
        "spends": [(one, wording.money(one.amount, row.currency)) for one in queries.spends(proposal_id)],
        "left": wording.money((row.budget or 0) - row.spent, row.currency) if row.budget is not None else "",
        "spent_share": min(100, row.spent * 100 // row.budget) if row.budget else 0,
        "problem": problem,
        "given": given,
        "key": secrets.token_hex(8),
        "example_day": acts.day_text(now.date()),
        "currencies": () if row.currency else acts.CURRENCIES,
        "may": _may(actor, row, place, own is not None),
        "passport": queries.passport_of(row.house.id, today=now.date()) if row.state is ProposalState.OPEN else None,
        "crumbs": crumbs(row.house.names.pick(reader.current().language)),
    }
    return render(request, "founding/desk_proposal.html", context, status=422 if problem else 200)


@staffed(FOUNDING)
@require_http_methods(["GET", "HEAD", "POST"])
def passports(request: HttpRequest) -> HttpResponse:
    """Houses that are measured, the soonest due first, and those that never were; a post begins to assess one."""
    actor, now = actor_of(request), timezone.now()
    problem = ""
    if request.method == "POST":
        try:
            house, standard = (request.POST.get(name, "")[:80] for name in ("house", "standard"))
            begun = (
                services.begin_first(actor=actor, house_code=house, standard_code=standard, now=now)
                if standard
                else services.begin_again(actor=actor, house_code=house, now=now)
            )
        except NotAllowed:
            raise
        except Refusal as refusal:
            problem = wording.sentence(refusal)
        else:
            return redirect("desk-assessment", assessment_id=begun.id)
    context = {
        "section": "founding",
        "tab": "passports",
        "rows": [
            (row, PASSPORT_STATES[row.state], wording.tone(row.state), wording.share(row.permille))
            for row in queries.passports(actor=actor, today=now.date())
        ],
        "unmeasured": [
            (row, FOUNDED_KINDS[row.kind])
            for row in queries.unmeasured(actor=actor, now=now, language=reader.current().language)
        ],
        "assesses": actor.holds_somewhere(permissions.ASSESSORS),
        "problem": problem,
        "crumbs": crumbs(_("Passports")),
    }
    return render(request, "founding/desk_passports.html", context, status=422 if problem else 200)


def line(row: Any) -> dict[str, Any]:
    """A proposal in a list."""
    weighed = row.weighed
    return {
        "row": row,
        "state": PROPOSAL_STATES[row.state],
        "tone": wording.tone(row.state),
        "share": wording.share(row.permille),
        "weighed": weighed,
        "budget": wording.money(row.budget, row.currency),
        "spent": wording.money(row.spent, row.currency) if row.budget is not None else "",
    }


def _may(actor: Actor, row: Any, place: Any, has_own: bool) -> dict[str, bool]:
    """Which buttons there are; services judge again."""
    mine = actor.account_id is not None and row.made_by == actor.account_id
    state = row.state
    decides = permissions.may_decide(actor, place)
    impartial = not mine and not has_own
    fits = permissions.may_fit(actor, place)
    return {
        "change": state is ProposalState.PROPOSED and permissions.may_propose(actor, place),
        "withdraw": state in UNDERWAY and (mine or decides),
        "assess": state is ProposalState.PROPOSED and permissions.may_assess(actor, place) and not mine and not has_own,
        "decide": state is ProposalState.ASSESSED and decides and impartial,
        "not_impartial": state is ProposalState.ASSESSED and decides and not impartial,
        "begin": state is ProposalState.APPROVED and fits,
        "tasks": state in (ProposalState.APPROVED, ProposalState.FITTING_OUT) and fits,
        "spend": state is ProposalState.FITTING_OUT and fits,
        "budget": state in (ProposalState.APPROVED, ProposalState.FITTING_OUT) and decides and impartial,
    }


def _standards(kind: str = "") -> list[tuple[str, str]]:
    language = reader.current().language
    return [
        (str(row.id), f"{row.names.pick(language)} ({FOUNDED_KINDS[row.kind].pick(language)})")
        for row in queries.standards(kind=kind, in_force=True)
    ]


def _parents(actor: Actor, request: HttpRequest) -> list[tuple[str, str]]:
    """Houses in service in which the actor may propose another. About a dozen statements."""
    language = reader.current().language
    found = network.houses(
        HouseFilter(states=frozenset({HouseState.OPEN})),
        actor=SYSTEM,
        now=timezone.now(),
        language=language,
        limit=2_000,
    )
    places = network.places_of_houses(row.id for row in found.rows)
    return [
        (row.code, row.names.pick(language)) for row in found.rows if permissions.may_propose(actor, places[row.id])
    ]


def _operators(actor: Actor) -> list[tuple[str, str]]:
    """Organisations on whose estate the actor may propose a house: those where the role is held."""
    held = {
        grant.organisation_id for grant in actor.grants if grant.organisation_id and grant.role in permissions.PROPOSERS
    }
    language = reader.current().language
    return sorted(
        ((ref.code, ref.names.pick(language)) for ref in network.organisation_refs(held).values()),
        key=lambda one: one[1],
    )
