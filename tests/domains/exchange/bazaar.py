"""A small exchange for tests: a library with brokers above it, a town, two companies that may have an answer, people who speak for them."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from khaneh.domains.exchange import queries, services
from khaneh.domains.exchange.models import Match, Posting
from khaneh.domains.exchange.types import MatchRow, Partnership, PostingDraft, PostingKind, PostingRow
from khaneh.domains.network.models import House, Organisation, Region
from khaneh.domains.network.types import Role
from khaneh.domains.people.models import Account, RoleAssignment
from khaneh.domains.people.queries import actor as actor_of
from khaneh.kernel.actor import Actor

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
TODAY = date(2026, 3, 2)
DAY = timedelta(days=1)
TITLE = "خواندن کپی‌های کاربنی"
PROBLEM = "هزار برگهٔ کپی کاربنی داریم که نویسه‌خوان‌های رایج آن‌ها را نمی‌خوانند و هر روز کم‌رنگ‌تر می‌شوند."
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Bazaar:
    """What is there; people are made as a test needs them."""

    library: House
    centre: House
    authority: Organisation
    company: Organisation
    rival: Organisation

    def librarian(self) -> Actor:
        """Somebody who says what the library lacks."""
        return self._with(Role.LIBRARIAN, house=self.library)

    def broker(self) -> Actor:
        """Somebody who stands between."""
        return self._with(Role.BROKER, house=self.centre)

    def speaker(self, organisation: Organisation | None = None) -> Actor:
        """Somebody who speaks for a company."""
        return self._with(Role.PROGRAMME_MANAGER, organisation=organisation or self.company)

    def person(self) -> Actor:
        """Somebody with an account and no role."""
        return actor_of(self.account().pk, now=NOW)

    def account(self, name: str = "") -> Account:
        """An account."""
        number = next(_numbers)
        return Account.objects.create(email=f"exchange{number}@example.org", name=name or f"Trader Number{number}")

    def need(self, by: Actor | None = None, *, state: str = "published", **facts: Any) -> PostingRow:
        """A need of the library as far as `state`: draft, submitted, published."""
        actor = by or self.librarian()
        made = services.add_posting(
            actor=actor, organisation_id=self.authority.pk, draft=draft(**facts), now=facts.pop("now", NOW)
        )
        if state == "draft":
            return made
        seen = services.seen_mark(services.telltale(actor=actor, posting_id=made.id, now=NOW))
        made = services.submit(actor=actor, posting_id=made.id, now=NOW, seen=seen)
        return made if state == "submitted" else services.approve(actor=self.broker(), posting_id=made.id, now=NOW)

    def offer(self, by: Actor | None = None, **facts: Any) -> PostingRow:
        """A published offer of the company."""
        actor = by or self.speaker()
        facts = {"kind": PostingKind.OFFER, "title": "نویسه‌خوان متن‌های کهن", "house_code": "", **facts}
        made = services.add_posting(actor=actor, organisation_id=self.company.pk, draft=draft(**facts), now=NOW)
        services.submit(actor=actor, posting_id=made.id, now=NOW)
        return services.approve(actor=self.broker(), posting_id=made.id, now=NOW)

    def match(
        self, need: PostingRow, *, far: str = "interested", partner: Actor | None = None, of: Organisation | None = None
    ) -> MatchRow:
        """A match of a need with the company, or another, as far as: interested, introduced, in_talks, agreed."""
        company = of or self.company
        partner, broker, owner = partner or self.speaker(company), self.broker(), self.librarian()
        number = services.show_interest(
            actor=partner, need_id=need.id, partner_id=company.pk, words="We have read such copies for years.", now=NOW
        )
        steps = ["interested", "introduced", "in_talks", "agreed"]
        if steps.index(far) >= 1:
            services.say_yes(actor=owner, match_id=number, now=NOW)
            services.introduce(actor=broker, match_id=number, now=NOW, meeting_at=NOW + 3 * DAY, where="Qalam")
        if steps.index(far) >= 2:
            services.start_talks(actor=broker, match_id=number, now=NOW)
        if steps.index(far) >= 3:
            services.propose_text(
                actor=owner, match_id=number, text="Both agree.", language="en", template="pilot", now=NOW
            )
            services.accept_text(actor=partner, match_id=number, version=1, now=NOW)
        return queries.match(number, actor=broker)

    def _with(self, role: Role, **where: Any) -> Actor:
        account = self.account()
        RoleAssignment.objects.create(account=account, role=role.value, valid_from=NOW - DAY, **where)
        return actor_of(account.pk, now=NOW)


def draft(**facts: Any) -> PostingDraft:
    """A need of the library in Persian."""
    facts = {
        "kind": PostingKind.NEED, "language": "fa", "title": TITLE, "problem": PROBLEM, "technology": "نویسه‌خوان",
        "readiness": 7, "partnerships": (Partnership.PILOT,), "sector": "91", "house_code": "X-LIB",
        "broker_house_code": "X-INN", **facts,
    }  # fmt: skip
    return PostingDraft(**facts)


def state_of(posting_id: int) -> str:
    """How a need or offer stands."""
    return Posting.objects.get(pk=posting_id).state


def match_state(match_id: int) -> str:
    """How a match stands."""
    return Match.objects.get(pk=match_id).state


def make_bazaar() -> Bazaar:
    """The regions, the library with an innovation centre beside it, the companies."""
    qom = Region.objects.create(code="X-QM", level=1, country="IR", names={"en": "Qom", "fa": "قم", "vi": "Qom"})
    town = Region.objects.create(
        code="X-KA", level=2, country="IR", parent=qom, names={"en": "Kahak", "fa": "کهک", "vi": "Kahak"}
    )
    authority = Organisation.objects.create(
        code="X-AUTH", kind="library_authority", country="IR", region=qom,
        names={"en": "Qom Libraries", "fa": "ادارهٔ کتابخانه‌های قم", "vi": "Thư viện Qom"},
    )  # fmt: skip
    houses = [
        House.objects.create(
            code=code, kind=kind, state="open", region=town, operator=authority, names=names,
            time_zone="Asia/Tehran", calendar="jalali", latitude=34.4, longitude=50.9,
        )
        for code, kind, names in (
            ("X-LIB", "district_library", {"en": "Mulla Sadra Library", "fa": "کتابخانهٔ ملاصدرا", "vi": "Thư viện Mulla Sadra"}),
            ("X-INN", "innovation_centre", {"en": "Qalam Centre", "fa": "مرکز نوآوری قلم", "vi": "Trung tâm Qalam"}),
        )
    ]  # fmt: skip
    companies = [
        Organisation.objects.create(
            code=code, kind="company_startup", country="IR", region=qom, names={"en": name, "fa": name, "vi": name}
        )
        for code, name in (("X-OCR", "Vajehnegar"), ("X-RIVAL", "Harfkhan"))
    ]
    return Bazaar(houses[0], houses[1], authority, companies[0], companies[1])
