"""What would be answered if somebody came to borrow: for machines and pages that tell a reader how they stand. Keeps nothing."""

from __future__ import annotations

from datetime import datetime

from khaneh.domains.circulation.queries.machines import Counts
from khaneh.domains.circulation.rules import acts
from khaneh.domains.circulation.services import asking
from khaneh.domains.circulation.types import Channel
from khaneh.domains.network import queries as network
from khaneh.domains.people.queries import Standing
from khaneh.domains.policies import services as policies
from khaneh.domains.policies.types import Answer, Question


def foresee_loan(*, member: Standing, counts: Counts, house_id: int, channel: Channel, now: datetime) -> Answer:
    """Whether the member may borrow anything at all at a house, and with which limits. At most one statement.

    Facts about a copy are left out, so rules that ask for one do not decide.
    """
    house = network.house_facts(house_id)
    facts = {
        **asking.member_facts(member, house, now),
        "member.loans": counts.lent,
        "member.overdue": counts.overdue,
        "member.debt": max(counts.owed, 0),
        **asking.door(channel),
    }
    return policies.decide(Question(acts.LEND, house_id, facts, now), store=False)
