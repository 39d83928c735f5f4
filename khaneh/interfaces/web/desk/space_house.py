"""At which house somebody works with spaces: the one named, else the one chosen before, else their own."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from khaneh.domains.network import queries as network
from khaneh.domains.network.queries import HouseFacts
from khaneh.domains.spaces import queries
from khaneh.domains.spaces.permissions import DESK, may_desk
from khaneh.interfaces.web import clocks, reader
from khaneh.interfaces.web.requests import actor_of
from khaneh.kernel.refusal import NotFound

# The same as at lending: who works at a house works there with everything.
_HOUSE = "desk_house"


def house_of(request: HttpRequest) -> HouseFacts | None:
    """The house that the request names, else the one chosen before, else the only one where they work; None where it must be chosen.

    The page is shown on its clocks. Raises Http404 for one where they do not work.
    """
    house = _named(request) or _kept(request) or _own(request)
    if house is not None:
        clocks.follow(house.id)
    return house


def at(request: HttpRequest, house_id: int) -> HouseFacts:
    """A house that something on the page belongs to. Raises Http404 where they do not work there."""
    if not may_desk(actor_of(request), house_id=house_id):
        raise Http404
    clocks.follow(house_id)
    return network.house_facts(house_id)


def several(request: HttpRequest) -> bool:
    """Whether there is another house to go to."""
    return len(queries.served_houses(actor_of(request))) > 1


def served(request: HttpRequest) -> list[int]:
    """The houses where they work."""
    return queries.served_houses(actor_of(request))


def choose(request: HttpRequest) -> HttpResponse:
    """The houses to choose from."""
    language = reader.current().language
    houses = [network.house_facts(number) for number in queries.served_houses(actor_of(request))]
    context = {
        "section": "spaces",
        "houses": sorted(houses, key=lambda house: (house.names.pick(language), house.code)),
        "crumbs": [(_("Desk"), reverse("desk")), (_("Spaces"), "")],
    }
    return render(request, "desk/spaces/choose.html", context)


def _named(request: HttpRequest) -> HouseFacts | None:
    code = request.POST.get("house", "") or request.GET.get("house", "")
    if not code:
        return None
    kept = _kept(request)
    if kept is not None and kept.code == code:
        return kept
    found = network.house_ids_by_code([code]).get(code)
    if found is None or not may_desk(actor_of(request), house_id=found):
        raise Http404
    if request.session.get(_HOUSE) != found:
        request.session[_HOUSE] = found
    return network.house_facts(found)


def _kept(request: HttpRequest) -> HouseFacts | None:
    kept = request.session.get(_HOUSE)
    try:
        if isinstance(kept, int) and may_desk(actor_of(request), house_id=kept):
            return network.house_facts(kept)
    except NotFound:
        pass
    return None


def _own(request: HttpRequest) -> HouseFacts | None:
    actor = actor_of(request)
    served = queries.served_houses(actor)
    own = {grant.house_id for grant in actor.grants if grant.role in DESK}
    for houses in (served, [one for one in served if one in own]):
        if len(houses) == 1:
            return network.house_facts(houses[0])
    return None
