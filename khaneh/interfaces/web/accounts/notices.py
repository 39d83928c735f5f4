"""One's own messages: those in the account, and which ones come by which way. Parse, call, translate."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from khaneh.domains.notices import queries, services
from khaneh.domains.notices.queries.readers import Reader, of_member, readers
from khaneh.domains.notices.types import CHANNELS, Channel
from khaneh.domains.people.queries.contacts import Contact, contacts, member_of_account
from khaneh.interfaces.web import reader
from khaneh.interfaces.web.requests import actor_of


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def inbox(request: HttpRequest) -> HttpResponse:
    """The messages in the account, newest first; looking at them is reading them. A POST throws one away."""
    contact = _reader(request)
    now = timezone.now()
    member_id, account_id = contact.key if contact is not None else (None, None)
    if request.method == "POST":
        number = request.POST.get("item", "")
        if contact is not None and number.isdecimal() and len(number) < 18:
            services.throw_away(member_id=member_id, account_id=account_id, item_id=int(number))
        return redirect("account-messages")
    rows = []
    if contact is not None:
        current = reader.current()
        rows = queries.inbox(contact=contact, language=current.language, calendar=current.calendar, now=now)
        if request.method == "GET":
            unread = [row.id for row in rows if row.read_at is None]
            if unread:
                services.read(member_id=member_id, account_id=account_id, item_ids=unread, now=now)
    response = render(request, "accounts/messages.html", {"rows": rows, "section": "messages"})
    response.headers["Cache-Control"] = "private, no-store"
    return response


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def choices(request: HttpRequest) -> HttpResponse:
    """Which messages one gets, by which way."""
    contact = _contact(request)
    rows = queries.choices(member_id=contact.member_id) if contact is not None else []
    if request.method == "POST" and contact is not None:
        wanted = {
            (row.event, channel): f"{row.event}:{channel.value}" in request.POST for row in rows for channel in Channel
        }
        services.choose(member_id=contact.member_id, wanted=wanted)
        messages.success(request, _("Your choice is saved."))
        return redirect("account-notices")
    language = reader.current().language
    context = {
        "member": contact,
        "channels": [(channel.value, label.pick(language)) for channel, label in CHANNELS.items()],
        "rows": [
            (
                row.label.pick(language),
                [
                    (f"{row.event}:{channel.value}", label.pick(language), row.wanted[channel])
                    for channel, label in CHANNELS.items()
                ],
            )
            for row in rows
        ],
        "section": "notices",
    }
    return render(request, "accounts/notices.html", context)


def _reader(request: HttpRequest) -> Reader | None:
    """Whose messages: the account's member, or the account itself."""
    contact, account_id = _contact(request), actor_of(request).account_id
    if contact is not None:
        return of_member(contact)
    return readers(account_ids=[account_id]).get((None, account_id))


def _contact(request: HttpRequest) -> Contact | None:
    """How the account's member is reached; None for an account without a membership."""
    account_id = actor_of(request).account_id
    member_id = member_of_account(account_id) if account_id is not None else None
    return contacts([member_id])[member_id] if member_id is not None else None
