"""One's own account: profile, roles, closing it. Parse, call, translate."""

from __future__ import annotations

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from khaneh.domains.network.types import ROLES
from khaneh.domains.people import queries, services
from khaneh.domains.people.errors import LastAdministrator
from khaneh.domains.people.types import Preferences
from khaneh.interfaces.web.accounts.adapter import remember_look
from khaneh.interfaces.web.accounts.forms import CloseForm, ProfileForm
from khaneh.kernel.actor import Actor


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Name, language and calendar."""
    actor = _actor(request)
    account = queries.account(_account_id(actor))
    initial = {"name": account.name, "language": account.language, "calendar": account.calendar}
    form = ProfileForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        wanted = Preferences(**form.cleaned_data)
        services.set_preferences(actor=actor, account_id=account.id, preferences=wanted)
        response = redirect("account")
        remember_look(response, language=wanted.language, calendar=wanted.calendar)
        with translation.override(wanted.language):
            messages.success(request, _("Your profile is saved."))
        return response
    context = {"form": form, "account": account, "section": "profile"}
    return render(request, "accounts/profile.html", context, status=422 if form.is_bound else 200)


@login_required
@require_safe
def roles(request: HttpRequest) -> HttpResponse:
    """The roles that one holds or will hold."""
    now = timezone.now()
    rows = [
        {"row": row, "name": ROLES[row.role], "place": row.house or row.organisation, "counts": row.is_valid(now)}
        for row in queries.roles_of(_account_id(_actor(request)), now=now)
    ]
    return render(request, "accounts/roles.html", {"rows": rows, "section": "roles"})


@login_required
@reauthentication_required  # type: ignore[untyped-decorator]
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest) -> HttpResponse:
    """Close the account for good, after a fresh sign-in and a word of warning."""
    actor = _actor(request)
    form = CloseForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.close_account(actor=actor, account_id=_account_id(actor), now=timezone.now())
        except LastAdministrator:
            form.add_error(
                None,
                _(
                    "You are the last administrator of an organisation. Make somebody else one first, then close your account."
                ),
            )
        else:
            logout(request)
            messages.success(request, _("Your account is closed. Thank you for having been here."))
            return redirect("home")
    context = {"form": form, "section": "close"}
    return render(request, "accounts/close.html", context, status=422 if form.is_bound else 200)


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _account_id(actor: Actor) -> int:
    # `login_required` stands before every view here, and an inactive account is never signed in.
    if actor.account_id is None:
        raise RuntimeError("a signed-in page without an account")
    return actor.account_id
