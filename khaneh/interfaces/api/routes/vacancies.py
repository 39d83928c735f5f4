"""Vacancies: what everybody finds; entered, published and closed by who speaks for the employer; and the skills that they ask for."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field, StrictBool, StrictInt

from khaneh.domains.network import queries as network
from khaneh.domains.placements import permissions, queries, services
from khaneh.domains.placements.types import (
    VACANCY_KINDS,
    VACANCY_STATES,
    QualificationWish,
    SkillRow,
    SkillWish,
    VacancyDraft,
    VacancyFilter,
    VacancyKind,
    VacancyRow,
)
from khaneh.domains.placements.types import Level as Mastery
from khaneh.interfaces.api.calling import FAILURES, KEY, actor_of, writes
from khaneh.interfaces.api.problems import Problem
from khaneh.interfaces.api.values import (
    MOST_MONEY,
    Body,
    Code,
    Currency,
    Day,
    GivenCode,
    HouseInPath,
    IdInPath,
    Listed,
    Names,
    NamesIn,
    Page,
    Reference,
    reference,
)
from khaneh.kernel.actor import VISITOR

router = Router(tags=["placements"])

FAILURES_PUBLIC: dict[int, Any] = {404: Problem, 422: Problem}
Level = Annotated[StrictInt, Field(ge=1, le=3, description="1 basics, 2 works independently, 3 expert")]
_Pay = Annotated[StrictInt, Field(ge=0, le=MOST_MONEY - 1)]


class SkillOut(Schema):
    """Something that people can do; `esco` is the concept's address in ESCO, empty where it has none."""

    code: str
    esco: str
    names: Names


class SkillsOut(Schema):
    """Those that can be chosen, by code."""

    skills: list[SkillOut]


class SkillWanted(Schema):
    """A skill that is asked for, and how well it is to be mastered: 1 basics, 2 works independently, 3 expert."""

    skill: SkillOut
    level: int
    essential: bool


class QualificationWanted(Schema):
    """A qualification that is asked for."""

    qualification: Reference
    essential: bool


class PayOut(Schema):
    """A month's pay in minor units of a currency, from and to."""

    least: int
    most: int | None
    currency: str


class VacancyOut(Schema):
    """A job, an internship or an apprenticeship of an organisation. `regions` from the province down; `left` of `count` places are free.

    `hours` are those of a week; `closes_on` is the last day to apply.
    """

    id: int
    organisation: Reference
    kind: Listed
    names: Names
    descriptions: Names
    count: int
    left: int
    house: Reference | None
    regions: list[Reference]
    remote: bool
    hours: int | None
    pay: PayOut | None
    starts_on: date | None
    closes_on: date | None
    state: Listed
    published_at: datetime | None
    skills: list[SkillWanted]
    qualifications: list[QualificationWanted]


class VacanciesOut(Schema):
    """A page of vacancies, and how many there are."""

    total: int
    vacancies: list[VacancyOut]


class WantedVacancies(Page):
    """What is asked for; everything that is left out is not asked. A region includes what is below it."""

    kind: list[VacancyKind] = Field([], max_length=3)
    region: Code = ""
    skill: Code = ""
    remote: bool = False


class SkillWishIn(Body):
    """A skill by its code."""

    skill: GivenCode
    level: Level = 1
    essential: StrictBool = False


class QualificationWishIn(Body):
    """A qualification by its code."""

    qualification: GivenCode
    essential: StrictBool = False


class VacancyWritten(Body):
    """Everything of a vacancy but its state. It is at a house, in a region (each by code), or anywhere (`remote`).

    Pay is a month's, in minor units; none where it is agreed. It is published with a last day to apply alone.
    """

    kind: VacancyKind
    names: NamesIn
    descriptions: NamesIn = NamesIn()
    count: Annotated[StrictInt, Field(ge=1, le=500)] = 1
    region: Code = ""
    house: Code = ""
    remote: StrictBool = False
    hours: Annotated[StrictInt, Field(ge=1, le=60)] | None = None
    pay_from: _Pay | None = None
    pay_to: _Pay | None = None
    pay_currency: Currency | None = None
    starts_on: Day | None = None
    closes_on: Day | None = None
    skills: Annotated[list[SkillWishIn], Field(max_length=40)] = []
    qualifications: Annotated[list[QualificationWishIn], Field(max_length=40)] = []

    def draft(self) -> VacancyDraft:
        """As the service takes it."""
        return VacancyDraft(
            kind=self.kind, names=self.names.label(), descriptions=self.descriptions.label(), count=self.count,
            region_code=self.region, house_code=self.house, remote=self.remote, hours=self.hours,
            pay_from=self.pay_from, pay_to=self.pay_to, pay_currency=self.pay_currency or "",
            starts_on=self.starts_on, closes_on=self.closes_on,
            skills=tuple(SkillWish(one.skill, Mastery(one.level), one.essential) for one in self.skills),
            qualifications=tuple(QualificationWish(one.qualification, one.essential) for one in self.qualifications),
        )  # fmt: skip


@router.get("/skills", response=SkillsOut)
def skills(request: HttpRequest) -> SkillsOut:
    """What vacancies ask for and people master."""
    return SkillsOut(skills=[skill_shape(one) for one in queries.skills()])


@router.get("/vacancies", response={200: VacanciesOut, **FAILURES_PUBLIC})
def vacancies(request: HttpRequest, wanted: Query[WantedVacancies]) -> VacanciesOut:
    """The open vacancies, the newest first."""
    asked = VacancyFilter(frozenset(wanted.kind), wanted.region, wanted.skill, wanted.remote)
    page = queries.vacancies(asked, offset=wanted.offset, limit=wanted.limit)
    return VacanciesOut(total=page.total, vacancies=[vacancy_shape(one) for one in page.rows])


@router.get("/vacancies/{vacancy_id}", response={200: VacancyOut, **FAILURES_PUBLIC})
def vacancy(request: HttpRequest, vacancy_id: IdInPath) -> VacancyOut:
    """One vacancy that is or was published."""
    return vacancy_shape(queries.vacancy(vacancy_id, actor=VISITOR))


@router.get("/organisations/{code}/vacancies", response={200: VacanciesOut, **FAILURES}, auth=KEY)
def organisation_vacancies(request: HttpRequest, code: HouseInPath) -> VacanciesOut:
    """All of one employer, drafts too, open ones first; for who speaks for it."""
    number = employer(request, code)
    found = queries.vacancies_of_organisation(number, actor=actor_of(request))
    return VacanciesOut(total=len(found), vacancies=[vacancy_shape(one) for one in found])


@writes(router, "/organisations/{code}/vacancies", answer=VacancyOut, status=201)
def vacancy_add(request: HttpRequest, code: HouseInPath, body: VacancyWritten) -> VacancyOut:
    """Enter a vacancy of an employer, as a draft."""
    made = services.add_vacancy(
        actor=actor_of(request), organisation_id=employer(request, code), draft=body.draft(), now=timezone.now()
    )
    return vacancy_shape(made)


@writes(router, "/vacancies/{vacancy_id}", answer=VacancyOut, method="put")
def vacancy_change(request: HttpRequest, vacancy_id: IdInPath, body: VacancyWritten) -> VacancyOut:
    """Make everything of it but its state as this says. Offers stay as they were made."""
    changed = services.change_vacancy(
        actor=actor_of(request), vacancy_id=vacancy_id, draft=body.draft(), now=timezone.now()
    )
    return vacancy_shape(changed)


@writes(router, "/vacancies/{vacancy_id}/publish", answer=VacancyOut)
def vacancy_publish(request: HttpRequest, vacancy_id: IdInPath) -> VacancyOut:
    """Let everybody find it until its last day; what is closed or expired opens again."""
    return vacancy_shape(
        services.publish_vacancy(actor=actor_of(request), vacancy_id=vacancy_id, now=timezone.now())
    )  # fmt: skip


@writes(router, "/vacancies/{vacancy_id}/close", answer=VacancyOut)
def vacancy_close(request: HttpRequest, vacancy_id: IdInPath) -> VacancyOut:
    """Look for nobody any more. Open offers come to nothing; who has accepted stays."""
    return vacancy_shape(services.close_vacancy(actor=actor_of(request), vacancy_id=vacancy_id, now=timezone.now()))


def employer(request: HttpRequest, code: str) -> int:
    """The organisation of a code, for who speaks for it. Raises NotFound, NotAllowed."""
    number = network.organisation(code).row.id
    permissions.require_represent(actor_of(request), number)
    return number


def skill_shape(row: SkillRow) -> SkillOut:
    """A skill."""
    return SkillOut(code=row.code, esco=row.esco, names=Names.of(row.names))


def vacancy_shape(row: VacancyRow) -> VacancyOut:
    """A vacancy. No statement."""
    pay = None
    if row.pay_from is not None:
        pay = PayOut(least=row.pay_from, most=row.pay_to, currency=row.pay_currency)
    return VacancyOut(
        id=row.id, organisation=reference(row.organisation), kind=Listed.of(row.kind, VACANCY_KINDS),
        names=Names.of(row.names), descriptions=Names.of(row.descriptions), count=row.count, left=row.left,
        house=reference(row.house) if row.house else None, regions=[reference(one) for one in row.regions],
        remote=row.remote, hours=row.hours, pay=pay, starts_on=row.starts_on, closes_on=row.closes_on,
        state=Listed.of(row.state, VACANCY_STATES), published_at=row.published_at,
        skills=[
            SkillWanted(skill=skill_shape(one.skill), level=int(one.level), essential=one.essential)
            for one in row.skills
        ],
        qualifications=[
            QualificationWanted(qualification=reference(one.qualification), essential=one.essential)
            for one in row.qualifications
        ],
    )  # fmt: skip
