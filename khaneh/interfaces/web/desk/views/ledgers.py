"""Balances at the desk: work to confirm, somebody's ledger, money over the counter, what was taken. Parse, call, translate."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from khaneh.domains.credits import permissions, queries, services
from khaneh.domains.credits.types import MEANS, BalanceRow, Holder, Means
from khaneh.domains.network import queries as network
from khaneh.domains.network.queries import HouseFacts
from khaneh.domains.spaces import queries as spaces
from khaneh.interfaces.web import reader
from khaneh.interfaces.web.accounts import balances
from khaneh.interfaces.web.desk import holders, once, space_house
from khaneh.interfaces.web.desk.circulation_turn import number
from khaneh.interfaces.web.desk.forms.calendar import figures
from khaneh.interfaces.web.desk.forms.credits import CorrectForm, MoneyForm, OfLedger, WorkForm
from khaneh.interfaces.web.desk.gate import SPACES, staffed
from khaneh.interfaces.web.requests import actor_of
from khaneh.interfaces.web.spaces import asking, wording
from khaneh.kernel.money import Money, is_credit
from khaneh.kernel.refusal import NotAllowed, Refusal

PAGE = 25


def frame(request: HttpRequest, house: HouseFacts, tab: str, last: str) -> dict[str, Any]:
    """What every page of the ledger has."""
    return {
        "section": "credits",
        "tab": tab,
        "house": house,
        "several": space_house.several(request),
        "heading": last,
        "crumbs": [(_("Desk"), reverse("desk")), (_("Balances and credits"), reverse("desk-credits")), (last, "")],
    }


def choose(request: HttpRequest) -> HttpResponse:
    """At which house: the page that was asked for comes with the answer."""
    language = reader.current().language
    houses = [network.house_facts(one) for one in spaces.served_houses(actor_of(request))]
    context = {
        "section": "credits",
        "houses": sorted(houses, key=lambda house: (house.names.pick(language), house.code)),
        "crumbs": [(_("Desk"), reverse("desk")), (_("Balances and credits"), "")],
    }
    return render(request, "desk/credits/choose.html", context)


@staffed(SPACES)
@require_http_methods(["GET", "HEAD", "POST"])
def works(request: HttpRequest) -> HttpResponse:
    """Work that waits for the house's word; a POST gives it."""
    house = space_house.house_of(request) if "choose" not in request.GET else None
    if house is None:
        return choose(request)
    problem: tuple[int, str] | None = None
    if request.method == "POST":
        work_id = asking.whole(request.POST.get("work")) or 0
        try:
            _answer(request, work_id)
        except Refusal as refusal:
            problem = (work_id, words(refusal))
        else:
            return redirect("desk-credits")
    rows = queries.works_waiting(house.id, actor=actor_of(request))
    names = queries.names({row.unit for row in rows})
    context = {
        **frame(request, house, "works", _("Work to confirm")),
        "works": [balances.work_line(row, names) for row in rows],
        "confirms": permissions.may_confirm(actor_of(request), house_id=house.id),
        "has_credits": bool(queries.credits_of_house(house.id)),
        "me": actor_of(request).account_id,
        "problem": problem,
    }
    return render(request, "desk/credits/works.html", context, status=422 if problem else 200)


def _answer(request: HttpRequest, work_id: int) -> None:
    actor, now = actor_of(request), timezone.now()
    if request.POST.get("act") == "reject":
        services.reject_work(actor=actor, work_id=work_id, reason=request.POST.get("reason", ""), now=now)
        messages.success(request, _("Not accepted. Whoever recorded it is told why."))
        return
    services.confirm_work(actor=actor, work_id=work_id, minutes=number(request.POST.get("minutes")), now=now)
    messages.success(request, _("Confirmed, and credited."))


@staffed(SPACES)
@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """Whose ledger: a card, a name, an address, the code of an organisation."""
    house = space_house.house_of(request)
    if house is None:
        return choose(request)
    asked = request.GET.get("who", "")[:100]
    found = holders.find(actor_of(request), asked)
    if len(found) == 1 and found[0].token:
        return redirect("desk-credits-holder", token=found[0].token)
    context = {**frame(request, house, "find", _("Somebody’s ledger")), "asked": asked, "found": found}
    return render(request, "desk/credits/find.html", context)


@staffed(SPACES)
@require_http_methods(["GET", "HEAD", "POST"])
def holder(request: HttpRequest, token: str) -> HttpResponse:
    """Somebody's ledger; a POST takes money, pays out, corrects, or records work."""
    whose, name = holders.opened(token)
    house = space_house.house_of(request)
    if house is None:
        return choose(request)
    rows = queries.balances_of(whose, actor=actor_of(request), at_house=house.id)
    forms_ = _forms(request, house, rows)
    if request.method != "POST":
        return _holder_page(request, token, whose, name, house, rows, forms_)
    if (before := once.again(request)) is not None:
        return before
    act = request.POST.get("act", "")
    form = forms_.get({"pay": "money", "payout": "money", "correct": "correct", "work": "work"}.get(act, ""))
    if form is None or (act == "work" and whose.account_id is None):
        raise Http404
    if form.is_valid():
        try:
            if _do(request, act, form, whose, house):
                return once.led_to(request, reverse("desk-credits-holder", args=[token]))
        except NotAllowed:
            form.add_error(None, _("This is for whoever manages the house to do."))
        except Refusal as refusal:
            form.refuse(refusal, words(refusal))
    return _holder_page(request, token, whose, name, house, rows, forms_, status=422)


def _do(request: HttpRequest, act: str, form: OfLedger, whose: Holder, house: HouseFacts) -> bool:
    """One act on a ledger; whether it was done. Raises Refusal."""
    actor, now, told = actor_of(request), timezone.now(), form.cleaned_data
    key = f"desk:{request.POST.get('once', '')[:40]}" if request.POST.get("once") else None
    if isinstance(form, WorkForm):
        facts = form.facts()
        if form.errors:
            return False
        services.record_work(
            actor=actor, account_id=whose.account_id or 0, house_id=house.id, now=now, key=key, **facts
        )  # fmt: skip
        messages.success(request, _("Recorded. Somebody of the house confirms it."))
        return True
    amount = form.sum_of(told["unit"])
    if amount is None:
        return False
    shown = wording.amount(Money(amount, told["unit"]))
    same: dict[str, Any] = {
        "actor": actor,
        "holder": whose,
        "unit": told["unit"],
        "house_id": house.id,
        "now": now,
        "key": key,
    }
    if act == "correct":
        services.adjust(amount=amount if told["way"] == "add" else -amount, reason=told["reason"], **same)
        messages.success(request, _("Corrected by %s.") % shown)
        return True
    do = services.pay if act == "pay" else services.pay_out
    do(amount=amount, means=Means(told["means"]), note=told["note"], **same)
    messages.success(request, (_("Taken: %s") if act == "pay" else _("Paid out: %s")) % shown)
    return True


def _holder_page(
    request: HttpRequest,
    token: str,
    whose: Holder,
    name: str,
    house: HouseFacts,
    rows: list[BalanceRow],
    forms_: Mapping[str, OfLedger],
    *,
    status: int = 200,
) -> HttpResponse:
    actor = actor_of(request)
    before = asking.whole(request.GET.get("before"))
    lines = queries.statement(whose, actor=actor, at_house=house.id, before=before, limit=PAGE + 1)
    names = {row.unit.code: row.unit.names for row in rows if row.unit.is_credit}
    context = {
        **frame(request, house, "find", _("Somebody’s ledger")),
        "name": name,
        "token": token,
        "owed": [wording.amount(Money(-row.amount, row.unit.code)) for row in rows if row.amount < 0],
        "has": [wording.amount(row.money, names) for row in rows if row.amount > 0],
        "lines": [balances.line(one, names, own=False) for one in lines[:PAGE]],
        "older": lines[PAGE - 1].id if len(lines) > PAGE else None,
        "newer": before is not None,
        "manages": permissions.may_manage(actor, house_id=house.id) and whose.account_id != actor.account_id,
        "works": whose.account_id is not None and bool(forms_["work"].fields["kind"].choices),  # type: ignore[attr-defined]
        "once": request.POST.get("once") or once.key(),
        "act": request.POST.get("act", ""),
        **{f"{kind}_form": form for kind, form in forms_.items()},
    }
    return render(request, "desk/credits/holder.html", context, status=status)


def _forms(request: HttpRequest, house: HouseFacts, rows: list[BalanceRow]) -> dict[str, OfLedger]:
    act = request.POST.get("act", "")
    language = reader.current().language
    owed = next((row for row in rows if row.amount < 0), None)
    currencies = sorted({house.currency, *(row.unit.code for row in rows if not row.unit.is_credit)})
    near = queries.credits_of_house(house.id)
    units = [(one, one) for one in currencies] + [(one.code, one.names.pick(language)) for one in near]
    units += [
        (row.unit.code, row.unit.names.pick(language))
        for row in rows
        if row.unit.is_credit and row.unit.code not in dict(units)
    ]
    initial = {"unit": owed.unit.code if owed else house.currency, "means": Means.CASH.value}
    if owed is not None:
        scale = Money.parse("1", owed.unit.code).amount
        initial["amount"] = str(-owed.amount) if scale == 1 else f"{-owed.amount / scale:.2f}"
    return {
        "money": MoneyForm(request.POST if act in ("pay", "payout") else None, currencies=currencies, initial=initial),
        "correct": CorrectForm(request.POST if act == "correct" else None, units=units),
        "work": WorkForm(
            request.POST if act == "work" else None, kinds=dict.fromkeys(kind for one in near for kind in one.rates)
        ),
    }


@staffed(SPACES)
@require_safe
def taken(request: HttpRequest) -> HttpResponse:
    """The money that the house took and paid out on a day, with the sums by means."""
    house = space_house.house_of(request)
    if house is None:
        return choose(request)
    zone = ZoneInfo(house.calendar.zone)
    today = house.calendar.today(timezone.now())
    day = asking.a_day(request.GET.get("day")) or today
    first = datetime.combine(day, time(), zone).astimezone(UTC)
    last = datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)
    rows = queries.payments_of(house.id, actor=actor_of(request), first=first, last=last)
    sums: dict[tuple[Means, str], int] = {}
    for row in rows:
        place = (row.means, row.amount.currency)
        sums[place] = sums.get(place, 0) + row.amount.amount
    context = {
        **frame(request, house, "taken", _("Taken")),
        "day": day,
        "typed": figures(day),
        "yesterday": (day - timedelta(days=1)).isoformat(),
        "tomorrow": (day + timedelta(days=1)).isoformat() if day < today else "",
        "rows": [
            {"row": row, "sum": wording.amount(row.amount), "means": MEANS[row.means], "at": wording.clock(row.at, zone.key)}
            for row in rows
        ],
        "sums": [
            {"means": MEANS[means], "sum": wording.amount(Money(total, currency))}
            for (means, currency), total in sorted(sums.items())
        ],
    }  # fmt: skip
    return render(request, "desk/credits/taken.html", context)


def words(refusal: Refusal) -> str:
    """What staff are told."""
    facts = refusal.facts
    if refusal.code == "credits.balance_short":
        has = wording.amount(Money(int(facts["balance"]), str(facts["unit"])))
        return (
            _("A credit is never owed: there is %s.") % has
            if is_credit(str(facts["unit"]))
            else _("There is only %s to pay out.") % has
        )
    said = {
        "credits.own_work": _("Nobody confirms their own work: ask a colleague."),
        "credits.code_taken": _("Another credit has this code."),
        "credits.unit_unknown": _("This credit is given and taken no more."),
        "kernel.not_allowed": _("This is for whoever manages the house to do."),
        "kernel.not_found": _("There is no such thing any more."),
    }
    if refusal.code == "kernel.invalid" and "reason" in facts.get("fields", {}):
        return _("Say why, in a thousand characters at most.")
    if refusal.code == "kernel.invalid" and "minutes" in facts.get("fields", {}):
        return _("From one minute to a whole day, in minutes.")
    return said.get(refusal.code) or balances.words(refusal)
