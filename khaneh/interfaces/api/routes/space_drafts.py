"""What a space shall be, as a call says it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StrictBool, StrictInt, StrictStr

from khaneh.domains.spaces.types import FACILITIES, SPACE_KINDS, PriceUnit, SpaceDraft, WeeklyHours
from khaneh.interfaces.api.values import Body, GivenCode, HouseCode, NamesIn, PriceIn

Minutes = Annotated[StrictInt, Field(ge=0, le=366 * 24 * 60)]


class HoursIn(Body):
    """A span of a space's own week."""

    weekday: Annotated[StrictInt, Field(ge=1, le=7)]
    opens: Annotated[StrictInt, Field(ge=0, le=1439)]
    closes: Annotated[StrictInt, Field(ge=1, le=2879)]


class SpaceChanged(Body):
    """Everything of a space but its code and its state. `hours` narrow the house's own; `requires` are codes of qualifications."""

    house: HouseCode
    kind: Literal[tuple(SPACE_KINDS)]  # type: ignore[valid-type]
    names: NamesIn
    descriptions: NamesIn = NamesIn()
    parent: Annotated[
        StrictStr, Field(max_length=64, pattern=r"^[^\x00]*$", description="The code of what it is in")
    ] = ""
    capacity: Annotated[StrictInt, Field(ge=1, le=100_000)] = 1
    quantity: Annotated[StrictInt, Field(ge=1, le=500)] = 1
    facilities: Annotated[list[Literal[tuple(FACILITIES)]], Field(max_length=50)] = []  # type: ignore[valid-type]
    slot_minutes: Annotated[StrictInt, Field(ge=5, le=1440)] = 30
    min_minutes: Minutes = 30
    max_minutes: Minutes = 480
    setup_minutes: Annotated[StrictInt, Field(ge=0, le=1440)] = 0
    cleanup_minutes: Annotated[StrictInt, Field(ge=0, le=1440)] = 0
    approval: StrictBool = False
    self_service: StrictBool = False
    needs_code: StrictBool = False
    instructions: NamesIn = NamesIn()
    price: PriceIn | None = None
    price_unit: PriceUnit = PriceUnit.HOUR
    hours: Annotated[list[HoursIn], Field(max_length=50)] = []
    requires: Annotated[list[GivenCode], Field(max_length=20)] = []

    def draft(self, code: str) -> SpaceDraft:
        """As the service takes it."""
        return SpaceDraft(
            code=code, house_code=self.house, kind=self.kind, names=self.names.label(),
            descriptions=self.descriptions.label(), parent_code=self.parent, capacity=self.capacity,
            quantity=self.quantity, facilities=tuple(self.facilities), slot_minutes=self.slot_minutes,
            min_minutes=self.min_minutes, max_minutes=self.max_minutes, setup_minutes=self.setup_minutes,
            cleanup_minutes=self.cleanup_minutes, approval=self.approval, self_service=self.self_service,
            needs_code=self.needs_code, instructions=self.instructions.label(),
            price=self.price.money() if self.price else None, price_unit=self.price_unit,
            hours=tuple(WeeklyHours(one.weekday, one.opens, one.closes) for one in self.hours),
            requires=tuple(self.requires),
        )  # fmt: skip


class SpaceWritten(SpaceChanged):
    """A space that shall be."""

    code: GivenCode
