"""Finding a free slot across the network: what, where, when, how long, for how many. Parse, call, translate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from khaneh.domains.network import queries as network
from khaneh.domains.spaces import queries
from khaneh.domains.spaces.types import (
    FACILITIES,
    KIND_GROUPS,
    SPACE_GROUPS,
    SPACE_KINDS,
    FreeSpace,
    SpaceGroup,
)
from khaneh.interfaces.web import paging, reader
from khaneh.interfaces.web.region_choices import region_choices
from khaneh.interfaces.web.requests import actor_of
from khaneh.interfaces.web.spaces import asking, cards
from khaneh.kernel.calendars import show_number
from khaneh.kernel.refusal import NotFound

PAGE = 12
KILOMETRES = (5, 10, 30, 50, 100)
SPANS = (1, 3, 7, 14, 30)
_AHEAD = 60
_GROUP = "group:"
_ICONS = {
    SpaceGroup.ROOM: "room",
    SpaceGroup.DESK: "desk",
    SpaceGroup.STUDIO: "recording",
    SpaceGroup.WORKSHOP: "tools",
    SpaceGroup.HALL: "organisation",
    SpaceGroup.MACHINE: "machine",
    SpaceGroup.EQUIPMENT: "object",
}
_MY_HOUSE = "house"


@dataclass(frozen=True, slots=True)
class Question:
    """What is looked for. `what` is a kind, a group (`group:machine`) or empty for anything; `where` a region's code, `house` or empty."""

    what: str
    where: str
    house: str
    near: tuple[float, float] | None
    kilometres: int | None
    first: date | None
    days: int
    minutes: int
    people: int
    facilities: tuple[str, ...]

    @property
    def kind(self) -> str:
        """The kind, if one is asked for."""
        return self.what if self.what in SPACE_KINDS else ""

    @property
    def group(self) -> SpaceGroup | None:
        """The group, if one is asked for."""
        name = self.what.removeprefix(_GROUP)
        return SpaceGroup(name) if self.what.startswith(_GROUP) and name in set(SpaceGroup) else None

    @property
    def is_asked(self) -> bool:
        """Whether there is anything to look for."""
        return bool(self.kind or self.group or self.house or self.facilities)


@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """What can be booked; with a kind, where it is free. A bounded number of statements."""
    question = _question(request)
    context: dict[str, Any] = {
        "question": question,
        "near": request.GET.get("near", "") if question.near else "",
        "nowhere_url": paging.address(request, near=None, km=None),
        **_choices(question),
        "crumbs": [(_("Home"), reverse("home")), (_("Rooms and machines"), "")],
    }
    offered = queries.kinds_offered()
    context["groups"] = _groups(request, offered)
    context["kinds"] = _kinds(offered, question.what)
    context["any_space"] = bool(offered)
    if question.is_asked:
        page = paging.page_number(request)
        found, problem = _found(request, question, limit=page * PAGE + 1)
        wanted = asking.Wanted(None, question.minutes, question.people)
        shown = found[(page - 1) * PAGE : page * PAGE]
        context |= {
            "asked": True,
            "problem": problem,
            "cards": cards.cards(request, [one.space for one in shown], found=shown, wanted=wanted),
            "next_url": paging.address(request, page=str(page + 1)) if len(found) > page * PAGE else "",
            "previous_url": paging.address(request, page=str(page - 1) if page > 2 else None) if page > 1 else "",
            "wider": _wider(request, question) if not found else [],
        }
    return render(request, "spaces/find.html", context)


def _question(request: HttpRequest) -> Question:
    given = request.GET
    what = given.get("kind", "")
    days = asking.whole(given.get("days"), otherwise=14) or 0
    return Question(
        what=what if what in SPACE_KINDS or what.removeprefix(_GROUP) in set(SpaceGroup) else "",
        where=given.get("where", "")[:80],
        house=given.get("house", "")[:80],
        near=_near(given.get("near", "")),
        kilometres=asking.whole(given.get("km")),
        first=asking.a_day(given.get("first")),
        days=max(1, min(days, 62)),
        minutes=asking.whole(given.get("minutes"), otherwise=60) or 0,
        people=asking.whole(given.get("people"), otherwise=1) or 0,
        facilities=tuple(one for one in given.getlist("facility") if one in FACILITIES),
    )


def _near(text: str) -> tuple[float, float] | None:
    """A point of the address: `18.68,105.67`."""
    try:
        latitude, longitude = (float(part) for part in text.split(","))
    except ValueError:
        return None
    return (latitude, longitude) if -90 <= latitude <= 90 and -180 <= longitude <= 180 else None


def _found(request: HttpRequest, question: Question, *, limit: int) -> tuple[list[FreeSpace], str]:
    """What is free, and in words what is wrong with the question, if anything is."""
    if question.minutes < 1:
        return [], _("The length must be above zero.")
    if question.people < 1:
        return [], _("Say how many people, at least one.")
    point, region_id, house_ids = question.near, None, None
    if question.house:
        number = network.house_ids_by_code([question.house]).get(question.house)
        house_ids = [number] if number is not None else []
    elif question.where == _MY_HOUSE and point is None:
        point = _point_of(request, reader.current().house)
    elif question.where and question.where != _MY_HOUSE:
        try:
            region_id = network.region(question.where).id
        except NotFound:
            return [], _("This region is not known. Choose one of the list.")
    return queries.free_spaces(
        now=timezone.now(),
        kind=question.kind,
        group=question.group,
        region_id=region_id,
        house_ids=house_ids,
        near=point,
        within_km=float(question.kilometres) if question.kilometres is not None and point is not None else None,
        first=question.first,
        days=question.days,
        minutes=question.minutes,
        people=question.people,
        facilities=question.facilities,
        limit=limit,
    ), ""  # fmt: skip


def _point_of(request: HttpRequest, code: str) -> tuple[float, float] | None:
    if not code:
        return None
    try:
        row = network.house(code, actor=actor_of(request), now=timezone.now()).row
    except NotFound:
        return None
    return (row.latitude, row.longitude) if row.latitude is not None and row.longitude is not None else None


def _choices(question: Question) -> dict[str, Any]:
    language = reader.current().language
    today = timezone.now().date()
    days = [today + timedelta(days=number) for number in range(_AHEAD)]
    if question.first is not None and question.first not in days:
        days.append(question.first)
    mine = reader.current().house
    return {
        "regions": region_choices(question.where),
        "my_house": network.house_names()[mine].pick(language) if mine in network.house_names() else "",
        "house_name": network.house_names()[question.house].pick(language)
        if question.house in network.house_names()
        else "",
        "kilometres": [(one, show_number(one, language)) for one in KILOMETRES],
        "first_days": [(day.isoformat(), asking.day_words(day), day == question.first) for day in sorted(days)],
        "spans": [(one, _span(one)) for one in sorted({*SPANS, question.days})],
        "lengths": asking.lengths(None, question.minutes),
        "facilities": [(code, label.pick(language)) for code, label in FACILITIES.items()],
    }


def _span(days: int) -> str:
    if days == 7:
        return _("a week")
    if days == 14:
        return _("two weeks")
    return ngettext("%(number)s day", "%(number)s days", days) % {
        "number": show_number(days, reader.current().language)
    }


def _kinds(offered: Mapping[str, int], chosen: str) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Kinds by group, those that the network has; with the one that was asked for."""
    language = reader.current().language
    known = {*offered, chosen}
    return [
        (
            f"{_GROUP}{group}",
            label.pick(language),
            [(code, SPACE_KINDS[code].pick(language)) for code, of in KIND_GROUPS.items() if of is group and code in known],
        )
        for group, label in SPACE_GROUPS.items()
        if any(KIND_GROUPS[code] is group for code in known & KIND_GROUPS.keys()) or chosen == f"{_GROUP}{group}"
    ]  # fmt: skip


def _groups(request: HttpRequest, offered: Mapping[str, int]) -> list[dict[str, Any]]:
    """What there is, to begin with: groups with their kinds, each a link to where it is free."""
    language = reader.current().language
    found = []
    for group, label in SPACE_GROUPS.items():
        kinds = [
            {
                "url": paging.address(request, kind=code) + "#free",
                "name": SPACE_KINDS[code].pick(language),
                "number": number,
            }
            for code, number in offered.items()
            if KIND_GROUPS[code] is group
        ]
        if kinds:
            found.append(
                {
                    "icon": _ICONS[group],
                    "name": label.pick(language),
                    "url": paging.address(request, kind=f"{_GROUP}{group}"),
                    "kinds": kinds,
                }
            )
    return found


def _wider(request: HttpRequest, question: Question) -> list[tuple[str, str]]:
    """What to leave out where nothing is free: words and an address each."""
    found = []
    if question.where or question.near or question.house:
        found.append(
            (_("Look in the whole network"), paging.address(request, where=None, near=None, km=None, house=None))
        )
    if question.days < 30:
        found.append((_("Look at a month"), paging.address(request, days="30")))
    if question.minutes > 60:
        found.append((_("Look for an hour only"), paging.address(request, minutes="60")))
    if question.facilities:
        found.append((_("Leave out what it must have"), paging.address(request, facility=None)))
    if question.people > 1:
        found.append((_("Look for one person"), paging.address(request, people=None)))
    return found
