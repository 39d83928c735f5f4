"""What is shared with somebody, and of somebody: places that one may book by a sharing, and one's own hours as a mentor. Parse, call, translate."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from khaneh.domains.networking import queries
from khaneh.domains.spaces import queries as spaces
from khaneh.interfaces.web.networking import sharing, wording
from khaneh.interfaces.web.requests import actor_of
from khaneh.interfaces.web.spaces import wording as spaces_wording


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def shared(request: HttpRequest) -> HttpResponse:
    """Places with the hours that are left this month, and one's hours as a mentor, to agree to or to end."""
    actor, now = actor_of(request), timezone.now()
    if request.method == "POST":
        sharing.act(request, actor)
        return redirect("account-shared")
    found = queries.usable_by(account_id=actor.account_id or 0, organisation_id=None, now=now)
    rows = spaces.spaces_by_ids(one.space_id for one in found)
    context = {
        "section": "shared",
        "places": [
            {
                "space": rows[one.space_id],
                "house": one.house,
                "left": spaces_wording.length(one.left) if one.left else "",
                "hours": spaces_wording.length(one.minutes),
                "price": wording.price(one.price),
            }
            for one in found
            if one.space_id in rows
        ],
        "mentoring": [sharing.line(row) for row in queries.sharings_of_mentor(actor, now=now)],
    }
    return render(request, "networking/shared.html", context)
