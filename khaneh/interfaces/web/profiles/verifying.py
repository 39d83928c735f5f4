"""The desk that verifies: what waits, one sign-up beside what the register knows, a decision. Parse, call, translate."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from khaneh.domains.network.types import ORGANISATION_KINDS
from khaneh.domains.profiles import queries, services
from khaneh.domains.profiles.permissions import VERIFIERS
from khaneh.domains.profiles.types import REASONS, Outcome, SignUpState
from khaneh.interfaces.web import reader
from khaneh.interfaces.web.desk.gate import staffed
from khaneh.interfaces.web.profiles import signing, wording
from khaneh.interfaces.web.requests import actor_of
from khaneh.kernel.refusal import NotAllowed, Refusal


@staffed(VERIFIERS)
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """What waits, the longest first, and what was decided lately."""
    actor = actor_of(request)
    context = {
        "section": "signups",
        "rows": [
            (row, ORGANISATION_KINDS[row.draft.kind], wording.place(row.regions))
            for row in queries.waiting(actor=actor)
        ],
        "decided": [
            (row, wording.signup_state(row.state), wording.SIGNUP_TONES.get(row.state, ""))
            for row in queries.decided_lately(actor=actor)
        ],
        "crumbs": [(_("Desk"), reverse("desk")), (_("Organisations to verify"), "")],
    }
    return render(request, "profiles/signups.html", context)


@staffed(VERIFIERS)
@require_http_methods(["GET", "HEAD", "POST"])
def signup(request: HttpRequest, signup_id: int) -> HttpResponse:
    """One sign-up with its documents; a POST decides it, and whoever comes second is told."""
    actor = actor_of(request)
    row = queries.signup(signup_id, actor=actor)
    asked = request.POST.get("outcome", "")
    problem = ""
    if request.method == "POST" and asked in list(Outcome):
        try:
            services.decide(
                actor=actor, signup_id=signup_id, outcome=Outcome(asked), now=timezone.now(),
                reasons=tuple(code for code in request.POST.getlist("reason") if code in REASONS),
                words=request.POST.get("words", ""),
            )  # fmt: skip
        except NotAllowed:
            raise
        except Refusal as refusal:
            if refusal.code == "kernel.invalid":
                problem = _("Say why, so that it can be mended.")
            else:
                told = wording.why(refusal)
                messages.error(request, f"{told.said} {told.remedy}")
                return redirect("desk-signup", signup_id=signup_id)
        else:
            messages.success(request, _("Decided; they are told."))
            return redirect("desk-signups")
    context = {
        "section": "signups",
        "row": row,
        "open": row.state is SignUpState.SUBMITTED,
        "own": actor.account_id is not None and actor.account_id == row.account_id,
        "state": wording.signup_state(row.state),
        "tone": wording.SIGNUP_TONES.get(row.state, ""),
        "kind": ORGANISATION_KINDS[row.draft.kind],
        **signing.details(row),
        "reasons": [(code, label, code in request.POST.getlist("reason")) for code, label in REASONS.items()],
        "words": request.POST.get("words", ""),
        "problem": problem,
        "crumbs": [
            (_("Desk"), reverse("desk")),
            (_("Organisations to verify"), reverse("desk-signups")),
            (row.draft.names.pick(reader.current().language), ""),
        ],
    }
    return render(request, "profiles/desk_signup.html", context, status=422 if problem else 200)
