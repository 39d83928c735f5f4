"""How lending asks the policies: the facts of a member, a copy and a house."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from khaneh.domains.circulation.queries.situation import Situation
from khaneh.domains.circulation.types import Channel
from khaneh.domains.network import queries as network
from khaneh.domains.network.queries import HouseFacts
from khaneh.domains.people.queries import Standing
from khaneh.domains.policies.types import Value


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
