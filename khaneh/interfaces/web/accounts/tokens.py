"""Keys for programs: making one, which is shown once, and ending one. Parse, call, translate."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from khaneh.domains.network.types import ROLES
from khaneh.domains.people import queries, services
from khaneh.domains.people.types import TOKEN_ACCESS, TOKEN_KINDS, TokenAccess, TokenChoice, TokenKind, TokenRow
from khaneh.interfaces.web import reader
from khaneh.interfaces.web.members import fault, words
from khaneh.interfaces.web.requests import actor_of
from khaneh.kernel.actor import Grant
from khaneh.kernel.calendars import show_number
from khaneh.kernel.refusal import Invalid, Refusal

_TERMS = (7, 30, 90, 365)


class TokenForm(forms.Form):
    """What a key is called, for whom it acts, what it may do and for how long."""

    def __init__(self, data: Any, *, choices: list[TokenChoice]) -> None:
        super().__init__(data, initial={"kind": TokenKind.PERSONAL, "access": TokenAccess.READ, "days": "90"})
        language = reader.current().language
        self.grants = {str(turn): _grant(one) for turn, one in enumerate(choices)}
        longest = services.LONGEST_TOKEN_NAME
        name = forms.TextInput(attrs={"class": "input", "dir": "auto", "autocomplete": "off"})
        self.fields["name"] = forms.CharField(label=_("What is it for?"), max_length=longest, widget=name)
        self.fields["name"].help_text = _("So that you know it again, e.g. “statistics of the branch”.")
        kinds = [kind for kind in TokenKind if kind is TokenKind.PERSONAL or any(kind in one.kinds for one in choices)]
        self.fields["kind"] = _radio(_("For whom"), [(kind.value, TOKEN_KINDS[kind].pick(language)) for kind in kinds])
        self.fields["access"] = _radio(
            _("What it may do"), [(one.value, TOKEN_ACCESS[one].pick(language)) for one in TokenAccess]
        )
        self.fields["own_account"] = forms.BooleanField(
            label=_("My own membership: loans, requests, fees"), required=False
        )
        self.fields["roles"] = forms.MultipleChoiceField(
            label=_("As which of my roles"),
            required=False,
            choices=[(str(turn), _named(one, language)) for turn, one in enumerate(choices)],
        )
        days = [(str(days), _("%(days)s days") % {"days": show_number(days, language)}) for days in _TERMS]
        select = forms.Select(attrs={"class": "select"})
        self.fields["days"] = forms.ChoiceField(label=_("Valid for"), choices=days, widget=select)

    def facts(self) -> dict[str, Any]:
        """What the service takes."""
        told = self.cleaned_data
        kind = TokenKind(told["kind"])
        return {
            "name": told["name"],
            "kind": kind,
            "access": TokenAccess(told["access"]),
            "own_account": told["own_account"] and kind is TokenKind.PERSONAL,
            "grants": [self.grants[turn] for turn in told["roles"]],
        }

    def refuse(self, refusal: Refusal) -> None:
        """Put a service's refusal beside its field, or above the form."""
        if not isinstance(refusal, Invalid):
            self.add_error(None, words(refusal))
            return
        for name, why in refusal.facts.get("fields", {}).items():
            said = _("Choose at least one.") if (name, why) == ("roles", "missing") else fault(why)
            self.add_error(name if name in self.fields else None, said)


@login_required
@reauthentication_required(allow_get=True)  # type: ignore[untyped-decorator]
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """The keys that are open, the form of another, and the other's text once."""
    actor, now = actor_of(request), timezone.now()
    if request.method == "POST" and "revoke" in request.POST:
        return _revoke(request)
    form = TokenForm(request.POST if request.method == "POST" else None, choices=queries.token_choices(actor, now=now))
    made = ""
    if form.is_bound and form.is_valid():
        ends = now + timedelta(days=int(form.cleaned_data["days"]))
        try:
            _number, made = services.make_token(actor=actor, expires_at=ends, now=now, **form.facts())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            form = TokenForm(None, choices=queries.token_choices(actor, now=now))
    context = {
        "form": form,
        "made": made,
        "own": [_shown(row) for row in queries.tokens_of(actor, now=now)],
        "others": [_shown(row) for row in queries.machine_tokens_of_others(actor, now=now)],
        "section": "tokens",
    }
    response = render(request, "accounts/tokens.html", context, status=422 if form.errors else 200)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _revoke(request: HttpRequest) -> HttpResponse:
    told = request.POST["revoke"]
    number = int(told) if told.isascii() and told.isdecimal() and len(told) < 18 else 0
    try:
        services.revoke_token(actor=actor_of(request), token_id=number, now=timezone.now())
    except Refusal:
        messages.error(request, _("This key has ended already."))
    else:
        messages.success(request, _("The key opens nothing any more."))
    return redirect("account-tokens")


def _shown(row: TokenRow) -> dict[str, Any]:
    return {
        "row": row,
        "kind": TOKEN_KINDS[row.kind],
        "access": TOKEN_ACCESS[row.access],
        "roles": [
            {"name": ROLES[one.role], "place": one.house or one.organisation, "counts": one.counts} for one in row.roles
        ],
    }


def _grant(one: TokenChoice) -> Grant:
    return Grant(one.role.value, one.house.id if one.house else None, one.organisation.id if one.organisation else None)


def _named(one: TokenChoice, language: str) -> str:
    place = one.house or one.organisation
    return f"{ROLES[one.role].pick(language)} — {place.names.pick(language) if place else ''}"


def _radio(label: str, choices: list[tuple[str, str]]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect)
