"""A house that calls, for tests: two regions with deciles, a company, a form with every kind of question, people."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from khaneh.domains.network.models import DeprivationIndex, House, Organisation, Region, RegionDecile
from khaneh.domains.network.types import Role
from khaneh.domains.people.models import Account, Member, MemberCategory, RoleAssignment
from khaneh.domains.people.queries import actor as actor_of
from khaneh.domains.programmes import queries, services
from khaneh.domains.programmes.types import (
    ApplicationDraft,
    ApplicationRow,
    CallDraft,
    CallRow,
    CriterionDraft,
    Option,
    ProgrammeDraft,
    ProgrammeKind,
    Question,
    QuestionKind,
    QuotaDraft,
    QuotaKind,
    ShownIf,
)
from khaneh.kernel.actor import Actor
from khaneh.kernel.labels import Label

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OPENS, CLOSES = NOW - DAY, NOW + 10 * DAY
NAMES = Label("Spring call", "فراخوان بهار", "Đợt mùa xuân")
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\nstartxref\n9\n%%EOF\n"
_numbers = itertools.count(1)


def said(text: str) -> Label:
    """Words that are the same in all languages."""
    return Label(text, text, text)


QUESTIONS = (
    Question("plan", QuestionKind.LONG_TEXT, said("Plan"), required=True, least=10, most=2000),
    Question("people", QuestionKind.NUMBER, said("People"), least=1, most=50),
    Question("cost", QuestionKind.MONEY, said("Cost"), currency="IRR"),
    Question("stage", QuestionKind.CHOICE, said("Stage"), required=True, options=(Option("idea", said("Idea")), Option("sold", said("Sold")))),
    Question("sold_to", QuestionKind.TEXT, said("To whom"), required=True, shown_if=ShownIf("stage", ("sold",))),
    Question("needs", QuestionKind.CHOICES, said("Needs"), most=2, options=tuple(Option(one, said(one)) for one in ("desk", "room", "money"))),
    Question("since", QuestionKind.DATE, said("Since")),
    Question("abroad", QuestionKind.YES_NO, said("Abroad")),
    Question("team", QuestionKind.TABLE, said("Team"), most=3, columns=(Option("name", said("Name")), Option("does", said("Does")))),
    Question("paper", QuestionKind.FILE, said("Paper"), required=True),
)  # fmt: skip
ANSWERS: dict[str, Any] = {"plan": "Shelves that read themselves.", "stage": "idea", "people": "۳", "cost": "۱۲٬۰۰۰"}


@dataclass(frozen=True)
class Calling:
    """What is there; people are made as a test needs them."""

    house: House
    company: Organisation
    programme: str = "p-incubator"

    def keeper(self, role: Role = Role.PROGRAMME_MANAGER) -> Actor:
        """Somebody who keeps the house's calls."""
        account = self.account()
        RoleAssignment.objects.create(account=account, role=role.value, house=self.house, valid_from=NOW - DAY)
        return actor_of(account.pk, now=NOW)

    def speaker(self) -> Actor:
        """Somebody who speaks for the company."""
        account = self.account()
        RoleAssignment.objects.create(
            account=account, role=Role.ADMINISTRATOR.value, organisation=self.company, valid_from=NOW - DAY
        )
        return actor_of(account.pk, now=NOW)

    def person(self, *, born: date = date(1990, 3, 21)) -> Actor:
        """Somebody with an account and a membership."""
        return actor_of(self.account(born=born).pk, now=NOW)

    def call(self, *, publish: bool = True, questions: tuple[Question, ...] = QUESTIONS, **facts: Any) -> CallRow:
        """A call of the programme, made by the services, open since yesterday."""
        keeper = self.keeper()
        made = services.add_call(actor=keeper, programme_code=self.programme, draft=draft(**facts), now=OPENS - DAY)
        services.save_form(actor=keeper, call_id=made.id, questions=questions, revision=None, now=OPENS - DAY)
        services.publish_form(actor=keeper, call_id=made.id, now=OPENS - DAY)
        return (
            services.publish_call(actor=keeper, call_id=made.id, now=OPENS - DAY) if publish else queries.call(made.id)
        )

    def written(self, who: Actor, call: CallRow, *, paper: bool = True, **facts: Any) -> ApplicationRow:
        """An application that could be handed in."""
        organisation_id = facts.pop("organisation_id", None)
        made = services.begin(actor=who, call_id=call.id, organisation_id=organisation_id, now=NOW)
        if paper:
            services.add_file(
                actor=who, application_id=made.id, question="paper", name="plan.pdf", content=PDF, now=NOW
            )
        wanted = {"title": "Reading shelves", "summary": "RFID for branches", "region_code": "P-QM", "answers": ANSWERS}
        draft = ApplicationDraft(**{**wanted, **facts})
        return services.save(actor=who, application_id=made.id, draft=draft, revision=made.revision, now=NOW)

    def handed_in(self, who: Actor, call: CallRow, *, now: datetime = NOW, **facts: Any) -> ApplicationRow:
        """An application that was handed in."""
        row = self.written(who, call, **facts)
        services.submit(actor=who, application_id=row.id, revision=row.revision, now=now)
        return queries.application(row.id)

    def account(self, *, born: date = date(1990, 3, 21)) -> Account:
        """An account with a membership."""
        number = next(_numbers)
        made = Account.objects.create(email=f"founder{number}@example.org", name=f"Founder {number}")
        category, _ = MemberCategory.objects.get_or_create(code="adult", defaults={"names": {"en": "Adult"}})
        Member.objects.create(
            account=made, category=category, home_house=self.house, state="active", family_name=f"Founder {number}",
            joined_on=date(2025, 3, 21), expires_on=date(2029, 3, 20), birth_date=born,
        )  # fmt: skip
        return made


def draft(**facts: Any) -> CallDraft:
    """A call for everybody with two criteria, a place kept for the town and one for the deprived."""
    facts = {
        "names": NAMES, "places": 4, "opens_at": OPENS, "closes_at": CLOSES,
        "criteria": (CriterionDraft("impact", said("Impact"), 60), CriterionDraft("team", said("Team"), 40, 5)),
        "quotas": (QuotaDraft(QuotaKind.REGION, 1, "P-QM"), QuotaDraft(QuotaKind.DEPRIVATION, 1, decile_max=3)), **facts,
    }  # fmt: skip
    return CallDraft(**facts)


def make_calling() -> Calling:
    """The regions, an index, the house, the company, the rules that ship, a programme."""
    services.ensure_policies()
    index = DeprivationIndex.objects.create(
        code="p-index", version="1", names={"en": "Index"}, published_on=date(2025, 1, 1)
    )
    regions = {}
    for code, name, decile in (("P-QM", "Qom", 6), ("P-SB", "Sistan", 1)):
        regions[code] = Region.objects.create(
            code=code, level=1, country="IR", names={"en": name, "fa": name, "vi": name}, rural=code == "P-SB"
        )
        RegionDecile.objects.create(index=index, region=regions[code], decile=decile)
    house = House.objects.create(
        code="P-HUB", kind="innovation_centre", state="open", region=regions["P-QM"],
        names={"en": "Hub", "fa": "مرکز نوآوری", "vi": "Trung tâm"}, time_zone="Asia/Tehran", calendar="jalali",
    )  # fmt: skip
    company = Organisation.objects.create(
        code="P-CO", kind="company_startup", country="IR", region=regions["P-QM"], sectors=["62"],
        names={"en": "Shelf Labs", "fa": "قفسه", "vi": "Kệ"},
    )  # fmt: skip
    made = Calling(house, company)
    services.add_programme(
        actor=made.keeper(Role.HOUSE_MANAGER), house_id=house.pk, now=NOW - 30 * DAY,
        draft=ProgrammeDraft("p-incubator", ProgrammeKind.INCUBATION, said("Incubator")),
    )  # fmt: skip
    return made
