"""The credits of a house: what they are called, and what an hour of work earns. Parse, call, translate."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from khaneh.domains.credits import permissions, queries, services
from khaneh.domains.credits.types import WORK_KINDS, UnitRow
from khaneh.domains.network.queries import HouseFacts
from khaneh.interfaces.web.desk import space_house
from khaneh.interfaces.web.desk.forms.credits import UnitForm
from khaneh.interfaces.web.desk.gate import SPACES, staffed
from khaneh.interfaces.web.desk.views.ledgers import choose, frame, words
from khaneh.interfaces.web.requests import actor_of
from khaneh.interfaces.web.spaces import wording
from khaneh.kernel.money import Money
from khaneh.kernel.refusal import NotAllowed, NotFound, Refusal


@staffed(SPACES)
@require_safe
def units(request: HttpRequest) -> HttpResponse:
    """The credits in which the house asks prices and pays for work, with what earns."""
    house = space_house.house_of(request)
    if house is None:
        return choose(request)
    near = queries.credits_of_house(house.id)
    gone = [one for one in queries.units(with_retired=True) if not one.active and _is_of(one, house)]
    names = {one.code: one.names for one in near}
    context = {
        **frame(request, house, "units", _("Credits of the house")),
        "units": [
            {
                "row": one,
                "own": _is_of(one, house),
                "rates": [(WORK_KINDS[kind], wording.amount(Money(rate, one.code), names)) for kind, rate in one.rates.items()],
            }
            for one in [*near, *gone]
        ],
        "manages": permissions.may_manage(actor_of(request), house_id=house.id),
    }  # fmt: skip
    return render(request, "desk/credits/units.html", context)


@staffed(SPACES)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Another credit of the house."""
    house = space_house.house_of(request)
    if house is None:
        return choose(request)
    return _form(request, house, None)


@staffed(SPACES)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, code: str) -> HttpResponse:
    """Other names, other rates, or no more of it."""
    try:
        unit = queries.unit(code)
    except NotFound as missing:
        raise Http404 from missing
    if unit.house is None or not unit.is_credit:
        raise Http404
    return _form(request, space_house.at(request, unit.house.id), unit)


def _form(request: HttpRequest, house: HouseFacts, unit: UnitRow | None) -> HttpResponse:
    if not permissions.may_manage(actor_of(request), house_id=house.id):
        raise NotAllowed(act="credits.manage")
    form = UnitForm(request.POST if request.method == "POST" else None, unit=unit)
    if form.is_valid():
        draft = form.draft(house.code, unit)
        if not form.errors:
            try:
                if unit is None:
                    services.define_unit(actor=actor_of(request), draft=draft)
                else:
                    services.change_unit(actor=actor_of(request), code=unit.code, draft=draft)
            except Refusal as refusal:
                form.refuse(refusal, words(refusal))
            else:
                messages.success(request, _("Saved."))
                return redirect("desk-credits-units")
    context = {**frame(request, house, "units", _("A credit of the house")), "form": form, "unit": unit}
    return render(request, "desk/credits/unit.html", context, status=422 if form.is_bound else 200)


def _is_of(unit: UnitRow, house: HouseFacts) -> bool:
    return unit.house is not None and unit.house.id == house.id
