"""For whom an account may act: its own member, and those who let its member act for them."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.db import connection
from django.db.models import Q

from khaneh.domains.people.models import ProxyOffer
from khaneh.domains.people.types import GuardianshipKind, MemberState, Rights, full_name

_ACTING = """
SELECT m.id, m.given_name, m.family_name, m.language, m.state, m.home_house_id, COALESCE(k.barcode, ''), m.keep_history, g.kind,
       g.may_borrow, g.may_request, g.may_see_loans, g.may_pay
FROM people_member own
JOIN people_guardianship g ON g.guardian_id = own.id AND g.valid_from <= %(now)s AND (g.valid_until IS NULL OR g.valid_until > %(now)s)
JOIN people_member m ON m.id = g.ward_id
LEFT JOIN people_card k ON k.member_id = m.id AND k.state = 'active'
WHERE own.account_id = %(account)s AND own.state = 'active' AND m.state IN ('active', 'applied')
UNION ALL
SELECT m.id, m.given_name, m.family_name, m.language, m.state, m.home_house_id, COALESCE(k.barcode, ''), m.keep_history, NULL,
       true, true, true, true
FROM people_member m LEFT JOIN people_card k ON k.member_id = m.id AND k.state = 'active'
WHERE m.account_id = %(account)s AND m.state <> 'erased'
ORDER BY 9 NULLS FIRST, 1
"""


class Acting(NamedTuple):
    """A member for whom somebody may act. `kind` is None for oneself, who may do everything."""

    member_id: int
    name: str
    state: MemberState
    home_house_id: int
    card: str
    keep_history: bool
    kind: GuardianshipKind | None
    rights: Rights

    @property
    def is_own(self) -> bool:
        """Whether it is oneself."""
        return self.kind is None


def acting_for(account_id: int, *, now: datetime) -> list[Acting]:
    """The account's own member first, then those for whom it acts; empty without a membership. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_ACTING, {"account": account_id, "now": now})
        return [
            Acting(
                number,
                full_name(given, family, language),
                MemberState(state),
                home,
                card,
                keeps,
                GuardianshipKind(kind) if kind else None,
                Rights(*rights),
            )
            for number, given, family, language, state, home, card, keeps, kind, *rights in cursor.fetchall()
        ]


class OfferRow(NamedTuple):
    """Somebody was asked to act for somebody. `to_me` says that I was asked, and `name` is then who asks.

    Else it is empty: a card tells no name until its holder has said yes. `card_end` are the last signs of the card that was asked.
    """

    id: int
    to_me: bool
    name: str
    card_end: str
    rights: Rights
    made_at: datetime


def proxy_offers(member_id: int, *, since: datetime) -> list[OfferRow]:
    """The open questions to and from a member that were asked since an instant. One statement."""
    rows = ProxyOffer.objects.filter(Q(member_id=member_id) | Q(proxy_id=member_id), made_at__gt=since)
    return [
        OfferRow(
            id=row.pk,
            to_me=row.proxy_id == member_id,
            name=full_name(row.member.given_name, row.member.family_name, row.member.language)
            if row.proxy_id == member_id
            else "",
            card_end=row.card_end,
            rights=Rights(row.may_borrow, row.may_request, row.may_see_loans, row.may_pay),
            made_at=row.made_at,
        )
        for row in rows.select_related("member").order_by("pk")
    ]
