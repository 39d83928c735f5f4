"""Members as a desk serves them: finding, applications, registration, terms."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field, StrictBool, StrictStr

from khaneh.domains.people import queries, services
from khaneh.domains.people.types import (
    MEMBER_STATES,
    GuardianshipKind,
    MemberDraft,
    MemberLine,
    MemberRow,
)
from khaneh.interfaces.api.calling import FAILURES, KEY, actor_of, desk_of, writes
from khaneh.interfaces.api.routes.cards import Block, Card, Issued, MemberAtHouse, block_shape, card_shape
from khaneh.interfaces.api.routes.guardians import Guardianship, guardianship_shape
from khaneh.interfaces.api.values import (
    Barcode,
    Body,
    Day,
    Done,
    HouseCode,
    Id,
    IdInPath,
    Language,
    Listed,
    Names,
    Note,
    Reference,
    house_id,
    reference,
)

router = Router(tags=["members"])
Name = Annotated[StrictStr, Field(max_length=120, pattern=r"^[^\x00]*$")]
Line = Annotated[StrictStr, Field(max_length=254, pattern=r"^[^\x00]*$")]
CategoryCode = Annotated[StrictStr, Field(max_length=64, pattern=r"^[^\x00]*$")]


class FoundMember(Schema):
    """A member as lists show them. `found_by` is card, old_card, phone, email, name or empty."""

    id: int
    name: str
    state: Listed
    category: Names
    home: Reference
    card: str
    expires_on: date | None
    found_by: str


class FoundMembers(Schema):
    """Members, best first."""

    members: list[FoundMember]


class Member(Schema):
    """Everything that a desk sees of a member. `merged_into` is who took this one's place."""

    id: int
    name: str
    given_name: str
    family_name: str
    state: Listed
    category: Reference
    home: Reference
    birth_date: date | None
    phone: str
    email: str
    address: str
    language: str
    keeps_history: bool
    joined_on: date | None
    expires_on: date | None
    merged_into: int | None
    card: str
    cards: list[Card]
    blocks: list[Block]
    guardians: list[Guardianship]
    wards: list[Guardianship]


class Sought(Schema):
    """A card, a telephone number, an address or words of a name."""

    q: str = Field("", max_length=200, pattern=r"^[^\x00]*$")
    limit: int = Field(20, ge=1, le=100)


class MemberWritten(Body):
    """What is written about a member. `category` is a code, see /members/categories; the identity number is hashed and never kept."""

    family_name: Name
    given_name: Name = ""
    category: CategoryCode
    home: HouseCode
    birth_date: Day | None = None
    phone: Annotated[StrictStr, Field(max_length=40, pattern=r"^[^\x00]*$")] = ""
    email: Line = ""
    address: Note = ""
    language: Language = "en"
    national_id: Annotated[StrictStr, Field(max_length=40, pattern=r"^[^\x00]*$")] = ""

    def draft(self) -> MemberDraft:
        """As services take it. Raises NotFound for no house."""
        return MemberDraft(
            family_name=self.family_name,
            given_name=self.given_name,
            category=self.category,
            home_house_id=house_id(self.home),
            birth_date=self.birth_date,
            phone=self.phone,
            email=self.email,
            address=self.address,
            language=self.language,
            national_id=self.national_id,
        )


class Registration(MemberWritten):
    """`card` is a card of another maker; `sure` says that this is nobody who is a member already."""

    card: Barcode | None = None
    guardian: Id | None = None
    guardian_kind: GuardianshipKind = GuardianshipKind.PARENT
    sure: StrictBool = False


class Approval(Body):
    """`card` is a card of another maker."""

    card: Barcode | None = None


class RefusingMembership(Body):
    """Why not; the applicant reads it."""

    reason: Annotated[Note, Field(min_length=1)]


class Category(Schema):
    """A category of membership. Ages are whole years, both ends in it."""

    code: str
    names: Names
    months: int
    min_age: int | None
    max_age: int | None
    needs_guardian: bool


class Categories(Schema):
    """The categories in use."""

    categories: list[Category]


@router.get("/members/categories", response={200: Categories})
def member_categories(request: HttpRequest) -> Categories:
    """What one may be a member as. No secret, and no key is needed."""
    return Categories(
        categories=[
            Category(
                code=one.code,
                names=Names.of(one.names),
                months=one.membership_months,
                min_age=one.min_age,
                max_age=one.max_age,
                needs_guardian=one.needs_guardian,
            )
            for one in queries.categories()
        ]
    )


@router.get("/members", response={200: FoundMembers, **FAILURES}, auth=KEY)
def members(request: HttpRequest, sought: Query[Sought]) -> FoundMembers:
    """Find members: whoever names themself (card, whole telephone number, address) anywhere, by name in the houses that one serves."""
    return _found(queries.find_members(actor=actor_of(request), text=sought.q, limit=sought.limit))


@router.get("/members/applications", response={200: FoundMembers, **FAILURES}, auth=KEY)
def member_applications(request: HttpRequest) -> FoundMembers:
    """Applications to the houses that one serves, the longest waiting first; at most 50."""
    return _found(queries.waiting_applications(actor=actor_of(request)))


@router.get("/members/{member_id}", response={200: Member, **FAILURES}, auth=KEY)
def member(request: HttpRequest, member_id: IdInPath) -> Member:
    """One member."""
    return shape(queries.member(actor=desk_of(request), member_id=member_id, now=timezone.now()))


@writes(router, "/members", answer=Issued, status=201)
def member_register(request: HttpRequest, body: Registration) -> Issued:
    """Make somebody a member at a desk of their home house, with a card."""
    made = services.register_member(
        actor=actor_of(request),
        draft=body.draft(),
        now=timezone.now(),
        barcode=body.card or "",
        guardian_id=body.guardian,
        kind=body.guardian_kind,
        sure=body.sure,
    )
    return Issued(member=made.member_id, card=made.barcode)


@writes(router, "/members/{member_id}", answer=Done, method="put")
def member_change(request: HttpRequest, member_id: IdInPath, body: MemberWritten) -> Done:
    """Write anew what is known of a member. Without an identity number the known one stays."""
    services.change_member(actor=desk_of(request), member_id=member_id, draft=body.draft(), now=timezone.now())
    return Done()


@writes(router, "/members/{member_id}/approve", answer=Issued)
def member_approve(request: HttpRequest, member_id: IdInPath, body: Approval) -> Issued:
    """Accept an application: the membership begins today, and there is a card."""
    made = services.approve_application(
        actor=actor_of(request), member_id=member_id, now=timezone.now(), barcode=body.card or ""
    )
    return Issued(member=made.member_id, card=made.barcode)


@writes(router, "/members/{member_id}/decline", answer=Done)
def member_decline(request: HttpRequest, member_id: IdInPath, body: RefusingMembership) -> Done:
    """Say no to an application."""
    services.decline_application(actor=actor_of(request), member_id=member_id, reason=body.reason, now=timezone.now())
    return Done()


@writes(router, "/members/{member_id}/renew", answer=Done)
def member_renew(request: HttpRequest, member_id: IdInPath, body: MemberAtHouse) -> Done:
    """Another term, counted from the old end or, where that is past, from today."""
    services.renew_membership(
        actor=actor_of(request), member_id=member_id, house_id=house_id(body.house), now=timezone.now()
    )
    return Done()


@writes(router, "/members/{member_id}/close", answer=Done)
def member_close(request: HttpRequest, member_id: IdInPath) -> Done:
    """End a membership and its card. What is owed stays owed."""
    services.close_membership(actor=desk_of(request), member_id=member_id, now=timezone.now())
    return Done()


@writes(router, "/members/{member_id}/reopen", answer=Issued)
def member_reopen(request: HttpRequest, member_id: IdInPath, body: Approval) -> Issued:
    """Take somebody back who had left, with a new card."""
    made = services.reopen_membership(
        actor=actor_of(request), member_id=member_id, now=timezone.now(), barcode=body.card or ""
    )
    return Issued(member=made.member_id, card=made.barcode)


def shape(row: MemberRow) -> Member:
    """A member with everything."""
    return Member(
        id=row.id,
        name=row.name,
        given_name=row.given_name,
        family_name=row.family_name,
        state=Listed.of(row.state, MEMBER_STATES),
        category=Reference(code=row.category.code, names=Names.of(row.category.names)),
        home=reference(row.home_house),
        birth_date=row.birth_date,
        phone=row.phone,
        email=row.email,
        address=row.address,
        language=row.language,
        keeps_history=row.keep_history,
        joined_on=row.joined_on,
        expires_on=row.expires_on,
        merged_into=row.merged_into,
        card=row.card,
        cards=[card_shape(card) for card in row.cards],
        blocks=[block_shape(block) for block in row.blocks],
        guardians=[guardianship_shape(one) for one in row.guardians],
        wards=[guardianship_shape(one) for one in row.wards],
    )


def _found(lines: list[MemberLine]) -> FoundMembers:
    return FoundMembers(
        members=[
            FoundMember(
                id=line.id,
                name=line.name,
                state=Listed.of(line.state, MEMBER_STATES),
                category=Names.of(line.category),
                home=reference(line.home_house),
                card=line.card,
                expires_on=line.expires_on,
                found_by=line.found_by,
            )
            for line in lines
        ]
    )
