"""A turn at the desk: one house, one member in hand or none, and a token that binds what was said in it and names nobody."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import Http404, HttpRequest
from django.urls import reverse

from khaneh.domains.circulation.permissions import DESK, works_at_desk
from khaneh.domains.network import queries as network
from khaneh.domains.network.queries import HouseFacts
from khaneh.domains.people import queries as people
from khaneh.interfaces.web import clocks
from khaneh.interfaces.web.requests import actor_of

_HOUSE = "desk_house"
_TOKEN = re.compile("[0-9a-f]{8}")


@dataclass(frozen=True, slots=True)
class Turn:
    """What a scan is about: where, for whom, and since when."""

    house: HouseFacts
    member_id: int | None
    token: str

    def of(self, member_id: int) -> Turn:
        """The next turn, with this member in hand."""
        return Turn(self.house, member_id, secrets.token_hex(4))

    @property
    def address(self) -> str:
        """The page of this turn."""
        asked: dict[str, str | int] = {"member": self.member_id} if self.member_id else {}
        return f"{reverse('desk-circulation')}?{urlencode({**asked, 'turn': self.token})}"


def turn_of(request: HttpRequest) -> str:
    """The token of the turn at hand: the one that the form or address names, else one made for this request."""
    made: str | None = getattr(request, "_desk_turn", None)
    if made is None:
        told = request.POST.get("turn", "") or request.GET.get("turn", "")
        made = told if _TOKEN.fullmatch(told) else secrets.token_hex(4)
        request._desk_turn = made  # type: ignore[attr-defined]
    return made


def current(request: HttpRequest) -> Turn | None:
    """The turn of a request; None where the house must be chosen first. Raises Http404."""
    house = house_of(request)
    member_id = number(request.POST.get("member") or request.GET.get("member"))
    return Turn(house, member_id, turn_of(request)) if house is not None else None


def house_of(request: HttpRequest) -> HouseFacts | None:
    """The house that the request names, else the one chosen before, else the only one,

    of those they serve or of those their role names; None where it must be chosen. The page is shown on its clocks. Raises Http404.
    """
    house = _worked_at(request)
    if house is not None:
        clocks.follow(house.id)
    return house


def _worked_at(request: HttpRequest) -> HouseFacts | None:
    actor = actor_of(request)
    code = request.POST.get("house", "") or request.GET.get("house", "")
    if code:
        found = network.house_ids_by_code([code]).get(code)
        if found is None or not works_at_desk(actor, house_id=found):
            raise Http404
        request.session[_HOUSE] = found
        return network.house_facts(found)
    kept = request.session.get(_HOUSE)
    if isinstance(kept, int) and works_at_desk(actor, house_id=kept):
        return network.house_facts(kept)
    served = people.served_houses(actor) or []
    own = {grant.house_id for grant in actor.grants if grant.role in DESK}
    for houses in (served, [one for one in served if one in own]):
        if len(houses) == 1:
            return network.house_facts(houses[0])
    return None


def number(text: str | None) -> int | None:
    """A row's id as forms and addresses write it, or None."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 18 else None
