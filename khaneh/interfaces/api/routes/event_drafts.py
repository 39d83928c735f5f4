"""What an event shall be, as a call says it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StrictInt, StrictStr

from khaneh.domains.events.types import EVENT_KINDS, TRANSPORTS, Admission, EventDraft, LegDraft, ShareDraft
from khaneh.domains.network import queries as network
from khaneh.interfaces.api.values import Body, Code, GivenCode, HouseCode, Instant, NamesIn, PriceIn, house_id

Places = Annotated[StrictInt, Field(ge=1, le=1_000_000)]


class TourStopIn(Body):
    """A stop of a tour: a `house` or an `organisation` by code, or a `place` in words. `transport` is how one comes to it."""

    arrives: Instant
    leaves: Instant
    house: Code = ""
    organisation: Code = ""
    place: NamesIn = NamesIn()
    transport: Literal[tuple(TRANSPORTS)] = "bus"  # type: ignore[valid-type]
    seats: Annotated[StrictInt, Field(ge=1, le=100_000)] | None = None
    meeting: NamesIn = NamesIn()


class ShareIn(Body):
    """So many places for those of a house, until the shares are released."""

    house: HouseCode
    places: Places


class EventChanged(Body):
    """Everything of an event but its house and its state. `organisers` are codes of organisations, `sectors` of ISIC; `capacity` null where one
    just comes. Registration is from `registration_from` until `registration_until`; from `shares_release` on all places are common.
    """

    kind: Literal[tuple(EVENT_KINDS)]  # type: ignore[valid-type]
    names: NamesIn
    starts: Instant
    ends: Instant
    descriptions: NamesIn = NamesIn()
    organisers: Annotated[list[GivenCode], Field(max_length=50)] = []
    sectors: Annotated[list[GivenCode], Field(max_length=20)] = []
    place: NamesIn = NamesIn()
    online: Annotated[StrictStr, Field(max_length=500, pattern=r"^[^\x00]*$")] = ""
    admission: Admission = Admission.REGISTER
    capacity: Places | None = 30
    largest_group: Annotated[StrictInt, Field(ge=1, le=100_000)] = 10
    price: PriceIn | None = None
    registration_from: Instant | None = None
    registration_until: Instant | None = None
    shares: Annotated[list[ShareIn], Field(max_length=50)] = []
    shares_release: Instant | None = None
    stops: Annotated[list[TourStopIn], Field(max_length=50)] = []
    remind_hours: Annotated[StrictInt, Field(ge=0, le=336)] = 24

    def draft(self, number: int) -> EventDraft:
        """As the service takes it, for a house by its id. Raises NotFound for a house or an organisation that there is not."""
        return EventDraft(
            house_id=number, kind=self.kind, names=self.names.label(), starts=self.starts, ends=self.ends,
            descriptions=self.descriptions.label(), organiser_ids=tuple(_organisation(code) for code in self.organisers),
            sectors=tuple(self.sectors), place=self.place.label(), online_url=self.online, admission=self.admission,
            capacity=self.capacity, largest_group=self.largest_group, price=self.price.money() if self.price else None,
            opens_at=self.registration_from, closes_at=self.registration_until,
            shares=tuple(ShareDraft(house_id(one.house), one.places) for one in self.shares),
            release_at=self.shares_release, legs=tuple(_leg(one) for one in self.stops), remind_hours=self.remind_hours,
        )  # fmt: skip


class EventWritten(EventChanged):
    """An event that shall be, and the house that answers for it."""

    house: HouseCode


def _leg(one: TourStopIn) -> LegDraft:
    return LegDraft(
        one.arrives, one.leaves, house_id=house_id(one.house) if one.house else None,
        organisation_id=_organisation(one.organisation) if one.organisation else None, place=one.place.label(),
        transport=one.transport, seats=one.seats, meeting=one.meeting.label(),
    )  # fmt: skip


def _organisation(code: str) -> int:
    return network.organisation(code).row.id
