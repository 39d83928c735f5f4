"""Organisations as they show themselves, and mentors who published what they help with: for everybody; one's own is written with a key."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field, StrictInt, StrictStr

from khaneh.domains.network import queries as network
from khaneh.domains.network.types import ORGANISATION_KINDS, OrganisationRow
from khaneh.domains.network.types.sectors import sector_name
from khaneh.domains.profiles import permissions, queries, services
from khaneh.domains.profiles.types import (
    PROFILE_STATES,
    STAGES,
    CatalogueFilter,
    MentorDraft,
    MentorRow,
    PersonState,
    ProductRow,
    ProfileDraft,
    ProfileRow,
    Stage,
)
from khaneh.interfaces.api.calling import FAILURES, KEY, actor_of, own_account, writes
from khaneh.interfaces.api.problems import Problem
from khaneh.interfaces.api.values import (
    Body,
    Code,
    GivenCode,
    HouseInPath,
    IdInPath,
    Language,
    Listed,
    Names,
    NamesIn,
    Reference,
    Words,
    reference,
)
from khaneh.kernel.actor import VISITOR
from khaneh.kernel.refusal import NotFound

router = Router(tags=["profiles"])

FAILURES_PUBLIC: dict[int, Any] = {404: Problem, 422: Problem}
_SECTOR = r"^([A-U]|\d{2,4})?$"
_AFTER = Annotated[str, Field(max_length=2100, pattern=r"^[^\x00]*$")]


class CodeOut(Schema):
    """One of a list."""

    code: str
    names: Names


class CompanyLine(Schema):
    """An organisation as the catalogue shows it: what it makes or does, its stage, and technology readiness (ISO 16290, 1 to 9)."""

    code: str
    kind: CodeOut
    names: Names
    makes: Names
    stage: Listed | None
    readiness: int | None
    sectors: list[CodeOut]
    capabilities: list[str]
    regions: list[Reference]


class CompaniesOut(Schema):
    """In the order of the alphabet of `language`; `after` leads on, empty at the end."""

    total: int
    companies: list[CompanyLine]
    after: str


class PictureOut(Schema):
    """Where a picture is, with its size in pixels."""

    address: str
    width: int
    height: int
    alts: Names


class ProductOut(Schema):
    """Something in the showcase."""

    id: int
    names: Names
    texts: Names
    readiness: int | None
    website: str
    picture: PictureOut | None


class ShownOut(Schema):
    """Somebody who consents to be shown."""

    name: str
    titles: Names


class CompanyOut(CompanyLine):
    """An organisation as it shows itself. `people` is how many work there, as a band; `markets` are countries of ISO 3166."""

    size: str
    founded: int | None
    markets: list[str]
    products: list[ProductOut]
    people: list[ShownOut]
    changed_at: datetime


class OwnProfileOut(CompanyOut):
    """One's own organisation, also while it is hidden."""

    state: Listed


class MentorOut(Schema):
    """Somebody who helps, and consents to be found; `languages` of ISO 639-1, `hours` a month."""

    id: int
    name: str
    headlines: Names
    about: Names
    capabilities: list[str]
    sectors: list[CodeOut]
    languages: list[str]
    regions: list[Reference]
    organisation: Reference | None
    hours: int


class MentorsOut(Schema):
    """Those who are published; `after` leads on, empty at the end."""

    total: int
    mentors: list[MentorOut]
    after: str


class OwnMentorOut(MentorOut):
    """One's own page as a mentor."""

    published: bool


class WantedCompanies(Schema):
    """Which of those that are published. A region and a sector include what is below them; `readiness` is the least."""

    kind: Literal["", "company", "accelerator", "investor", "university"] = ""
    sector: str = Field("", pattern=_SECTOR, description="ISIC Rev. 4")
    region: Code = ""
    stage: Stage | None = None
    readiness: int | None = Field(None, ge=1, le=9)
    text: Words = ""
    language: Language = "en"
    after: _AFTER = ""
    limit: int = Field(50, ge=1, le=200)


class WantedMentors(Schema):
    """Which mentors."""

    sector: str = Field("", pattern=_SECTOR, description="ISIC Rev. 4")
    capability: Words = ""
    after: Code = ""
    limit: int = Field(50, ge=1, le=200)


class ProfileBody(Body):
    """The whole of what an organisation says of itself."""

    makes: NamesIn
    stage: Stage | None = None
    readiness: Annotated[StrictInt, Field(ge=1, le=9)] | None = None
    size: Annotated[StrictStr, Field(max_length=20)] = ""
    founded: Annotated[StrictInt, Field(ge=1, le=9999)] | None = None
    markets: list[Annotated[StrictStr, Field(pattern=r"^[A-Z]{2}$")]] = Field(default_factory=list, max_length=250)


class MentorBody(Body):
    """The whole of what a mentor publishes of their own competence."""

    headlines: NamesIn
    about: NamesIn = NamesIn()
    capabilities: list[GivenCode] = Field(default_factory=list, max_length=50)
    sectors: list[Annotated[StrictStr, Field(pattern=r"^([A-U]|\d{2,4})$")]] = Field(
        default_factory=list, max_length=20
    )
    languages: list[Annotated[StrictStr, Field(pattern=r"^[a-z]{2}$")]] = Field(default_factory=list, max_length=20)
    region: Code = ""
    organisation: Code = ""
    hours: Annotated[StrictInt, Field(ge=0, le=744)] = 0


@router.get("/companies", response={200: CompaniesOut, **FAILURES_PUBLIC})
def companies(request: HttpRequest, wanted: Query[WantedCompanies]) -> CompaniesOut:
    """Companies and partners that show themselves."""
    asked = CatalogueFilter(
        family=wanted.kind, sector=wanted.sector, region_code=wanted.region, stage=wanted.stage or "", trl=wanted.readiness,
        text=wanted.text,
    )  # fmt: skip
    page = queries.catalogue(asked, language=wanted.language, after=wanted.after, limit=wanted.limit)
    found = [
        CompanyLine(
            **_organisation(one.organisation), makes=Names.of(one.makes), stage=_stage(one.stage), readiness=one.trl
        )
        for one in page.lines
    ]
    return CompaniesOut(total=page.total, companies=found, after=page.after)


@router.get("/companies/{code}", response={200: CompanyOut, **FAILURES_PUBLIC})
def company(request: HttpRequest, code: HouseInPath) -> CompanyOut:
    """One with its showcase and the people who consent to be shown."""
    return CompanyOut(**_shape(queries.profile(code, actor=VISITOR)))


@router.get("/companies/{code}/products/{product_id}", response={200: ProductOut, **FAILURES_PUBLIC})
def company_product(request: HttpRequest, code: HouseInPath, product_id: IdInPath) -> ProductOut:
    """Something in a showcase."""
    found = next((one for one in queries.profile(code, actor=VISITOR).products if one.id == product_id), None)
    if found is None:
        raise NotFound(what="product")
    return _product(found)


@router.get("/mentors", response={200: MentorsOut, **FAILURES_PUBLIC})
def mentors(request: HttpRequest, wanted: Query[WantedMentors]) -> MentorsOut:
    """Those who published what they help with."""
    page = queries.mentors(sector=wanted.sector, capability=wanted.capability, after=wanted.after, limit=wanted.limit)
    return MentorsOut(total=page.total, mentors=[MentorOut(**_mentor(one)) for one in page.rows], after=page.after)


@router.get("/mentors/{mentor_id}", response={200: MentorOut, **FAILURES_PUBLIC})
def mentor(request: HttpRequest, mentor_id: IdInPath) -> MentorOut:
    """One who is published."""
    return MentorOut(**_mentor(queries.mentor(mentor_id, actor=VISITOR)))


@router.get("/organisations/{code}/profile", response={200: OwnProfileOut, **FAILURES}, auth=KEY)
def organisation_profile(request: HttpRequest, code: HouseInPath) -> OwnProfileOut:
    """The profile of an organisation, also a hidden one; for who speaks for it."""
    represented(request, code)
    return _own(queries.profile(code, actor=actor_of(request)))


@writes(router, "/organisations/{code}/profile", answer=OwnProfileOut, method="put")
def organisation_profile_write(request: HttpRequest, code: HouseInPath, body: ProfileBody) -> OwnProfileOut:
    """Make the profile as this says; begun where there is none, hidden until it is published."""
    number, actor, now = represented(request, code), actor_of(request), timezone.now()
    draft = ProfileDraft(
        body.makes.label(), body.stage, body.readiness, body.size, body.founded, tuple(body.markets)
    )  # fmt: skip
    services.open_profile(actor=actor, organisation_id=number, now=now)
    return _own(services.change_profile(actor=actor, organisation_id=number, draft=draft, now=now))


@writes(router, "/organisations/{code}/profile/publish", answer=OwnProfileOut)
def organisation_profile_publish(request: HttpRequest, code: HouseInPath) -> OwnProfileOut:
    """Let everybody find it."""
    number = represented(request, code)
    return _own(services.publish(actor=actor_of(request), organisation_id=number, now=timezone.now()))


@writes(router, "/organisations/{code}/profile/hide", answer=OwnProfileOut)
def organisation_profile_hide(request: HttpRequest, code: HouseInPath) -> OwnProfileOut:
    """Let nobody else find it."""
    number = represented(request, code)
    return _own(services.hide(actor=actor_of(request), organisation_id=number, now=timezone.now()))


@router.get("/me/mentor", response={200: OwnMentorOut, **FAILURES}, auth=KEY)
def my_mentor(request: HttpRequest) -> OwnMentorOut:
    """One's own page as a mentor."""
    found = queries.mentor_of(own_account(request), actor=actor_of(request))
    if found is None:
        raise NotFound(what="mentor")
    return _own_mentor(found)


@writes(router, "/me/mentor", answer=OwnMentorOut, method="put")
def my_mentor_write(request: HttpRequest, body: MentorBody) -> OwnMentorOut:
    """Make one's own page as this says; hidden until it is published."""
    own_account(request)
    draft = MentorDraft(
        headlines=body.headlines.label(), about=body.about.label(), capabilities=tuple(body.capabilities),
        sectors=tuple(body.sectors), languages=tuple(body.languages), region_code=body.region,
        organisation_code=body.organisation, hours=body.hours,
    )  # fmt: skip
    return _own_mentor(services.save_mentor(actor=actor_of(request), draft=draft, now=timezone.now()))


@writes(router, "/me/mentor/publish", answer=OwnMentorOut)
def my_mentor_publish(request: HttpRequest) -> OwnMentorOut:
    """Consent to be found."""
    own_account(request)
    return _own_mentor(services.publish_mentor(actor=actor_of(request), published=True, now=timezone.now()))


@writes(router, "/me/mentor/hide", answer=OwnMentorOut)
def my_mentor_hide(request: HttpRequest) -> OwnMentorOut:
    """Take the consent back."""
    own_account(request)
    return _own_mentor(services.publish_mentor(actor=actor_of(request), published=False, now=timezone.now()))


def represented(request: HttpRequest, code: str) -> int:
    """The organisation of a code, for who speaks for it. Raises NotFound, NotAllowed."""
    number = network.organisation(code).row.id
    permissions.require_represent(actor_of(request), number)
    return number


def _organisation(row: OrganisationRow) -> dict[str, Any]:
    return {
        "code": row.code,
        "kind": CodeOut(code=row.kind, names=Names.of(ORGANISATION_KINDS[row.kind])),
        "names": Names.of(row.names),
        "sectors": [CodeOut(code=code, names=Names.of(sector_name(code))) for code in row.sectors],
        "capabilities": list(row.capabilities),
        "regions": [reference(one) for one in row.regions],
    }


def _stage(stage: Stage | None) -> Listed | None:
    return Listed.of(stage, STAGES) if stage else None


def _shape(row: ProfileRow) -> dict[str, Any]:
    draft = row.draft
    return {
        **_organisation(row.organisation), "makes": Names.of(draft.makes), "stage": _stage(draft.stage),
        "readiness": draft.trl, "size": draft.size, "founded": draft.founded, "markets": list(draft.markets),
        "products": [_product(one) for one in row.products],
        "people": [
            ShownOut(name=one.name, titles=Names.of(one.titles))
            for one in row.people
            if one.state is PersonState.CONSENTED
        ],
        "changed_at": row.changed_at,
    }  # fmt: skip


def _own(row: ProfileRow) -> OwnProfileOut:
    return OwnProfileOut(**_shape(row), state=Listed.of(row.state, PROFILE_STATES))


def _product(row: ProductRow) -> ProductOut:
    address = reverse("company-picture", args=[row.id, row.version, "large"]) if row.version else ""
    picture = PictureOut(
        address=f"{settings.SITE_URL}{address}", width=row.width, height=row.height, alts=Names.of(row.draft.alts)
    )
    return ProductOut(
        id=row.id, names=Names.of(row.draft.names), texts=Names.of(row.draft.texts), readiness=row.draft.trl,
        website=row.draft.website, picture=picture if row.version else None,
    )  # fmt: skip


def _mentor(row: MentorRow) -> dict[str, Any]:
    draft = row.draft
    return {
        "id": row.id, "name": row.name, "headlines": Names.of(draft.headlines), "about": Names.of(draft.about),
        "capabilities": list(draft.capabilities),
        "sectors": [CodeOut(code=code, names=Names.of(sector_name(code))) for code in draft.sectors],
        "languages": list(draft.languages), "regions": [reference(one) for one in row.regions],
        "organisation": reference(row.organisation) if row.organisation else None, "hours": draft.hours,
    }  # fmt: skip


def _own_mentor(row: MentorRow) -> OwnMentorOut:
    return OwnMentorOut(**_mentor(row), published=row.published)
