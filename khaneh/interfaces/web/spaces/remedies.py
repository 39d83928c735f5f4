"""What opens a space to who lacks a qualification: the next courses and assessments that award it and still have a seat."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from khaneh.domains.learning import queries as learning
from khaneh.domains.learning.types import RunRow
from khaneh.domains.network import queries as network
from khaneh.domains.qualifications.types import QualificationRow
from khaneh.domains.spaces.types import SpaceRow
from khaneh.interfaces.web import reader
from khaneh.interfaces.web.spaces import wording
from khaneh.kernel.calendars import show_number

_SHOWN = 2


class Seat(NamedTuple):
    """A course's next run: what, when, where, and how many seats are left, in words. `url` is empty where it has no page."""

    course: str
    when: str
    house: str
    left: str
    url: str


class Way(NamedTuple):
    """A qualification that is missing, with the next ways to it."""

    row: QualificationRow
    seats: tuple[Seat, ...]


def ways(space: SpaceRow, lacked: Iterable[QualificationRow], *, account_id: int | None) -> list[Way]:
    """For each qualification that is missing the next seats, nearest to the space first. At most 22 statements, none where nothing is missing."""
    rows = list(lacked)
    if not rows:
        return []
    house = network.house_facts(space.house.id)
    near = (house.latitude, house.longitude) if house.latitude is not None and house.longitude is not None else None
    runs = learning.next_runs_awarding(
        [row.id for row in rows], now=timezone.now(), near=near, account_id=account_id, limit=_SHOWN
    )
    return [Way(row, tuple(_seat(run) for run in runs.get(row.id, []))) for row in rows]


def _seat(run: RunRow) -> Seat:
    language = reader.current().language
    free = max(0, run.free - run.waiting)
    return Seat(
        course=run.course.names.pick(language),
        when=wording.instant(run.starts, run.zone),
        house=run.house.names.pick(language),
        left=ngettext("%(number)s seat free", "%(number)s seats free", free) % {"number": show_number(free, language)}
        if free
        else _("waiting list"),
        url=_url(run),
    )


def _url(run: RunRow) -> str:
    try:
        return reverse("course", args=[run.course.code])
    except NoReverseMatch:
        return ""
