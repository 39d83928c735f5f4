"""Questions to the rules: any that somebody asks, decisions of the past, and a draft tried on all of them."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from khaneh.domains.network import queries as network
from khaneh.domains.network.permissions import MANAGERS
from khaneh.domains.policies import queries
from khaneh.domains.policies.permissions import READERS
from khaneh.domains.policies.types import ActType, Change, Explanation, Question, Trial, TrialCase
from khaneh.interfaces.web import reader
from khaneh.interfaces.web.desk import policy_wording as words
from khaneh.interfaces.web.desk.forms.policies import AskForm
from khaneh.interfaces.web.desk.gate import staffed
from khaneh.interfaces.web.desk.views.policies import crumbs, house_choices
from khaneh.interfaces.web.requests import actor_of
from khaneh.kernel.money import Money
from khaneh.kernel.refusal import NotFound

PERIODS = (30, 90, 365)
_SHOWN = 200
_MOST_CHANGES = 40


@staffed(READERS)
@require_safe
def ask(request: HttpRequest) -> HttpResponse:
    """Answer any question with the full explanation. Nothing is kept; the address of the answer can be passed on."""
    known = queries.acts()
    wanted, code = request.GET.get("act", ""), request.GET.get("house", "")
    chosen = next((one for one in known if one.code == wanted), known[0] if known else None)
    house_id = network.house_ids_by_code([code]).get(code) if code else None
    form = AskForm(request.GET if house_id else None, act=chosen) if chosen else None
    explained = None
    if chosen and form and house_id and form.is_valid():
        explained = _explained(chosen, queries.ask(Question(chosen.code, house_id, form.facts(), timezone.now())))
    language = reader.current().language
    context = {
        "section": "policies",
        "form": form,
        "act_choices": [(one.code, one.label.pick(language), one is chosen) for one in known],
        "act": chosen.code if chosen else "",
        "houses": house_choices(code),
        "house_missing": bool(code) and house_id is None,
        "explained": explained,
        "crumbs": crumbs((_("Rules"), reverse("desk-policies")), (_("Ask"), "")),
    }
    return render(request, "desk/policies/ask.html", context)


@staffed(READERS)
@require_safe
def decision(request: HttpRequest, decision_id: int) -> HttpResponse:
    """A past decision by the rules of its own time."""
    found = queries.explain(decision_id, actor=actor_of(request))
    act = next((one for one in queries.acts() if one.code == found.question.act), None)
    if act is None:
        raise NotFound(what="act")
    context = {
        "section": "policies",
        "decision_id": decision_id,
        "act_label": act.label.pick(reader.current().language),
        "explained": _explained(act, found),
        "crumbs": crumbs((_("Rules"), reverse("desk-policies")), (_("A decision"), "")),
    }
    return render(request, "desk/policies/decision.html", context)


@staffed(MANAGERS)
@require_safe
def trial(request: HttpRequest, set_id: int) -> HttpResponse:
    """What the draft would have answered to the questions of the last months."""
    act, days, found = _trial(request, set_id)
    row = queries.rule_set(set_id, actor=actor_of(request))
    place = words.place(row.scope, row.place)
    title = _("%(act)s: %(place)s") % {"act": act.label.pick(reader.current().language), "place": place}
    context = {
        "section": "policies",
        "row": row,
        "title": title,
        "days": days,
        "periods": PERIODS,
        "trial": found,
        "cases": [_case(act, one) for one in found.cases[:_SHOWN]],
        "more": max(0, len(found.cases) - _SHOWN),
        "crumbs": crumbs(
            (_("Rules"), reverse("desk-policies")),
            (title, reverse("desk-policy", args=[set_id])),
            (_("Try on the past"), ""),
        ),
    }
    return render(request, "desk/policies/trial.html", context)


@staffed(MANAGERS)
@require_safe
def trial_table(request: HttpRequest, set_id: int) -> HttpResponse:
    """The changed decisions as CSV: one line for each aspect that would change."""
    act, _days, found = _trial(request, set_id)
    made = io.StringIO()
    writer = csv.writer(made)
    names = [fact.name for fact in act.facts]
    writer.writerow(["house", "times", "latest_decision", "latest_at", "aspect", "before", "after", *names])
    for one in found.cases:
        for aspect in one.changed:
            writer.writerow(
                [
                    _cell(value)
                    for value in (
                        one.house.code if one.house else "",
                        one.times,
                        one.latest_id,
                        one.latest_at.isoformat(timespec="seconds"),
                        aspect,
                        _plain(aspect, one.before),
                        _plain(aspect, one.after),
                        *(one.facts.get(name) for name in names),
                    )
                ]
            )
    response = HttpResponse("\ufeff" + made.getvalue(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="trial-{set_id}.csv"'
    return response


def _trial(request: HttpRequest, set_id: int) -> tuple[ActType, int, Trial]:
    actor = actor_of(request)
    draft = queries.draft(set_id, actor=actor)
    if draft is None:
        raise NotFound(what="draft")
    given = request.GET.get("days", "")
    days = int(given) if given in {str(one) for one in PERIODS} else PERIODS[1]
    act = queries.act(queries.rule_set(set_id, actor=actor).act)
    since = timezone.now() - timedelta(days=days)
    return act, days, queries.try_draft(actor=actor, draft_id=draft.id, since=since)


def _explained(act: ActType, found: Explanation) -> dict[str, Any]:
    """An explanation as a page shows it."""
    language = reader.current().language
    answer = found.answer
    limits = {one.term: one for one in answer.limits}
    aspects = ["effect", *(term.name for term in act.terms if term.name in answer.terms)]
    verdicts = [
        {
            "name": words.rule_name(one.ref, found.places),
            "set_id": one.ref.set_id,
            "sentence": words.sentence(act, one.rule),
            "won": [words.aspect(act, aspect) for aspect in one.won],
            "lost": [
                (words.aspect(act, aspect), words.rule_name(winner, found.places), words.why_lost(why))
                for aspect, winner, why in one.lost
            ],
            "unmet": [words.condition(act, condition) for condition in one.unmet],
        }
        for one in found.verdicts
    ]
    return {
        "found": found,
        "house": found.house.names.pick(language) if found.house else "",
        "at": found.question.at,
        "facts": words.facts(act, found.question.facts),
        "permitted": answer.permitted,
        "refusals": [
            {
                "text": one.label.pick(language),
                "remedy": one.remedy.pick(language) if one.remedy else "",
                "right": act.rights[one.right].pick(language)
                if one.right is not None and one.right in act.rights
                else "",
                "rule": words.rule_name(one.rule, found.places) if one.rule else "",
            }
            for one in answer.refusals
        ],
        "aspects": [
            {
                "label": words.aspect(act, name),
                "value": words.aspect_value(act, name, answer),
                "by": words.rule_name(answer.decided_by[name], found.places) if name in answer.decided_by else "",
                "limit": limits.get(name),
            }
            for name in aspects
        ],
        "won": [one for one in verdicts if one["won"]],
        "lost": [one for one in verdicts if one["lost"] and not one["won"]],
        "missed": [one for one in verdicts if one["unmet"]],
        "helping": [_change(act, one) for one in found.changes if one.permitted != answer.permitted][:_MOST_CHANGES],
        "changing": [_change(act, one) for one in found.changes if one.permitted == answer.permitted][:_MOST_CHANGES],
    }


def _change(act: ActType, one: Change) -> dict[str, Any]:
    return {
        "if": [words.condition(act, condition) for condition in one.conditions],
        "permitted": one.permitted,
        "terms": [words.term(act, name, value) for name, value in one.terms.items()],
    }


def _case(act: ActType, one: TrialCase) -> dict[str, Any]:
    language = reader.current().language
    return {
        "house": one.house.names.pick(language) if one.house else "",
        "facts": words.facts(act, one.facts),
        "times": one.times,
        "latest": one.latest_id,
        "changes": [
            (
                words.aspect(act, aspect),
                words.aspect_value(act, aspect, one.before),
                words.aspect_value(act, aspect, one.after),
            )
            for aspect in one.changed
        ],
    }


def _plain(aspect: str, answer: Any) -> Any:
    if aspect == "effect":
        return "permit" if answer.permitted else "refuse"
    value = answer.terms.get(aspect)
    return f"{value.amount} {value.currency}" if isinstance(value, Money) else value


def _cell(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula."""
    if isinstance(value, tuple):
        value = " ".join(value)
    return f"'{value}" if isinstance(value, str) and value[:1] in {"=", "+", "-", "@", "\t"} else value
