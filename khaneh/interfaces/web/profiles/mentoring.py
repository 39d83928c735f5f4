"""One's own page as a mentor. Parse, call, translate."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from khaneh.domains.network import queries as network
from khaneh.domains.profiles import queries, services
from khaneh.interfaces.web import reader
from khaneh.interfaces.web.profiles import wording
from khaneh.interfaces.web.profiles.forms import MentorForm
from khaneh.interfaces.web.requests import actor_of
from khaneh.kernel.refusal import Refusal


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mentor(request: HttpRequest) -> HttpResponse:
    """What one can help with, and whether everybody sees it."""
    actor, now = actor_of(request), timezone.now()
    row = queries.mentor_of(actor.account_id or 0, actor=actor)
    if request.method == "POST" and request.POST.get("act") in {"publish", "hide"}:
        try:
            published = request.POST["act"] == "publish"
            services.publish_mentor(actor=actor, published=published, now=now)
            messages.success(
                request, _("Everybody finds you as a mentor.") if published else _("Nobody sees it any more.")
            )
        except Refusal as refusal:
            messages.error(request, wording.why(refusal).said)
        return redirect("account-mentor")
    language = reader.current().language
    mine = network.organisation_refs(
        grant.organisation_id for grant in actor.grants if grant.organisation_id is not None
    )
    organisations = sorted((ref.code, ref.names.pick(language)) for ref in mine.values())
    form = MentorForm(
        request.POST if request.method == "POST" else None,
        draft=row.draft if row else None,
        organisations=organisations,
    )
    if form.is_bound and form.is_valid():
        try:
            services.save_mentor(actor=actor, draft=form.draft(), now=now)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("account-mentor")
    context = {"section": "mentor", "form": form, "row": row}
    return render(request, "profiles/mentor_form.html", context, status=422 if form.errors else 200)
