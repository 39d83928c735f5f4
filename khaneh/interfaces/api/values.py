"""Values that several answers share: names in three languages, things to link to, and how a list is paged."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal, TypeVar

from ninja import Path, Schema
from pydantic import AwareDatetime, BeforeValidator, ConfigDict, Field, StrictInt, StrictStr

from khaneh.domains.network import queries as network
from khaneh.domains.network.types import Ref
from khaneh.kernel.labels import Label
from khaneh.kernel.money import CURRENCY, CURRENCY_OR_CREDIT, Money
from khaneh.kernel.refusal import NotFound

Language = Literal["fa", "vi", "en"]
_LATITUDE = r"-?(90(\.0{1,9})?|[0-8]?[0-9](\.[0-9]{1,9})?)"
_LONGITUDE = r"-?(180(\.0{1,9})?|(1[0-7])?[0-9](\.[0-9]{1,9})?|[0-9]{2}(\.[0-9]{1,9})?)"
# PostgreSQL's text holds every character but NUL.
Code = Annotated[str, Field(max_length=64, pattern=r"^[^\x00]*$")]
Words = Annotated[str, Field(max_length=500, pattern=r"^[^\x00]*$")]

_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?([Zz]|[+-]\d\d:\d\d)")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
MOST_MONEY = 10**12
Coded = TypeVar("Coded", bound=StrEnum)


def _written(pattern: re.Pattern[str]) -> BeforeValidator:
    """A day or an instant as ISO 8601 writes it: never a number of seconds."""

    def check(value: Any) -> Any:
        if not isinstance(value, date) and not (isinstance(value, str) and pattern.fullmatch(value)):
            raise ValueError("not as ISO 8601 writes it")
        return value

    return BeforeValidator(check)


Instant = Annotated[AwareDatetime, _written(_INSTANT)]
Day = Annotated[date, _written(_DAY)]
Id = Annotated[StrictInt, Field(ge=1, le=2**62)]
IdInPath = Annotated[int, Path(ge=1, le=2**62)]
HouseCode = Annotated[
    StrictStr, Field(min_length=1, max_length=64, pattern=r"^[^\x00]*$", description="A house's code")
]
HouseInPath = Annotated[str, Path(min_length=1, max_length=64, pattern=r"^[^\x00]*$")]
Barcode = Annotated[StrictStr, Field(min_length=1, max_length=64, pattern=r"^[^\x00]*$")]
GivenCode = Annotated[StrictStr, Field(min_length=1, max_length=64, pattern=r"^[^\x00]*$")]
Note = Annotated[StrictStr, Field(max_length=500, pattern=r"^[^\x00]*$")]
Text = Annotated[StrictStr, Field(max_length=5000, pattern=r"^[^\x00]*$")]
Amount = Annotated[StrictInt, Field(ge=1, le=MOST_MONEY, description="Minor units: rials, đồng, cents")]
Currency = Annotated[StrictStr, Field(pattern=CURRENCY, description="ISO 4217")]
Unit = Annotated[StrictStr, Field(pattern=CURRENCY_OR_CREDIT, description="A currency (ISO 4217) or a credit")]


class Body(Schema):
    """What a call sends. A field that it does not have is refused, so that a slip of the pen does nothing else than was meant."""

    model_config = ConfigDict(extra="forbid")


class Done(Schema):
    """It is done."""

    done: bool = True


class Made(Schema):
    """The id of what was made."""

    id: int


class Sum(Schema):
    """An amount in minor units (rials, đồng, cents) of a currency (ISO 4217)."""

    amount: int
    currency: str

    @classmethod
    def of(cls, money: Money) -> Sum:
        """From the kernel's own."""
        return cls(amount=money.amount, currency=money.currency)


def house_id(code: str) -> int:
    """The house of a code. One statement. Raises NotFound."""
    found = network.house_ids_by_code([code]).get(code)
    if found is None:
        raise NotFound(what="house")
    return found


class Page(Schema):
    """Which part of a list."""

    offset: int = Field(0, ge=0, le=10_000, description="How many to leave out before the first")
    limit: int = Field(50, ge=1, le=200, description="How many at most")


class Point(Schema):
    """Where the caller is, or nowhere."""

    near: str = Field("", pattern=f"^({_LATITUDE},{_LONGITUDE})?$", description="latitude,longitude: nearest first")

    def pair(self) -> tuple[float, float] | None:
        """Latitude and longitude in degrees."""
        latitude, _, longitude = self.near.partition(",")
        return (float(latitude), float(longitude)) if longitude else None


class Names(Schema):
    """One name in Persian, Vietnamese and English; a language may be empty."""

    fa: str
    vi: str
    en: str

    @classmethod
    def of(cls, label: Label) -> Names:
        """From the kernel's own."""
        return cls(fa=label.fa, vi=label.vi, en=label.en)


class NamesIn(Body):
    """A name in three languages; one of them is enough."""

    fa: Text = ""
    vi: Text = ""
    en: Text = ""

    def label(self) -> Label:
        """As the kernel has it."""
        return Label(self.en, self.fa, self.vi)


class PriceIn(Body):
    """What it costs: minor units of a currency (ISO 4217), or hundredths of a credit by its code."""

    amount: Annotated[StrictInt, Field(ge=0, le=MOST_MONEY)]
    currency: Unit

    def money(self) -> Money:
        """As the kernel has it."""
        return Money(self.amount, self.currency)


class Reference(Schema):
    """A thing to look up by its code."""

    code: str
    names: Names


def house(number: int) -> Reference:
    """A house by its id. No statement where it was asked for lately."""
    facts = network.house_facts(number)
    return Reference(code=facts.code, names=Names.of(facts.names))


def reference(ref: Ref) -> Reference:
    """A house or an organisation that is at hand."""
    return Reference(code=ref.code, names=Names.of(ref.names))


class Listed(Schema):
    """A value of a controlled list: its stable code and its name."""

    code: str
    names: Names

    @classmethod
    def of(cls, value: Coded, names: Mapping[Coded, Label]) -> Listed:
        """A value and what its list calls it."""
        return cls(code=value.value, names=Names.of(names[value]))
