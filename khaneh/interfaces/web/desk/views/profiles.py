"""Profiles: the ready-made ones to look at and copy, those of librarians to be edited, and trying one before it is saved."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from khaneh.domains.catalogue import queries, services
from khaneh.domains.catalogue.errors import ProfileInvalid
from khaneh.domains.catalogue.queries import previews
from khaneh.domains.catalogue.types import ProfileRow
from khaneh.interfaces.web.desk import wording
from khaneh.interfaces.web.desk.forms.profiles import (
    MOST_COLUMNS,
    PARTS,
    SAMPLE,
    ColumnForm,
    ColumnForms,
    ProfileForm,
    RuleForm,
    RuleForms,
    column_initial,
    rule_initial,
)
from khaneh.interfaces.web.desk.gate import CATALOGUERS, IMPORTERS, staffed
from khaneh.interfaces.web.requests import actor_of
from khaneh.kernel.refusal import NotAllowed, Refusal


@staffed(IMPORTERS)
@require_safe
def profiles(request: HttpRequest) -> HttpResponse:
    """All profiles, with where each looks."""
    rows = queries.profiles()
    context = {
        "section": "profiles",
        "ready": [(row, _places(row)) for row in rows if row.builtin],
        "own": [(row, _places(row)) for row in rows if not row.builtin],
        "may_edit": actor_of(request).holds_somewhere(CATALOGUERS),
        "crumbs": [(_("Desk"), reverse("desk")), (_("Profiles"), "")],
    }
    return render(request, "desk/profiles.html", context)


def _places(row: ProfileRow) -> list[str]:
    """Where a profile looks, as cataloguers write it: 952$p."""
    return [
        f"{rule['tag']}${rule['barcode']}" if rule.get("barcode") else rule["tag"]
        for rule in row.rules.get("fields", ())
    ]


@staffed(IMPORTERS)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, name: str = "") -> HttpResponse:
    """A profile's form: to be saved by cataloguers, to be tried by everybody who imports; a ready-made one is only shown."""
    actor = actor_of(request)
    is_new = not name
    copied = request.GET.get("copy", "")
    row = queries.profile(name or copied) if name or copied else None
    locked = bool(row and row.builtin and not is_new) or not actor.holds_somewhere(CATALOGUERS)
    posted = request.POST if request.method == "POST" else None
    form = ProfileForm(posted, request.FILES or None, row=row, is_new=is_new, sources=queries.sources(actor=actor))
    rules = RuleForms(posted, initial=rule_initial(row.rules) if row else [], prefix="rule")
    told = _told(request) if is_new else None
    shown = told if told is not None else row.rules.get("columns", []) if row else []
    columns = ColumnForms(posted, initial=column_initial(shown), prefix="column")
    trial = None
    if posted is not None and form.is_valid() and rules.is_valid() and columns.is_valid():
        wanted, places = _rules(form, rules)
        pairs = {number: pair for number, one in enumerate(columns.forms) if (pair := one.pair()) is not None}
        if pairs:
            wanted["columns"] = list(pairs.values())
        try:
            if "save" in request.POST and not locked:
                if is_new and any(one.name == form.cleaned_data["name"] for one in queries.profiles()):
                    form.add_error("name", _("Another profile has this name."))
                else:
                    slug = name or form.cleaned_data["name"]
                    services.save_profile(actor=actor, name=slug, label=form.label(), rules=wanted, now=timezone.now())
                    messages.success(request, _("The profile is saved. Imports that begin from now on follow it."))
                    waiting = request.GET.get("import", "")
                    if waiting.isdecimal() and len(waiting) < 12:
                        return redirect(f"{reverse('desk-import', args=[waiting])}?profile={slug}")
                    return redirect("desk-profile", name=slug)
            else:
                trial = _trial(request, form, wanted)
        except ProfileInvalid as refusal:
            _point_out(refusal, form, (rules, places), (columns, list(pairs)))
        except NotAllowed:
            raise
        except Refusal as refusal:
            form.add_error(None, wording.refusal(refusal))
    wrong = bool(form.errors or any(rules.errors) or any(columns.errors))
    title = _("A further profile") if is_new else row.label.pick(actor.language) or row.name if row else ""
    context: dict[str, Any] = {
        "section": "profiles",
        "row": row,
        "is_new": is_new,
        "locked": locked,
        "form": form,
        "rules": rules,
        "columns": columns,
        "has_columns": bool(shown) or any(columns.errors),
        "trial": trial,
        "title": title,
        "crumbs": [(_("Desk"), reverse("desk")), (_("Profiles"), reverse("desk-profiles")), (title, "")],
    }
    return render(request, "desk/profile.html", context, status=422 if wrong else 200)


def _rules(form: ProfileForm, rules: forms.BaseFormSet[RuleForm]) -> tuple[dict[str, Any], list[int]]:
    """The rules as the catalogue keeps them, and for each the number of its form."""
    fields, places = [], []
    for number, one in enumerate(rules.forms):
        rule = one.rule()
        if rule is not None:
            fields.append(rule)
            places.append(number)
    wanted: dict[str, Any] = {"fields": fields}
    if form.cleaned_data["houses"]:
        wanted["houses"] = form.cleaned_data["houses"]
    if form.cleaned_data["currency"]:
        wanted["currency"] = form.cleaned_data["currency"]
    return wanted, places


def _trial(request: HttpRequest, form: ProfileForm, wanted: dict[str, Any]) -> previews.Trial:
    sample = form.cleaned_data.get("sample")
    source = form.cleaned_data.get("source", "")
    return previews.try_profile(
        actor=actor_of(request),
        rules=wanted,
        sample=sample.read(SAMPLE) if sample else b"",
        name=sample.name if sample else "",
        source_id=int(source) if source else None,
    )


def _told(request: HttpRequest) -> list[list[str]] | None:
    """The columns of a file that somebody is about to import, as its page hands them over; None where it does not, or not so."""
    try:
        pairs = json.loads(request.GET.get("columns", ""))
        return [[str(column), str(target)] for column, target in pairs][:MOST_COLUMNS]
    except (TypeError, ValueError):
        return None


def _point_out(
    refusal: ProfileInvalid,
    form: ProfileForm,
    rule_forms: tuple[forms.BaseFormSet[RuleForm], list[int]],
    column_forms: tuple[forms.BaseFormSet[ColumnForm], list[int]],
) -> None:
    """Put what is wrong beside its field: `fields.1.items.tag` is the second filled rule's `items_tag`."""
    (rules, places), (columns, lines) = rule_forms, column_forms
    where = str(refusal.facts.get("where", "")).split(".")
    text = wording.profile_fault(str(refusal.facts.get("why", "")))
    if where[0] in {"currency", "houses"}:
        form.add_error(where[0], text)
    elif where[0] == "fields" and len(where) > 1 and where[1].isdecimal() and int(where[1]) < len(places):
        inside = where[2:]
        prefix = "items_" if inside[:1] == ["items"] else ""
        field = inside[-1] if inside and inside[-1] in ("tag", *PARTS) else "barcode"
        rules.forms[places[int(where[1])]].add_error(prefix + field, text)
    elif where[0] == "columns" and len(where) > 1 and where[1].isdecimal() and int(where[1]) < len(lines):
        columns.forms[lines[int(where[1])]].add_error("target" if where[-1] == "target" else "column", text)
    else:
        form.add_error(None, text)
