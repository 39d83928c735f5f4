"""The spaces of a house as those who keep them see them: the list, entering one, changing it, its state, its photographs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khaneh.domains.network.queries import HouseFacts
from khaneh.domains.qualifications import queries as qualifications
from khaneh.domains.spaces import permissions, queries, services
from khaneh.domains.spaces.types import (
    CLOSURE_KINDS,
    LARGEST_UPLOAD,
    SPACE_STATES,
    PhotoRow,
    SpaceRow,
    SpaceState,
)
from khaneh.interfaces.web import reader
from khaneh.interfaces.web.desk import space_house, space_words
from khaneh.interfaces.web.desk.forms.spaces import HoursForm, PhotoForm, SpaceForm, StateForm, week_of
from khaneh.interfaces.web.desk.gate import SPACE_MANAGERS, SPACES, staffed
from khaneh.interfaces.web.desk.views.spaces_week import crumbs, frame
from khaneh.interfaces.web.requests import actor_of
from khaneh.interfaces.web.spaces import wording
from khaneh.kernel.calendars import Calendar
from khaneh.kernel.refusal import Invalid, NotFound, Refusal

_FIELDS = {"spaces.code_taken": "code", "spaces.does_not_fit": "parent"}


@staffed(SPACES)
@require_safe
def spaces(request: HttpRequest) -> HttpResponse:
    """All spaces of the house, those that are retired last in their place."""
    house = space_house.house_of(request)
    if house is None:
        return space_house.choose(request)
    rows = queries.spaces_of_house(house.id, with_retired=True)
    photos = queries.photos_of(row.id for row in rows)
    context = {
        **frame(request, house, "list"),
        "rows": [(row, photos.get(row.id, ())) for row in rows],
        "manages": permissions.may_manage(actor_of(request), house_id=house.id),
        "crumbs": crumbs(_("The spaces")),
    }
    return render(request, "desk/spaces/list.html", context)


@staffed(SPACE_MANAGERS)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Enter a space."""
    house = space_house.house_of(request)
    if house is None:
        return space_house.choose(request)
    if not permissions.may_manage(actor_of(request), house_id=house.id):
        raise Http404
    form, week = _forms(request, house, None)
    if form.is_bound and form.is_valid() and week.is_valid():
        try:
            made = services.add_space(
                actor=actor_of(request), now=timezone.now(), draft=form.draft(house_code=house.code, hours=week.hours())
            )
        except Refusal as refusal:
            _explain(refusal, form, week)
        else:
            messages.success(request, _("The space is entered."))
            return redirect("desk-space", space_id=made.id)
    context = {
        **frame(request, house, "list"),
        "form": form,
        "week": week,
        "crumbs": crumbs((_("The spaces"), reverse("desk-spaces-list")), _("A further space")),
    }
    return render(request, "desk/spaces/new.html", context, status=422 if form.errors or week.errors else 200)


@staffed(SPACES)
@require_http_methods(["GET", "HEAD", "POST"])
def space(request: HttpRequest, space_id: int) -> HttpResponse:
    """A space with its closures, its state, its photographs and everything that it is; a post changes what it is."""
    row = row_of(request, space_id)
    house = space_house.at(request, row.house.id)
    if request.method != "POST":
        return _page(request, row, house)
    if not permissions.may_manage(actor_of(request), house_id=house.id):
        raise Http404
    form, week = _forms(request, house, row)
    if form.is_valid() and week.is_valid():
        try:
            services.change_space(
                actor=actor_of(request), code=row.code, now=timezone.now(),
                draft=form.draft(house_code=house.code, hours=week.hours()),
            )  # fmt: skip
        except Refusal as refusal:
            _explain(refusal, form, week)
        else:
            messages.success(request, _("The space is changed."))
            return redirect("desk-space", space_id=space_id)
    return _page(request, row, house, form=form, week=week, status=422)


@staffed(SPACE_MANAGERS)
@require_POST
def add_photo(request: HttpRequest, space_id: int) -> HttpResponse:
    """Show a photograph."""
    row = row_of(request, space_id)
    house = space_house.at(request, row.house.id)
    if not permissions.may_manage(actor_of(request), house_id=house.id):
        raise Http404
    form = PhotoForm(request.POST, request.FILES)
    if form.is_valid():
        upload = form.cleaned_data["photo"]
        try:
            services.add_photo(
                actor=actor_of(request), space_id=space_id, content=upload.read(LARGEST_UPLOAD + 1), alts=form.alts(),
                now=timezone.now(),
            )  # fmt: skip
        except Invalid as refusal:
            form.refuse(refusal.facts["fields"])
        else:
            messages.success(request, _("The photograph is shown."))
            return redirect(reverse("desk-space", args=[space_id]) + "#photos")
    return _page(request, row, house, photo_form=form, status=422)


@staffed(SPACE_MANAGERS)
@require_POST
def photo(request: HttpRequest, photo_id: int) -> HttpResponse:
    """Say what a photograph shows, put it elsewhere in the order, take it away."""
    try:
        found = queries.photo(photo_id)
    except NotFound as refusal:
        raise Http404 from refusal
    row = row_of(request, found.space_id)
    house = space_house.at(request, row.house.id)
    if not permissions.may_manage(actor_of(request), house_id=house.id):
        raise Http404
    actor, act = actor_of(request), request.POST.get("act", "")
    if act == "describe":
        form = PhotoForm(request.POST, alts=found.alts)
        if not form.is_valid():
            return _page(request, row, house, describing=(photo_id, form), status=422)
        try:
            services.describe_photo(actor=actor, photo_id=photo_id, alts=form.alts())
        except Invalid as refusal:
            form.refuse(refusal.facts["fields"])
            return _page(request, row, house, describing=(photo_id, form), status=422)
    acts: dict[str, tuple[Callable[[], object], str]] = {
        "describe": (lambda: None, _("The words are saved.")),
        "earlier": (
            lambda: services.move_photo(actor=actor, photo_id=photo_id, position=found.position - 1), _("It is moved.")
        ),
        "later": (
            lambda: services.move_photo(actor=actor, photo_id=photo_id, position=found.position + 1), _("It is moved.")
        ),
        "remove": (lambda: services.remove_photo(actor=actor, photo_id=photo_id), _("The photograph is taken away.")),
    }  # fmt: skip
    if act not in acts:
        raise Http404
    do, said = acts[act]
    do()
    messages.success(request, said)
    return redirect(reverse("desk-space", args=[row.id]) + "#photos")


def row_of(request: HttpRequest, space_id: int) -> SpaceRow:
    """A space that the reader may see. Raises Http404."""
    try:
        return queries.space_by_id(space_id, actor=actor_of(request))
    except NotFound as refusal:
        raise Http404 from refusal


def next_states(row: SpaceRow) -> list[tuple[str, Any]]:
    """The states to which a space may go."""
    return [(state.value, label) for state, label in SPACE_STATES.items() if state in _NEXT[row.state]]


_NEXT = {
    SpaceState.ACTIVE: (SpaceState.OUT_OF_ORDER, SpaceState.RETIRED),
    SpaceState.OUT_OF_ORDER: (SpaceState.ACTIVE, SpaceState.RETIRED),
    SpaceState.RETIRED: (SpaceState.ACTIVE,),
}


def _page(
    request: HttpRequest,
    row: SpaceRow,
    house: HouseFacts,
    *,
    form: SpaceForm | None = None,
    week: HoursForm | None = None,
    photo_form: PhotoForm | None = None,
    describing: tuple[int, PhotoForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    actor, now, zone = actor_of(request), timezone.now(), house.calendar.zone
    manages = permissions.may_manage(actor, house_id=house.id)
    of_house = {one.id: one for one in queries.spaces_of_house(house.id)}
    context: dict[str, Any] = {
        **frame(request, house, "list"),
        "row": row,
        "leads": permissions.may_lead(actor, house_id=house.id),
        "manages": manages,
        "above": [of_house[number] for number in row.path[:-1] if number in of_house],
        "parts": [one for one in of_house.values() if one.parent_id == row.id],
        "closures": [
            (
                one,
                CLOSURE_KINDS[one.kind],
                wording.when(one.starts, one.ends, zone)
                if one.ends is not None
                else _("from %(when)s on") % {"when": wording.instant(one.starts, zone)},
            )
            for one in queries.closures_of(row.id, now=now)
        ],
        "crumbs": crumbs((_("The spaces"), reverse("desk-spaces-list")), row.names.pick(reader.current().language)),
    }
    if manages:
        if form is None or week is None:
            form, week = _forms(request, house, row, bound=False)
        context |= {
            "form": form,
            "week": week,
            "state": StateForm(None, states=next_states(row)),
            "photo_form": photo_form or PhotoForm(None),
            "photos": [(one, _describing(one, describing)) for one in queries.photos_of([row.id]).get(row.id, ())],
        }
    return render(request, "desk/spaces/space.html", context, status=status)


def _describing(photo: PhotoRow, told: tuple[int, PhotoForm] | None) -> PhotoForm:
    if told is not None and told[0] == photo.id:
        return told[1]
    form = PhotoForm(None, alts=photo.alts)
    form.auto_id = f"photo{photo.id}_%s"
    return form


def _forms(
    request: HttpRequest, house: HouseFacts, row: SpaceRow | None, *, bound: bool = True
) -> tuple[SpaceForm, HoursForm]:
    data = request.POST if bound and request.method == "POST" else None
    spaces = queries.spaces_of_house(house.id)
    own = queries.own_requirements(row.id) if row is not None else ()
    known = qualifications.qualifications(with_retired=True)
    form = SpaceForm(
        data, row=row, spaces=spaces, own=own, currency=house.currency,
        qualifications=[one for one in known if one.active or one.code in own],
    )  # fmt: skip
    if row is not None:
        form.fields["parent"].initial = next((one.code for one in spaces if one.id == row.parent_id), "")
    begins = 6 if house.reckoning is Calendar.JALALI else 1
    return form, HoursForm(data, week=week_of(row.hours if row is not None else ()), first_weekday=begins)


def _explain(refusal: Refusal, form: SpaceForm, week: HoursForm) -> None:
    if isinstance(refusal, Invalid):
        problems = dict(refusal.facts.get("fields", {}))
        if "hours" in problems:
            week.add_error(None, space_words.fault(problems.pop("hours")))
        form.refuse(problems)
        return
    field = _FIELDS.get(refusal.code, "")
    form.add_error(field if field in form.fields else None, space_words.refusal(refusal))
