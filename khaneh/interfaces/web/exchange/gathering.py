"""Repeated needs at the desk: what waits for a decision, what houses are asked to do, one of them. Parse, call, translate."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from khaneh.domains.exchange import queries, services
from khaneh.domains.exchange.permissions import GATHERERS, GATHERING_DESK
from khaneh.domains.exchange.types import GatheringAnswer, GatheringDecision, GatheringRow
from khaneh.domains.network import queries as network
from khaneh.domains.network.types import sector_name
from khaneh.domains.programmes import queries as programmes
from khaneh.interfaces.web import reader
from khaneh.interfaces.web.desk.gate import staffed
from khaneh.interfaces.web.exchange import fates, wording
from khaneh.interfaces.web.requests import actor_of
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import Invalid, Refusal


@staffed(GATHERING_DESK)
@require_safe
def gatherings(request: HttpRequest) -> HttpResponse:
    """What waits for the reader's decision, what their houses are asked to do, and what was decided last."""
    actor = actor_of(request)
    asked = queries.proposed_gatherings(actor)
    shown = {one.id for one in asked}
    context = {
        "section": "gatherings",
        "gathers": actor.holds_somewhere(GATHERERS),
        "asked": [_line(one) for one in asked],
        "waiting": [_line(one) for one in queries.gatherings(actor)],
        "decided": [_line(one) for one in queries.decided_gatherings(actor, limit=40) if one.id not in shown],
    }
    return render(request, "exchange/gatherings.html", context)


@staffed(GATHERING_DESK)
@require_http_methods(["GET", "HEAD", "POST"])
def gathering(request: HttpRequest, gathering_id: int) -> HttpResponse:
    """One, with why its needs are together; a POST decides or answers. Sent twice, the second is told that it is done."""
    actor = actor_of(request)
    row = queries.gathering(gathering_id, actor=actor)
    wrong: dict[str, str] = {}
    if request.method == "POST":
        wrong = _do(request, actor, gathering_id)
        if not wrong:
            return redirect("desk-gathering", gathering_id=gathering_id)
    context = {
        "section": "gatherings",
        **_line(row),
        "needs": [wording.line(one) for one in row.needs],
        "choices": _choices(request.POST.get("act", "")),
        "houses": _houses(row) if row.decides else [],
        "typed": {name: request.POST.get(name, "") for name in ("note", "house")},
        "wrong": wrong,
        "ways": _ways(row, actor) if row.answers else [],
        "buys": row.answers and row.fate.decision is GatheringDecision.PURCHASE,
    }
    return render(request, "exchange/gathering.html", context, status=422 if wrong else 200)


def _line(row: GatheringRow) -> dict[str, Any]:
    language = reader.current().language
    return {
        "gathering": row,
        "title": fates.title_of(row, language),
        "sector": sector_name(row.sector).pick(language) if row.sector else "",
        "words": " · ".join(row.words),
        "alike": None if row.meaning is None else round(100 * max(0.0, row.meaning)),
        "fate": fates.shown(row.fate),
    }


def _choices(chosen: str) -> list[tuple[str, str, str, bool]]:
    """What can be decided: code, what it is, what follows, whether it is chosen."""
    said = [
        (GatheringDecision.CALL, _("A challenge call"), _("A programme manager of the house prepares it with the words of these needs.")),
        (GatheringDecision.COURSE, _("A course"), _("For what can be learnt: a trainer of the house prepares it.")),
        (GatheringDecision.PURCHASE, _("Something a library buys"), _("Say what: books, a database, a device that readers share.")),
        (GatheringDecision.ASIDE, _("Nothing: lay it aside"), _("Say why. These needs are not gathered again.")),
    ]  # fmt: skip
    return [(one.value, name, hint, one.value == chosen) for one, name, hint in said]


def _houses(row: GatheringRow) -> list[tuple[str, list[tuple[str, str]]]]:
    """Whom to ask: houses whose brokers have these needs, then the libraries of their provinces."""
    language = reader.current().language
    brokers = {one.broker_house.code: one.broker_house.names.pick(language) for one in row.needs}
    provinces = {network.house_facts(one.broker_house.id).regions[0] for one in row.needs}
    there = {number for province in provinces for number in network.house_ids_in_region(province)}
    named = network.library_names()
    libraries = {one.code: one.names.pick(language) for one in network.house_refs(there).values() if one.code in named}
    return [
        (_("Houses of their brokers"), sorted(brokers.items(), key=lambda one: one[1])),
        (_("Libraries"), sorted(libraries.items(), key=lambda one: one[1])),
    ]


def _ways(row: GatheringRow, actor: Actor) -> list[tuple[str, str]]:
    """Where the asked house begins what was proposed: address and name."""
    house = row.fate.house
    if house is None or row.fate.decision is GatheringDecision.PURCHASE:
        return []
    if row.fate.decision is GatheringDecision.COURSE:
        address = f"{reverse('desk-course-new')}?house={house.code}&gathering={row.id}"
        return [(address, _("Enter the course with the words of these needs"))]
    language = reader.current().language
    return [
        (f"{reverse('desk-call-new', args=[one.code])}?gathering={row.id}", one.names.pick(language))
        for one in programmes.programmes_of_house(house.id, actor=actor)
    ]


def _do(request: HttpRequest, actor: Actor, gathering_id: int) -> dict[str, str]:
    """What is wrong with what was sent; nothing where it was done, by this reader or by another before."""
    post = request.POST
    act, note = post.get("act", ""), post.get("note", "")
    try:
        if act in list(GatheringDecision):
            services.decide_gathering(
                actor=actor, gathering_id=gathering_id, decision=GatheringDecision(act), now=timezone.now(),
                note=note, house_code=post.get("house", ""),
            )  # fmt: skip
            said = _("Decided. Whoever has one of these needs is told, and so is who is asked.")
        elif act in list(GatheringAnswer):
            services.answer_gathering(
                actor=actor, gathering_id=gathering_id, answer=GatheringAnswer(act), now=timezone.now(), note=note
            )
            said = _("Answered. Whoever has one of these needs is told.")
        else:
            return {"act": _("Choose one.")}
    except Invalid as refusal:
        return wording.facts_of(refusal)
    except Refusal as refusal:
        told = wording.why(refusal)
        messages.error(request, f"{told.said} {told.remedy}")
    else:
        messages.success(request, said)
    return {}
