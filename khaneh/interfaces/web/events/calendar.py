"""The public calendar: what happens where and when, as a list and as a month, in the reader's calendar. Parse, call, translate."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from khaneh.domains.events import queries
from khaneh.domains.events.types import EVENT_KINDS, EventFilter, EventRow, EventState
from khaneh.domains.network import queries as network
from khaneh.domains.network.types import SECTORS
from khaneh.interfaces.web import paging, reader
from khaneh.interfaces.web.events import months
from khaneh.interfaces.web.region_choices import region_choices
from khaneh.interfaces.web.spaces.cards import day_name
from khaneh.kernel.refusal import NotFound

PAGE = 20
_MONTH_MOST = 500
_SHOWN = (EventState.OPEN, EventState.FULL, EventState.CANCELLED)
_PAST = (EventState.OPEN, EventState.FULL, EventState.HELD, EventState.CANCELLED)
# So many events of a day are named in the square of a month.
_IN_A_SQUARE = 3


@dataclass(frozen=True, slots=True)
class Question:
    """What is looked for. `where` is a region's code, `house` a house's."""

    kind: str
    where: str
    house: str
    sector: str
    free: bool

    @property
    def feed(self) -> str:
        """The same as a calendar to follow is called in its address."""
        asked = {
            "kind": self.kind, "where": self.where, "house": self.house, "sector": self.sector, "free": "1" if self.free else "",
        }  # fmt: skip
        return ";".join(f"{name}={value}" for name, value in asked.items() if value) or "all"

    @property
    def is_narrow(self) -> bool:
        """Whether there is anything to leave out."""
        return bool(self.kind or self.where or self.house or self.sector or self.free)


class Square(NamedTuple):
    """A day of a month."""

    day: date
    number: str
    inside: bool
    today: bool
    events: tuple[EventRow, ...]
    more: int
    anchor: str


@require_safe
def events(request: HttpRequest) -> HttpResponse:
    """What is to come as a list, or a month. At most thirty statements."""
    question = _question(request)
    now = timezone.now()
    today = timezone.localdate()
    problem = ""
    wanted: EventFilter | None = None
    try:
        wanted = _filter(question)
    except NotFound:
        problem = _("This region or house is not known. Choose one of the list.")
    context: dict[str, Any] = {
        "question": question,
        "problem": problem,
        "view": "month" if request.GET.get("view") == "month" else "list",
        "list_url": paging.address(request, view=None, month=None),
        "month_url": paging.address(request, view="month"),
        **_choices(request, question),
        "crumbs": [(_("Home"), reverse("home")), (_("Events"), "")],
    }
    if wanted is not None:
        shown = _month(request, wanted, today) if context["view"] == "month" else _list(request, wanted, now)
        context |= shown
    return render(request, "events/calendar.html", context)


def by_day(found: Iterable[EventRow], now: datetime) -> list[tuple[str, str, list[EventRow]]]:
    """Events by the day on which they begin on their own clocks; what began before today stands under today."""

    def day_of(row: EventRow) -> tuple[date, date]:
        zone = ZoneInfo(row.zone)
        today = now.astimezone(zone).date()
        begins = row.starts.astimezone(zone).date()
        return (max(begins, today) if row.ends > now else begins, today)

    ordered = sorted(found, key=lambda row: (day_of(row)[0], row.starts, row.id))
    return [
        (day.isoformat(), day_name(day, day_of(rows[0])[1]), rows)
        for day, rows in ((day, list(group)) for day, group in groupby(ordered, key=lambda row: day_of(row)[0]))
    ]


def _list(request: HttpRequest, wanted: EventFilter, now: datetime) -> dict[str, Any]:
    past = request.GET.get("when") == "past"
    page = paging.page_number(request)
    facts = {"states": _PAST, "last": now} if past else {"states": _SHOWN, "first": now}
    found = queries.calendar(_with(wanted, **facts), offset=(page - 1) * PAGE, limit=PAGE, latest_first=past)
    return {
        "past": past,
        "days": by_day(found.events, now) if not past else _backwards(found.events, now),
        "total": found.total,
        "pager": paging.pager(request, total=found.total, size=PAGE),
        "coming_url": paging.address(request, when=None),
        "past_url": paging.address(request, when="past"),
    }


def _backwards(found: Iterable[EventRow], now: datetime) -> list[tuple[str, str, list[EventRow]]]:
    return list(reversed(by_day(found, now)))


def _month(request: HttpRequest, wanted: EventFilter, today: date) -> dict[str, Any]:
    month = months.read(request.GET.get("month", ""), today)
    weeks = month.weeks()
    # A day more on either side: a day of the calendar begins elsewhere before it does here.
    first = datetime.combine(weeks[0][0], time(), UTC) - timedelta(days=1)
    last = datetime.combine(weeks[-1][-1], time(), UTC) + timedelta(days=2)
    found = queries.calendar(_with(wanted, states=_PAST, first=first, last=last), limit=_MONTH_MOST).events
    on: dict[date, list[EventRow]] = defaultdict(list)
    begun: dict[date, list[EventRow]] = defaultdict(list)
    for row in found:
        zone = ZoneInfo(row.zone)
        begins = row.starts.astimezone(zone).date()
        # An event that ends at midnight does not touch the day that begins then.
        ends = (row.ends - timedelta(seconds=1)).astimezone(zone).date()
        # Below the month each stands once, on its first day in it.
        if begins <= month.last and ends >= month.first:
            begun[max(begins, month.first)].append(row)
        for day in months.days_in(max(begins, weeks[0][0]), min(ends, weeks[-1][-1])):
            on[day].append(row)
    return {
        "month": month,
        "weekdays": month.weekdays(),
        "weeks": [
            [
                Square(
                    day, month.number_of(day), month.first <= day <= month.last, day == today,
                    tuple(on[day][:_IN_A_SQUARE]), max(0, len(on[day]) - _IN_A_SQUARE),
                    day.isoformat() if day in begun else "",
                )
                for day in week
            ]
            for week in weeks
        ],
        "agenda": [
            (day.isoformat(), day_name(day, today), begun[day]) for day in sorted(begun) if month.first <= day <= month.last
        ],
        "earlier_url": paging.address(request, month=month.moved(-1).key),
        "later_url": paging.address(request, month=month.moved(1).key),
        "this_url": paging.address(request, month=None) if month != months.of(today) else "",
    }  # fmt: skip


def _question(request: HttpRequest) -> Question:
    given = request.GET
    kind, sector = given.get("kind", ""), given.get("sector", "")
    return Question(
        kind=kind if kind in EVENT_KINDS else "",
        where=given.get("where", "")[:80],
        house=given.get("house", "")[:80],
        sector=sector if sector in SECTORS else "",
        free=given.get("free") == "1",
    )


def _filter(question: Question) -> EventFilter:
    """What the query is asked. Raises NotFound for a region or house that is not there."""
    house_ids: tuple[int, ...] = ()
    if question.house:
        number = network.house_ids_by_code([question.house]).get(question.house)
        if number is None:
            raise NotFound(what="house")
        house_ids = (number,)
    return EventFilter(
        house_ids=house_ids,
        region_id=network.region(question.where).id if question.where else None,
        kinds=(question.kind,) if question.kind else (),
        sectors=(question.sector,) if question.sector else (),
        with_places=question.free,
    )


def _with(wanted: EventFilter, **facts: Any) -> EventFilter:
    values = {name: getattr(wanted, name) for name in EventFilter.__slots__}
    return EventFilter(**{**values, **facts})


def _choices(request: HttpRequest, question: Question) -> dict[str, Any]:
    language = reader.current().language
    names = network.house_names()
    return {
        "kinds": [
            (code, label.pick(language), paging.address(request, kind=code)) for code, label in EVENT_KINDS.items()
        ],
        "any_kind_url": paging.address(request, kind=None),
        "regions": region_choices(question.where),
        "house_name": names[question.house].pick(language) if question.house in names else "",
        "any_house_url": paging.address(request, house=None),
        "sectors": [(code, label.pick(language)) for code, label in SECTORS.items() if code.isalpha()],
    }
