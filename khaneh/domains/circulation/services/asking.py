"""How lending asks the policies: the facts of a member, a copy and a house; and that what is refused is kept too."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from khaneh.domains.circulation.queries.situation import Situation
from khaneh.domains.circulation.types import Channel
from khaneh.domains.network import queries as network
from khaneh.domains.network.queries import HouseFacts
from khaneh.domains.people.queries import Standing
from khaneh.domains.policies import services as policies
from khaneh.domains.policies.types import Answer, PolicyRefused, Question, Value
from khaneh.infrastructure import db


class Asked:
    """What an act asks of the policies within its transaction. A call gives the answer, its decision kept; raises PolicyRefused."""

    def __init__(self) -> None:
        self._refused: list[tuple[Question, Answer]] = []

    def __call__(self, question: Question, rights: frozenset[str]) -> Answer:
        answer = self.unkept(question, rights)
        return replace(answer, decision_id=policies.keep(question, answer))

    def unkept(self, question: Question, rights: frozenset[str]) -> Answer:
        """The same, and the caller keeps the decision with what else it writes (`policies.decision`)."""
        answer = policies.decide(question, store=False)
        try:
            answer.or_refuse(rights)
        except PolicyRefused:
            self._refused.append((question, answer))
            raise
        return answer

    def keep_refused(self) -> None:
        """Keep what was refused, after its act was undone."""
        with db.transaction():
            for question, answer in self._refused:
                policies.keep(question, answer)


@contextmanager
def asked() -> Iterator[Asked]:
    """Ask the policies within an act's transaction: `with asked() as ask, db.transaction(): … ask(question, rights)`.

    A permitted decision is kept in that transaction; a refused one undoes the act and is kept after it, so that it can be explained and tried
    again (CIRC-OUT-6).
    """
    ask = Asked()
    try:
        yield ask
    except PolicyRefused:
        ask.keep_refused()
        raise


def nearness(house: HouseFacts, other_id: int | None) -> str:
    """Whether another house is this one (or holds it), one of its province, or elsewhere."""
    if other_id is None:
        return "elsewhere"
    if other_id == house.id or other_id in house.path:
        return "here"
    return "region" if network.house_facts(other_id).regions[:1] == house.regions[:1] else "elsewhere"


def member_facts(member: Standing, house: HouseFacts, now: datetime) -> dict[str, Value]:
    """What rules may know of a member: never who it is."""
    today = now.astimezone(ZoneInfo(house.calendar.zone)).date()
    return {
        "member.category": member.category,
        "member.age": member.age_on(today),
        "member.home": nearness(house, member.home_house_id),
        "member.blocked": bool(member.blocks),
        "member.expired": member.is_expired_on(today),
        "member.lacks_guardian": member.lacks_guardian,
    }


def counts(found: Situation) -> dict[str, Value]:
    """What the member has already."""
    return {
        "member.loans": found.loans,
        "member.loans_of_type": found.loans_of_type,
        "member.overdue": found.overdue,
        "member.debt": max(found.debt, 0),
    }


def door(channel: Channel) -> dict[str, Value]:
    """Through which door the act came."""
    return {"channel": channel.value}
