"""Members as the desk and they themself see them: finding one, their page, who they may be twice, how to reach them."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Q

from khaneh.domains.network import queries as network
from khaneh.domains.network.types import Ref
from khaneh.domains.people import permissions
from khaneh.domains.people.models import Card, Guardianship, Member, MemberBlock, MemberCategory, MemberMessage
from khaneh.domains.people.queries.contacts import Contact, contacts
from khaneh.domains.people.types import (
    BlockReason,
    BlockRow,
    CardRow,
    CardState,
    CategoryRow,
    GuardianshipKind,
    GuardianshipRow,
    MemberDraft,
    MemberLine,
    MemberRow,
    MemberState,
    MessageRow,
    Rights,
    full_name,
)
from khaneh.kernel.actor import Actor
from khaneh.kernel.labels import Label
from khaneh.kernel.refusal import NotFound

LINE = """
SELECT m.id, m.given_name, m.family_name, m.language, m.state, c.names, m.home_house_id, COALESCE(k.barcode, ''), m.birth_date,
       m.expires_on, ''
FROM people_member m JOIN people_membercategory c ON c.id = m.category_id
LEFT JOIN people_card k ON k.member_id = m.id AND k.state = 'active'
"""
_GUARDIANSHIPS = """
SELECT g.id, g.ward_id = %(member)s, o.id, o.given_name, o.family_name, o.language, COALESCE(k.barcode, ''), g.kind, g.may_borrow,
       g.may_request, g.may_see_loans, g.may_pay, g.valid_until
FROM people_guardianship g
JOIN people_member o ON o.id = CASE WHEN g.ward_id = %(member)s THEN g.guardian_id ELSE g.ward_id END
LEFT JOIN people_card k ON k.member_id = o.id AND k.state = 'active'
WHERE %(member)s IN (g.ward_id, g.guardian_id) AND g.valid_from <= %(now)s AND (g.valid_until IS NULL OR g.valid_until > %(now)s)
ORDER BY g.id
"""
_MOST = 200  # rows of one kind on a member's page


def categories(*, also_retired: bool = False) -> list[CategoryRow]:
    """The categories of membership, in the order in which they were made. One statement."""
    rows = MemberCategory.objects.order_by("pk")
    return [category_row(row) for row in (rows if also_retired else rows.filter(active=True))]


def category_row(row: MemberCategory) -> CategoryRow:
    """A category's frozen row."""
    return CategoryRow(
        code=row.code,
        names=Label.from_dict(row.names),
        membership_months=row.membership_months,
        min_age=row.min_age,
        max_age=row.max_age,
        needs_guardian=row.needs_guardian,
        active=row.active,
    )


def lines_of(rows: Iterable[tuple[Any, ...]]) -> list[MemberLine]:
    """Lines of a list from rows of `LINE`, whose last column says how each was found. One statement."""
    found = list(rows)
    houses = network.house_refs({row[6] for row in found})
    return [
        MemberLine(
            id=row[0],
            name=full_name(row[1], row[2], row[3]),
            state=MemberState(row[4]),
            category=Label.from_dict(json.loads(row[5])),
            home_house=houses[row[6]],
            card=row[7],
            birth_date=row[8],
            expires_on=row[9],
            found_by=row[10],
        )
        for row in found
    ]


def lines(member_ids: Collection[int]) -> dict[int, MemberLine]:
    """Members in short, by id; for lists of other domains whose permission was judged. Two statements."""
    with connection.cursor() as cursor:
        cursor.execute(LINE + "WHERE m.id = ANY(%s)", [list(member_ids)])
        return {line.id: line for line in lines_of(cursor.fetchall())}


def member(*, actor: Actor, member_id: int, now: datetime) -> MemberRow:
    """A member's whole row: for themself, who answers for them, and whoever works at a desk. At most eight statements.

    Messages for colleagues are left out for whoever is none. Raises NotFound, also where the actor may not see them.
    """
    found = Member.objects.select_related("category", "merged_into").filter(pk=member_id).first()
    serves = permissions.may_serve(actor)
    if found is None or not (
        serves or permissions.is_holder(actor, found.account_id) or answers_for(actor, member_id, now=now)
    ):
        raise NotFound(what="member")
    return _row(found, now, for_staff=serves)


def membership_of(account_id: int, *, now: datetime) -> MemberRow | None:
    """The membership of an account, or None. At most seven statements."""
    found = Member.objects.select_related("category", "merged_into").filter(account_id=account_id).first()
    return None if found is None else _row(found, now, for_staff=False)


def answers_for(actor: Actor, member_id: int, *, now: datetime) -> bool:
    """Whether the actor is a parent or guardian, or the class's teacher, of a member: a proxy fetches books and decides nothing. One statement."""
    return (
        actor.account_id is not None
        and Guardianship.objects.filter(
            _valid(now), ward_id=member_id, guardian__account_id=actor.account_id, kind__in=("parent", "class")
        ).exists()
    )


def contact(member_id: int) -> Contact | None:
    """How to reach a member, None for nobody and for one who is erased. One statement."""
    found = contacts([member_id]).get(member_id)
    return None if found is None or found.state is MemberState.ERASED else found


def draft_of(found: Member) -> MemberDraft:
    """What is written about a member, without the identity number, which is not kept. The category must be loaded or costs a statement."""
    return MemberDraft(
        family_name=found.family_name,
        category=found.category.code,
        home_house_id=found.home_house_id,
        given_name=found.given_name,
        birth_date=found.birth_date,
        phone=found.phone,
        email=found.email,
        address=found.address,
        language=found.language,
        calendar=found.calendar,
    )


def _valid(now: datetime) -> Q:
    return Q(valid_from__lte=now) & (Q(valid_until__isnull=True) | Q(valid_until__gt=now))


def _open(now: datetime) -> Q:
    return Q(until__isnull=True) | Q(until__gt=now)


def _row(found: Member, now: datetime, *, for_staff: bool) -> MemberRow:
    blocks = list(
        MemberBlock.objects.filter(_open(now), member_id=found.pk, lifted_at__isnull=True)
        .select_related("placed_by")
        .order_by("pk")[:_MOST]
    )
    messages = MemberMessage.objects.filter(_open(now), member_id=found.pk, read_at__isnull=True).select_related(
        "left_by"
    )
    if not for_staff:
        messages = messages.filter(for_staff=False)
    messages_found = list(messages.order_by("pk")[:_MOST])
    cards = Card.objects.filter(member_id=found.pk).order_by("-pk")[:_MOST]
    guardians, wards = _guardianships(found.pk, now)
    named = {row.house_id for row in blocks} | {row.house_id for row in messages_found}
    houses = network.house_refs({found.home_house_id, *(number for number in named if number is not None)})
    merge = getattr(found, "merged_into", None)
    return MemberRow(
        id=found.pk,
        state=MemberState(found.state),
        given_name=found.given_name,
        family_name=found.family_name,
        category=category_row(found.category),
        home_house=houses[found.home_house_id],
        account_id=found.account_id,
        birth_date=found.birth_date,
        phone=found.phone,
        email=found.email,
        address=found.address,
        language=found.language,
        calendar=found.calendar,
        has_national_id=found.national_id_hash is not None,
        has_pin=bool(found.pin),
        keep_history=found.keep_history,
        joined_on=found.joined_on,
        expires_on=found.expires_on,
        merged_into=merge.kept_id if merge else None,
        cards=tuple(
            CardRow(card.pk, card.barcode, CardState(card.state), card.issued_at, card.ended_at) for card in cards
        ),
        blocks=tuple(_block(row, houses) for row in blocks),
        messages=tuple(_message(row, houses) for row in messages_found),
        guardians=guardians,
        wards=wards,
    )


def _block(row: MemberBlock, houses: dict[int, Ref]) -> BlockRow:
    return BlockRow(
        id=row.pk,
        reason=BlockReason(row.reason),
        note=row.note,
        house=houses.get(row.house_id or 0),
        placed_by=row.placed_by.get_full_name() if row.placed_by else "",
        placed_at=row.placed_at,
        until=row.until,
    )


def _message(row: MemberMessage, houses: dict[int, Ref]) -> MessageRow:
    return MessageRow(
        id=row.pk,
        text=row.text,
        for_staff=row.for_staff,
        house=houses.get(row.house_id or 0),
        left_by=row.left_by.get_full_name() if row.left_by else "",
        left_at=row.left_at,
        until=row.until,
    )


def _guardianships(member_id: int, now: datetime) -> tuple[tuple[GuardianshipRow, ...], tuple[GuardianshipRow, ...]]:
    """Who answers for a member, and for whom they answer. One statement."""
    guardians: list[GuardianshipRow] = []
    wards: list[GuardianshipRow] = []
    with connection.cursor() as cursor:
        cursor.execute(_GUARDIANSHIPS, {"member": member_id, "now": now})
        for number, is_ward, other, given, family, language, card, kind, *rights, until in cursor.fetchall():
            row = GuardianshipRow(
                id=number,
                member_id=other,
                name=full_name(given, family, language),
                card=card,
                kind=GuardianshipKind(kind),
                rights=Rights(*rights),
                valid_until=until,
            )
            (guardians if is_ward else wards).append(row)
    return tuple(guardians), tuple(wards)
