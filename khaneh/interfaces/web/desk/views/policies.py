"""The rules of the network's places: lists, one set with its draft, rules written and published, history."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khaneh.domains.network import queries as network
from khaneh.domains.network.permissions import MANAGERS
from khaneh.domains.policies import queries, services
from khaneh.domains.policies.errors import DraftChanged, RulesConflict
from khaneh.domains.policies.permissions import READERS
from khaneh.domains.policies.types import ActType, Rule, RuleChange, Scope, SetRow, VersionRow
from khaneh.interfaces.web import reader
from khaneh.interfaces.web.desk import policy_wording as words
from khaneh.interfaces.web.desk import wording
from khaneh.interfaces.web.desk.forms.policies import NewSetForm, PublishForm, RuleForm
from khaneh.interfaces.web.desk.gate import staffed
from khaneh.interfaces.web.requests import actor_of
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import Invalid, NotAllowed, NotFound, Refusal

_Crumbs = list[tuple[str, str]]


@staffed(READERS)
@require_safe
def sets(request: HttpRequest) -> HttpResponse:
    """All rule sets that there are, or those that hold at a house, by act."""
    actor = actor_of(request)
    wanted, code = request.GET.get("act", ""), request.GET.get("house", "")
    house_id = network.house_ids_by_code([code]).get(code) if code else None
    rows = queries.rule_sets(actor=actor, act=wanted, house_id=house_id)
    known = queries.acts()
    language = reader.current().language
    context = {
        "section": "policies",
        "acts": [
            {
                "label": one.label.pick(language),
                "rows": [(row, words.place(row.scope, row.place), words.level(row.scope)) for row in rows if row.act == one.code],
            }
            for one in known
            if not wanted or one.code == wanted
        ],
        "any": bool(rows),
        "act_choices": [(one.code, one.label.pick(language), one.code == wanted) for one in known],
        "houses": house_choices(code),
        "may_write": actor.holds_somewhere(MANAGERS),
        "crumbs": crumbs((_("Rules"), "")),
    }  # fmt: skip
    return render(request, "desk/policies/sets.html", context)


@staffed(MANAGERS)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Begin the rules of an act at a place: a draft."""
    actor = actor_of(request)
    form = NewSetForm(
        request.POST if request.method == "POST" else None, acts=queries.acts(), places=_writable_places(actor)
    )
    if form.is_bound and form.is_valid():
        kind, _colon, number = form.cleaned_data["place"].partition(":")
        scope = Scope(kind, int(number) if number else None)
        act = form.cleaned_data["act"]
        services.open_draft(actor=actor, act=act, scope=scope, now=timezone.now())
        return redirect("desk-policy", set_id=queries.set_at(act=act, scope=scope))
    context = {
        "section": "policies",
        "form": form,
        "crumbs": crumbs((_("Rules"), reverse("desk-policies")), (_("Rules for a place"), "")),
    }
    return render(request, "desk/policies/new.html", context, status=422 if form.errors else 200)


@staffed(READERS)
@require_safe
def rule_set(request: HttpRequest, set_id: int) -> HttpResponse:
    """A set's rules in force, and beside them its draft for those who may write it."""
    row, act, context = _set(request, set_id)
    in_force = queries.in_force(set_id)
    draft = queries.draft(set_id, actor=actor_of(request)) if row.may_edit else None
    shown = draft or in_force
    coverage = queries.covered(row.act, shown) if shown and row.may_edit else None
    context |= {
        "in_force": in_force,
        "draft": draft,
        "rules": _sentences(act, in_force),
        "draft_rules": _sentences(act, draft),
        "changes": [_change(act, one) for one in queries.compare(in_force, draft)] if draft else [],
        "idle": [
            (number, words.aspect(act, aspect)) for number, aspect in (coverage.idle if coverage else ())
        ],
        "open": [
            (words.aspect(act, aspect), words.facts(act, example))
            for aspect, example in (coverage.open.items() if coverage else ())
        ],
        "publish": PublishForm(),
        "otherwise": [
            words.effect(act.permitted),
            *(words.term(act, name, given) for name, given in act.defaults.items() if given is not None),
        ] if row.scope.kind == "network" else [],
    }  # fmt: skip
    return render(request, "desk/policies/set.html", context)


@staffed(MANAGERS)
@require_POST
def draft(request: HttpRequest, set_id: int) -> HttpResponse:
    """Open a set's draft."""
    row = queries.rule_set(set_id, actor=actor_of(request))
    services.open_draft(actor=actor_of(request), act=row.act, scope=row.scope, now=timezone.now())
    return redirect("desk-policy", set_id=set_id)


@staffed(MANAGERS)
@require_http_methods(["GET", "HEAD", "POST"])
def rule(request: HttpRequest, set_id: int, rule_id: int = 0) -> HttpResponse:
    """Write one rule of a draft, or take it out. A contradiction is shown beside both rules, with the question that meets them."""
    _row, act, context = _set(request, set_id)
    found = _draft(request, set_id)
    before = next((one for one in found.rules if one.id == rule_id), None)
    if rule_id and before is None:
        raise Http404
    form = RuleForm(request.POST if request.method == "POST" else None, act=act, rule=before)
    clashes: list[words.Clash] = []
    status = 200
    if request.method == "POST":
        status = 422
        try:
            if "remove" in request.POST:
                _remove(request, found, rule_id)
                return redirect("desk-policy", set_id=set_id)
            if form.is_valid():
                _save(request, found, form.rule())
                return redirect("desk-policy", set_id=set_id)
        except Invalid as refusal:
            form.point_out(refusal.facts["fields"])
        except RulesConflict as refusal:
            clashes = words.clashes(act, queries.conflicts_from(refusal.facts))
            status = 409
        except NotAllowed:
            raise
        except Refusal as refusal:
            messages.error(request, say(refusal))
            return redirect("desk-policy", set_id=set_id)
    title = _("Change a rule") if before else _("A further rule")
    context |= {
        "form": form,
        "before": words.sentence(act, before) if before else None,
        "clashes": clashes,
        # A further rule has a number in the refusal that the draft does not know.
        "mine": rule_id or _unknown(clashes, found),
        "revision": found.revision,
        "title": title,
        "crumbs": [*context["crumbs"][:-1], (context["title"], reverse("desk-policy", args=[set_id])), (title, "")],
    }
    return render(request, "desk/policies/rule.html", context, status=status)


@staffed(MANAGERS)
@require_POST
def publish(request: HttpRequest, set_id: int) -> HttpResponse:
    """Put the draft in force."""
    found = _draft(request, set_id)
    form = PublishForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Please say in the note what changes and why."))
        return redirect("desk-policy", set_id=set_id)
    try:
        services.publish(
            actor=actor_of(request),
            draft_id=found.id,
            revision=form.cleaned_data["revision"],
            note=form.cleaned_data["note"],
            now=timezone.now(),
        )
    except NotAllowed:
        raise
    except Refusal as refusal:
        messages.error(request, say(refusal))
    else:
        messages.success(request, _("The rules are in force. Every desk follows them within a second."))
    return redirect("desk-policy", set_id=set_id)


@staffed(MANAGERS)
@require_POST
def discard(request: HttpRequest, set_id: int) -> HttpResponse:
    """Throw the draft away."""
    found = _draft(request, set_id)
    try:
        services.discard_draft(actor=actor_of(request), draft_id=found.id, revision=_revision(request))
    except NotAllowed:
        raise
    except Refusal as refusal:
        messages.error(request, say(refusal))
        return redirect("desk-policy", set_id=set_id)
    messages.success(request, _("The draft is thrown away; what was in force stays so."))
    return redirect("desk-policy", set_id=set_id) if found.based_on else redirect("desk-policies")


@staffed(READERS)
@require_safe
def history(request: HttpRequest, set_id: int) -> HttpResponse:
    """The published versions of a set, each with what it changed."""
    _row, act, context = _set(request, set_id)
    versions = queries.history(set_id)
    before = {one.number: one for one in versions}
    context |= {
        "versions": [
            (one, [_change(act, change) for change in queries.compare(before.get((one.number or 0) - 1), one)])
            for one in versions
        ],
        "crumbs": [
            *context["crumbs"][:-1],
            (context["title"], reverse("desk-policy", args=[set_id])),
            (_("History"), ""),
        ],
    }
    return render(request, "desk/policies/history.html", context)


def crumbs(*more: tuple[str, str]) -> _Crumbs:
    """From the desk on."""
    return [(_("Desk"), reverse("desk")), *more]


def house_choices(chosen: str) -> list[tuple[str, str, bool]]:
    """Houses for a select box, by name: code, name, whether it is the chosen one."""
    language = reader.current().language
    names = sorted((label.pick(language), code) for code, label in network.house_names().items())
    return [(code, name, code == chosen) for name, code in names]


def say(refusal: Refusal) -> str:
    """What to tell when a service refuses."""
    return words.refusal(refusal.code) or wording.refusal(refusal)


def _unknown(clashes: list[words.Clash], found: VersionRow) -> int:
    known = {one.id for one in found.rules}
    numbers = (one.rule.id for clash in clashes for one in (clash.left, clash.right))
    return next((number for number in numbers if number not in known), 0)


def _set(request: HttpRequest, set_id: int) -> tuple[SetRow, ActType, dict[str, Any]]:
    row = queries.rule_set(set_id, actor=actor_of(request))
    act = queries.act(row.act)
    place = words.place(row.scope, row.place)
    title = _("%(act)s: %(place)s") % {"act": act.label.pick(reader.current().language), "place": place}
    context = {
        "section": "policies",
        "row": row,
        "place": place,
        "level": words.level(row.scope),
        "title": title,
        "crumbs": crumbs((_("Rules"), reverse("desk-policies")), (title, "")),
    }
    return row, act, context


def _draft(request: HttpRequest, set_id: int) -> VersionRow:
    found = queries.draft(set_id, actor=actor_of(request))
    if found is None:
        raise NotFound(what="draft")
    return found


def _revision(request: HttpRequest) -> int:
    given = request.POST.get("revision", "")
    if not given.isdecimal() or len(given) > 9:
        raise DraftChanged
    return int(given)


def _save(request: HttpRequest, found: VersionRow, written: Rule) -> None:
    services.save_rule(
        actor=actor_of(request), draft_id=found.id, revision=_revision(request), rule=written, now=timezone.now()
    )
    messages.success(request, _("The rule is in the draft. It decides once the draft is published."))


def _remove(request: HttpRequest, found: VersionRow, rule_id: int) -> None:
    services.remove_rule(
        actor=actor_of(request), draft_id=found.id, revision=_revision(request), rule_id=rule_id, now=timezone.now()
    )
    messages.success(request, _("The rule is out of the draft."))


def _sentences(act: ActType, version: VersionRow | None) -> list[words.Sentence]:
    return [words.sentence(act, one) for one in queries.ordered(act.code, version.rules)] if version else []


def _change(act: ActType, one: RuleChange) -> tuple[words.Sentence | None, words.Sentence | None]:
    return (
        words.sentence(act, one.before) if one.before else None,
        words.sentence(act, one.after) if one.after else None,
    )


def _writable_places(actor: Actor) -> list[tuple[str, list[tuple[str, str]]]]:
    """The places whose rules the actor may write: the network, regions with houses, houses."""
    language = reader.current().language
    regions = {one.id: one.names.pick(language) or one.code for one in network.regions() if one.houses}
    codes = network.house_ids_by_code()
    refs = network.house_refs(codes.values())
    houses = {pk: ref.names.pick(language) or ref.code for pk, ref in refs.items()}
    scopes = [Scope("network"), *(Scope("region", pk) for pk in regions), *(Scope("house", pk) for pk in houses)]
    may = queries.writable(actor, scopes)
    groups = [
        (_("Network"), [("network:", _("the whole network"))] if Scope("network") in may else []),
        (_("Regions"), [(f"region:{pk}", name) for pk, name in regions.items() if Scope("region", pk) in may]),
        (
            _("Houses"),
            sorted(
                ((f"house:{pk}", name) for pk, name in houses.items() if Scope("house", pk) in may),
                key=lambda pair: pair[1],
            ),
        ),
    ]
    return [group for group in groups if group[1]]
