"""Houses as those who run them see them: the list, making one, changing it, its week and its state."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from khaneh.domains.network import permissions, queries, services
from khaneh.domains.network.queries.states import next_states
from khaneh.domains.network.types import HouseDraft, HouseFilter, HouseState, WeeklyHours
from khaneh.domains.spaces.types import OpeningChanged
from khaneh.interfaces.web import paging, reader
from khaneh.interfaces.web.desk import once, opening, wording
from khaneh.interfaces.web.desk.forms.network import HouseForm, StateForm, WeekForm
from khaneh.interfaces.web.desk.gate import ADMINISTRATORS, MANAGERS, staffed
from khaneh.interfaces.web.desk.views.network_refusals import explain, explain_plainly
from khaneh.interfaces.web.requests import actor_of
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import NotAllowed, Refusal

PAGE = 40


@staffed(MANAGERS)
@require_safe
def houses(request: HttpRequest) -> HttpResponse:
    """The houses that the actor may see, plans among them; those that are theirs to change have a link."""
    actor = actor_of(request)
    asked = request.GET.get("q", "").strip()[:200]
    number = paging.page_number(request)
    found = queries.houses(
        HouseFilter(text=asked, states=frozenset(HouseState)),
        actor=actor,
        now=timezone.now(),
        language=reader.current().language,
        offset=(number - 1) * PAGE,
        limit=PAGE,
    )
    places = queries.places_of_houses(row.id for row in found.rows)
    context = {
        "section": "houses",
        "asked": asked,
        "rows": [(row, permissions.may_manage_house(actor, places[row.id])) for row in found.rows],
        "total": found.total,
        "may_make": actor.holds_somewhere(ADMINISTRATORS),
        "pager": paging.pager(request, total=found.total, size=PAGE),
        "crumbs": [(_("Desk"), reverse("desk")), (_("Houses"), "")],
    }
    return render(request, "desk/houses.html", context)


def own_house(code: str, actor: Actor) -> tuple[int, HouseDraft]:
    """A house that the actor manages. Raises Http404 for any other."""
    house_id = queries.house_ids_by_code([code]).get(code)
    draft = queries.house_draft(code)
    if house_id is None or draft is None:
        raise Http404
    if not permissions.may_manage_house(actor, queries.place_of_house(house_id)):
        raise Http404
    return house_id, draft


def _form(request: HttpRequest, draft: HouseDraft | None) -> HouseForm:
    language = reader.current().language
    rows = queries.regions()
    regions = [(row.code, "— " * len(row.ancestors) + row.names.pick(language)) for row in rows]
    houses = queries.house_refs(queries.house_ids_by_code().values()).values()
    organisations = queries.organisation_refs(number for numbers in queries.organisation_ids() for number in numbers)
    return HouseForm(
        request.POST if request.method == "POST" else None,
        draft=draft,
        houses=[ref for ref in houses if draft is None or ref.code != draft.code],
        regions=regions,
        organisations=list(organisations.values()),
    )


@staffed(ADMINISTRATORS)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Enter a house."""
    form = _form(request, None)
    if form.is_bound and form.is_valid():
        try:
            made = services.create_house(actor=actor_of(request), draft=form.draft(), now=timezone.now())
        except Refusal as refusal:
            explain(refusal, form)
        else:
            messages.success(request, _("The house is entered."))
            return redirect("desk-house", code=made.code)
    context = {
        "section": "houses",
        "form": form,
        "title": _("A further house"),
        "crumbs": [(_("Desk"), reverse("desk")), (_("Houses"), reverse("desk-houses")), (_("A further house"), "")],
    }
    return render(request, "desk/house_new.html", context, status=422 if form.errors else 200)


@staffed(MANAGERS)
@require_http_methods(["GET", "HEAD", "POST"])
def house(request: HttpRequest, code: str) -> HttpResponse:
    """Everything about a house but its hours and its state, which have forms of their own beside it."""
    actor = actor_of(request)
    _house_id, draft = own_house(code, actor)
    form = _form(request, draft)
    if form.is_bound and form.is_valid():
        # Another region, or other clocks: then other days are off.
        change = partial(services.change_house, actor=actor, code=code, draft=form.draft(), now=timezone.now())
        try:
            done = opening.done_or_asked(request, change, _around(draft))
        except Refusal as refusal:
            explain(refusal, form)
        else:
            return _answered(request, done, _("The house is changed."), reverse("desk-house", args=[code]))
    return _page(request, draft, form=form, status=422 if form.errors else 200)


@staffed(MANAGERS)
@require_http_methods(["POST"])
def hours(request: HttpRequest, code: str) -> HttpResponse:
    """Replace the week."""
    actor = actor_of(request)
    house_id, draft = own_house(code, actor)
    form = _week_form(request, house_id, draft, bound=True)
    if form.is_valid():
        seasonal = [one for one in _week(house_id) if one.first or one.last]
        change = partial(services.set_opening_hours, actor=actor, house_code=code, week=[*form.week(), *seasonal])
        try:
            done = opening.done_or_asked(request, change, _around(draft))
        except NotAllowed:
            raise
        except Refusal as refusal:
            explain_plainly(refusal, form)
        else:
            return _answered(request, done, _("The hours are changed."), reverse("desk-house", args=[code]) + "#hours")
    return _page(request, draft, week=form, status=422)


@staffed(MANAGERS)
@require_http_methods(["POST"])
def state(request: HttpRequest, code: str) -> HttpResponse:
    """Take the house to its next state, with a reason."""
    actor = actor_of(request)
    _house_id, draft = own_house(code, actor)
    form = StateForm(request.POST, states=next_states(draft.state))
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        change = partial(
            services.change_house_state,
            actor=actor,
            code=code,
            state=HouseState(form.cleaned_data["state"]),
            reason=reason,
            now=timezone.now(),
        )
        try:
            done = opening.done_or_asked(request, change, _around(draft), words=reason)
        except Refusal as refusal:
            form.add_error("state", wording.refusal(refusal))
        else:
            return _answered(request, done, _("The state is changed."), reverse("desk-house", args=[code]))
    return _page(request, draft, state=form, status=422)


def _around(draft: HouseDraft) -> opening.Page:
    name, back = draft.names.pick(reader.current().language), reverse("desk-house", args=[draft.code])
    crumbs = [
        (_("Desk"), reverse("desk")),
        (_("Houses"), reverse("desk-houses")),
        (name, back),
        (_("What it ends"), ""),
    ]
    return opening.Page(_("What it ends"), name, "houses", back, crumbs)


def _answered(
    request: HttpRequest, done: OpeningChanged[bool] | OpeningChanged[None] | HttpResponse, said: str, address: str
) -> HttpResponse:
    if isinstance(done, HttpResponse):
        return done
    messages.success(request, _("It was so already.") if done.result is False else opening.told(said, done))
    return once.led_to(request, address)


def _week(house_id: int) -> list[WeeklyHours]:
    return [WeeklyHours(row.weekday, row.span, row.first, row.last) for row in queries.weekly_rows(house_id)]


def _week_form(request: HttpRequest, house_id: int, draft: HouseDraft, *, bound: bool = False) -> WeekForm:
    usual = [one for one in _week(house_id) if not one.first and not one.last]
    return WeekForm(request.POST if bound else None, week=usual, first_weekday=6 if draft.calendar == "jalali" else 1)


def _page(
    request: HttpRequest,
    draft: HouseDraft,
    *,
    form: HouseForm | None = None,
    week: WeekForm | None = None,
    state: StateForm | None = None,
    status: int = 200,
) -> HttpResponse:
    house_id = queries.house_ids_by_code([draft.code])[draft.code]
    title = draft.names.pick(reader.current().language)
    if form is None:
        shown = HttpRequest()
        shown.method = "GET"
        form = _form(shown, draft)
    following = next_states(draft.state)
    context: dict[str, Any] = {
        "section": "houses",
        "draft": draft,
        "form": form,
        "week": week or _week_form(request, house_id, draft),
        "state": state or (StateForm(None, states=following) if following else None),
        "title": title,
        "crumbs": [(_("Desk"), reverse("desk")), (_("Houses"), reverse("desk-houses")), (title, "")],
    }
    return render(request, "desk/house.html", context, status=status)
