"""The self-check's pages. Parse, call, translate. Everything works without a script; the script adds sound, the keypad and the watch."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from khaneh.domains.circulation import services
from khaneh.domains.circulation.permissions import DESK, MANAGERS
from khaneh.domains.circulation.queries import own
from khaneh.domains.circulation.queries.machines import copy_at_machine, copy_label, counts
from khaneh.domains.circulation.queries.terminals import TerminalRow, self_checks_at_desk
from khaneh.domains.circulation.types import RequestState, TerminalKind
from khaneh.domains.network import queries as network
from khaneh.domains.people import queries as people
from khaneh.domains.people import services as people_services
from khaneh.domains.people.errors import PinLocked
from khaneh.interfaces.web import lending, reader, reasons
from khaneh.interfaces.web.requests import actor_of
from khaneh.interfaces.web.selfcheck import acts, machine, visit
from khaneh.interfaces.web.selfcheck.machine import at_machine
from khaneh.interfaces.web.selfcheck.visit import Visit
from khaneh.kernel.actor import Actor
from khaneh.kernel.calendars import latin_digits
from khaneh.kernel.refusal import NotAllowed, NotFound

_LONGEST = 80


@require_http_methods(["GET", "HEAD", "POST"])
def open_machine(request: HttpRequest) -> HttpResponse:
    """Let this browser be a terminal of a house: by the name and password given out for it, or by somebody who works at its desk."""
    if request.method != "POST" and machine.of(request) is not None:
        return redirect("selfcheck")
    actor, wrong = actor_of(request), ""
    if request.method == "POST":
        row, wrong = _chosen(request, actor) if "terminal" in request.POST else _named(request)
        if row is not None:
            # Readers stand here from now on: nothing of whoever opened it stays in this browser.
            logout(request)
            opened = redirect("selfcheck")
            machine.remember(opened, row, secure=request.is_secure())
            _speak(opened, request, row.language)
            return opened
    context = {
        "wrong": wrong,
        "works_here": actor.holds_somewhere(DESK),
        "manages": actor.holds_somewhere(MANAGERS),
        "machines": self_checks_at_desk(actor),
    }
    response = render(request, "selfcheck/open.html", context, status=422 if wrong else 200)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _chosen(request: HttpRequest, actor: Actor) -> tuple[TerminalRow | None, str]:
    """The self-check that somebody of its house pressed the button of, or what is wrong."""
    number = lending.number_of(request.POST.get("terminal"))
    try:
        return services.open_terminal(actor=actor, terminal_id=number or 0, now=timezone.now()), ""
    except (NotFound, NotAllowed):
        return None, _("This self-check is not open to you. Ask the manager of its house.")


def _named(request: HttpRequest) -> tuple[TerminalRow | None, str]:
    """The self-check with the name and password that were typed, or what is wrong."""
    address = request.META.get("REMOTE_ADDR", "")
    if machine.is_shut(address):
        return None, _("Too many wrong tries. Please wait five minutes.")
    row = services.sign_terminal_in(
        name=request.POST.get("name", "")[:_LONGEST], password=request.POST.get("password", "")[:_LONGEST], now=timezone.now()
    )  # fmt: skip
    if row is not None and row.kind is TerminalKind.SELF_CHECK:
        return row, ""
    machine.wrong(address)
    return None, _("No self-check has this name and password.")


@at_machine
@require_http_methods(["GET", "HEAD", "POST"])
def close_machine(request: HttpRequest, terminal: TerminalRow) -> HttpResponse:
    """Make this browser an ordinary one again: with the password of the terminal, or by somebody who works at its desk."""
    wrong = ""
    of_house = actor_of(request).holds(DESK, network.house_facts(terminal.house.id).place)
    if request.method == "POST":
        password = request.POST.get("password", "")[:_LONGEST]
        address = request.META.get("REMOTE_ADDR", "")
        if of_house:
            return _closed(request, "desk")
        if machine.is_shut(address):
            wrong = _("Too many wrong tries. Please wait five minutes.")
        elif services.sign_terminal_in(name=terminal.name, password=password, now=timezone.now()) is not None:
            return _closed(request, "selfcheck-open")
        else:
            machine.wrong(address)
            wrong = _("This is not the password.")
    context = {"terminal": terminal, "wrong": wrong, "of_house": of_house}
    return render(request, "selfcheck/close.html", context, status=422 if wrong else 200)


def _closed(request: HttpRequest, to: str) -> HttpResponse:
    response = redirect(to)
    visit.forget(request, response)
    response.delete_cookie(machine.COOKIE, path=machine.PATH, samesite="Strict")
    return response


@at_machine
@require_http_methods(["GET", "HEAD"])
def start(request: HttpRequest, terminal: TerminalRow) -> HttpResponse:
    """One address for all that a reader sees: nobody there, the PIN asked for, or what they have."""
    here = visit.of(request, terminal.id)
    context: dict[str, Any] = {
        "terminal": terminal,
        "languages": reader.LANGUAGES,
        "said": visit.said(request),
        "idle": visit.IDLE,
    }
    if here is None:
        response = render(request, "selfcheck/welcome.html", context)
    elif not here.proved:
        response = render(request, "selfcheck/pin.html", context)
    else:
        response = render(request, "selfcheck/reader.html", context | _picture(terminal, here))
    # What was said is shown once.
    response.delete_cookie(visit.SAID, path=machine.PATH, samesite="Strict")
    return response


@at_machine
@require_POST
def language(request: HttpRequest, terminal: TerminalRow) -> HttpResponse:
    """Speak another language until the reader goes."""
    chosen = request.POST.get("language", "")
    response = redirect("selfcheck")
    if chosen in reader.LANGUAGES:
        _speak(response, request, chosen)
    return response


@at_machine
@require_POST
def scan(request: HttpRequest, terminal: TerminalRow) -> HttpResponse:
    """A card begins a visit; a copy is lent to whoever stands there, and taken back where nobody does."""
    text = latin_digits(_plain(request.POST.get("scan", "")))
    here, now = visit.of(request, terminal.id), timezone.now()
    if here is not None and not here.proved:
        return redirect("selfcheck")
    response = redirect("selfcheck")
    if not text:
        return response
    copy = copy_label(text)
    if copy is None:
        standing = people.standing(now=now, card=text)
        if standing is None:
            visit.say(
                response, "bad", _("This is neither a card nor a copy of ours. Please try again, or ask at the desk.")
            )
            return response
        visit.forget(request, response)
        made = visit.begin(terminal_id=terminal.id, member_id=standing.member_id, proved=not terminal.asks_pin)
        visit.remember(response, made, secure=request.is_secure())
        return response
    outcome = acts.lend(terminal, here, copy, now) if here is not None else acts.take_back(terminal, copy, now)
    visit.say(
        response,
        outcome.tone,
        outcome.said,
        copy.title or copy.barcode,
        **({"own": copy.barcode} if outcome.own else {}),
    )
    return response


@at_machine
@require_POST
def pin(request: HttpRequest, terminal: TerminalRow) -> HttpResponse:
    """The PIN beside the card. After some wrong ones nothing is answered for a while."""
    response = redirect("selfcheck")
    here = visit.of(request, terminal.id)
    if here is None or here.proved:
        return response
    try:
        fits = people_services.check_pin(member_id=here.member_id, pin=latin_digits(request.POST.get("pin", ""))[:12])
    except PinLocked:
        visit.forget(request, response)
        visit.say(response, "bad", _("Too many wrong PINs. Please try again in a quarter of an hour."))
        return response
    if not fits:
        visit.say(response, "bad", _("This PIN is not right. You set it in your account or at the desk."))
        return response
    # Another word from here on: the one from before the PIN opens nothing.
    visit.forget(request, response)
    made = visit.begin(terminal_id=terminal.id, member_id=here.member_id, proved=True)
    visit.remember(response, made, secure=request.is_secure())
    return response


@at_machine
@require_POST
def own_copy(request: HttpRequest, terminal: TerminalRow) -> HttpResponse:
    """What is done with a copy that the reader has: renewed, or taken back."""
    response = redirect("selfcheck")
    here, now = visit.of(request, terminal.id), timezone.now()
    copy = copy_label(_plain(request.POST.get("barcode", "")))
    if here is None or not here.proved or copy is None:
        return response
    if request.POST.get("act") == "return":
        outcome = acts.take_back(terminal, copy, now, here)
    else:
        doing = copy_at_machine(barcode=copy.barcode)
        if doing is None or doing.loan_id is None or doing.lent_to != here.member_id:
            return response
        outcome = acts.renew(terminal, here, doing.loan_id, now)
    visit.say(response, outcome.tone, outcome.said, copy.title or copy.barcode)
    return response


@at_machine
@require_POST
def renew(request: HttpRequest, terminal: TerminalRow) -> HttpResponse:
    """Renew one loan or all."""
    response = redirect("selfcheck")
    here, now = visit.of(request, terminal.id), timezone.now()
    if here is None or not here.proved:
        return response
    number = lending.number_of(request.POST.get("loan"))
    why: dict[int, str] = {}
    if number is not None:
        outcome = acts.renew(terminal, here, number, now)
    else:
        outcome, why = acts.renew_all(terminal, here, now)
    visit.say(response, outcome.tone, outcome.said, why={str(loan): words for loan, words in why.items()})
    return response


@at_machine
@require_POST
def finish(request: HttpRequest, terminal: TerminalRow) -> HttpResponse:
    """The reader goes: with a receipt on paper, by letter, or with none. Afterwards nothing here knows them."""
    here = visit.of(request, terminal.id)
    if here is None or not here.proved:
        return _gone(request, terminal)
    wanted = request.POST.get("receipt", "")
    if wanted == "letter":
        services.send_receipt(
            member_id=here.member_id,
            house_id=terminal.house.id,
            loan_ids=[*here.lent, *here.renewed],
            now=timezone.now(),
        )
        response = _gone(request, terminal)
        visit.say(response, "good", _("Goodbye. The receipt comes by e-mail."))
        return response
    if wanted != "print":
        return _gone(request, terminal)
    done = {*here.lent, *here.renewed}
    lines = [line for line in _loans(here) if line["row"].id in done]
    context = {
        "terminal": terminal,
        "lines": lines,
        "returned": here.returned,
        "at": timezone.localtime(),
        "languages": {},
    }
    response = render(request, "selfcheck/receipt.html", context)
    _clear(request, response, terminal)
    return response


@at_machine
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, terminal: TerminalRow) -> HttpResponse:
    """Nobody is there any more. Also by a plain link, because a page without scripts leaves in no other way by itself."""
    return _gone(request, terminal)


def _plain(text: str) -> str:
    """What a scanner may send, without signs that no barcode has."""
    return "".join(filter(str.isprintable, text)).strip()[:_LONGEST]


def _gone(request: HttpRequest, terminal: TerminalRow) -> HttpResponse:
    response = redirect("selfcheck")
    _clear(request, response, terminal)
    return response


def _clear(request: HttpRequest, response: HttpResponse, terminal: TerminalRow) -> None:
    visit.forget(request, response)
    _speak(response, request, terminal.language)
    # What the browser may have kept of pages and pictures; cookies stay, or the machine would forget what it is.
    response.headers["Clear-Site-Data"] = '"cache"'


def _speak(response: HttpResponse, request: HttpRequest, chosen: str) -> None:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, chosen, max_age=reader.COOKIE_SECONDS, samesite="Lax", secure=request.is_secure(), httponly=True
    )  # fmt: skip


def _picture(terminal: TerminalRow, here: Visit) -> dict[str, Any]:
    """What a reader sees of themself: loans, what is ready for them, what is owed, and whether they may borrow."""
    now, house = timezone.now(), network.house_facts(terminal.house.id)
    standing = people.standing(now=now, member_id=here.member_id)
    requests = own.own_requests(here.member_id)
    ready = [one for one in requests if one.state is RequestState.ON_SHELF]
    stand = counts(member_id=here.member_id, currency=house.currency, now=now)
    why: list[reasons.Why] = []
    left: int | None = None
    if standing is not None:
        answer = services.foresee_loan(member=standing, counts=stand, house_id=house.id, channel=acts.CHANNEL, now=now)
        why = reasons.of_answer(answer)
        left = next((one.left for one in answer.limits if one.term == "loans_max"), None)
    return {
        "name": standing.name if standing is not None else "",
        "loans": _loans(here),
        "ready": [
            {
                "row": one,
                "here": one.house_id == house.id,
                "house": lending.named_house(one.house_id),
                "until": lending.day_of(one.shelf_until, one.house_id) if one.shelf_until else "",
            }
            for one in ready
        ],
        "waiting": len(requests) - len(ready),
        "owed": [lending.money(sum_) for sum_ in own.owed(here.member_id) if sum_.amount > 0],
        "why": why,
        "left": left,
        "did": len(here.lent) + len(here.renewed) + here.returned,
        "visit": here,
    }


def _loans(here: Visit) -> list[dict[str, Any]]:
    return [
        {
            "row": row,
            "due": lending.day_of(row.due_at, row.house_id),
            "due_in": lending.due_in(row.days, late=row.is_late),
            "fresh": row.id in here.lent or row.id in here.renewed,
        }
        for row in own.own_loans(here.member_id, now=timezone.now())
    ]
