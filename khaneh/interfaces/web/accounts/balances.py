"""What one has and owes for bookings, how that came about, and work that earns. Parse, call, translate."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from khaneh.domains.credits import queries, services
from khaneh.domains.credits.types import (
    ENTRY_KINDS,
    MEANS,
    WORK_KINDS,
    WORK_STATES,
    EntryRow,
    Holder,
    WorkRow,
    WorkState,
)
from khaneh.domains.network import queries as network
from khaneh.domains.network.types import Ref
from khaneh.domains.people import queries as people
from khaneh.interfaces.web import reader, refusals
from khaneh.interfaces.web.requests import actor_of
from khaneh.interfaces.web.spaces import asking, wording
from khaneh.kernel.actor import Actor
from khaneh.kernel.labels import Label
from khaneh.kernel.money import Money
from khaneh.kernel.refusal import Invalid, NotFound, Refusal

PAGE = 25
_TONES = {WorkState.PENDING: "warn", WorkState.CONFIRMED: "good", WorkState.REJECTED: "bad"}
_SAID: Mapping[str, Callable[[], str]] = {
    "credits.work_earns_nothing": lambda: _("The house credits this kind of work no more: choose another, or ask at its desk."),
    "credits.too_many_waiting": lambda: _("Much of your work waits for an answer already. Ask the house to look at it first."),
    "credits.work_decided": lambda: _("The house has answered in the meantime."),
}  # fmt: skip
# What lines are about, by the part that charged.
_ABOUT: Mapping[str, Callable[[], str]] = {
    "spaces.booking": lambda: _("Booking"),
    "learning.enrolment": lambda: _("Place in a course"),
    "events.registration": lambda: _("Place at an event"),
}
_FAULTS: Mapping[str, Callable[[], str]] = {
    "kind": lambda: _("Choose what you did."),
    "minutes": lambda: _("From one minute to a whole day, in minutes."),
    "done_on": lambda: _("A day of the last year, not one to come."),
    "note": lambda: _("A thousand characters at most."),
}


class Offer(NamedTuple):
    """Work that a house credits: its value in the form, what it is, and what an hour of it earns."""

    value: str
    kind: Label
    earns: str


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def balances(request: HttpRequest) -> HttpResponse:
    """Balances, work and the ledger; a POST records work or takes it back. `organisation` shows that of an organisation one acts for."""
    actor = actor_of(request)
    if request.method == "POST":
        return _withdraw(request) if "withdraw" in request.POST else _record(request, actor)
    return _page(request, actor)


def _record(request: HttpRequest, actor: Actor) -> HttpResponse:
    told = request.POST
    house, _dot, kind = told.get("work", "").partition(".")
    faults: dict[str, str] = {}
    day = asking.a_day(told.get("done_on")) if told.get("done_on", "").strip() else None
    if told.get("done_on", "").strip() and day is None:
        faults["done_on"] = _FAULTS["done_on"]()
    problem = ""
    if not faults:
        try:
            services.record_work(
                actor=actor, account_id=actor.account_id or 0, house_id=asking.whole(house) or 0, kind=kind,
                minutes=asking.whole(told.get("minutes")) or 0, note=told.get("note", ""), done_on=day,
                now=timezone.now(), key=told.get("once", "")[:40] or None,
            )  # fmt: skip
        except Invalid as refusal:
            faults = {name: _FAULTS[name]() for name in refusal.facts["fields"] if name in _FAULTS}
        except NotFound:
            faults["kind"] = _FAULTS["kind"]()
        except Refusal as refusal:
            problem = words(refusal)
        else:
            messages.success(request, _("It is recorded. The house confirms it, and you are told."))
            return redirect("account-credits")
    return _page(request, actor, faults=faults, problem=problem, status=422)


def _withdraw(request: HttpRequest) -> HttpResponse:
    try:
        services.withdraw_work(
            actor=actor_of(request), work_id=asking.whole(request.POST["withdraw"]) or 0, now=timezone.now()
        )
    except Refusal as refusal:
        messages.warning(request, words(refusal))
    else:
        messages.success(request, _("It is withdrawn."))
    return redirect("account-credits")


def _page(
    request: HttpRequest, actor: Actor, *, faults: Mapping[str, str] | None = None, problem: str = "", status: int = 200
) -> HttpResponse:
    organisations = _organisations(actor)
    chosen = asking.whole(request.GET.get("organisation"))
    body = next((one for one in organisations if one.id == chosen), None)
    if chosen is not None and body is None:
        raise Http404
    holder = Holder(organisation_id=body.id) if body is not None else Holder(actor.account_id)
    rows = queries.balances_of(holder, actor=actor)
    before = asking.whole(request.GET.get("before"))
    lines = queries.statement(holder, actor=actor, before=before, limit=PAGE + 1)
    works = queries.works_of(actor.account_id or 0, limit=PAGE) if body is None and before is None else []
    names = {row.unit.code: row.unit.names for row in rows if row.unit.is_credit}
    names |= queries.names({one.unit for one in works} - names.keys())
    context = {
        "section": "credits",
        "organisation": body,
        "organisations": organisations,
        "owed": [wording.amount(Money(-row.amount, row.unit.code)) for row in rows if row.amount < 0],
        "money": [wording.amount(row.money) for row in rows if row.amount > 0 and not row.unit.is_credit],
        "credits": [
            {"row": row, "amount": wording.amount(row.money, names)} for row in rows if row.unit.is_credit
        ],
        "lines": [line(one, names, own=body is None) for one in lines[:PAGE]],
        "older": lines[PAGE - 1].id if len(lines) > PAGE else None,
        "newer": before is not None,
        "works": [work_line(one, names) for one in works],
        "offers": _offers(actor) if body is None else {},
        "told": request.POST,
        "faults": faults or {},
        "problem": problem,
        "once": request.POST.get("once") or secrets.token_hex(16),
    }  # fmt: skip
    return render(request, "accounts/credits.html", context, status=status)


def line(row: EntryRow, names: Mapping[str, Label], *, own: bool) -> dict[str, Any]:
    """A line of a ledger in words, with where to look at what it is about. No statement."""
    about, _colon, number = row.source.partition(":")
    return {
        "row": row,
        "kind": ENTRY_KINDS[row.kind],
        "sum": wording.amount(Money(row.amount, row.unit), names),
        "after": wording.amount(Money(row.after, row.unit), names),
        "means": MEANS[row.means] if row.means else None,
        "about": _ABOUT[about]() if about in _ABOUT else "",
        "absent": number.endswith(":no_show"),
        "address": _address(about, number) if own else "",
    }


def _address(about: str, number: str) -> str:
    """Where one looks at what a line is about; empty where there is no page of it."""
    if about == "spaces.booking":
        return reverse("account-booking", args=[int(number.partition(":")[0])])
    if about == "events.registration":
        return reverse("account-event", args=[int(number)])
    return reverse("account-courses") if about == "learning.enrolment" else ""


def work_line(row: WorkRow, names: Mapping[str, Label]) -> dict[str, Any]:
    """A piece of work in words. No statement."""
    return {
        "row": row,
        "kind": WORK_KINDS[row.kind],
        "state": WORK_STATES[row.state],
        "tone": _TONES.get(row.state, ""),
        "length": wording.length(row.minutes),
        "earns": wording.amount(Money(row.amount, row.unit), names) if row.amount else "",
        "waits": row.state is WorkState.PENDING,
    }


def words(refusal: Refusal) -> str:
    """What a reader is told."""
    said = _SAID.get(refusal.code)
    return said() if said is not None else refusals.reason(refusal) or _("This is not possible.")


def _offers(actor: Actor) -> dict[str, list[Offer]]:
    """What earns, by the name of the house. The network's credit is earned at one's home house. At most eight statements."""
    language = reader.current().language
    units = queries.units()
    if not units:
        return {}
    names = {one.code: one.names for one in units}
    home: Ref | None = None
    member_id = people.member_of_account(actor.account_id or 0)
    if member_id is not None:
        home_id = people.contacts([member_id])[member_id].home_house_id
        home = network.house_refs([home_id]).get(home_id)
    found: dict[str, list[Offer]] = {}
    for unit in sorted(units, key=lambda one: one.house is None):
        house = unit.house or home
        if house is None:
            continue
        listed = found.setdefault(house.names.pick(language), [])
        taken = {one.value for one in listed}
        listed += [
            Offer(f"{house.id}.{kind}", WORK_KINDS[kind], wording.amount(Money(rate, unit.code), names))
            for kind, rate in unit.rates.items()
            if f"{house.id}.{kind}" not in taken
        ]
    return {house: offers for house, offers in found.items() if offers}


def _organisations(actor: Actor) -> list[Ref]:
    """Those at which one has a role. At most one statement."""
    ids = {grant.organisation_id for grant in actor.grants if grant.organisation_id is not None}
    language = reader.current().language
    return sorted(network.organisation_refs(ids).values(), key=lambda one: one.names.pick(language)) if ids else []
