"""Looking for a place, in one's own name: a profile that others see with consent alone, what fits it, and the offers that come."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field, StrictBool, StrictInt, StrictStr

from khaneh.domains.placements import queries, services
from khaneh.domains.placements.types import VACANCY_KINDS, Mastered, SeekerDraft, SeekerRow, VacancyKind
from khaneh.domains.placements.types import Level as Mastery
from khaneh.interfaces.api.calling import FAILURES, KEY, actor_of, own_account, writes
from khaneh.interfaces.api.routes.placements import MatchOut, PlacementsOut, match_shape, placement_shape
from khaneh.interfaces.api.routes.vacancies import Level, SkillOut, VacancyOut, skill_shape, vacancy_shape
from khaneh.interfaces.api.values import Body, Code, Done, GivenCode, IdInPath, Listed, Reference, reference
from khaneh.kernel.refusal import NotFound

router = Router(tags=["placements"])

_Words = Annotated[StrictStr, Field(max_length=2000, pattern=r"^[^\x00]*$")]


class MasteredOut(Schema):
    """A skill that somebody has: 1 basics, 2 works independently, 3 expert."""

    skill: SkillOut
    level: int


class SeekerOut(Schema):
    """One's own profile. Nobody else sees any of it while `consented_at` is null. `km` is how far one would go each day."""

    regions: list[Reference]
    km: int
    kinds: list[Listed]
    remote: bool
    about: str
    consented_at: datetime | None
    skills: list[MasteredOut]


class MasteredIn(Body):
    """A skill by its code."""

    skill: GivenCode
    level: Level = 1


class SeekerWritten(Body):
    """What one says of oneself. Without a region only work from anywhere (`remote`) is looked for."""

    region: Code = ""
    km: Annotated[StrictInt, Field(ge=0, le=2000)] = 30
    kinds: Annotated[list[VacancyKind], Field(min_length=1, max_length=3)]
    remote: StrictBool = False
    about: _Words = ""
    skills: Annotated[list[MasteredIn], Field(max_length=40)] = []


class OpeningOut(Schema):
    """A vacancy that fits, and how."""

    vacancy: VacancyOut
    match: MatchOut
    interested: bool


class OpeningsOut(Schema):
    """What fits best first."""

    openings: list[OpeningOut]


class WantedOpenings(Schema):
    """How many."""

    limit: int = Field(20, ge=1, le=100)


class ShowingInterest(Body):
    """Words to the employer."""

    note: _Words = ""


@router.get("/me/seeking", response={200: SeekerOut, **FAILURES}, auth=KEY)
def me_seeking(request: HttpRequest) -> SeekerOut:
    """One's own profile."""
    found = queries.seeker_of(own_account(request), actor=actor_of(request))
    if found is None:
        raise NotFound(what="profile")
    return _seeker(found)


@writes(router, "/me/seeking", answer=SeekerOut, method="put")
def me_seeking_save(request: HttpRequest, body: SeekerWritten) -> SeekerOut:
    """Write it. Whether others see it is not changed by that."""
    own_account(request)
    draft = SeekerDraft(
        region_code=body.region, km=body.km, kinds=tuple(body.kinds), remote=body.remote, about=body.about,
        skills=tuple(Mastered(one.skill, Mastery(one.level)) for one in body.skills),
    )  # fmt: skip
    return _seeker(services.save_profile(actor=actor_of(request), draft=draft, now=timezone.now()))


@writes(router, "/me/seeking/show", answer=SeekerOut)
def me_seeking_show(request: HttpRequest) -> SeekerOut:
    """Consent: employers whose vacancies fit see it, without name and address."""
    own_account(request)
    return _seeker(services.give_consent(actor=actor_of(request), now=timezone.now()))


@writes(router, "/me/seeking/hide", answer=SeekerOut)
def me_seeking_hide(request: HttpRequest) -> SeekerOut:
    """Withdraw the consent. Open offers and interests end with it; what was accepted goes on."""
    own_account(request)
    return _seeker(services.withdraw_consent(actor=actor_of(request), now=timezone.now()))


@writes(router, "/me/seeking/forget", answer=Done)
def me_seeking_forget(request: HttpRequest) -> Done:
    """Delete the profile."""
    own_account(request)
    services.forget_profile(actor=actor_of(request), now=timezone.now())
    return Done()


@router.get("/me/openings", response={200: OpeningsOut, **FAILURES}, auth=KEY)
def me_openings(request: HttpRequest, wanted: Query[WantedOpenings]) -> OpeningsOut:
    """The open vacancies that fit one's profile, each with why."""
    found = queries.openings(own_account(request), actor=actor_of(request), now=timezone.now(), limit=wanted.limit)
    return OpeningsOut(
        openings=[
            OpeningOut(vacancy=vacancy_shape(one.vacancy), match=match_shape(one.match), interested=one.interested)
            for one in found
        ]
    )


@writes(router, "/me/vacancies/{vacancy_id}/interest", answer=Done)
def me_interest(request: HttpRequest, vacancy_id: IdInPath, body: ShowingInterest) -> Done:
    """Tell the employer, by name, that one is interested; told again, the words are those of the last time."""
    own_account(request)
    services.show_interest(actor=actor_of(request), vacancy_id=vacancy_id, note=body.note, now=timezone.now())
    return Done()


@writes(router, "/me/vacancies/{vacancy_id}/interest/take-back", answer=Done)
def me_interest_take_back(request: HttpRequest, vacancy_id: IdInPath) -> Done:
    """Not be interested any more."""
    own_account(request)
    services.take_back_interest(actor=actor_of(request), vacancy_id=vacancy_id, now=timezone.now())
    return Done()


@router.get("/me/placements", response={200: PlacementsOut, **FAILURES}, auth=KEY)
def me_placements(request: HttpRequest) -> PlacementsOut:
    """What one was offered and what came of it, the latest first."""
    found = queries.placements_of(own_account(request), actor=actor_of(request))
    return PlacementsOut(placements=[placement_shape(one) for one in found])


@writes(router, "/me/placements/{placement_id}/accept", answer=Done)
def me_placement_accept(request: HttpRequest, placement_id: IdInPath) -> Done:
    """Take the place: from here on the employer knows name and address."""
    own_account(request)
    services.accept(actor=actor_of(request), placement_id=placement_id, now=timezone.now())
    return Done()


@writes(router, "/me/placements/{placement_id}/decline", answer=Done)
def me_placement_decline(request: HttpRequest, placement_id: IdInPath) -> Done:
    """Do not take it, or do not come although one had accepted."""
    own_account(request)
    services.decline(actor=actor_of(request), placement_id=placement_id, now=timezone.now())
    return Done()


def _seeker(row: SeekerRow) -> SeekerOut:
    return SeekerOut(
        regions=[reference(one) for one in row.regions], km=row.km,
        kinds=[Listed.of(one, VACANCY_KINDS) for one in row.kinds], remote=row.remote, about=row.about,
        consented_at=row.consented_at,
        skills=[MasteredOut(skill=skill_shape(skill), level=int(level)) for skill, level in row.skills],
    )  # fmt: skip
