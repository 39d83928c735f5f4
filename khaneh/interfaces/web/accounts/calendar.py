"""One's own calendar on telephones and in programs: addresses that are made for one of them each, and ended one by one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from khaneh.domains.people import queries, services
from khaneh.interfaces.web.members import fault, words
from khaneh.interfaces.web.requests import actor_of
from khaneh.kernel.refusal import Invalid, Refusal


class CalendarForm(forms.Form):
    """For which telephone or program an address is."""

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        name = forms.TextInput(attrs={"class": "input", "dir": "auto", "autocomplete": "off"})
        longest = services.LONGEST_CALENDAR_KEY_NAME
        self.fields["name"] = forms.CharField(label=_("For what?"), max_length=longest, widget=name)
        self.fields["name"].help_text = _("So that you know it again, e.g. “my telephone”.")

    def refuse(self, refusal: Refusal) -> None:
        """Put a service's refusal beside its field, or above the form."""
        if not isinstance(refusal, Invalid):
            self.add_error(None, words(refusal))
            return
        for name, why in refusal.facts.get("fields", {}).items():
            said = _("These are too many: end one that you do not use any more.") if why == "too_many" else fault(why)
            self.add_error(name if name in self.fields else None, said)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def calendar(request: HttpRequest) -> HttpResponse:
    """The addresses that are open, the form of another, and the other's text once."""
    actor = actor_of(request)
    if request.method == "POST" and "end" in request.POST:
        return _end(request)
    form = CalendarForm(request.POST if request.method == "POST" else None)
    made = ""
    if form.is_bound and form.is_valid():
        try:
            _number, made = services.make_calendar_key(actor=actor, name=form.cleaned_data["name"], now=timezone.now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            form = CalendarForm()
    address = settings.SITE_URL + reverse("calendar-person", args=[made]) if made else ""
    context = {
        "form": form,
        "made": made,
        "address": address,
        "subscribe": f"webcal://{address.partition('://')[2]}",
        "server": settings.SITE_URL,
        "email": request.user.get_username(),
        "keys": queries.calendar_keys_of(actor),
    }
    response = render(request, "accounts/calendar.html", context, status=422 if form.errors else 200)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _end(request: HttpRequest) -> HttpResponse:
    told = request.POST["end"]
    number = int(told) if told.isascii() and told.isdecimal() and len(told) < 18 else 0
    try:
        services.end_calendar_key(actor=actor_of(request), key_id=number)
    except Refusal:
        messages.error(request, _("This address has ended already."))
    else:
        messages.success(request, _("Whoever has this address reads nothing more."))
    return redirect("account-calendar")
