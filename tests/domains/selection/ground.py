"""A small call for tests: two regions of which one is deprived, a house, a company, applications that were handed in, people who judge."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from khaneh.domains.network.models import DeprivationIndex, House, Organisation, Region, RegionDecile
from khaneh.domains.network.types import Role
from khaneh.domains.people.models import Account, Member, MemberCategory, RoleAssignment
from khaneh.domains.people.queries import actor as actor_of
from khaneh.domains.programmes.models import (
    Application,
    ApplicationMember,
    Call,
    Criterion,
    FormVersion,
    Programme,
    Quota,
    Submission,
)
from khaneh.domains.selection import services
from khaneh.domains.selection.models import Review, Reviewer
from khaneh.domains.selection.services import Mark
from khaneh.kernel.actor import Actor

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = timedelta(days=1)
SECRET = "Copper lattice that nobody may know of"
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Ground:
    """What is there; people and applications are made as a test needs them."""

    house: House
    company: Organisation
    rich: Region
    poor: Region
    call: Call

    def account(self, *, member: bool = False) -> Account:
        """An account, with a membership where letters must reach it."""
        number = next(_numbers)
        made = Account.objects.create(email=f"person{number}@example.org", name=f"Person {number}")
        if member:
            category, _ = MemberCategory.objects.get_or_create(code="adult", defaults={"names": {"en": "Adult"}})
            Member.objects.create(
                account=made, category=category, home_house=self.house, state="active", family_name=made.name,
                joined_on=date(2025, 3, 21), expires_on=date(2029, 3, 20),
            )  # fmt: skip
        return made

    def officer(self, role: Role = Role.PROGRAMME_MANAGER) -> Actor:
        """Somebody who runs the house's calls."""
        account = self.account()
        RoleAssignment.objects.create(account=account, role=role.value, house=self.house, valid_from=NOW - DAY)
        return actor_of(account.pk, now=NOW)

    def person(self) -> Actor:
        """Somebody with an account and no role."""
        return actor_of(self.account().pk, now=NOW)

    def at_company(self, account_id: int) -> None:
        """Give somebody a role at the company."""
        RoleAssignment.objects.create(
            account_id=account_id, role=Role.ADMINISTRATOR.value, organisation=self.company, valid_from=NOW - DAY
        )

    def application(
        self, lead: Actor | None = None, *, region: Region | None = None, company: bool = False, title: str = SECRET,
        language: str = "en", text: str = "",
    ) -> int:  # fmt: skip
        """An application that was handed in and meets the conditions."""
        who = (lead or self.person()).account_id
        number = next(_numbers)
        form = self.call.form
        assert form is not None
        made = Application.objects.create(
            call=self.call, account_id=who, organisation=self.company if company else None, region=region or self.rich,
            form=form, title=title, summary=f"{SECRET} in short", language=language, version=1, state="eligible",
            made_key=str(number), made_at=NOW - 9 * DAY, changed_at=NOW - 8 * DAY, submitted_at=NOW - 8 * DAY,
        )  # fmt: skip
        ApplicationMember.objects.create(
            application=made, account_id=who, part="lead", invited_at=NOW - 9 * DAY, joined_at=NOW - 9 * DAY
        )
        Submission.objects.create(
            application=made, version=1, form=form, digest=f"{number:064}", receipt=f"R-{number}", submitted_by_id=who,
            submitted_at=NOW - 8 * DAY,
            content={"title": title, "summary": f"{SECRET} in short", "answers": {"plan": text or SECRET}, "files": {}},
        )  # fmt: skip
        return made.pk

    def round(self, officer: Actor, *, fixed: bool = True) -> int:
        """The call's selection, with its rules fixed."""
        number = services.open_round(actor=officer, call_id=self.call.pk, now=NOW)
        if fixed:
            services.fix_round(actor=officer, round_id=number, now=NOW)
        return number

    def reviewer(self, officer: Actor, round_id: int, *, competence: str = "", load: int = 12) -> tuple[Actor, int]:
        """Somebody of the pool, and their number in it."""
        who = self.person()
        email = Account.objects.get(pk=who.account_id or 0).email
        number = services.add_reviewer(
            actor=officer, round_id=round_id, email=email, competence=competence, load=load, now=NOW
        )
        return who, number

    def judged(self, officer: Actor, round_id: int, application_id: int, *marks: int) -> list[int]:
        """Reviews of an application by so many of the pool, each with one mark for every criterion."""
        made = []
        pool = list(Reviewer.objects.filter(round_id=round_id).order_by("pk"))
        for one, mark in zip(pool, marks, strict=False):
            number = services.assign(actor=officer, reviewer_id=one.pk, application_id=application_id, now=NOW)
            who = actor_of(one.account_id or 0, now=NOW)
            services.declare_clear(actor=who, review_id=number, now=NOW)
            services.submit_review(
                actor=who, review_id=number, marks=marks_of(mark), comment=f"Said {mark}", note="", now=NOW
            )
            made.append(number)
        return made


def marks_of(mark: int) -> dict[str, Mark]:
    """The same mark for both criteria."""
    return {"idea": Mark(mark), "team": Mark(mark)}


def state_of(review_id: int) -> str:
    """How a review stands."""
    return Review.objects.get(pk=review_id).state


def stands(application_id: int) -> str:
    """How an application stands."""
    return Application.objects.get(pk=application_id).state


def make_ground(*, places: int = 2, quota: bool = False) -> Ground:
    """The regions, the house, the company, a call that is closed."""
    rich = Region.objects.create(code="S-QM", level=1, country="IR", names={"en": "Qom"}, latitude=34.6, longitude=50.9)
    poor = Region.objects.create(
        code="S-SB", level=1, country="IR", names={"en": "Sistan"}, rural=True, latitude=29.5, longitude=60.9
    )
    index = DeprivationIndex.objects.create(
        code="s-index", version="2026", names={"en": "Index"}, published_on=date(2026, 1, 1)
    )
    RegionDecile.objects.create(index=index, region=rich, decile=9)
    RegionDecile.objects.create(index=index, region=poor, decile=1)
    house = House.objects.create(
        code="S-HOUSE", kind="innovation_centre", state="open", region=rich,
        names={"en": "Innovation centre", "fa": "مرکز نوآوری", "vi": "Trung tâm đổi mới"}, time_zone="Asia/Tehran",
        calendar="jalali", latitude=34.65, longitude=50.9,
    )  # fmt: skip
    company = Organisation.objects.create(
        code="S-CO", kind="company_industry", country="IR", region=rich, names={"en": "Mehr Wood"}
    )
    programme = Programme.objects.create(
        house=house, code="s-inc", kind="incubation", made_at=NOW, changed_at=NOW,
        names={"en": "Incubation", "fa": "رشد", "vi": "Ươm tạo"},
    )  # fmt: skip
    call = Call.objects.create(
        programme=programme, house=house, names={"en": "Spring", "fa": "بهار", "vi": "Mùa xuân"}, places=places,
        opens_at=NOW - 30 * DAY, closes_at=NOW - DAY, deprivation_index=index, made_key="s-call", made_at=NOW - 40 * DAY,
        changed_at=NOW, checked_at=NOW - DAY / 2,
    )  # fmt: skip
    form = FormVersion.objects.create(
        call=call, number=1, made_at=NOW - 40 * DAY, published_at=NOW - 31 * DAY,
        questions=[{"key": "plan", "kind": "long_text", "label": {"en": "Plan", "fa": "طرح", "vi": "Kế hoạch"}}],
    )  # fmt: skip
    for place, (code, weight) in enumerate((("idea", 2), ("team", 1))):
        Criterion.objects.create(
            call=call, code=code, position=place, names={"en": code.title()}, weight=weight, scale_max=10
        )
    if quota:
        Quota.objects.create(call=call, position=0, kind="deprivation", decile_max=3, places=1)
    Call.objects.filter(pk=call.pk).update(form=form, state="published", published_at=NOW - 31 * DAY)
    call.refresh_from_db()
    return Ground(house, company, rich, poor, call)
