"""One's own loans, what is owed, and what was read. Parse, call, translate."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khaneh.domains.circulation import services
from khaneh.domains.circulation.queries import own
from khaneh.domains.circulation.types import FEE_KINDS, LOAN_STATES, PAYMENT_METHODS, Channel, LoanState
from khaneh.interfaces.web import lending, paging, reader
from khaneh.interfaces.web.accounts.acting import Persons, of_members
from khaneh.interfaces.web.clocks import day_of
from khaneh.interfaces.web.requests import actor_of
from khaneh.interfaces.web.spreadsheets import plain_cell
from khaneh.kernel.calendars import show_number
from khaneh.kernel.refusal import Refusal

PAGE = 50
_SAID = "account_renewals"


@of_members("loans", "see_loans")
@require_safe
def loans(request: HttpRequest, persons: Persons) -> HttpResponse:
    """What is at home, soonest due first; beside each what came of renewing it, told once."""
    found = own.own_loans(persons.chosen.member_id, now=timezone.now())
    said: Mapping[str, Any] = request.session.pop(_SAID, {})
    rows = [
        {
            "row": row,
            "state": LOAN_STATES[row.state],
            "due": lending.day_of(row.due_at, row.house_id),
            "due_in": lending.due_in(row.days, late=row.is_late),
            "house": lending.named_house(row.house_id),
            "said": said.get(str(row.id)),
        }
        for row in found
    ]
    context = {
        "persons": persons,
        "rows": rows,
        "late": sum(row.is_late for row in found),
        "open": sum(row.state is LoanState.OPEN for row in found),
        "may_renew": persons.chosen.rights.borrow,
        "section": "loans",
    }
    return render(request, "accounts/loans.html", context)


@of_members("loans", "see_loans")
@require_POST
def renew(request: HttpRequest, persons: Persons) -> HttpResponse:
    """Renew the loan whose button was pressed, or all. What came of it stands beside each loan on the page that follows."""
    if not persons.chosen.rights.borrow:
        return _back("account-loans", persons)
    member_id, actor, now = persons.chosen.member_id, actor_of(request), timezone.now()
    seen = dict(pair for pair in map(_seen, request.POST.getlist("seen")) if pair is not None)
    one = lending.number_of(request.POST.get("loan"))
    if one is None:
        done = services.renew_all(
            actor=actor, member_id=member_id, for_member_id=member_id, channel=Channel.WEB, times_seen=seen, now=now
        )
        renewed, refused = list(done.renewed), list(done.refused)
    else:
        renewed, refused = [], []
        try:
            renewed.append(
                services.renew(
                    actor=actor,
                    loan_id=one,
                    for_member_id=member_id,
                    channel=Channel.WEB,
                    times_seen=seen.get(one),
                    now=now,
                )
            )
        except Refusal as refusal:
            refused.append((one, refusal))
    request.session[_SAID] = {
        **{str(row.loan_id): {"renewed": True} for row in renewed},
        **{str(number): {"why": [why._asdict() for why in lending.reasons(refusal)]} for number, refusal in refused},
    }
    _tell(request, len(renewed), len(refused))
    return _back("account-loans", persons)


def _tell(request: HttpRequest, renewed: int, refused: int) -> None:
    language = reader.current().language
    if renewed:
        said = ngettext("%(number)s loan was renewed.", "%(number)s loans were renewed.", renewed)
        messages.success(request, said % {"number": show_number(renewed, language)})
    if refused:
        said = ngettext(
            "%(number)s loan could not be renewed; the reason stands beside it.",
            "%(number)s loans could not be renewed; the reasons stand beside them.",
            refused,
        )
        messages.warning(request, said % {"number": show_number(refused, language)})


@of_members("fees", "pay")
@require_safe
def fees(request: HttpRequest, persons: Persons) -> HttpResponse:
    """What is owed, and every line that led to it."""
    number = paging.page_number(request)
    lines, total = own.ledger(persons.chosen.member_id, offset=(number - 1) * PAGE, limit=PAGE)
    balance = own.owed(persons.chosen.member_id)
    context = {
        "persons": persons,
        "owed": [lending.money(one) for one in balance if one.amount > 0],
        "credit": [lending.money(one._replace(amount=-one.amount)) for one in balance if one.amount < 0],
        "lines": [
            {
                "row": line,
                "kind": FEE_KINDS[line.kind],
                "sum": lending.money(line.amount),
                "after": lending.money(line.after),
                "method": PAYMENT_METHODS[line.method] if line.method else None,
                "house": lending.named_house(line.house_id) if line.house_id else None,
            }
            for line in lines
        ],
        "pager": paging.pager(request, total=total, size=PAGE),
        "section": "fees",
    }
    return render(request, "accounts/fees.html", context)


@of_members("history", own=True)
@require_http_methods(["GET", "HEAD", "POST"])
def history(request: HttpRequest, persons: Persons) -> HttpResponse:
    """What was read, while it is kept; a POST forgets one line or all."""
    me = persons.chosen
    if request.method == "POST":
        one = lending.number_of(request.POST.get("loan"))
        if one is None and request.POST.get("all") != "1":
            return redirect("account-history")
        try:
            services.forget_read(actor=actor_of(request), for_member_id=me.member_id, loan_id=one)
        except Refusal:
            messages.info(request, _("It was forgotten already."))
        else:
            messages.success(request, _("It is forgotten.") if one else _("All of it is forgotten."))
        return redirect("account-history")
    number = paging.page_number(request)
    rows, total = own.history(me.member_id, offset=(number - 1) * PAGE, limit=PAGE)
    context = {
        "persons": persons,
        "keeps": me.keep_history,
        "rows": [{"row": row, "house": lending.named_house(row.house_id)} for row in rows],
        "total": total,
        "pager": paging.pager(request, total=total, size=PAGE),
        "section": "history",
    }
    return render(request, "accounts/history.html", context)


@of_members("history", own=True)
@require_safe
def history_file(request: HttpRequest, persons: Persons) -> HttpResponse:
    """All that was read and kept, as a table for one's own machine."""
    rows, _total = own.history(persons.chosen.member_id, limit=100_000)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="khaneh-history.csv"'
    response.write("\ufeff")
    table = csv.writer(response)
    table.writerow(["title", "creator", "lent", "returned", "house", "record"])
    for row in rows:
        title, creator = (plain_cell(row.thing.title), plain_cell(row.thing.creator)) if row.thing else ("", "")
        record = request.build_absolute_uri(reverse("record", args=[row.thing.record_id])) if row.thing else ""
        house = lending.named_house(row.house_id)["code"]
        table.writerow([title, creator, day_of(row.lent_at), day_of(row.ended_at), house, record])
    return response


def _seen(pair: str) -> tuple[int, int] | None:
    """`12:1`: loan 12 had been renewed once."""
    loan, _colon, times = pair.partition(":")
    return (int(loan), int(times)) if loan.isdecimal() and times.isdecimal() and len(pair) < 30 else None


def _back(name: str, persons: Persons) -> HttpResponse:
    return redirect(reverse(name) + persons.query)
