"""What a house shares with others and they with it: both desks see the same, with the hours that are used. Parse, call, translate."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from khaneh.domains.credits import queries as ledgers
from khaneh.domains.network import queries as network
from khaneh.domains.network.types import Ref
from khaneh.domains.networking import permissions, queries, services
from khaneh.domains.networking.permissions import SHARERS
from khaneh.domains.networking.types import SHARED, SHARING_STATES, Shared, SharingDraft
from khaneh.domains.profiles import queries as profiles
from khaneh.domains.spaces import queries as spaces
from khaneh.interfaces.web import clocks, reader
from khaneh.interfaces.web.desk.gate import staffed
from khaneh.interfaces.web.networking import wording
from khaneh.interfaces.web.region_choices import region_choices
from khaneh.interfaces.web.requests import actor_of
from khaneh.interfaces.web.residencies import typed
from khaneh.kernel.actor import Actor
from khaneh.kernel.money import Money, is_credit
from khaneh.kernel.refusal import Invalid, Refusal

# Of mentors those who published last are offered.
_MOST_MENTORS = 200


@staffed(SHARERS)
@require_http_methods(["GET", "HEAD", "POST"])
def sharings(request: HttpRequest) -> HttpResponse:
    """What a house gives and gets. A post answers or ends one; sent twice it is done once."""
    actor, now = actor_of(request), timezone.now()
    houses, house = _house(request, actor)
    if request.method == "POST":
        act(request, actor)
        return redirect(f"{reverse('desk-sharing')}?house={house.code}")
    clocks.follow(house.id)
    rows = [line(row) for row in queries.sharings_of_house(house.id, actor=actor, now=now)]
    live = [one for one in rows if one["active"] or one["offered"]]
    context = {
        "section": "sharing",
        "house": house,
        "houses": houses[:200],
        "gives": [one for one in live if one["row"].gives],
        "gets": [one for one in live if one["row"].receives],
        "over": [one for one in rows if one not in live],
        "crumbs": [(_("Desk"), reverse("desk")), (_("Sharing"), "")],
    }
    return render(request, "networking/sharings.html", context)


@staffed(SHARERS)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Offer a place or a mentor's hours to others."""
    actor, now, language = actor_of(request), timezone.now(), reader.current().language
    _houses, house = _house(request, actor)
    clocks.follow(house.id)
    problems: dict[str, str] = {}
    if request.method == "POST":
        try:
            services.offer_sharing(
                actor=actor, house_id=house.id, draft=_draft(request), now=now,
                key=f"{actor.account_id}:{request.POST.get('key', '')[:40]}",
            )  # fmt: skip
        except Invalid as refusal:
            problems = wording.by_field(refusal.facts)
        except Refusal as refusal:
            messages.error(request, wording.sentence(refusal))
        else:
            messages.success(request, _("Offered. Whoever must answer is told."))
            return redirect(f"{reverse('desk-sharing')}?house={house.code}")
    today = clocks.today(house.id)
    others = network.house_refs(number for number in network.public_places() if number != house.id).values()
    facts = network.house_facts(house.id)
    context = {
        "section": "sharing",
        "house": house,
        "problems": problems,
        "typed": request.POST,
        "what": request.POST.get("what", Shared.SPACE.value),
        "whats": list(SHARED.items()),
        "spaces": [one for one in spaces.spaces_of_house(house.id) if one.in_service],
        "mentors": [(one.account_id, one.name) for one in profiles.mentors(limit=_MOST_MENTORS).rows],
        "others": sorted(((one.code, one.names.pick(language)) for one in others), key=lambda one: one[1]),
        "regions": region_choices(request.POST.get("to_region", "")),
        "units": [
            (facts.currency, facts.currency),
            *((one.code, one.names.pick(language)) for one in ledgers.credits_of_house(house.id)),
        ],
        "first": request.POST.get("valid_from") or wording.day(today),
        "last": request.POST.get("valid_until") or wording.day(today + timedelta(days=182)),
        "key": request.POST.get("key") or secrets.token_hex(8),
        "crumbs": [
            (_("Desk"), reverse("desk")),
            (_("Sharing"), f"{reverse('desk-sharing')}?house={house.code}"),
            (_("Offer something"), ""),
        ],
    }
    return render(request, "networking/sharing_new.html", context, status=422 if problems else 200)


def act(request: HttpRequest, actor: Actor) -> None:
    """What a button of a sharing does, told above the page that follows. Raises Http404 for what is no act."""
    now, number, reason = timezone.now(), typed.number(request, "sharing"), typed.text(request, "reason")
    acts = {
        "accept": (lambda: services.accept_sharing(actor=actor, sharing_id=number, now=now), _("Accepted.")),
        "agree": (
            lambda: services.agree_sharing(actor=actor, sharing_id=number, now=now),
            _("Thank you. You can end it at any time."),
        ),
        "decline": (
            lambda: services.decline_sharing(actor=actor, sharing_id=number, reason=reason, now=now), _("Declined.")
        ),
        "end": (
            lambda: services.end_sharing(actor=actor, sharing_id=number, reason=reason, now=now),
            _("It is shared no more. What was booked by it stays."),
        ),
    }  # fmt: skip
    found = acts.get(request.POST.get("act", ""))
    if found is None:
        raise Http404
    try:
        found[0]()
    except Refusal as refusal:
        messages.error(request, wording.sentence(refusal))
    else:
        messages.success(request, found[1])


def line(row: Any) -> dict[str, Any]:
    """A sharing with its words."""
    return {**wording.sharing(row), "what": SHARED[row.what], "state": SHARING_STATES[row.state]}


def _house(request: HttpRequest, actor: Actor) -> tuple[list[Ref], Ref]:
    refs = network.house_refs(permissions.houses_shared_for(actor))
    houses = [refs[number] for number in permissions.houses_shared_for(actor) if number in refs]
    if not houses:
        raise Http404
    wanted = request.POST.get("house", "") or request.GET.get("house", "")
    return houses, next((one for one in houses if one.code == wanted), houses[0])


def _draft(request: HttpRequest) -> SharingDraft:
    """Raises Invalid."""
    what = Shared(request.POST["what"]) if request.POST.get("what") in list(Shared) else Shared.SPACE
    price = None
    if what is Shared.SPACE and typed.text(request, "price").strip():
        unit = request.POST.get("unit", "")[:12]
        # Credits are told in hundredths, as everywhere.
        amount = typed.amount(request, "price", unit) * (100 if is_credit(unit) else 1)
        if amount:
            price = Money(amount, unit)
    return SharingDraft(
        what=what,
        minutes=typed.number(request, "hours") * 60,
        valid_from=typed.day(request, "valid_from"),
        valid_until=typed.day(request, "valid_until"),
        space_id=typed.number(request, "space") or None,
        mentor_id=typed.number(request, "mentor") or None,
        to_house_code=request.POST.get("to_house", "")[:80],
        to_region_code=request.POST.get("to_region", "")[:80],
        price=price,
    )
