"""Records, works, authors and subjects, as far as everybody may see them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router, Schema
from pydantic import Field

from khaneh.domains.catalogue import queries
from khaneh.domains.catalogue.types import COPY_STATES, ContributionRow, CopyRow, HeadingPage, Line, RecordPage
from khaneh.formats.marc.description import Description, Text
from khaneh.formats.marc.exports.files import FORMS, as_file
from khaneh.interfaces.api.problems import Problem
from khaneh.interfaces.api.values import Listed, Names, Page, Point, Words

router = Router(tags=["catalogue"])

# What PostgreSQL's bigint holds.
Number = Annotated[int, Path(ge=1, le=2**63 - 1)]


class WantedHeading(Page):
    """Which heading."""

    heading: Words = Field(min_length=1)


class Written(Schema):
    """A text in its own script and, where the source gives one, romanised."""

    value: str
    romanised: str


class Person(Schema):
    """Somebody who had a part in it; `role` is creator, contributor or a MARC relator code."""

    name: str
    romanised: str
    kind: str
    role: str
    dates: str
    other_names: list[str]


class About(Schema):
    """A subject heading."""

    heading: str
    romanised: str
    kind: str
    scheme: str


class Issue(Schema):
    """Where, by whom and when it was published, as transcribed."""

    place: str
    publisher: str
    date: str


class Related(Schema):
    """A related record or an address."""

    kind: str
    text: str
    target: str


class Edition(Schema):
    """A record as one line."""

    id: int
    title: str
    subtitle: str
    creators: list[str]
    year: int | None
    form: str
    languages: list[str]
    edition: str
    publisher: str
    work: int | None
    copies: int
    available: int


class Copy(Schema):
    """One copy. `kilometres` is from the point asked from."""

    barcode: str
    house: str
    house_names: Names
    location: str
    call_number: str
    state: Listed
    kilometres: float | None


class Compared(Schema):
    """A feature that was compared when two records were found to be one, and its weight (natural logarithm of odds)."""

    feature: str
    left: str
    right: str
    weight: float


class Contribution(Schema):
    """A source's own record: how it was read, and why it stands here."""

    id: int
    source: str
    house: str
    control_number: str
    dialect: str
    encoding: str
    digest: str
    version: int
    added_at: datetime
    score: float | None
    reason: str
    evidence: list[Compared]


class RecordOut(Schema):
    """A record of the union. Years are Gregorian; languages ISO 639-2/B; scripts ISO 15924."""

    id: int
    form: str
    title: Written
    subtitle: Written
    part: Written
    responsibility: Written
    uniform_title: Written
    other_titles: list[Written]
    agents: list[Person]
    edition: Written
    published: list[Issue]
    year: int | None
    extent: str
    series: list[Written]
    languages: list[str]
    original_languages: list[str]
    scripts: list[str]
    subjects: list[About]
    genres: list[str]
    classifications: list[str]
    isbns: list[str]
    issns: list[str]
    summary: str
    contents: str
    notes: list[str]
    links: list[Related]
    copies: list[Copy]
    copies_total: int
    contributions: list[Contribution]
    work: int | None
    editions: list[Edition]
    added_at: datetime
    changed_at: datetime
    url: str


class WorkOut(Schema):
    """A work and a page of its editions, the oldest first."""

    id: int
    title: str
    creators: list[str]
    languages: list[str]
    editions: list[Edition]
    total: int


class Heading(Schema):
    """An author or a subject and a page of the records under it."""

    heading: str
    other_forms: list[str]
    see_also: list[str]
    records: list[Edition]
    total: int


@router.get("/records/{record_id}", response={200: RecordOut, 404: Problem, 422: Problem}, summary="One record")
def record(request: HttpRequest, record_id: Number, point: Query[Point]) -> RecordOut:
    """What the union knows. A record that was merged into another answers with that other's: compare `id`."""
    return _record(queries.record_page(record_id, near=point.pair()))


@router.get(
    "/records/{record_id}/file",
    response={200: None, 404: Problem, 422: Problem},
    summary="One record as a file: MARC21, MARCXML, MODS, Dublin Core, BibTeX, RIS",
    openapi_extra={"responses": {200: {"content": {form.media_type.partition(";")[0]: {} for form in FORMS.values()}}}},
)
def record_file(
    request: HttpRequest,
    record_id: Number,
    form: Literal["marc", "marcxml", "mods", "dc", "bibtex", "ris"] = "marcxml",
) -> HttpResponse:
    """UNIMARC records come as MARC21."""
    page = queries.record_page(record_id)
    content = as_file(
        form,
        record=page.record,
        dialect=page.dialect,
        description=page.description,
        record_id=page.id,
        url=_url(page.id),
    )
    return HttpResponse(content, content_type=FORMS[form].media_type)


@router.get(
    "/records/{record_id}/marc",
    response={200: dict[str, Any], 404: Problem, 422: Problem},
    summary="One record as MARC-in-JSON",
)
def record_marc(request: HttpRequest, record_id: Number) -> dict[str, Any]:
    """As the union chose it, in its own dialect."""
    return queries.record_page(record_id).record.to_dict()


@router.get("/works/{work_id}", response={200: WorkOut, 404: Problem, 422: Problem}, summary="One work")
def work(request: HttpRequest, work_id: Number, part: Query[Page]) -> WorkOut:
    """With its editions in every language."""
    page = queries.work_page(work_id, offset=part.offset, limit=part.limit)
    return WorkOut(
        id=page.id,
        title=page.title,
        creators=list(page.creators),
        languages=list(page.languages),
        editions=[_edition(line) for line in page.editions],
        total=page.total,
    )


@router.get("/authors", response={200: Heading, 404: Problem, 422: Problem}, summary="Everything by one author")
def author(request: HttpRequest, wanted: Query[WantedHeading]) -> Heading:
    """Under whatever form of the name."""
    return _heading(queries.author_page(wanted.heading, offset=wanted.offset, limit=wanted.limit))


@router.get("/subjects", response={200: Heading, 404: Problem, 422: Problem}, summary="Everything about one subject")
def subject(request: HttpRequest, wanted: Query[WantedHeading]) -> Heading:
    """Under whatever form of the heading."""
    return _heading(queries.subject_page(wanted.heading, offset=wanted.offset, limit=wanted.limit))


def _url(record_id: Number) -> str:
    return f"{settings.SITE_URL}/records/{record_id}"


def _written(text: Text) -> Written:
    return Written(value=text.value, romanised=text.romanised)


def _edition(line: Line) -> Edition:
    return Edition(
        id=line.id,
        title=line.title,
        subtitle=line.subtitle,
        creators=list(line.creators),
        year=line.year,
        form=line.form,
        languages=list(line.languages),
        edition=line.edition,
        publisher=line.publisher,
        work=line.work_id,
        copies=line.copies,
        available=line.available,
    )


def _copy(row: CopyRow) -> Copy:
    return Copy(
        barcode=row.barcode,
        house=row.house_code or row.house_given,
        house_names=Names.of(row.house_names),
        location=row.location,
        call_number=row.call_number,
        state=Listed.of(row.state, COPY_STATES),
        kilometres=None if row.kilometres is None else round(row.kilometres, 1),
    )


def _contribution(row: ContributionRow) -> Contribution:
    return Contribution(
        id=row.id,
        source=row.source_code,
        house=row.house_code,
        control_number=row.control_number,
        dialect=row.dialect,
        encoding=row.encoding,
        digest=row.digest,
        version=row.version,
        added_at=row.added_at,
        score=row.score,
        reason=row.reason,
        evidence=[
            Compared(feature=one.feature, left=one.left, right=one.right, weight=one.weight) for one in row.evidence
        ],
    )


def _heading(page: HeadingPage) -> Heading:
    return Heading(
        heading=page.heading,
        other_forms=list(page.variants),
        see_also=list(page.see_also),
        records=[_edition(line) for line in page.records],
        total=page.total,
    )


def _people(own: Description, page: RecordPage) -> list[Person]:
    return [
        Person(
            name=agent.name,
            romanised=agent.romanised,
            kind=agent.kind,
            role=agent.role,
            dates=agent.dates,
            other_names=list(page.variant_names.get(agent.name, ())),
        )
        for agent in own.agents
    ]


def _record(page: RecordPage) -> RecordOut:
    own = page.description
    return RecordOut(
        id=page.id,
        form=own.form,
        title=_written(own.title),
        subtitle=_written(own.subtitle),
        part=_written(own.part),
        responsibility=_written(own.responsibility),
        uniform_title=_written(own.uniform_title),
        other_titles=[_written(text) for text in own.variant_titles],
        agents=_people(own, page),
        edition=_written(own.edition),
        published=[Issue(place=one.place, publisher=one.publisher, date=one.date) for one in own.publications],
        year=own.year,
        extent=own.extent,
        series=[_written(text) for text in own.series],
        languages=list(own.languages),
        original_languages=list(own.original_languages),
        scripts=list(own.scripts),
        subjects=[
            About(heading=one.heading, romanised=one.romanised, kind=one.kind, scheme=one.scheme)
            for one in own.subjects
        ],
        genres=list(own.genres),
        classifications=list(own.classifications),
        isbns=list(own.isbns),
        issns=list(own.issns),
        summary=own.summary,
        contents=own.contents,
        notes=list(own.notes),
        links=[Related(kind=link.kind, text=link.text, target=link.target) for link in own.links],
        copies=[_copy(row) for row in page.copies],
        copies_total=page.copies_total,
        contributions=[_contribution(row) for row in page.contributions],
        work=page.work_id,
        editions=[_edition(line) for line in page.editions],
        added_at=page.added_at,
        changed_at=page.changed_at,
        url=_url(page.id),
    )
