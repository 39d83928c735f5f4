"""What everybody sees: the sessions to come, and one with those who want to be seen; and how one registers. Parse, call, translate."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from khaneh.domains.events import queries as events
from khaneh.domains.meetings import queries, services
from khaneh.domains.meetings.types import GUEST_KINDS, ParticipantDraft
from khaneh.interfaces.web import clocks, reader
from khaneh.interfaces.web.meetings import acting, showing, wording
from khaneh.interfaces.web.requests import actor_of
from khaneh.kernel.refusal import NotFound, Refusal


@require_safe
def sessions(request: HttpRequest) -> HttpResponse:
    """The sessions that are to come."""
    now = timezone.now()
    context = {
        "rows": [showing.session(row, now) for row in queries.matchmakings_coming(now=now)],
        "crumbs": [(_("Home"), reverse("home")), (_("Matchmaking sessions"), "")],
    }
    return render(request, "meetings/sessions.html", context)


@require_safe
def session(request: HttpRequest, matchmaking_id: int) -> HttpResponse:
    """A session. At most forty statements."""
    actor, now = actor_of(request), timezone.now()
    row = queries.matchmaking(matchmaking_id, actor=actor)
    clocks.follow(row.house.id)
    comes = any(line[0].id == row.id for line in queries.matchmakings_of(actor, now=now))
    listed = queries.rounds(matchmaking_id)
    context = {
        **showing.session(row, now),
        "event": events.events_by_ids([row.event_id]).get(row.event_id) if row.event_id is not None else None,
        "participants": [showing.participant(one) for one in queries.published(matchmaking_id)],
        "rounds": len(listed),
        "comes": comes,
        "crumbs": [
            (_("Home"), reverse("home")), (_("Matchmaking sessions"), reverse("matchmakings")),
            (row.names.pick(reader.current().language), ""),
        ],
    }  # fmt: skip
    return render(request, "meetings/session.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest, matchmaking_id: int) -> HttpResponse:
    """As whom, what one offers, what one looks for, whether everybody sees it."""
    actor, now = actor_of(request), timezone.now()
    row = queries.matchmaking(matchmaking_id, actor=actor)
    clocks.follow(row.house.id)
    standings = queries.standings(actor, now=now)
    typed = {"offers": acting.text(request, "offers"), "seeks": acting.text(request, "seeks"), "standing": request.POST.get("standing", "")}  # fmt: skip
    refused = ""
    if request.method == "POST":
        draft = ParticipantDraft(typed["offers"], typed["seeks"], bool(request.POST.get("published")))
        try:
            services.register(
                actor=actor, matchmaking_id=matchmaking_id, standing=typed["standing"], draft=draft, now=now
            )
        except NotFound:
            raise
        except Refusal as refusal:
            refused = wording.sentence(refusal)
        else:
            messages.success(request, _("You take part. Say when you can, and ask those whom you want to meet."))
            return redirect("account-matchmaking", matchmaking_id=matchmaking_id)
    context = {
        **showing.session(row, now),
        "standings": [(one, GUEST_KINDS[one.kind], one.key == typed["standing"]) for one in standings],
        "typed": typed,
        "published": request.method != "POST" or bool(request.POST.get("published")),
        "refused": refused,
    }
    return render(request, "meetings/register.html", context, status=422 if refused else 200)
