"""One's own membership: applying, the card, those one answers for, and what is kept about oneself. Parse, call, translate."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import chain

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from khaneh.domains.network import queries as network
from khaneh.domains.people import queries, services
from khaneh.domains.people.errors import LastAdministrator
from khaneh.domains.people.types import GUARDIANSHIP_KINDS, MEMBER_STATES, MemberRow, MemberState, Rights
from khaneh.interfaces.web import clocks
from khaneh.interfaces.web.accounts.forms import CloseForm
from khaneh.interfaces.web.members import MemberForm, bars, words
from khaneh.interfaces.web.requests import actor_of
from khaneh.kernel.refusal import Refusal


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def membership(request: HttpRequest) -> HttpResponse:
    """The card with its bars and everything around it; the form of an application for who has none."""
    row = _own(request)
    if row is None or row.state is MemberState.CLOSED:
        return _application(request, as_guardian=False, row=row)
    if request.method == "POST":
        return _act(request, row)
    context = {
        "row": row,
        "bars": bars(row.card),
        "state": MEMBER_STATES[row.state],
        "expired": row.expires_on is not None and row.expires_on < clocks.today(row.home_house.id),
        "kinds": GUARDIANSHIP_KINDS,
        "offers": queries.proxy_offers(row.id, since=timezone.now() - services.PROXY_OFFERS_OPEN_FOR),
        "section": "membership",
    }
    return render(request, "accounts/membership.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def ward(request: HttpRequest) -> HttpResponse:
    """Apply for a child or a class that one answers for."""
    return _application(request, as_guardian=True, row=_own(request))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept: the history's switch, a copy of everything, the way to being forgotten."""
    row = _own(request)
    if request.method == "POST" and row is not None:
        if request.POST.get("act") == "download":
            told = services.export_member_data(actor=actor_of(request), member_id=row.id, now=timezone.now())
            response = HttpResponse(json.dumps(told, ensure_ascii=False, indent=1), content_type="application/json")
            response.headers["Content-Disposition"] = 'attachment; filename="khaneh.json"'
            response.headers["Cache-Control"] = "private, no-store"
            return response
        keep = request.POST.get("keep") == "1"
        services.set_keep_history(actor=actor_of(request), member_id=row.id, keep=keep, now=timezone.now())
        messages.success(
            request,
            _("From now on you find here what you have read.")
            if keep
            else _("What was kept of your reading is forgotten."),
        )
        return redirect("account-history" if request.POST.get("next") == "history" else "account-privacy")
    return render(request, "accounts/privacy.html", {"row": row, "section": "privacy"})


@login_required
@reauthentication_required  # type: ignore[untyped-decorator]
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: HttpRequest) -> HttpResponse:
    """Be forgotten: membership and account, after a fresh sign-in and a word of warning."""
    form = CloseForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.erase_myself(actor=actor_of(request), now=timezone.now())
        except LastAdministrator:
            form.add_error(None, _("You are the last administrator of an organisation. Make somebody else one first."))
        except Refusal as refusal:
            form.add_error(None, words(refusal))
        else:
            logout(request)
            messages.success(request, _("Everything about you is forgotten. Thank you for having been here."))
            return redirect("home")
    context = {"form": form, "section": "privacy"}
    return render(request, "accounts/erase.html", context, status=422 if form.is_bound else 200)


def _rights(told: QueryDict) -> Rights:
    """What somebody may do for one, as it was ticked."""
    return Rights(*(f"may_{name}" in told for name in Rights._fields))


def _own(request: HttpRequest) -> MemberRow | None:
    return queries.membership_of(actor_of(request).account_id or 0, now=timezone.now())


def _application(request: HttpRequest, *, as_guardian: bool, row: MemberRow | None) -> HttpResponse:
    actor = actor_of(request)
    account = queries.account(actor.account_id or 0)
    begin = {} if as_guardian or row else {"email": account.email, "family_name": account.name}
    form = MemberForm(
        request.POST if request.method == "POST" else None,
        house_ids=chain.from_iterable(network.public_house_ids()),
        row=None if as_guardian else row,
        initial=begin,
    )
    if form.is_bound and form.is_valid():
        try:
            services.apply_for_membership(actor=actor, draft=form.draft(), now=timezone.now(), as_guardian=as_guardian)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Your application has arrived. The library will look at it."))
            return redirect("account-membership")
    context = {"form": form, "as_guardian": as_guardian, "row": row, "section": "membership"}
    return render(request, "accounts/apply.html", context, status=422 if form.errors else 200)


def _act(request: HttpRequest, row: MemberRow) -> HttpResponse:
    actor, now, told = actor_of(request), timezone.now(), request.POST
    number = int(told["id"]) if told.get("id", "").isdecimal() else 0
    acts: dict[str, tuple[Callable[[], object], str]] = {
        "read": (lambda: services.read_message(actor=actor, message_id=number, now=now), _("The message is put away.")),
        "lost": (
            lambda: services.close_card(actor=actor, member_id=row.id, lost=True, now=now),
            _("Your card opens nothing any more. Any library gives you another."),
        ),
        "pin": (
            lambda: services.set_pin(actor=actor, member_id=row.id, pin=told.get("pin", ""), now=now),
            _("Your PIN is set."),
        ),
        "proxy": (
            lambda: services.name_proxy(
                actor=actor, member_id=row.id, barcode=told.get("card", ""), rights=_rights(told), now=now
            ),
            _("They are asked. As soon as they say yes they may act for you."),
        ),
        "accept": (
            lambda: services.accept_proxy(actor=actor, offer_id=number, now=now),
            _("You may act for them from now on."),
        ),
        "drop": (lambda: services.drop_proxy_offer(actor=actor, offer_id=number, now=now), _("This has ended.")),
        "end": (
            lambda: services.end_guardianship(actor=actor, guardianship_id=number, now=now),
            _("This has ended."),
        ),
    }
    act, done = acts.get(told.get("act", ""), (None, ""))
    if act is None:
        return redirect("account-membership")
    try:
        act()
    except Refusal as refusal:
        messages.error(request, words(refusal))
    else:
        messages.success(request, done)
    return redirect("account-membership")
