"""What every act on a member begins with: the row held until the end of the transaction, and who may act. No act lives here."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from khaneh.domains.network import queries as network
from khaneh.domains.people import permissions, queries
from khaneh.domains.people.errors import WrongMemberState
from khaneh.domains.people.models import Member
from khaneh.domains.people.types import MemberState
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import NotAllowed, NotFound


def held(member_id: int) -> Member:
    """The member's row, locked as lending locks it, so that acts on one member follow each other. Raises NotFound; erased is not there."""
    row = Member.objects.select_for_update(no_key=True).filter(pk=member_id).exclude(state=MemberState.ERASED).first()
    if row is None:
        raise NotFound(what="member")
    return row


def held_both(one: int, other: int) -> dict[int, Member]:
    """Two rows, locked in the order of their ids whatever was asked first. Raises NotFound."""
    ids = sorted({one, other})
    rows = {row.pk: row for row in Member.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk")}
    if any(number not in rows or rows[number].state == MemberState.ERASED for number in ids):
        raise NotFound(what="member")
    return rows


def today_at(house_id: int, now: datetime) -> date:
    """The day that it is on a house's clocks. Raises NotFound."""
    return now.astimezone(ZoneInfo(network.house_facts(house_id).calendar.zone)).date()


def require_state(row: Member, *states: MemberState) -> None:
    """Raises WrongMemberState."""
    if row.state not in states:
        raise WrongMemberState(member=row.pk, state=row.state)


def require_own(actor: Actor, row: Member, *, now: datetime) -> None:
    """An act that only the member decides, or a parent or teacher who answers for them. Raises NotAllowed."""
    if not permissions.is_holder(actor, row.account_id) and not queries.answers_for(actor, row.pk, now=now):
        raise NotAllowed(act="people.own_membership")


def is_own(actor: Actor, row: Member, *, now: datetime) -> bool:
    """As `require_own`."""
    return permissions.is_holder(actor, row.account_id) or queries.answers_for(actor, row.pk, now=now)
