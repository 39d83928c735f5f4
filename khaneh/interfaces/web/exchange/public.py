"""Needs and offers for everybody: finding them, one of them, and saying that one has something for a need. Parse, call, translate."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from khaneh.domains.exchange import queries, services
from khaneh.domains.exchange.types import (
    PARTNERSHIPS,
    POSTING_KINDS,
    Partnership,
    PostingFilter,
    PostingKind,
    PostingRow,
    PostingState,
)
from khaneh.domains.network.types import SECTORS
from khaneh.interfaces.web import lending, paging, reader
from khaneh.interfaces.web.exchange import wording
from khaneh.interfaces.web.region_choices import region_choices
from khaneh.interfaces.web.requests import actor_of
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import Invalid, Refusal

PAGE = 24


@require_safe
def postings(request: HttpRequest) -> HttpResponse:
    """The open needs and offers, the newest first. A bounded number of statements."""
    actor, asked = actor_of(request), request.GET
    wanted = PostingFilter(
        kind=next((one for one in PostingKind if one.value == asked.get("kind")), None),
        sector=asked.get("sector", "") if asked.get("sector", "") in SECTORS else "",
        region_code=asked.get("region", "")[:80],
        partnership=next((one for one in Partnership if one.value == asked.get("partnership")), None),
    )
    page = paging.page_number(request)
    found = queries.postings(wanted, actor=actor, offset=(page - 1) * PAGE, limit=PAGE)
    language = reader.current().language
    context: dict[str, Any] = {
        "wanted": wanted,
        "kinds": [(code.value, label.pick(language)) for code, label in POSTING_KINDS.items()],
        "regions": region_choices(wanted.region_code),
        "sectors": [(code, label.pick(language)) for code, label in SECTORS.items() if code.isdigit()],
        "partnerships": [(code.value, label.pick(language)) for code, label in PARTNERSHIPS.items()],
        "lines": [wording.line(row) for row in found.rows],
        "count": wording.count(found.total),
        "pager": paging.pager(request, total=found.total, size=PAGE),
        "filtered": any(asked.get(name) for name in ("kind", "region", "sector", "partnership")),
        "speaks": bool(queries.speakers(actor)) if actor.grants else False,
    }
    return render(request, "exchange/postings.html", context)


@require_safe
def posting(request: HttpRequest, posting_id: int) -> HttpResponse:
    """One need or offer; to a need, who speaks for a company can say what they have."""
    actor = actor_of(request)
    row = queries.posting(posting_id, actor=actor)
    context = {
        **wording.whole(row),
        **_answering(row, actor),
        "signed_in": actor.account_id is not None,
        "expired": row.state is PostingState.EXPIRED,
        "crumbs": [(_("Home"), reverse("home")), (_("Needs and offers"), reverse("exchange")), (row.title, "")],
    }
    return render(request, "exchange/posting.html", context)


@login_required
@require_POST
def interest(request: HttpRequest, posting_id: int) -> HttpResponse:
    """Tell the broker what one has for a need. Sent twice it is one."""
    actor = actor_of(request)
    try:
        number = services.show_interest(
            actor=actor, need_id=posting_id, partner_id=lending.number_of(request.POST.get("partner")) or 0,
            words=request.POST.get("words", "")[: services.LONGEST_NOTE], now=timezone.now(),
            offer_id=lending.number_of(request.POST.get("offer")),
        )  # fmt: skip
    except Invalid as refusal:
        messages.error(request, " ".join(wording.facts_of(refusal).values()))
    except Refusal as refusal:
        told = wording.why(refusal)
        messages.error(request, f"{told.said} {told.remedy}")
    else:
        messages.success(request, _("The broker knows. You hear when who needs it wants to meet you."))
        return redirect("exchange-match", match_id=number)
    return redirect("exchange-posting", posting_id=posting_id)


def _answering(row: PostingRow, actor: Actor) -> dict[str, Any]:
    """For whom the reader could answer a need, with their offers; the match where there is one."""
    if not row.is_need or actor.account_id is None:
        return {}
    partners = [one.organisation for one in queries.speakers(actor) if one.house is None]
    if row.organisation is not None:
        partners = [one for one in partners if one.id != row.organisation.id]
    offers = [one for one in queries.own_postings(actor) if not one.is_need and one.is_open] if partners else []
    mine = [one for one in queries.matches_of_need(row.id, actor=actor) if one.partner in partners]
    return {"partners": partners, "offers": offers, "match": wording.match_line(mine[0]) if mine else None}
