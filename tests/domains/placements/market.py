"""A small market of work for tests: a region with a town nearby and one far away, an employer, skills, a qualification, people."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from khaneh.domains.network.models import House, Organisation, Region
from khaneh.domains.network.types import Role
from khaneh.domains.people.models import Account, Member, MemberCategory, RoleAssignment
from khaneh.domains.people.queries import actor as actor_of
from khaneh.domains.placements import services
from khaneh.domains.placements.models import Placement, Seeker
from khaneh.domains.placements.types import (
    Level,
    Mastered,
    QualificationWish,
    SeekerDraft,
    SkillWish,
    VacancyDraft,
    VacancyKind,
    VacancyRow,
)
from khaneh.domains.qualifications import services as qualifications
from khaneh.domains.qualifications.types import Basis, QualificationDraft
from khaneh.kernel.actor import SYSTEM, Actor
from khaneh.kernel.labels import Label

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
TODAY = date(2026, 3, 2)
DAY = timedelta(days=1)
CNC = Label("CNC operator", "اپراتور سی‌ان‌سی", "Thợ vận hành CNC")
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Market:
    """What is there; people are made as a test needs them."""

    house: House
    company: Organisation

    def employer(self, organisation: Organisation | None = None, role: Role = Role.ADMINISTRATOR) -> Actor:
        """Somebody who speaks for an employer, a member so that letters reach them."""
        account = self.account()
        RoleAssignment.objects.create(
            account=account, role=role.value, organisation=organisation or self.company, valid_from=NOW - DAY
        )
        return actor_of(account.pk, now=NOW)

    def staff(self, role: Role = Role.TRAINER) -> Actor:
        """Somebody who works in the house."""
        account = self.account()
        RoleAssignment.objects.create(account=account, role=role.value, house=self.house, valid_from=NOW - DAY)
        return actor_of(account.pk, now=NOW)

    def person(self) -> Actor:
        """Somebody with an account and a membership."""
        return actor_of(self.account().pk, now=NOW)

    def seeker(self, *, consent: bool = True, qualified: bool = False, **facts: Any) -> Actor:
        """Somebody who looks for work in the town, good at machines unless told otherwise."""
        who = self.person()
        facts = {
            "region_code": "W-QM", "km": 30, "kinds": (VacancyKind.JOB,),
            "skills": (Mastered("cnc-operation", Level.INDEPENDENT), Mastered("workshop-safety", Level.BASIC)), **facts,
        }  # fmt: skip
        services.save_profile(actor=who, draft=SeekerDraft(**facts), now=NOW)
        if consent:
            services.give_consent(actor=who, now=NOW)
        if qualified:
            assert who.account_id is not None
            qualifications.award(
                actor=SYSTEM,
                account_id=who.account_id,
                code="w-cnc",
                basis=Basis.COURSE,
                house_id=self.house.pk,
                now=NOW,
            )
        return who

    def seeker_id(self, who: Actor) -> int:
        """The number by which employers know somebody."""
        return Seeker.objects.get(account_id=who.account_id or 0).pk

    def vacancy(self, by: Actor | None = None, *, publish: bool = True, **facts: Any) -> VacancyRow:
        """A vacancy of the company, made by the services."""
        actor = by or self.employer()
        made = services.add_vacancy(actor=actor, organisation_id=self.company.pk, draft=draft(**facts), now=NOW)
        return services.publish_vacancy(actor=actor, vacancy_id=made.id, now=NOW) if publish else made

    def offered(self, by: Actor, vacancy: VacancyRow, who: Actor, **facts: Any) -> int:
        """An offer to somebody."""
        facts = {"now": NOW, **facts}
        return services.offer(actor=by, vacancy_id=vacancy.id, seeker_id=self.seeker_id(who), **facts)

    def at_work(self, by: Actor, vacancy: VacancyRow, who: Actor, *, started_on: date = TODAY) -> int:
        """Somebody who was offered a vacancy, has accepted it and begun."""
        number = self.offered(by, vacancy, who)
        services.accept(actor=who, placement_id=number, now=NOW)
        services.start(actor=by, placement_id=number, started_on=started_on, now=NOW)
        return number

    def account(self) -> Account:
        """An account with a membership."""
        number = next(_numbers)
        made = Account.objects.create(email=f"worker{number}@example.org", name=f"Worker {number}")
        category, _ = MemberCategory.objects.get_or_create(code="adult", defaults={"names": {"en": "Adult"}})
        Member.objects.create(
            account=made, category=category, home_house=self.house, state="active", family_name=f"Worker {number}",
            joined_on=date(2025, 3, 21), expires_on=date(2029, 3, 20),
        )  # fmt: skip
        return made


def draft(**facts: Any) -> VacancyDraft:
    """A vacancy at the town for who can work the machine, and better holds the qualification."""
    facts = {
        "kind": VacancyKind.JOB, "names": CNC, "region_code": "W-QM", "closes_on": TODAY + 30 * DAY,
        "skills": (SkillWish("cnc-operation", Level.INDEPENDENT, essential=True), SkillWish("cad-drawing", Level.BASIC)),
        "qualifications": (QualificationWish("w-cnc"),), **facts,
    }  # fmt: skip
    return VacancyDraft(**facts)


def state_of(placement_id: int) -> str:
    """How it stands."""
    return Placement.objects.get(pk=placement_id).state


def make_market() -> Market:
    """The regions, the house, the company, the skills that ship, a qualification."""
    services.ensure_skills()
    qom = Region.objects.create(
        code="W-QM",
        level=1,
        country="IR",
        names={"en": "Qom", "fa": "قم", "vi": "Qom"},
        latitude=34.64,
        longitude=50.88,
    )
    Region.objects.create(
        code="W-YZ",
        level=1,
        country="IR",
        names={"en": "Yazd", "fa": "یزد", "vi": "Yazd"},
        latitude=31.9,
        longitude=54.36,
    )
    house = House.objects.create(
        code="W-LAB", kind="skill_complex", state="open", region=qom, names={"en": "Lab", "fa": "کارگاه", "vi": "Xưởng"},
        time_zone="Asia/Tehran", calendar="jalali", latitude=34.65, longitude=50.9,
    )  # fmt: skip
    company = Organisation.objects.create(
        code="W-CO", kind="company_industry", country="IR", region=qom,
        names={"en": "Mehr Wood", "fa": "چوب مهر", "vi": "Gỗ Mehr"},
    )  # fmt: skip
    qualifications.define_qualification(actor=SYSTEM, draft=QualificationDraft("w-cnc", CNC))
    return Market(house, company)
