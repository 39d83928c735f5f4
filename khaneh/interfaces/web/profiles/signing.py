"""One's own organisations: those that one speaks for, sign-ups, documents, handing in. Parse, call, translate."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from khaneh.domains.network import queries as network
from khaneh.domains.profiles import permissions, queries, services
from khaneh.domains.profiles.types import (
    DOCUMENT_KINDS,
    OPEN_SIGNUPS,
    PROFILE_STATES,
    PROFILED_KINDS,
    REASONS,
    WRITABLE,
    DocumentKind,
    SignUpRow,
)
from khaneh.interfaces.web import lending
from khaneh.interfaces.web.profiles import wording
from khaneh.interfaces.web.profiles.forms import SignUpForm
from khaneh.interfaces.web.requests import actor_of
from khaneh.kernel.refusal import NotFound, Refusal


@login_required
@never_cache
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Who wants to show one, the organisations that one speaks for, and sign-ups."""
    actor = actor_of(request)
    profiles = {row.organisation.id: row for row in queries.own_profiles(actor)}
    organisations = network.organisations_by_ids(permissions.represented(actor))
    context = {
        "section": "organisations",
        "asked": queries.asked_to_show(actor.account_id or 0, actor=actor),
        "organisations": [
            {
                "row": row,
                "state": PROFILE_STATES[profiles[row.id].state] if row.id in profiles else None,
                "tone": wording.PROFILE_TONES.get(profiles[row.id].state, "") if row.id in profiles else "",
            }
            for row in sorted(organisations.values(), key=lambda one: one.code)
            if row.kind in PROFILED_KINDS
        ],
        "signups": [_line(row) for row in queries.signups_of(actor.account_id or 0, actor=actor)],
    }
    return render(request, "profiles/organisations.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A sign-up, as a draft. Sent twice it is one."""
    form = SignUpForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            made = services.begin_signup(
                actor=actor_of(request),
                draft=form.draft(_country(form)),
                now=timezone.now(),
                key=form.cleaned_data["key"],
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Saved; nobody else sees it. Add a document, then hand it in."))
            return redirect("account-signup", signup_id=made.id)
    return _form(request, form, None)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, signup_id: int) -> HttpResponse:
    """Write it anew while nobody verifies it."""
    row = _own(request, signup_id)
    form = SignUpForm(request.POST if request.method == "POST" else None, draft=row.draft)
    if form.is_bound and form.is_valid():
        try:
            services.change_signup(
                actor=actor_of(request), signup_id=signup_id, draft=form.draft(_country(form)), now=timezone.now()
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("account-signup", signup_id=signup_id)
    return _form(request, form, row)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def signup(request: HttpRequest, signup_id: int) -> HttpResponse:
    """How it stands, its documents, what was decided; a POST adds a document, hands in or takes back."""
    row = _own(request, signup_id)
    if request.method == "POST":
        _do(request, signup_id)
        return redirect("account-signup", signup_id=signup_id)
    context = {
        "section": "organisations",
        **_line(row),
        "may_write": row.state in WRITABLE,
        "may_withdraw": row.state in OPEN_SIGNUPS,
        "kinds": [(one.value, label) for one, label in DOCUMENT_KINDS.items()],
        **details(row),
    }
    return render(request, "profiles/signup.html", context)


@login_required
@never_cache
@require_safe
def document(request: HttpRequest, document_id: int) -> HttpResponse:
    """A document, for who handed it in and who verifies it. It is saved, never shown as a page of ours."""
    row, content = queries.document(document_id, actor=actor_of(request))
    response = HttpResponse(content, content_type=row.media)
    ending = "pdf" if row.media == "application/pdf" else "webp"
    response["Content-Disposition"] = f'attachment; filename="document-{row.id}.{ending}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def details(row: SignUpRow) -> dict[str, Any]:
    """What a sign-up says, in words."""
    return {
        "place": wording.place(row.regions),
        "sectors": wording.sectors(row.draft.sectors),
        "capabilities": wording.capabilities(row.draft.capabilities),
        "papers": [(one, DOCUMENT_KINDS[one.kind]) for one in row.documents],
        "decided": [
            (one, [REASONS[code] for code in one.reasons if code in REASONS]) for one in reversed(row.decisions)
        ],
    }


def _do(request: HttpRequest, signup_id: int) -> None:
    actor, now, act = actor_of(request), timezone.now(), request.POST.get("act", "")
    try:
        if act == "document":
            upload = request.FILES.get("file")
            asked = request.POST.get("kind", "")
            services.add_document(
                actor=actor, signup_id=signup_id, now=now,
                kind=DocumentKind(asked) if asked in list(DocumentKind) else DocumentKind.OTHER,
                name=(upload.name or "") if upload else "", content=upload.read() if upload else b"",
            )  # fmt: skip
            messages.success(request, _("The document is added."))
        elif act == "remove":
            services.remove_document(actor=actor, document_id=lending.number_of(request.POST.get("document")) or 0)
            messages.success(request, _("The document is gone."))
        elif act == "submit":
            services.submit(actor=actor, signup_id=signup_id, now=now)
            messages.success(request, _("Handed in. You will be told what is decided."))
        elif act == "withdraw":
            services.withdraw_signup(actor=actor, signup_id=signup_id, now=now)
            messages.success(request, _("Taken back; its documents are deleted."))
    except Refusal as refusal:
        told = wording.why(refusal)
        messages.error(request, f"{told.said} {told.remedy}")


def _own(request: HttpRequest, signup_id: int) -> SignUpRow:
    actor = actor_of(request)
    row = queries.signup(signup_id, actor=actor)
    if row.account_id != actor.account_id:
        raise NotFound(what="signup")
    return row


def _country(form: SignUpForm) -> str:
    code = form.cleaned_data["region"]
    return network.region(code).country if code else ""


def _line(row: SignUpRow) -> dict[str, Any]:
    return {"row": row, "state": wording.signup_state(row.state), "tone": wording.SIGNUP_TONES.get(row.state, "")}


def _form(request: HttpRequest, form: SignUpForm, row: SignUpRow | None) -> HttpResponse:
    context = {"section": "organisations", "form": form, "row": row}
    return render(request, "profiles/signup_form.html", context, status=422 if form.errors else 200)
