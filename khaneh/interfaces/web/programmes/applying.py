"""One's own applications: what is under way, one of them with its receipt, its team and what it lacks. Parse, call, translate."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from khaneh.domains.people import queries as people
from khaneh.domains.programmes import queries, services
from khaneh.domains.programmes.types import PARTS, ApplicationRow, ApplicationState, Part
from khaneh.interfaces.web import lending
from khaneh.interfaces.web.programmes import fields, wording
from khaneh.interfaces.web.programmes.public import line
from khaneh.interfaces.web.requests import actor_of
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import NotFound, Refusal

_WRITABLE = (ApplicationState.DRAFT, ApplicationState.SUBMITTED)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def applications(request: HttpRequest) -> HttpResponse:
    """Invitations first, then what one writes. A POST takes an invitation or declines it. About fifteen statements."""
    actor, email = actor_of(request), _address(request)
    if request.method == "POST":
        _answer_invitation(request, actor, email)
        return redirect("account-applications")
    found = queries.own(actor, email=email)
    lines: list[dict[str, Any]] = [
        {
            "row": one,
            "state": wording.state(one.application.state),
            "tone": wording.STATE_TONES.get(one.application.state, ""),
            "closes": wording.at(one.closes_at, one.house.id),
            "late": one.closes_at is not None and one.closes_at <= timezone.now(),
            "part": PARTS[one.part],
            "is_draft": one.application.state is ApplicationState.DRAFT,
        }
        for one in found
    ]
    context = {
        "section": "applications",
        "invited": [one for one in lines if not one["row"].joined],
        "lines": [one for one in lines if one["row"].joined],
    }
    return render(request, "programmes/applications.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def application(request: HttpRequest, application_id: int) -> HttpResponse:
    """How it stands and what comes next; a POST hands in, withdraws, invites, lets go. Sent twice, the second is told how it stands."""
    actor = actor_of(request)
    row, part = queries.seen_application(application_id, actor=actor)
    if part is None:
        raise Http404
    if request.method == "POST":
        _do(request, actor, row)
        return redirect("account-application", application_id=application_id)
    return render(request, "programmes/application.html", _context(row, part))


@login_required
@never_cache
@require_safe
def document(request: HttpRequest, application_id: int, digest: str) -> HttpResponse:
    """A document, to be saved and never shown by the browser itself."""
    try:
        row, content = queries.document(application_id, digest, actor=actor_of(request))
    except NotFound as error:
        raise Http404 from error
    response = HttpResponse(content, content_type=row.media_type)
    response.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=row.name) or ""
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def _context(row: ApplicationRow, part: Part) -> dict[str, Any]:
    now = timezone.now()
    call = queries.call(row.call_id)
    shown = line(call)
    writable = row.state in _WRITABLE and (shown["is_open"] or shown["is_coming"])
    form = queries.form(row.form_id)
    submissions = queries.submissions_of(row.id)
    last = submissions[0] if submissions else None
    draft = queries.draft_of(row.id)
    wanting = services.wanting(row.id) if writable else {}
    told = services.would_be(row.id, now=now) if writable else row.eligibility
    labels = {one.key: one.label for one in form.questions}
    return {
        "section": "applications",
        **shown,
        "application": row,
        "part": part,
        "leads": part is Part.LEAD,
        "may_write": writable and part in (Part.LEAD, Part.WRITER),
        "may_hand_in": writable and part is Part.LEAD and shown["is_open"],
        "may_withdraw": part is Part.LEAD
        and row.state not in (ApplicationState.WITHDRAWN, ApplicationState.CONTRACTED, ApplicationState.DECLINED),
        "missed": row.state is ApplicationState.DRAFT and not writable,
        "state": wording.state(row.state),
        "state_tone": wording.STATE_TONES.get(row.state, ""),
        "title": draft.title or row.title,
        "wanting": [(key, labels.get(key), wording.wrong(reason)) for key, reason in wanting.items()],
        "eligibility": told,
        "last": last,
        "last_at": wording.at(last.submitted_at, row.house_id) if last else "",
        "versions": [(one, wording.at(one.submitted_at, row.house_id)) for one in submissions],
        "unsent": last is not None and writable and row.changed_at > last.submitted_at,
        "handed_in": fields.shown(queries.form(last.form_id).questions, last.content or {}) if last else [],
        "newer_form": call.form is not None and call.form.id != row.form_id and writable,
        "team": [(one, PARTS[one.part]) for one in queries.team(row.id)],
        "steps": [
            (one, wording.state(one.after), wording.at(one.at, row.house_id)) for one in queries.steps_of(row.id)
        ],
    }


def _do(request: HttpRequest, actor: Actor, row: ApplicationRow) -> None:
    now, what = timezone.now(), request.POST.get("act", "")
    try:
        if what == "hand-in":
            revision = lending.number_of(request.POST.get("revision"))
            sent = services.submit(actor=actor, application_id=row.id, revision=-1 if revision is None else revision)
            messages.success(request, _("Handed in. Your receipt: %(receipt)s") % {"receipt": sent.receipt})
        elif what == "withdraw":
            services.withdraw(actor=actor, application_id=row.id, reason=request.POST.get("reason", ""), now=now)
            messages.success(request, _("Withdrawn. It takes part no more."))
        elif what == "new-form":
            services.take_new_form(actor=actor, application_id=row.id, now=now)
            messages.success(request, _("You write on the newer form from here on. Look through what it asks."))
        elif what == "invite":
            part = Part.READER if request.POST.get("part") == Part.READER.value else Part.WRITER
            services.invite(actor=actor, application_id=row.id, email=request.POST.get("email", ""), part=part, now=now)
            messages.success(
                request,
                _(
                    "Invited. They get a letter; who has an account finds the invitation there as well, under applications."
                ),
            )
        elif what == "remove":
            number = lending.number_of(request.POST.get("member"))
            services.leave(actor=actor, application_id=row.id, member_id=number or 0, now=now)
            messages.success(request, _("Done. They see the application no more."))
        else:
            raise Http404
    except Refusal as refusal:
        told = wording.why(refusal)
        messages.error(request, f"{told.said} {told.remedy}".strip())


def _answer_invitation(request: HttpRequest, actor: Actor, email: str) -> None:
    number = lending.number_of(request.POST.get("application")) or 0
    try:
        if request.POST.get("act") == "join":
            services.join(actor=actor, application_id=number, email=email, now=timezone.now())
            messages.success(request, _("You are in the team."))
        else:
            member = next((one for one in queries.team(number) if one.account_id is None and one.email == email), None)
            if member is not None:
                services.leave(actor=actor, application_id=number, member_id=member.id, email=email, now=timezone.now())
            messages.success(request, _("Declined."))
    except Refusal as refusal:
        told = wording.why(refusal)
        messages.error(request, f"{told.said} {told.remedy}".strip())


def _address(request: HttpRequest) -> str:
    """The address that is surely the reader's own; empty for one that was never confirmed."""
    return people.own_address(actor_of(request).account_id).lower()
