"""Courses: what is taught, what it asks for and awards; entered, changed and published by those who give them."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field, StrictBool, StrictInt

from khaneh.domains.learning import queries, services
from khaneh.domains.learning.types import (
    COURSE_KINDS,
    COURSE_STATES,
    CourseDraft,
    CourseKind,
    CoursePage,
    CourseRow,
    CourseState,
    MaterialRow,
)
from khaneh.domains.network import queries as network
from khaneh.domains.qualifications import queries as qualifications
from khaneh.interfaces.api.calling import FAILURES, KEY, actor_of, writes
from khaneh.interfaces.api.problems import Problem
from khaneh.interfaces.api.routes.runs import RunOut, run_shape
from khaneh.interfaces.api.values import (
    Body,
    Code,
    GivenCode,
    HouseInPath,
    Listed,
    Names,
    NamesIn,
    Page,
    PriceIn,
    Reference,
    Sum,
    Words,
    house_id,
    reference,
)

router = Router(tags=["learning"])

FAILURES_PUBLIC: dict[int, Any] = {404: Problem, 422: Problem}
Percent = Annotated[StrictInt, Field(ge=0, le=100)]


class CourseOut(Schema):
    """A course, given by a house or an organisation. `requires` and `awards` are codes of qualifications; `price` is for one person.

    `pass_mark` is the least score (0 to 100) of its assessment, null where it has none; `attendance` the least share of its meetings, in per cent.
    """

    code: str
    kind: Listed
    names: Names
    state: Listed
    house: Reference | None
    organisation: Reference | None
    hours: int
    requires: list[str]
    awards: list[str]
    pass_mark: int | None
    attendance: int
    price: Sum | None
    approval: bool


class MaterialOut(Schema):
    """Something to read or use: a link, or a file of so many bytes that the course's page gives out."""

    id: int
    names: Names
    url: str
    media_type: str
    size: int


class CourseWhole(CourseOut):
    """A course's page: with what it is about, its runs to come by start, and the materials that are for everybody."""

    descriptions: Names
    runs: list[RunOut]
    materials: list[MaterialOut]


class CoursesOut(Schema):
    """Some of the courses that were asked for, by code, and how many there are."""

    total: int
    courses: list[CourseOut]


class WantedCourses(Page):
    """What is asked for; everything that is left out is not asked. `enrolling` are those in which somebody may still enrol."""

    q: Words = ""
    kind: CourseKind | None = None
    region: Code = Field("", description="A region's code: given or held in it or below it")
    house: Code = Field("", description="A house's code: given or held there")
    organisation: Code = Field("", description="The code of the organisation that gives it")
    awarding: list[Code] = Field([], max_length=20, description="Codes of qualifications: any of them")
    enrolling: bool = False


class WantedCoursesOfHouse(Page):
    """In which states: all without any."""

    state: list[CourseState] = Field([], max_length=3)


class CourseChanged(Body):
    """Everything of a course but its code and state. A `house` or an `organisation` gives it, by code, one of the two."""

    kind: CourseKind
    names: NamesIn
    house: Code = ""
    organisation: Code = ""
    descriptions: NamesIn = NamesIn()
    hours: Annotated[StrictInt, Field(ge=0, le=10_000)] = 0
    requires: Annotated[list[GivenCode], Field(max_length=20)] = []
    awards: Annotated[list[GivenCode], Field(max_length=20)] = []
    pass_mark: Percent | None = None
    attendance: Percent = 80
    price: PriceIn | None = None
    approval: StrictBool = False

    def draft(self, code: str) -> CourseDraft:
        """As the service takes it."""
        return CourseDraft(
            code=code, kind=self.kind, names=self.names.label(), house_code=self.house,
            organisation_code=self.organisation, descriptions=self.descriptions.label(), hours=self.hours,
            requires=tuple(self.requires), awards=tuple(self.awards), pass_mark=self.pass_mark,
            attendance=self.attendance, price=self.price.money() if self.price else None, approval=self.approval,
        )  # fmt: skip


class CourseWritten(CourseChanged):
    """A course that shall be."""

    code: GivenCode


@router.get("/courses", response={200: CoursesOut, **FAILURES_PUBLIC})
def courses(request: HttpRequest, wanted: Query[WantedCourses]) -> CoursesOut:
    """The catalogue: what is published."""
    known = {row.code: row.id for row in qualifications.qualifications()} if wanted.awarding else {}
    # What nobody awards is awarded by no course: zero is no qualification's number.
    awarding = [known.get(code, 0) for code in wanted.awarding]
    page = queries.courses(
        now=timezone.now(),
        text=wanted.q,
        kind=wanted.kind,
        region_id=network.region(wanted.region).id if wanted.region else None,
        house_id=house_id(wanted.house) if wanted.house else None,
        organisation_id=network.organisation(wanted.organisation).row.id if wanted.organisation else None,
        awarding=awarding,
        enrolling=wanted.enrolling,
        offset=wanted.offset,
        limit=wanted.limit,
    )
    return _courses(page)


@router.get("/courses/{code}", response={200: CourseWhole, **FAILURES_PUBLIC})
def course(request: HttpRequest, code: HouseInPath) -> CourseWhole:
    """One course."""
    found = queries.course(code, now=timezone.now())
    return CourseWhole(
        **course_shape(found.course).dict(),
        descriptions=Names.of(found.course.descriptions),
        runs=[run_shape(one) for one in found.runs],
        materials=[material_shape(one) for one in found.materials],
    )


@router.get("/houses/{code}/courses", response={200: CoursesOut, **FAILURES}, auth=KEY)
def house_courses(request: HttpRequest, code: HouseInPath, wanted: Query[WantedCoursesOfHouse]) -> CoursesOut:
    """Courses of a house; drafts and what is retired as well, for those who keep courses."""
    page = queries.courses(
        actor=actor_of(request), now=timezone.now(), house_id=house_id(code), states=wanted.state or list(CourseState),
        offset=wanted.offset, limit=wanted.limit,
    )  # fmt: skip
    return _courses(page)


@writes(router, "/courses", answer=CourseOut, status=201)
def course_add(request: HttpRequest, body: CourseWritten) -> CourseOut:
    """Enter a course, as a draft."""
    draft = body.draft(body.code)
    return course_shape(services.add_course(actor=actor_of(request), draft=draft, now=timezone.now()))


@writes(router, "/courses/{code}", answer=CourseOut, method="put")
def course_change(request: HttpRequest, code: HouseInPath, body: CourseChanged) -> CourseOut:
    """Make everything of a course but its code and state as this says."""
    draft = body.draft(code)
    return course_shape(services.change_course(actor=actor_of(request), code=code, draft=draft, now=timezone.now()))


@writes(router, "/courses/{code}/publish", answer=CourseOut)
def course_publish(request: HttpRequest, code: HouseInPath) -> CourseOut:
    """Let everybody see it, also one that was retired."""
    return course_shape(services.publish_course(actor=actor_of(request), code=code, now=timezone.now()))


@writes(router, "/courses/{code}/retire", answer=CourseOut)
def course_retire(request: HttpRequest, code: HouseInPath) -> CourseOut:
    """Give it no more; runs that are planned go on."""
    return course_shape(services.retire_course(actor=actor_of(request), code=code, now=timezone.now()))


def course_shape(row: CourseRow) -> CourseOut:
    """A course as lists show it. No statement."""
    return CourseOut(
        code=row.code, kind=Listed.of(row.kind, COURSE_KINDS), names=Names.of(row.names),
        state=Listed.of(row.state, COURSE_STATES), house=reference(row.house) if row.house else None,
        organisation=reference(row.organisation) if row.organisation else None, hours=row.hours,
        requires=[code for _, code in row.requires], awards=[code for _, code in row.awards], pass_mark=row.pass_mark,
        attendance=row.attendance, price=Sum.of(row.price) if row.price else None, approval=row.approval,
    )  # fmt: skip


def _courses(page: CoursePage) -> CoursesOut:
    return CoursesOut(total=page.total, courses=[course_shape(one) for one in page.rows])


def material_shape(row: MaterialRow) -> MaterialOut:
    """A link or a file."""
    return MaterialOut(
        id=row.id, names=Names.of(row.names), url=row.url, media_type=row.media_type, size=row.size
    )  # fmt: skip
