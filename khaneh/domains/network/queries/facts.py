"""What acts ask of a house, or of an organisation, again and again: its place, region, calendar, kept in the process for some seconds.

A change made by this process is seen at once, one made by another within `LIFE` seconds. What must be right to the second compares the mark
of the facts with that of the house as it is (`house_mark`), with its locks held.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Any, NamedTuple

from django.db.models import TextField
from django.db.models.expressions import RawSQL

from khaneh.domains.network.models import House, Organisation
from khaneh.domains.network.queries.marks import MARK
from khaneh.domains.network.queries.opening import opening_calendars
from khaneh.domains.network.queries.places import place_of_organisation, places_of_houses
from khaneh.domains.network.types import PUBLIC_STATES, HouseState
from khaneh.infrastructure import journal
from khaneh.kernel.actor import Place
from khaneh.kernel.calendars import Calendar, OpeningCalendar
from khaneh.kernel.labels import Label
from khaneh.kernel.refusal import NotFound

LIFE = 20.0
_CURRENCIES = {"IR": "IRR", "VN": "VND"}


@dataclass(frozen=True, slots=True)
class HouseFacts:
    """A house as an act sees it. `path` and `regions` hold ids from the top down to the house and its region; `currency` is its country's.

    `reckoning` is the calendar in which it counts its months and years, `mark` that of the house before its calendar was read.
    """

    id: int
    code: str
    names: Label
    path: tuple[int, ...]
    regions: tuple[int, ...]
    country: str
    currency: str
    place: Place
    calendar: OpeningCalendar
    latitude: float | None
    longitude: float | None
    kind: str
    state: HouseState
    reckoning: Calendar
    mark: str


class OrganisationFacts(NamedTuple):
    """An organisation as an act sees it that is done in its name."""

    id: int
    kind: str
    place: Place


_kept: dict[int, tuple[float, HouseFacts]] = {}
_organisations: dict[int, tuple[float, OrganisationFacts]] = {}
_places: list[tuple[float, dict[int, Place]]] = []  # of every public house, and when they were read
# A network of so many houses is read whole, in the same seven statements: of hundreds of houses that a process lends for, the time of one is
# always over. Of a larger one those that were asked for lately are read again together.
WHOLE = 1_000
MOST_ORGANISATIONS = 10_000
_asked: set[int] = set()
_COLUMNS = (
    "pk", "code", "names", "path", "region__path", "region__country", "latitude", "longitude", "kind", "state", "calendar",
)  # fmt: skip


def house_facts(house_id: int) -> HouseFacts:
    """One house. No statement where it was asked for lately, else seven or eight. Raises NotFound."""
    _asked.add(house_id)
    kept = _kept.get(house_id)
    if kept is not None and monotonic() - kept[0] < LIFE:
        return kept[1]
    found = _read(house_id)
    if house_id not in found:
        _kept.pop(house_id, None)
        raise NotFound(what="house")
    return found[house_id]


def organisation_facts(organisation_id: int) -> OrganisationFacts:
    """One organisation. No statement where it was asked for lately, else three. Raises NotFound."""
    kept = _organisations.get(organisation_id)
    now = monotonic()
    if kept is None or now - kept[0] >= LIFE:
        if len(_organisations) > MOST_ORGANISATIONS:
            _organisations.clear()
        kind = Organisation.objects.filter(pk=organisation_id).values_list("kind", flat=True).first()
        if kind is None:
            raise NotFound(what="organisation")
        kept = (now, OrganisationFacts(organisation_id, kind, place_of_organisation(organisation_id)))
        _organisations[organisation_id] = kept
    return kept[1]


def public_places() -> Mapping[int, Place]:
    """The place of every house that everybody may see: the same object until they are read again, together with the facts.

    No statement where either was asked for lately, else at most eight.
    """
    if not _places or monotonic() - _places[0][0] >= LIFE:
        now = monotonic()
        _read(0)
        if not _places or _places[0][0] < now:  # too many houses to read whole
            _places[:] = [(now, places_of_houses(_public()))]
    return _places[0][1]


def _public() -> list[int]:
    states = [state.value for state in PUBLIC_STATES]
    return list(House.objects.filter(state__in=states).values_list("pk", flat=True))


def _read(house_id: int) -> dict[int, HouseFacts]:
    """This house, if there is one, and others that are likely to be asked for. They are kept."""
    now = monotonic()
    # A copy: other threads ask meanwhile.
    lately = list(_asked)
    _asked.clear()
    mark = RawSQL(MARK, (), output_field=TextField())  # noqa: S611 - a constant
    houses = House.objects.order_by("pk").values_list(*_COLUMNS, mark)
    rows = list(houses[: WHOLE + 1])
    whole = len(rows) <= WHOLE
    if not whole:
        rows = list(houses.filter(pk__in=[house_id, *lately[:WHOLE]]))
    found = _facts({number: row for number, *row in rows})
    _kept.update((number, (now, facts)) for number, facts in found.items())
    if whole:
        public = {number: facts.place for number, facts in found.items() if facts.state in PUBLIC_STATES}
        _places[:] = [(now, public)]
    return found


def _facts(found: dict[int, list[Any]]) -> dict[int, HouseFacts]:
    places, calendars = places_of_houses(found), opening_calendars(found)
    return {
        number: HouseFacts(
            id=number,
            code=code,
            names=Label.from_dict(names),
            path=tuple(path),
            regions=tuple(regions),
            country=country,
            currency=_CURRENCIES.get(country, "USD"),
            place=places[number],
            calendar=calendars[number],
            latitude=latitude,
            longitude=longitude,
            kind=kind,
            state=HouseState(state),
            reckoning=Calendar(calendar),
            mark=mark,
        )
        for number, (
            code,
            names,
            path,
            regions,
            country,
            latitude,
            longitude,
            kind,
            state,
            calendar,
            mark,
        ) in found.items()
        if number in places and number in calendars
    }


def forget_facts() -> None:
    """Read the houses and organisations anew at the next question."""
    _kept.clear()
    _organisations.clear()
    _places.clear()


def _forget(kind: str, house_id: int | None, facts: dict[str, Any]) -> None:
    forget_facts()


journal.follow("network.", _forget)
