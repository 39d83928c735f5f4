"""Whether somebody may be in a run: everything that every door asks alike. Called with the locks held."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from khaneh.domains.learning import permissions
from khaneh.domains.learning.models import Enrolment
from khaneh.domains.learning.rules import acts
from khaneh.domains.learning.types import OPEN_ENROLMENTS, Channel, EnrolmentState, RunRow
from khaneh.domains.network import queries as network
from khaneh.domains.network.queries import HouseFacts
from khaneh.domains.people import queries as people
from khaneh.domains.policies.types import Answer, Question, Value
from khaneh.domains.qualifications import queries as qualifications
from khaneh.infrastructure import db
from khaneh.kernel.actor import Actor
from khaneh.kernel.money import Money

# Of the policies' answer, what an enrolment's later life depends on.
KEPT_TERMS = ("withdraw_hours", "approval")
_YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Wish:
    """One person's part of what is asked for; `people` are all of the party."""

    run: RunRow
    account_id: int
    organisation_id: int | None
    people: int
    channel: Channel


def hold(*, run_ids: Collection[int] = (), account_ids: Collection[int] = ()) -> None:
    """The one order of locks: the persons by number, then the runs. One statement.

    A person's enrolments are counted, and a run's seats given away, one after the other.
    """
    db.lock(*(("learning.person", number) for number in account_ids), *(("learning.run", number) for number in run_ids))


def question(wish: Wish, *, learner: Actor, now: datetime) -> Question:
    """What the policies are asked, with everything they may know. At most six statements."""
    house = network.house_facts(wish.run.house.id)
    course = wish.run.course
    facts: dict[str, Value] = {
        **_learner(wish, house, learner, now),
        **_counted(wish, now),
        "course.kind": course.kind.value,
        "course.code": course.code,
        "course.approval": course.approval,
        "course.hours": course.hours,
        "course.priced": course.price is not None and course.price.amount > 0,
        "party.people": wish.people,
        "house.kind": house.kind,
        "channel": wish.channel.value,
        "run.in_time": now < wish.run.enrol_until,
        "run.lead_minutes": max(0, int((wish.run.starts - now).total_seconds() // 60)),
        "run.days_ahead": _days_ahead(wish.run, house, now),
    }
    return Question(acts.ENROL, wish.run.house.id, facts, now)


def price_of(run: RunRow, answer: Answer) -> Money | None:
    """What a place costs: the policies' price where they set one, else the course's own."""
    price = answer.terms.get("price")
    return price if isinstance(price, Money) else run.course.price


def lacking(run: RunRow, account_id: int) -> tuple[str, ...]:
    """The codes of prerequisites that somebody does not hold when the run begins. At most one statement."""
    if not run.course.requires:
        return ()
    held = qualifications.held_ids(account_id, at=run.starts)
    return tuple(code for number, code in run.course.requires if number not in held)


def terms_kept(answer: Answer) -> dict[str, object]:
    """What an enrolment keeps of the answer."""
    most = answer.terms.get("owed_max")
    kept: dict[str, object] = {name: answer.terms.get(name) for name in KEPT_TERMS}
    return {**kept, "owed_max": list(most)} if isinstance(most, Money) else kept


def _learner(wish: Wish, house: HouseFacts, learner: Actor, now: datetime) -> dict[str, Value]:
    held = qualifications.held_ids(wish.account_id, at=max(now, wish.run.starts))
    facts: dict[str, Value] = {
        "learner.qualifications": tuple(held.values()),
        "learner.lacking": sum(number not in held for number, _ in wish.run.course.requires),
        "learner.staff": learner.holds_somewhere(permissions.STAFF),
        "learner.member": False,
    }
    if wish.organisation_id is not None:
        row = network.organisations_by_ids([wish.organisation_id]).get(wish.organisation_id)
        facts["learner.organisation"] = row.kind if row else None
    member_id = people.member_of_account(wish.account_id)
    member = people.standing(now=now, member_id=member_id) if member_id is not None else None
    if member is not None:
        today = now.astimezone(ZoneInfo(house.calendar.zone)).date()
        facts |= {
            "learner.member": True,
            "learner.category": member.category,
            "learner.age": member.age_on(today),
            "learner.home": _nearness(house, member.home_house_id),
            "learner.blocked": bool(member.blocks),
            "learner.expired": member.is_expired_on(today),
            "learner.lacks_guardian": member.lacks_guardian,
        }
    return facts


def _counted(wish: Wish, now: datetime) -> dict[str, Value]:
    """How much somebody has taken up already. One statement."""
    open_ = [state.value for state in OPEN_ENROLMENTS]
    rows = list(
        Enrolment.objects.filter(account_id=wish.account_id, run__ends__gt=now - _YEAR)
        .exclude(run_id=wish.run.id)
        .values_list("state", "run__course_id")
    )
    took = (EnrolmentState.ENROLLED, EnrolmentState.COMPLETED, EnrolmentState.FAILED)
    return {
        "person.open": sum(state in open_ for state, _ in rows),
        "person.course_times": sum(state in took and course == wish.run.course.id for state, course in rows),
        "person.no_shows": sum(state == EnrolmentState.NO_SHOW for state, _ in rows),
    }


def _days_ahead(run: RunRow, house: HouseFacts, now: datetime) -> int:
    zone = ZoneInfo(house.calendar.zone)
    return max(0, (run.starts.astimezone(zone).date() - now.astimezone(zone).date()).days)


def _nearness(house: HouseFacts, other_id: int) -> str:
    if other_id == house.id or other_id in house.path:
        return "here"
    return "region" if network.house_facts(other_id).regions[:1] == house.regions[:1] else "elsewhere"
