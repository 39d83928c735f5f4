"""The pages of who needs or offers something: what waits, the guided form, and how each stands. Parse, call, translate."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from khaneh.domains.exchange import queries, services
from khaneh.domains.exchange.errors import PersonalDataFound
from khaneh.domains.exchange.types import (
    CLOSE_REASONS,
    CLOSING,
    PART_NAMES,
    PROPOSED_KINDS,
    REVIEW_REASONS,
    CloseReason,
    Finding,
    PostingKind,
    PostingRow,
    PostingState,
    ProposedKind,
    ReviewVerdict,
)
from khaneh.domains.network import queries as network
from khaneh.interfaces.web import reader
from khaneh.interfaces.web.exchange import fates, wording
from khaneh.interfaces.web.exchange.forms import PostingForm
from khaneh.interfaces.web.requests import actor_of
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import Invalid, Refusal

_CURRENCIES = {"IR": "IRR", "VN": "VND"}


@login_required
@never_cache
@require_safe
def own(request: HttpRequest) -> HttpResponse:
    """What one is to do first, then needs and offers, then matches. About forty statements."""
    actor = actor_of(request)
    matches = [wording.match_line(row) for row in queries.own_matches(actor)]
    postings = [wording.line(row) for row in queries.own_postings(actor)]
    context = {
        "section": "exchange",
        "speaks": bool(queries.speakers(actor)),
        "waiting": [one for one in matches if one["waits"]],
        "matches": [one for one in matches if not one["waits"]],
        "needs": [one for one in postings if one["row"].is_need],
        "offers": [one for one in postings if not one["row"].is_need],
    }
    return render(request, "exchange/own.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, kind: str) -> HttpResponse:
    """A need or an offer, as a draft. Sent twice it is one."""
    actor, now = actor_of(request), timezone.now()
    asked = next((one for one in PostingKind if one.value == kind), None)
    speakers = queries.speakers(actor)
    if asked is None or not speakers:
        raise Http404
    country = network.organisations_by_ids([speakers[0].organisation.id])[speakers[0].organisation.id].country
    data = request.POST if request.method == "POST" else None
    form = PostingForm(data, kind=asked, speakers=speakers, currency=_CURRENCIES.get(country, ""), now=now)
    if form.is_valid():
        try:
            made = services.add_posting(
                actor=actor, organisation_id=form.speaker.organisation.id, draft=form.draft(), now=now,
                key=form.cleaned_data["key"],
            )  # fmt: skip
        except Invalid as refusal:
            form.refuse(wording.facts_of(refusal))
        else:
            messages.success(request, _("Saved as a draft. Look at it, then submit it."))
            return redirect("account-exchange-posting", posting_id=made.id)
    return _form_page(request, form, None)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, posting_id: int) -> HttpResponse:
    """Change a draft."""
    actor, now = actor_of(request), timezone.now()
    row = _own(actor, posting_id)
    data = request.POST if request.method == "POST" else None
    form = PostingForm(data, kind=row.kind, speakers=(), row=row, now=now)
    if form.is_valid():
        try:
            services.change_posting(actor=actor, posting_id=posting_id, draft=form.draft(), now=now)
        except Invalid as refusal:
            form.refuse(wording.facts_of(refusal))
        except Refusal as refusal:
            told = wording.why(refusal)
            form.add_error(None, f"{told.said} {told.remedy}")
        else:
            messages.success(request, _("The draft is changed."))
            return redirect("account-exchange-posting", posting_id=posting_id)
    return _form_page(request, form, row)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def posting(request: HttpRequest, posting_id: int) -> HttpResponse:
    """How one stands, what a broker said, who is interested; a POST submits, takes back, publishes, renews or closes."""
    actor, now = actor_of(request), timezone.now()
    row = _own(actor, posting_id)
    if request.method == "POST":
        _do(request, actor, posting_id)
        return redirect("account-exchange-posting", posting_id=posting_id)
    language = reader.current().language
    draft = row.state is PostingState.DRAFT
    found = services.telltale(actor=actor, posting_id=posting_id, now=now) if draft else ()
    reviews = queries.reviews_of(posting_id, actor=actor)
    context = {
        "section": "exchange",
        **wording.whole(row),
        "found": [_finding(one, row) for one in found],
        "seen": services.seen_mark(found),
        "returned": reviews[0] if reviews and draft and reviews[0].verdict is not ReviewVerdict.APPROVED else None,
        "reason": REVIEW_REASONS[reviews[0].reason].pick(language) if reviews and reviews[0].reason else "",
        "draft": draft,
        "may_take_back": row.state
        in (PostingState.SUBMITTED, PostingState.REVIEWED, PostingState.PUBLISHED, PostingState.EXPIRED),
        "may_publish": row.state is PostingState.REVIEWED,
        "may_renew": row.is_open or row.state is PostingState.EXPIRED,
        "may_close": row.state is not PostingState.CLOSED,
        "closing": [(one.value, CLOSE_REASONS[one].pick(language)) for one in CLOSING],
        "close_reason": CLOSE_REASONS[row.close_reason].pick(language) if row.close_reason else "",
        "matches": [wording.match_line(one) for one in queries.matches_of_need(row.id, actor=actor)]
        if row.is_need
        else [],
        "helps": _helps(row, actor),
        "gathered": _gathered(row, actor),
    }
    return render(request, "exchange/own_posting.html", context)


def _helps(row: PostingRow, actor: Actor) -> list[dict[str, str]]:
    """What the broker has laid beside a need: mentors, machines, courses, books. Companies stand among the matches."""
    if not row.is_need:
        return []
    language = reader.current().language
    return [
        {
            "kind": PROPOSED_KINDS[one.kind].pick(language),
            "title": one.title,
            "url": wording.proposed_url(one.kind, one.key, one.code),
        }
        for one in queries.decisions_of(row.id, actor=actor)
        if one.accepted and one.kind not in (ProposedKind.ORGANISATION, ProposedKind.OFFER)
    ]


def _gathered(row: PostingRow, actor: Actor) -> dict[str, Any] | None:
    """That others need the same, and what becomes of it."""
    told = queries.gathered(row.id, actor=actor) if row.is_need else None
    return None if told is None else {"others": told.others, "fate": fates.shown(told.fate)}


def _do(request: HttpRequest, actor: Actor, posting_id: int) -> None:
    now, what = timezone.now(), request.POST.get("act", "")
    try:
        if what == "submit":
            seen = request.POST.get("seen", "") if request.POST.get("sure") == "1" else ""
            services.submit(actor=actor, posting_id=posting_id, now=now, seen=seen)
            messages.success(request, _("Submitted. A broker reads it, mostly within two days; you will be told."))
        elif what == "back":
            services.take_back(actor=actor, posting_id=posting_id, now=now)
            messages.success(request, _("It is a draft again: change it, then submit it anew."))
        elif what == "publish":
            services.publish(actor=actor, posting_id=posting_id, now=now)
            messages.success(request, _("Published: everybody finds it."))
        elif what == "renew":
            services.renew(actor=actor, posting_id=posting_id, now=now)
            messages.success(request, _("It is shown for half a year from today."))
        elif what == "close":
            asked = request.POST.get("reason", "")
            reason = CloseReason(asked) if asked in list(CloseReason) else CloseReason.NOT_WANTED
            services.close_posting(actor=actor, posting_id=posting_id, reason=reason, now=now)
            messages.success(request, _("Closed. Whoever was interested is told."))
    except PersonalDataFound:
        messages.error(request, _("Something in it tells who you are. Change it, or tick that you have seen it."))
    except Invalid as refusal:
        messages.error(request, " ".join(wording.facts_of(refusal).values()))
    except Refusal as refusal:
        told = wording.why(refusal)
        messages.error(request, f"{told.said} {told.remedy}")


def _form_page(request: HttpRequest, form: PostingForm, row: PostingRow | None) -> HttpResponse:
    context = {"section": "exchange", "form": form, "row": row, "need": form.kind is PostingKind.NEED}
    return render(request, "exchange/form.html", context, status=422 if form.errors else 200)


def _finding(one: Finding, row: PostingRow) -> dict[str, Any]:
    label = PART_NAMES[row.kind].get(one.part)
    where = label.pick(reader.current().language) if label else wording.beside(one)
    return {"where": where, "what": wording.finding(one), "text": one.text}


def _own(actor: Actor, posting_id: int) -> PostingRow:
    row = queries.posting(posting_id, actor=actor)
    if not row.owns:
        raise Http404
    return row
