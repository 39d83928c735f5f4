"""Machines that speak SIP2: adding one, its password, switching it off."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khaneh.domains.circulation import services
from khaneh.domains.circulation.errors import TerminalNameTaken
from khaneh.domains.circulation.queries import terminals as queries
from khaneh.domains.network import queries as network
from khaneh.interfaces.web import reader
from khaneh.interfaces.web.desk.forms.terminals import TerminalForm
from khaneh.interfaces.web.desk.gate import MANAGERS, staffed
from khaneh.interfaces.web.requests import actor_of
from khaneh.kernel.refusal import Invalid, NotFound


@staffed(MANAGERS)
@require_safe
def houses(request: HttpRequest) -> HttpResponse:
    """The houses whose machines the person keeps; straight to the house where it is one."""
    found = queries.houses_with_terminals(actor_of(request))
    if len(found) == 1:
        return redirect("desk-terminals-of", code=found[0][0].code)
    language = reader.current().language
    rows = sorted(found, key=lambda row: (row[1] == 0, row[0].names.pick(language).casefold(), row[0].code))
    context = {"section": "terminals", "houses": rows, "crumbs": [(_("Desk"), reverse("desk")), (_("Machines"), "")]}
    return render(request, "desk/terminals/houses.html", context)


@staffed(MANAGERS)
@require_http_methods(["GET", "HEAD", "POST"])
def house(request: HttpRequest, code: str) -> HttpResponse:
    """The machines of one house; a POST adds one, and its password is on the page that answers, never again."""
    house_id = network.house_ids_by_code([code]).get(code)
    if house_id is None:
        raise Http404
    form = TerminalForm(request.POST if request.method == "POST" else None)
    shown: tuple[str, str] | None = None
    _rows(request, house_id)
    if form.is_bound and form.is_valid():
        name = form.cleaned_data["name"]
        try:
            _number, password = services.add_terminal(
                actor=actor_of(request), house_id=house_id, name=name, now=timezone.now(), **form.facts()
            )
        except TerminalNameTaken:
            form.add_error("name", _("Another machine signs in by this name."))
        except Invalid as refusal:
            for field in refusal.facts["fields"]:
                form.add_error(field, _("This is not possible here."))
        else:
            shown, form = (name, password), TerminalForm(None)
    return _page(request, code, house_id, form=form, shown=shown)


@staffed(MANAGERS)
@require_POST
def change(request: HttpRequest, terminal_id: int) -> HttpResponse:
    """Another kind, language or set of characters."""
    found = _terminal(request, terminal_id)
    form = TerminalForm(request.POST, terminal=found)
    if form.is_valid():
        services.change_terminal(actor=actor_of(request), terminal_id=terminal_id, **form.facts())
        messages.success(request, _("The machine is spoken to as you say."))
    else:
        messages.error(request, _("This is not possible here."))
    return redirect("desk-terminals-of", code=found.house.code)


@staffed(MANAGERS)
@require_POST
def password(request: HttpRequest, terminal_id: int) -> HttpResponse:
    """Another password, shown once."""
    found = _terminal(request, terminal_id)
    made = services.rotate_terminal_password(actor=actor_of(request), terminal_id=terminal_id, now=timezone.now())
    return _page(request, found.house.code, found.house.id, form=TerminalForm(None), shown=(found.name, made))


@staffed(MANAGERS)
@require_POST
def switch(request: HttpRequest, terminal_id: int) -> HttpResponse:
    """Off, or on again."""
    found = _terminal(request, terminal_id)
    on = request.POST.get("on") == "1"
    services.switch_terminal(actor=actor_of(request), terminal_id=terminal_id, on=on, now=timezone.now())
    messages.success(request, _("The machine may sign in again.") if on else _("The machine is cut off."))
    return redirect("desk-terminals-of", code=found.house.code)


def _terminal(request: HttpRequest, terminal_id: int) -> queries.TerminalRow:
    try:
        return queries.terminal(actor_of(request), terminal_id)
    except NotFound as refusal:
        raise Http404 from refusal


def _rows(request: HttpRequest, house_id: int) -> list[queries.TerminalRow]:
    try:
        return queries.terminals(actor_of(request), house_id=house_id)
    except NotFound as refusal:
        raise Http404 from refusal


def _page(
    request: HttpRequest, code: str, house_id: int, *, form: TerminalForm, shown: tuple[str, str] | None
) -> HttpResponse:
    language = reader.current().language
    title = network.house_refs([house_id])[house_id].names.pick(language)
    rows: list[dict[str, Any]] = [
        {"row": row, "kind": row.kind_label.pick(language), "form": TerminalForm(None, terminal=row)}
        for row in _rows(request, house_id)
    ]
    context = {
        "section": "terminals",
        "title": title,
        "code": code,
        "rows": rows,
        "form": form,
        "shown": shown,
        "crumbs": [(_("Desk"), reverse("desk")), (_("Machines"), reverse("desk-terminals")), (title, "")],
    }
    return render(request, "desk/terminals/house.html", context, status=422 if form.errors else 200)
