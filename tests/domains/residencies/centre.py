"""A small centre for tests: a house with four desks in a row and an office, who runs it, a sponsor, teams and mentors as a test needs them."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from khaneh.domains.network.models import House, Organisation, Region
from khaneh.domains.network.types import Role
from khaneh.domains.people.models import Account, Member, MemberCategory, RoleAssignment
from khaneh.domains.people.queries import actor as actor_of
from khaneh.domains.residencies import services
from khaneh.domains.residencies.types import LineDraft, MilestoneDraft, ResidencyDraft, SupportKind
from khaneh.domains.spaces import services as spaces
from khaneh.domains.spaces.models import Space
from khaneh.domains.spaces.types import SpaceDraft
from khaneh.kernel.actor import SYSTEM, Actor
from khaneh.kernel.labels import Label

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
TODAY = date(2026, 3, 2)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
TEAM = Label("Nomso", "نوم‌سو", "Nôm Số")
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Centre:
    """What is there."""

    house: House
    sponsor: Organisation
    desks: Space
    office: Space

    def person(self) -> Actor:
        """Somebody with an account and a membership, so that letters reach them."""
        number = next(_numbers)
        made = Account.objects.create(email=f"founder{number}@example.org", name=f"Founder {number}")
        category, _ = MemberCategory.objects.get_or_create(code="adult", defaults={"names": {"en": "Adult"}})
        Member.objects.create(
            account=made, category=category, home_house=self.house, state="active", family_name=f"Founder {number}",
            joined_on=date(2025, 3, 21), expires_on=date(2031, 3, 20),
        )  # fmt: skip
        return actor_of(made.pk, now=NOW)

    def manager(self, role: Role = Role.PROGRAMME_MANAGER) -> Actor:
        """Somebody who runs the residencies of the house."""
        who = self.person()
        RoleAssignment.objects.create(
            account_id=who.account_id or 0, role=role.value, house=self.house, valid_from=NOW - DAY
        )
        return actor_of(who.account_id, now=NOW)

    def company(self) -> Organisation:
        """A company."""
        number = next(_numbers)
        return Organisation.objects.create(
            code=f"R-CO{number}", kind="company_startup", country="IR", region=self.house.region,
            names={"en": f"Nomso {number}", "fa": "نوم‌سو", "vi": "Nôm Số"},
        )  # fmt: skip

    def team(self, by: Actor, *, moved_in: bool = True, **facts: Any) -> tuple[int, Actor]:
        """A residency with who answers for it."""
        founder = self.person()
        draft = ResidencyDraft(
            **{
                "names": TEAM, "founder_email": email(founder), "starts_on": TODAY, "ends_on": TODAY + 300 * DAY,
                "organisation_code": self.company().code, **facts,
            }
        )  # fmt: skip
        number = services.offer_residency(
            actor=by, house_id=self.house.pk, draft=draft, key=f"team-{next(_numbers)}", now=NOW
        )
        if moved_in:
            services.move_in(actor=by, residency_id=number, now=NOW)
        return number, founder

    def line(self, by: Actor, amount: int = 1000, kind: SupportKind = SupportKind.GRANT, **facts: Any) -> int:
        """A budget line of the sponsor's agreement."""
        draft = LineDraft(
            **{
                "house_code": self.house.code, "giver_code": self.sponsor.code, "agreement": "Memorandum 12", "kind": kind,
                "names": Label("Seed grants", "کمک آغازین", "Tài trợ hạt giống"), "amount": amount, "unit": "IRR",
                "first": TODAY, "last": TODAY + 365 * DAY, **facts,
            }
        )  # fmt: skip
        return services.add_line(actor=by, draft=draft, key=f"line-{next(_numbers)}", now=NOW)

    def milestone(self, by: Actor, residency_id: int, **facts: Any) -> int:
        """A milestone in a month."""
        draft = MilestoneDraft(
            **{"names": Label("First pages", "صفحه‌های نخست", "Trang đầu"), "due_on": TODAY + 30 * DAY, **facts}
        )
        return services.plan_milestone(actor=by, residency_id=residency_id, draft=draft, now=NOW)

    def reached(self, by: Actor, founder: Actor, milestone_id: int) -> None:
        """A milestone that the team shows and the house finds reached."""
        services.submit_milestone(actor=founder, milestone_id=milestone_id, said="It reads them", now=NOW)
        services.decide_milestone(actor=by, milestone_id=milestone_id, reached=True, answer="", now=NOW)

    def mentor(self, by: Actor, residency_id: int) -> Actor:
        """Somebody who mentors a team."""
        who = self.person()
        services.appoint_mentor(actor=by, residency_id=residency_id, account_id=who.account_id or 0, now=NOW)
        return who

    def slot(self, mentor: Actor, starts: datetime = NOW + DAY) -> int:
        """An hour that a mentor has."""
        return services.offer_slot(actor=mentor, starts=starts, ends=starts + HOUR, place="Online", now=NOW)


def email(who: Actor) -> str:
    """Somebody's address."""
    return Account.objects.get(pk=who.account_id or 0).email


def make_centre() -> Centre:
    """The house with its places, and the sponsor."""
    spaces.ensure_policies()
    region = Region.objects.create(code="R-QM", level=1, country="IR", names={"en": "Qom", "fa": "قم", "vi": "Qom"})
    house = House.objects.create(
        code="R-INN", kind="innovation_centre", state="open", region=region, time_zone="Asia/Tehran", calendar="jalali",
        names={"en": "Centre", "fa": "مرکز نوآوری", "vi": "Trung tâm"},
    )  # fmt: skip
    sponsor = Organisation.objects.create(
        code="R-FUND", kind="sponsor", country="IR", names={"en": "Fund", "fa": "صندوق", "vi": "Quỹ"}
    )
    made = []
    for code, kind, quantity in (("R-DESKS", "desk", 4), ("R-OFFICE", "office", 1)):
        draft = SpaceDraft(code, house.code, kind, Label(kind, kind, kind), quantity=quantity, capacity=1)
        spaces.add_space(actor=SYSTEM, draft=draft, now=NOW)
        made.append(Space.objects.get(code=code))
    return Centre(house, sponsor, *made)
