"""Booking in two steps: a time is chosen on another page; here it is looked at with its price and rules, and booked. Parse, call, translate."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from khaneh.domains.networking import queries as networking
from khaneh.domains.networking.types import Usable
from khaneh.domains.policies import queries as policies
from khaneh.domains.qualifications.types import QualificationRow
from khaneh.domains.spaces import queries, services
from khaneh.domains.spaces.types import BookingState, Channel, Quote, SpaceRow
from khaneh.interfaces.web import clocks, reader
from khaneh.interfaces.web.reasons import Why, other_price, price_key
from khaneh.interfaces.web.requests import actor_of
from khaneh.interfaces.web.spaces import asking, cards, groups, remedies, wording
from khaneh.interfaces.web.spaces.cards import Start
from khaneh.interfaces.web.spaces.space import crumbs
from khaneh.kernel.calendars import show_number
from khaneh.kernel.money import Money
from khaneh.kernel.refusal import Invalid, Refusal, RefusalKind

_ACT = "spaces.book"
# Seconds for which a form is known to have been sent, and for which another sending of it waits for what becomes of the first.
_KEPT, _WORKED_ON = 24 * 3600, 60
_NEAR_DAYS = 14
# Refusals that are about who books, not when or where.
_OF_WHO = frozenset(
    {
        "spaces.not_member", "spaces.booker_blocked", "spaces.membership_ended", "spaces.guardian_missing",
        "spaces.qualification_missing",
    }
)  # fmt: skip
# What is refused for somebody who is named: the form stays, to book without them.
_OF_GROUP = "spaces.person_over_limit"
# Of ranges of free starts so many are written out to find those nearest to what was wanted.
_RANGES = 20


class BeingBooked(Refusal):
    """The same form was sent a moment ago, and is being worked on. Facts: none."""

    code = "spaces.being_booked"
    kind = RefusalKind.CONFLICT


class Term(NamedTuple):
    """A rule that holds for the booking: what it is about, and what it says."""

    label: str
    value: str


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def book(request: HttpRequest, space_id: int) -> HttpResponse:
    """What booking would meet, and the button; a POST books. What is refused is told with every reason and what else could be had."""
    row = queries.space_by_id(space_id, actor=actor_of(request))
    clocks.follow(row.house.id)
    data = request.POST if request.method == "POST" else request.GET
    wanted = asking.wanted(data, minutes=asking.default_length(row))
    if wanted.starts is None:
        messages.error(request, _("This time was not understood. Please choose one of those offered."))
        return redirect("space", row.id)
    organisations = asking.organisations(request)
    chosen = asking.chosen(organisations, wanted.organisation)
    by = _sharing(request, row, wanted, chosen.id if chosen is not None else None)
    facts: dict[str, Any] = {
        "actor": actor_of(request), "space_id": row.id, "starts": wanted.starts, "ends": wanted.ends, "now": timezone.now(),
        "organisation_id": chosen.id if chosen is not None else None, "people_count": wanted.people, "channel": Channel.WEB, "sharing_id": by.sharing_id if by is not None else None,
    }  # fmt: skip
    problems: dict[str, str] = {}
    try:
        quote = services.quote(**facts, persons=groups.drafts(wanted.names))
    except Invalid as wrong:
        # Who is written is not understood: the rest is looked at all the same.
        problems = _problems(wrong)
        quote = services.quote(**facts)
    why = wording.REASONS.before(quote.refusal, quote.facts, quote.answer, zone=wording.zone_of(row))
    if request.method == "POST":
        shown = request.POST.get("price", "")
        if wanted.organisation and chosen is None:
            why = [
                Why(_("You have no role at this organisation."), _("Book for yourself, or ask it to give you a role."))
            ]
        elif quote.possible and shown != price_key(quote.price):
            why = [other_price(_("Look at it, and book if you agree."))]
        else:
            number, refused = _booked(
                request, row, wanted, wanted.starts, facts["organisation_id"], facts["sharing_id"]
            )
            if number is not None:
                return redirect("account-booking", number)
            if refused is not None:
                problems = _problems(refused)
                why = wording.reasons(refused, zone=wording.zone_of(row))
    context: dict[str, Any] = {
        "space": row,
        "wanted": wanted,
        "starts_key": asking.written(wanted.starts),
        "quote": quote,
        "possible": quote.possible or quote.refusal == _OF_GROUP,
        "many": row.capacity > 1,
        "why": why,
        "problems": problems,
        "terms": _terms(quote),
        "limits": _limits(quote),
        "ways": remedies.ways(row, _lacking(request, quote), account_id=actor_of(request).account_id),
        "organisations": organisations,
        "organisation": chosen,
        "by": by,
        "by_left": wording.length(by.left) if by is not None and by.left else "",
        "without_url": asking.book_url(row, wanted, sharing="0"),
        "price_key": price_key(quote.price),
        "key": request.POST.get("key") or secrets.token_urlsafe(12),
        "instead": _instead(row, wanted, wanted.starts, quote) if not quote.possible and quote.refusal != _OF_GROUP else {},
        "crumbs": [*crumbs(row), (row.names.pick(reader.current().language), reverse("space", args=[row.id])), (pgettext("page", "Book"), "")],
    }  # fmt: skip
    return render(request, "spaces/book.html", context, status=409 if request.method == "POST" else 200)


def _problems(refused: Refusal) -> dict[str, str]:
    """What is wrong with which field of the form."""
    found = wording.fields_of(refused) if isinstance(refused, Invalid) else {}
    return {("names" if name == "persons" else name): said for name, said in found.items()}


def _booked(
    request: HttpRequest,
    row: SpaceRow,
    wanted: asking.Wanted,
    starts: datetime,
    organisation_id: int | None,
    sharing_id: int | None,
) -> tuple[int | None, Refusal | None]:
    """Book once, however often the form is sent: the number of the booking, or why not."""
    account_id = actor_of(request).account_id
    key = f"spaces.book:{account_id}:{request.POST.get('key', '')[:60]}"
    if not cache.add(key, 0, _WORKED_ON):
        known = cache.get(key)
        if known:
            messages.info(request, _("This was booked already; here it is."))
            return int(known), None
        return None, BeingBooked()
    try:
        booked = services.book(
            actor=actor_of(request), space_id=row.id, starts=starts, ends=wanted.ends, now=timezone.now(),
            organisation_id=organisation_id, people_count=wanted.people, title=wanted.title, channel=Channel.WEB,
            persons=groups.drafts(wanted.names), sharing_id=sharing_id,
        )  # fmt: skip
    except Refusal as refused:
        cache.delete(key)
        same = _same(account_id, row, wanted) if account_id is not None else None
        if same is not None:
            messages.info(request, _("You have booked this already; here it is."))
            return same, None
        return None, refused
    cache.set(key, booked.booking_id, _KEPT)
    if booked.state is BookingState.REQUESTED:
        messages.success(request, _("Asked for. We tell you as soon as the house has answered."))
    else:
        messages.success(request, _("Booked. We look forward to seeing you."))
    return booked.booking_id, None


def _sharing(request: HttpRequest, row: SpaceRow, wanted: asking.Wanted, organisation_id: int | None) -> Usable | None:
    """The sharing between houses by which it is booked: the one that is asked for, else one that has so much left. At most ten statements."""
    account_id = actor_of(request).account_id
    if account_id is None or wanted.sharing == "0":
        return None
    found = networking.usable_by(
        account_id=account_id, organisation_id=organisation_id, now=timezone.now(), space_id=row.id
    )
    asked = next((one for one in found if str(one.sharing_id) == wanted.sharing), None)
    return asked or next((one for one in found if one.left >= wanted.minutes), None)


def _same(account_id: int, row: SpaceRow, wanted: asking.Wanted) -> int | None:
    """The reader's own booking of just this, which a form that is sent again meets. Seven statements."""
    mine = queries.bookings_of(account_id, now=timezone.now())
    return next(
        (one.id for one in mine if (one.space.id, one.starts, one.ends) == (row.id, wanted.starts, wanted.ends)), None
    )


def _lacking(request: HttpRequest, quote: Quote) -> list[QualificationRow]:
    """The qualifications that stand in the way, with what they are."""
    if not quote.lacks:
        return []
    needs = cards.needs_of(actor_of(request).account_id, [quote.space])[quote.space.id]
    return [one.row for one in needs if one.row.code in quote.lacks]


def _terms(quote: Quote) -> list[Term]:
    """What the rules say of this booking: until when it may be cancelled, when one must come, what money one has back."""
    if quote.answer is None:
        return []
    found = []
    zone = wording.zone_of(quote.space)
    hours, minutes = quote.answer.terms.get("cancel_hours"), quote.answer.terms.get("come_minutes")
    if isinstance(hours, int):
        until = quote.starts - timedelta(hours=hours)
        late = until <= timezone.now()
        said = _("not any more without the desk") if late else wording.instant(until, zone)
        found.append(Term(_("Can be cancelled until"), said))
    if isinstance(minutes, int) and minutes > 0:
        found.append(Term(_("Kept for you after it begins"), wording.length(minutes)))
    return found + _money_terms(quote)


def _limits(quote: Quote) -> list[Term]:
    """How much of each limit of the rules is used; a limit without an end is none."""
    if quote.answer is None:
        return []
    found = []
    act = policies.act(_ACT)
    language = reader.current().language
    for limit in quote.answer.limits:
        term = act.term(limit.term)
        if limit.limit is None or term is None or term.name in ("length_max", "days_ahead_max"):
            continue
        used, most = show_number(limit.used, language), show_number(limit.limit, language)
        found.append(Term(term.label.pick(language), _("%(used)s of %(most)s") % {"used": used, "most": most}))
    return found


def _money_terms(quote: Quote) -> list[Term]:
    """What cancelling late, or not coming, costs; nothing where nothing is paid."""
    if quote.answer is None:
        return []
    found = []
    language = reader.current().language
    hours, percent = quote.answer.terms.get("refund_hours"), quote.answer.terms.get("late_refund_percent")
    if quote.price is not None and quote.price.amount and isinstance(hours, int) and isinstance(percent, int):
        until = wording.instant(quote.starts - timedelta(hours=hours), wording.zone_of(quote.space))
        share = show_number(percent, language)
        said = _("until %(until)s; later %(percent)s %%") if percent else _("until %(until)s; later nothing")
        found.append(Term(_("Your money back"), said % {"until": until, "percent": share}))
    fee = quote.answer.terms.get("no_show_fee")
    if isinstance(fee, Money) and fee.amount:
        found.append(Term(_("If nobody comes"), wording.amount(fee)))
    return found


def _instead(row: SpaceRow, wanted: asking.Wanted, starts: datetime, quote: Quote) -> dict[str, Any]:
    """What else could be had: other times of this space, other spaces at this time. About thirty statements."""
    codes = {one.code for one in quote.answer.refusals} if quote.answer is not None else set()
    if codes & _OF_WHO or quote.refusal.startswith("credits."):
        # Another time would be refused as well.
        return {"join": "spaces.not_member" in codes, "pay": quote.refusal.startswith("credits.")}
    now, zone = timezone.now(), wording.zone_of(row)
    minutes = wanted.minutes if wanted.minutes > 0 else asking.default_length(row)
    first = max(starts, now).date()
    free = queries.free_times(row, now=now, first=first, days=_NEAR_DAYS, minutes=minutes)
    offered = queries.starts_of(row, free[:_RANGES], zone=zone)
    near = sorted(offered, key=lambda at: abs((at - starts).total_seconds()))[:4]
    fits = 1 <= wanted.people <= row.capacity
    others = queries.alternatives(row, starts, wanted.ends, now=now) if wanted.ends > starts > now else []
    return {
        "times": [
            Start(wording.instant(at, zone), asking.book_url(row, wanted, starts=at, minutes=minutes))
            for at in sorted(near)
            if fits
        ],
        "spaces": [(one, asking.book_url(one, wanted)) for one in others if one.capacity >= wanted.people],
        "wait": fits and starts > now and minutes <= row.max_minutes,
    }
