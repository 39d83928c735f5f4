"""A small forum for tests: a house with a session of six rounds at two tables, who runs it, companies with people, mentors as a test needs them."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from khaneh.domains.meetings import queries, services
from khaneh.domains.meetings.models import Person, Round
from khaneh.domains.meetings.types import Hours, MatchmakingDraft, ParticipantDraft, TableDraft
from khaneh.domains.network.models import House, Organisation, Region
from khaneh.domains.network.types import Role
from khaneh.domains.people.models import Account, Member, MemberCategory, RoleAssignment
from khaneh.domains.people.queries import actor as actor_of
from khaneh.kernel.actor import Actor
from khaneh.kernel.labels import Label

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = timedelta(days=1)
START = NOW + 7 * DAY
NAMES = Label("Buyers meet makers", "دیدار خریداران و سازندگان", "Người mua gặp nhà sản xuất")
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Side:
    """A participant with who registered it."""

    id: int
    actor: Actor
    organisation: Organisation | None


@dataclass(frozen=True)
class Forum:
    """What is there."""

    house: House
    boss: Actor
    session: int
    now: datetime = NOW

    def person(self, name: str = "") -> Actor:
        """Somebody with an account and a membership, so that letters reach them."""
        number = next(_numbers)
        made = Account.objects.create(email=f"guest{number}@example.org", name=name or f"Guest {number}")
        category, _ = MemberCategory.objects.get_or_create(code="adult", defaults={"names": {"en": "Adult"}})
        Member.objects.create(
            account=made, category=category, home_house=self.house, state="active", family_name=f"Guest {number}",
            joined_on=date(2025, 3, 21), expires_on=date(2031, 3, 20),
        )  # fmt: skip
        return actor_of(made.pk, now=self.now)

    def speaker(self, kind: str = "company_startup", sectors: tuple[str, ...] = ()) -> tuple[Actor, Organisation]:
        """An organisation, and somebody who speaks for it."""
        number = next(_numbers)
        made = Organisation.objects.create(
            code=f"M-CO{number}", kind=kind, country="IR", region=self.house.region, sectors=list(sectors),
            names={"en": f"Company {number}", "fa": f"شرکت {number}", "vi": f"Công ty {number}"},
        )  # fmt: skip
        who = self.person()
        RoleAssignment.objects.create(
            account_id=who.account_id or 0, role=Role.ADMINISTRATOR.value, organisation=made, valid_from=self.now - DAY
        )
        return actor_of(who.account_id, now=self.now), made

    def side(self, *, offers: str = "Bricks", seeks: str = "Clay", session: int = 0, **facts: Any) -> Side:
        """A company that takes part."""
        published = facts.pop("published", False)
        who, made = self.speaker(**facts)
        number = services.register(
            actor=who, matchmaking_id=session or self.session, standing=f"organisation-{made.pk}",
            draft=ParticipantDraft(offers, seeks, published), now=self.now,
        )  # fmt: skip
        return Side(number, who, made)

    def asked(self, one: Side, other: Side) -> int:
        """A meeting that one asks the other for."""
        return services.ask(
            actor=one.actor, matchmaking_id=self.session, participant_id=other.id, message="Let us talk", now=self.now
        )

    def agreed(self, one: Side, other: Side, round_number: int | None = None) -> int:
        """A meeting that both want, with a time where a round is named."""
        meeting = self.asked(one, other)
        at = self.round(round_number) if round_number is not None else None
        services.accept(actor=other.actor, meeting_id=meeting, round_id=at, answer="", now=self.now)
        return meeting

    def round(self, number: int, session: int = 0) -> int:
        """The id of a round."""
        return Round.objects.get(matchmaking_id=session or self.session, number=number).pk

    def also(self, side: Side, who: Actor) -> int:
        """Somebody else who is asked to come for a participant."""
        services.ask_person(
            actor=side.actor, matchmaking_id=self.session,
            email=Account.objects.get(pk=who.account_id or 0).email, now=self.now,
        )  # fmt: skip
        return Person.objects.get(participant_id=side.id, account_id=who.account_id or 0).pk

    def another(self, starts: datetime = START) -> int:
        """Another session in the same house."""
        return make_session(self.house, self.boss, starts, self.now)

    def seats(self) -> dict[int, tuple[int, int] | None]:
        """Round number and table number of every meeting that is agreed."""
        page = queries.desk_page(self.session, actor=self.boss, now=self.now)
        return {
            one.id: (one.round.number, one.table.number) if one.round and one.table else None
            for one in page.meetings
            if one.state in ("accepted", "held", "missed")
        }


def draft(house: House, starts: datetime = START, **facts: Any) -> MatchmakingDraft:
    """Six rounds of twenty minutes with a pause of five, at two tables."""
    return MatchmakingDraft(
        **{
            "house_id": house.pk, "names": NAMES, "hours": (Hours(starts, starts + timedelta(minutes=150)),),
            "tables": (TableDraft("A"), TableDraft("B")), **facts,
        }
    )  # fmt: skip


def make_session(house: House, boss: Actor, starts: datetime, now: datetime) -> int:
    """An open session."""
    number = services.add_matchmaking(actor=boss, draft=draft(house, starts), key=f"s{next(_numbers)}", now=now)
    services.open_matchmaking(actor=boss, matchmaking_id=number, now=now)
    return number


def make_forum(now: datetime = NOW) -> Forum:
    """The house, who runs it, and a session in a week."""
    region = Region.objects.create(code="M-QM", level=1, country="IR", names={"en": "Qom", "fa": "قم", "vi": "Qom"})
    house = House.objects.create(
        code="M-INN", kind="innovation_centre", state="open", region=region, time_zone="Asia/Tehran", calendar="jalali",
        names={"en": "Centre", "fa": "مرکز نوآوری", "vi": "Trung tâm"},
    )  # fmt: skip
    made = Account.objects.create(email="boss@example.org", name="Boss")
    RoleAssignment.objects.create(account=made, role=Role.PROGRAMME_MANAGER.value, house=house, valid_from=now - DAY)
    boss = actor_of(made.pk, now=now)
    return Forum(house, boss, make_session(house, boss, now + 7 * DAY, now), now)
