"""The queue of a house and those inside it: what waits, went, failed; and addresses that reach nobody."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count

from khaneh.domains.network import queries as network
from khaneh.domains.notices import permissions
from khaneh.domains.notices.models import AddressProblem, Message, Notice
from khaneh.domains.notices.queries.readers import readers
from khaneh.domains.notices.types import Channel, MessageRow, ProblemRow, State
from khaneh.domains.people.queries.contacts import contacts
from khaneh.kernel.actor import Actor


def messages(
    *, actor: Actor, house_id: int, states: Iterable[State] = (), limit: int = 50, before: int | None = None
) -> list[MessageRow]:
    """Messages of a house and those inside it, newest first, from below the id `before`. Three statements. Raises NotAllowed, NotFound."""
    permissions.require_queue(actor, house_id=house_id)
    found = Message.objects.filter(house_id__in=network.house_ids_below(house_id))
    wanted = [state.value for state in states]
    if wanted:
        found = found.filter(state__in=wanted)
    if before is not None:
        found = found.filter(pk__lt=before)
    return _rows(list(found.order_by("-pk")[:limit]))


def messages_of(*, member_id: int, limit: int = 20) -> list[MessageRow]:
    """What was sent or is to be sent to one member, newest first; for whoever may see the member. Two statements."""
    return _rows(list(Message.objects.filter(member_id=member_id).order_by("-pk")[:limit]))


def counts(*, actor: Actor, house_id: int) -> dict[State, int]:
    """How many messages of a house and those inside it are in each state. Two statements. Raises NotAllowed, NotFound."""
    permissions.require_queue(actor, house_id=house_id)
    rows = (
        Message.objects.filter(house_id__in=network.house_ids_below(house_id))
        .order_by()
        .values_list("state")
        .annotate(number=Count("pk"))
    )
    found = dict.fromkeys(State, 0)
    found |= {State(state): number for state, number in rows}
    return found


def address_problems(*, actor: Actor, house_id: int, limit: int = 100) -> list[ProblemRow]:
    """Members of a house and those inside it whom a channel does not reach, newest first. Four statements. Raises NotAllowed, NotFound."""
    permissions.require_queue(actor, house_id=house_id)
    rows = list(
        AddressProblem.objects.filter(
            settled_at__isnull=True, member__home_house_id__in=network.house_ids_below(house_id)
        ).order_by("-found_at", "-pk")[:limit]
    )
    people = contacts(row.member_id for row in rows)
    return [
        ProblemRow(
            row.pk, row.member_id, people[row.member_id].name, Channel(row.channel), row.reason, row.found_at, row.times
        )
        for row in rows
    ]


def told_counts(*, house_id: int, since: datetime) -> dict[str, int]:
    """How many notices of each event were told at a house since the beginning of a day (UTC): the statistic that outlives their facts. One statement."""
    rows = (
        Notice.objects.filter(house_id=house_id, told_at__gte=since)
        .order_by()
        .values_list("event")
        .annotate(number=Count("pk"))
    )
    return dict(rows)


def _rows(found: list[Message]) -> list[MessageRow]:
    people = readers(member_ids=(one.member_id for one in found), account_ids=(one.account_id for one in found))
    names = {key: one.name for key, one in people.items()}
    return [
        MessageRow(
            id=one.pk,
            member_id=one.member_id,
            member_name=names.get((one.member_id, one.account_id), ""),
            house_id=one.house_id,
            channel=Channel(one.channel),
            events=tuple(one.events),
            state=State(one.state),
            reason=one.reason,
            detail=one.detail,
            attempts=one.attempts,
            not_before=one.not_before,
            created_at=one.created_at,
            sent_at=one.sent_at,
        )
        for one in found
    ]
