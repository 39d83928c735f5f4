"""What one follows: sectors, regions and houses, what of it and how often, what the next digest would say and what earlier ones said.

Parse, call, translate.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from khaneh.domains.network import queries as network
from khaneh.domains.network.types import SECTORS
from khaneh.domains.networking import permissions, queries, services
from khaneh.domains.networking.types import FOLLOWED, FREQUENCIES, NEWS_KINDS, Followed, Frequency, NewsKind
from khaneh.interfaces.web import reader
from khaneh.interfaces.web.networking import wording
from khaneh.interfaces.web.region_choices import region_choices
from khaneh.interfaces.web.requests import actor_of
from khaneh.kernel.refusal import Refusal

_PAGES = {"sector": Followed.SECTOR, "region": Followed.REGION, "house": Followed.HOUSE}


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def following(request: HttpRequest) -> HttpResponse:
    """All that one follows; `sector`, `region` and `house` in the address are chosen already. A post does one thing; sent twice it is done once."""
    actor = actor_of(request)
    if request.method == "POST":
        _act(request)
        return redirect("account-following")
    language = reader.current().language
    chosen = {name: request.GET.get(name, "")[:80] for name in _PAGES}
    houses = network.house_refs(network.public_places()).values()
    context = {
        "section": "following",
        "rows": [_row(one) for one in queries.subscriptions(actor)],
        "chosen": chosen,
        "asked": any(chosen.values()),
        "sectors": [(code, ("\u2003" if code.isdigit() else "") + SECTORS[code].pick(language)) for code in SECTORS],
        "regions": region_choices(chosen["region"]),
        "houses": sorted(((one.code, one.names.pick(language)) for one in houses), key=lambda one: one[1]),
        "organisations": network.organisation_refs(permissions.spoken_for(actor)).values(),
    }
    return render(request, "networking/following.html", context)


@login_required
@never_cache
@require_safe
def preview(request: HttpRequest, subscription_id: int) -> HttpResponse:
    """What the next digest would say. Looking tells nobody and changes nothing."""
    actor, now = actor_of(request), timezone.now()
    row = queries.subscription(subscription_id, actor=actor)
    found = queries.preview(subscription_id, actor=actor, now=now)
    context = {
        "section": "following",
        "one": _row(row),
        "items": [wording.news(item) for item in found],
    }
    return render(request, "networking/next.html", context)


@login_required
@never_cache
@require_safe
def digests(request: HttpRequest, subscription_id: int) -> HttpResponse:
    """The digests that were made, with what of them still stands."""
    actor, now = actor_of(request), timezone.now()
    row = queries.subscription(subscription_id, actor=actor)
    context = {
        "section": "following",
        "one": _row(row),
        "digests": [
            (one, [wording.news(item) for item in one.items])
            for one in queries.digests(subscription_id, actor=actor, now=now)
        ],
    }
    return render(request, "networking/digests.html", context)


@csrf_exempt  # a mail program posts here (RFC 8058); the secret in the address is all that it has
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, secret: str) -> HttpResponse:
    """No more digests, without signing in. Opening the address changes nothing, since mail programs look at addresses; the button, or theirs, does."""
    row = queries.by_secret(secret)
    if request.method == "POST":
        services.stop_by_secret(secret=secret, now=timezone.now())
        row = queries.by_secret(secret)
    return render(request, "networking/stop.html", {"ended": row.frequency is Frequency.NEVER})


def _act(request: HttpRequest) -> None:
    actor, now, sent = actor_of(request), timezone.now(), request.POST
    act = sent.get("act", "")
    try:
        if act == "follow":
            said = _follow(request)
        elif act == "unfollow":
            services.unfollow(actor=actor, follow_id=_number(sent.get("follow")), now=now)
            said = _("You follow it no more.")
        elif act == "wishes":
            services.set_wishes(
                actor=actor, subscription_id=_number(sent.get("subscription")), now=now,
                kinds=[kind for kind in NewsKind if kind.value in sent.getlist("kinds")],
                frequency=Frequency(sent["frequency"]) if sent.get("frequency") in FREQUENCIES else Frequency.WEEKLY,
            )  # fmt: skip
            said = _("Saved.")
        elif act == "stop":
            services.stop(actor=actor, subscription_id=_number(sent.get("subscription")), now=now)
            said = _("You follow none of it any more.")
        else:
            raise BadRequest
    except Refusal as refusal:
        messages.error(request, wording.sentence(refusal))
    else:
        messages.success(request, said)


def _follow(request: HttpRequest) -> str:
    """Everything that was chosen, each by itself. Raises what the service refuses."""
    actor, now = actor_of(request), timezone.now()
    whose = network.organisation_refs(permissions.spoken_for(actor)).values()
    organisation = next((one.id for one in whose if one.code == request.POST.get("for")), None)
    wanted = [(what, request.POST[name][:80]) for name, what in _PAGES.items() if request.POST.get(name)]
    for what, code in wanted:
        services.follow(actor=actor, what=what, code=code, now=now, organisation_id=organisation)
    return _("You follow it from now on.") if wanted else _("Choose a sector, a region or a house.")


def _row(row: Any) -> dict[str, Any]:
    return {
        "row": row,
        "groups": [
            (label, [one for one in row.follows if one.what is what])
            for what, label in FOLLOWED.items()
            if any(one.what is what for one in row.follows)
        ],
        "kinds": [(kind.value, label, kind in row.kinds) for kind, label in NEWS_KINDS.items()],
        "frequencies": [(one.value, label, one is row.frequency) for one, label in FREQUENCIES.items()],
        "frequency": FREQUENCIES[row.frequency],
        "never": row.frequency is Frequency.NEVER,
    }


def _number(text: str | None) -> int:
    if text is None or not (text.isdecimal() and len(text) < 19):
        raise BadRequest
    return int(text)
