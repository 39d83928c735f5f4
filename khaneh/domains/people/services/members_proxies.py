"""Asking somebody to act for oneself, and their answer. Without a yes of both nobody acts for anybody."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from khaneh.domains.people import permissions
from khaneh.domains.people.errors import GuardianshipHeldAlready
from khaneh.domains.people.models import Card, Guardianship, ProxyOffer
from khaneh.domains.people.rules import cards as card_rules
from khaneh.domains.people.services.members_guardians import bind
from khaneh.domains.people.services.members_rows import held_both, is_own, require_own, require_state
from khaneh.domains.people.types import CardState, GuardianshipKind, MemberState, Rights
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import Invalid, NotAllowed, NotFound

# A question that nobody answers is none any more.
OPEN_FOR = timedelta(days=30)


def name_proxy(
    *,
    actor: Actor,
    member_id: int,
    barcode: str,
    now: datetime,
    rights: Rights = Rights(),  # noqa: B008 - a frozen value
) -> int:
    """Ask the holder of a card to act for oneself; gives the offer's id. They act once they have said yes (`accept_proxy`).

    Asked again, the rights are those asked for last. A card that nobody has is answered as a wrong field. Raises NotFound, NotAllowed,
    WrongMemberState, Invalid, GuardianshipHeldAlready.
    """
    with db.transaction():
        code = card_rules.read(barcode)
        asked = Card.objects.filter(barcode=code, state=CardState.ACTIVE).values_list("member_id", flat=True).first()
        if asked is None or asked == member_id:
            raise Invalid(fields={"barcode": "not_in_list"})
        rows = held_both(asked, member_id)
        require_own(actor, rows[member_id], now=now)
        for row in rows.values():
            require_state(row, MemberState.ACTIVE)
        valid = Q(valid_until__isnull=True) | Q(valid_until__gt=now)
        if Guardianship.objects.filter(valid, guardian_id=asked, ward_id=member_id).exists():
            raise GuardianshipHeldAlready(guardian=asked, ward=member_id)
        offer, _made = ProxyOffer.objects.update_or_create(
            member_id=member_id,
            proxy_id=asked,
            defaults={
                "may_borrow": rights.borrow,
                "may_request": rights.request,
                "may_see_loans": rights.see_loans,
                "may_pay": rights.pay,
                "card_end": code[-4:],
                "made_at": now,
            },
        )
        journal.record("people.proxy.asked", actor=actor, member=member_id, proxy=asked)
    return offer.pk


def accept_proxy(*, actor: Actor, offer_id: int, now: datetime) -> int:
    """Say yes to acting for somebody; gives the guardianship's id. By the one who was asked alone.

    Raises NotFound, NotAllowed, WrongMemberState, GuardianshipCycle, GuardianshipHeldAlready.
    """
    with db.transaction():
        offer, rows = _held(offer_id, now)
        if not permissions.is_holder(actor, rows[offer.proxy_id].account_id):
            raise NotAllowed(act="people.accept_proxy")
        for row in rows.values():
            require_state(row, MemberState.ACTIVE)
        rights = Rights(offer.may_borrow, offer.may_request, offer.may_see_loans, offer.may_pay)
        proxy = GuardianshipKind.PROXY
        made = bind(
            actor=actor, guardian_id=offer.proxy_id, ward_id=offer.member_id, kind=proxy, rights=rights, now=now
        )
        facts: dict[str, Any] = {"guardian": offer.proxy_id, "ward": offer.member_id, "guardianship_kind": proxy.value}
        offer.delete()
        journal.record("people.guardian.added", actor=actor, **facts)
    return made


def drop_proxy_offer(*, actor: Actor, offer_id: int, now: datetime) -> None:
    """Take the question back, or say no to it: by either of the two. Raises NotFound, NotAllowed."""
    with db.transaction():
        offer, rows = _held(offer_id, now)
        asks, asked = rows[offer.member_id], rows[offer.proxy_id]
        if not is_own(actor, asks, now=now) and not permissions.is_holder(actor, asked.account_id):
            raise NotAllowed(act="people.drop_proxy_offer")
        facts = {"member": offer.member_id, "proxy": offer.proxy_id}
        offer.delete()
        journal.record("people.proxy.dropped", actor=actor, **facts)


def forget_offers(member_ids: list[int]) -> None:
    """No question to or from these members is left, inside an act's transaction. One statement."""
    ProxyOffer.objects.filter(Q(member_id__in=member_ids) | Q(proxy_id__in=member_ids)).delete()


def _held(offer_id: int, now: datetime) -> tuple[ProxyOffer, dict[int, Any]]:
    """The question and both members, held in the order of their ids; then the question again, which an answer may have ended. Raises NotFound."""
    seen = ProxyOffer.objects.filter(pk=offer_id, made_at__gt=now - OPEN_FOR).first()
    if seen is None:
        raise NotFound(what="proxy_offer")
    rows = held_both(seen.member_id, seen.proxy_id)
    offer = ProxyOffer.objects.select_for_update().filter(pk=offer_id).first()
    if offer is None:
        raise NotFound(what="proxy_offer")
    return offer, rows
