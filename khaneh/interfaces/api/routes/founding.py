"""Standards by which houses are founded and measured, and the passports of houses: for everybody."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field

from khaneh.domains.founding import queries
from khaneh.domains.founding.types import (
    FOUNDED_KINDS,
    PASSPORT_STATES,
    STANDARD_STATES,
    ItemRow,
    PassportRow,
    StandardRow,
)
from khaneh.interfaces.api.problems import Problem
from khaneh.interfaces.api.values import Code, HouseInPath, Listed, Names, Reference, reference
from khaneh.kernel.labels import Label

router = Router(tags=["founding"])

FAILURES_PUBLIC: dict[int, Any] = {404: Problem, 422: Problem}
_MOST_VERSIONS = 2**31 - 1


class ItemOut(Schema):
    """A line of a checklist: scores go from 0 to `scale`; one below `least` fails the whole; `photo`: a photograph belongs to it."""

    code: str
    section: Names
    names: Names
    evidence: Names
    weight: int
    scale: int
    least: int
    photo: bool


class StandardLine(Schema):
    """A version of a standard. It is met with `pass_percent` of the weighted scores and every item at its least."""

    code: str
    version: int
    authority: Reference
    house_kind: str
    house_kind_names: Names
    names: Names
    pass_percent: int
    assessors: int
    valid_months: int
    state: Listed
    published_at: datetime | None
    items: int


class StandardsOut(Schema):
    """Those in force, by code."""

    standards: list[StandardLine]


class StandardOut(StandardLine):
    """One with its checklist, in its order."""

    descriptions: Names
    checklist: list[ItemOut]


class EntryOut(Schema):
    """One time that a house was judged; `share` is that of the weighted scores, from 0 to 1; `below_least` the items that failed the whole."""

    on: date
    opening: bool
    standard: str
    version: int
    share: float
    meets: bool
    below_least: list[Names]


class PartOut(Schema):
    """What a part of the checklist came to at the last time."""

    names: Names
    share: float


class PassportOut(Schema):
    """By which standard a house is measured, whether it meets it, and every time that it was judged, the latest first."""

    house: Reference
    standard: StandardLine
    state: Listed
    share: float
    assessed_on: date
    due_on: date
    overdue: bool
    parts: list[PartOut]
    history: list[EntryOut]


class WantedStandards(Schema):
    """What is asked for; empty is any kind of house."""

    kind: Code = ""


class WantedVersion(Schema):
    """Which version; none is the newest that is in force."""

    version: Annotated[int, Field(ge=1, le=_MOST_VERSIONS)] | None = None


@router.get("/standards", response={200: StandardsOut, **FAILURES_PUBLIC})
def standards(request: HttpRequest, wanted: Query[WantedStandards]) -> StandardsOut:
    """The standards in force, without their checklists."""
    return StandardsOut(standards=[_line(row) for row in queries.standards(kind=wanted.kind, in_force=True)])


@router.get("/standards/{code}", response={200: StandardOut, **FAILURES_PUBLIC})
def standard(request: HttpRequest, code: HouseInPath, wanted: Query[WantedVersion]) -> StandardOut:
    """One standard with its checklist, also one that is applied no more."""
    row = queries.standard(code, wanted.version)
    return StandardOut(
        **_line(row).dict(), descriptions=Names.of(row.descriptions), checklist=[_item(one) for one in row.items]
    )


@router.get("/houses/{code}/passport", response={200: PassportOut, **FAILURES_PUBLIC})
def house_passport(request: HttpRequest, code: HouseInPath) -> PassportOut:
    """The passport of a house that was founded by a standard."""
    return _passport(queries.passport(code, today=timezone.now().date()))


def _line(row: StandardRow) -> StandardLine:
    return StandardLine(
        code=row.code, version=row.version, authority=reference(row.authority), house_kind=row.kind,
        house_kind_names=Names.of(FOUNDED_KINDS[row.kind]), names=Names.of(row.names), pass_percent=row.pass_percent,
        assessors=row.assessors, valid_months=row.valid_months, state=Listed.of(row.state, STANDARD_STATES),
        published_at=row.published_at, items=row.item_count,
    )  # fmt: skip


def _item(one: ItemRow) -> ItemOut:
    return ItemOut(
        code=one.code, section=Names.of(one.sections), names=Names.of(one.names), evidence=Names.of(one.evidence),
        weight=one.weight, scale=one.scale, least=one.least, photo=one.photo,
    )  # fmt: skip


def _passport(row: PassportRow) -> PassportOut:
    def named(labels: tuple[Label, ...]) -> list[Names]:
        return [Names.of(label) for label in labels]

    return PassportOut(
        house=reference(row.house),
        standard=_line(row.standard),
        state=Listed.of(row.state, PASSPORT_STATES),
        share=row.permille / 1000,
        assessed_on=row.assessed_on,
        due_on=row.due_on,
        overdue=row.overdue,
        parts=[PartOut(names=Names.of(one.names), share=one.permille / 1000) for one in row.sections],
        history=[
            EntryOut(
                on=one.on, opening=one.opening, standard=one.standard_code, version=one.version,
                share=one.permille / 1000, meets=one.meets, below_least=named(one.failed),
            )
            for one in row.entries
        ],
    )  # fmt: skip
