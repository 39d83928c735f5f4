"""Cards: given, replaced, closed; the PIN that a machine asks for beside one."""

from __future__ import annotations

import hmac
from datetime import datetime
from hashlib import sha256
from secrets import token_hex

from django.conf import settings
from django.core.cache import cache
from django.db import IntegrityError, connection

from khaneh.domains.people import permissions
from khaneh.domains.people.errors import CardHeldAlready, CardTaken, NoCardInUse, PinLocked
from khaneh.domains.people.models import Card, Member
from khaneh.domains.people.rules import cards as rules
from khaneh.domains.people.rules.members import plain_pin
from khaneh.domains.people.services.members_rows import held, is_own, require_own, require_state
from khaneh.domains.people.types import CardState, MemberState
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import Invalid

_WRONG_PINS = 5
_PIN_MINUTES = 15


def issue_card(*, actor: Actor, member_id: int, house_id: int, now: datetime, barcode: str = "") -> str:
    """Give a card to a member who has none, at the desk of any house; gives its barcode: ours, or the one given.

    Raises NotFound, NotAllowed, WrongMemberState, CardHeldAlready, Invalid, CardTaken.
    """
    permissions.require_desk(actor, house_id)
    with db.transaction():
        member = held(member_id)
        require_state(member, MemberState.ACTIVE)
        if Card.objects.filter(member_id=member_id, state=CardState.ACTIVE).exists():
            raise CardHeldAlready(member=member_id)
        issued = give(member, barcode=barcode, now=now)
        journal.record("people.card.issued", actor=actor, house_id=house_id, member=member_id)
    return issued


def replace_card(
    *, actor: Actor, member_id: int, house_id: int, now: datetime, barcode: str = "", lost: bool = False
) -> str:
    """End the card in use (replaced, or lost) and give another; gives its barcode. The old one opens nothing from then on.

    Raises NotFound, NotAllowed, WrongMemberState, NoCardInUse, Invalid, CardTaken.
    """
    permissions.require_desk(actor, house_id)
    with db.transaction():
        member = held(member_id)
        require_state(member, MemberState.ACTIVE)
        _end(member, CardState.LOST if lost else CardState.REPLACED, now)
        issued = give(member, barcode=barcode, now=now)
        journal.record("people.card.replaced", actor=actor, house_id=house_id, member=member_id, lost=lost)
    return issued


def close_card(*, actor: Actor, member_id: int, now: datetime, house_id: int | None = None, lost: bool = False) -> None:
    """End the card in use: at the desk of any house, or by the member who has lost it. Raises NotFound, NotAllowed, NoCardInUse."""
    with db.transaction():
        member = held(member_id)
        if not is_own(actor, member, now=now):
            permissions.require_desk(actor, house_id if house_id is not None else member.home_house_id)
        _end(member, CardState.LOST if lost else CardState.CLOSED, now)
        journal.record("people.card.closed", actor=actor, house_id=house_id, member=member_id, lost=lost)


def give(member: Member, *, barcode: str, now: datetime) -> str:
    """A card for a member whose row is held, inside an act's transaction. Raises Invalid, CardTaken."""
    code = rules.read(barcode)
    if barcode and (not code or rules.is_misread(code)):
        raise Invalid(fields={"barcode": "not_understood"})
    if code and Card.objects.filter(barcode=code).exclude(member_id=member.pk).exists():
        raise CardTaken(card=code[-4:])
    try:
        with db.transaction():
            card = Card(pk=_next_number(), member_id=member.pk, issued_at=now)
            card.barcode = code or rules.barcode(card.pk)
            card.save(force_insert=True)
    except IntegrityError as error:
        # Two desks at once: neither saw the other's card, the index did. `from None`: the database's words hold the barcode.
        if "people_card_barcode_active" in str(error):
            raise CardTaken(card=code[-4:]) from None
        if "people_card_one_active" in str(error):
            raise CardHeldAlready(member=member.pk) from None
        raise
    return card.barcode


def set_pin(*, actor: Actor, member_id: int, pin: str, now: datetime, house_id: int | None = None) -> None:
    """Set the PIN that self-check asks for; by the member, or at the desk of any house with the member there.

    Four to eight digits, not all the same nor one after the other. Raises NotFound, NotAllowed, Invalid.
    """
    plain = plain_pin(pin)
    if not plain:
        raise Invalid(fields={"pin": "not_understood"})
    with db.transaction():
        member = held(member_id)
        if house_id is None:
            require_own(actor, member, now=now)
        else:
            permissions.require_desk(actor, house_id)
        member.pin = _hashed(plain, token_hex(8))
        member.save(update_fields=["pin"])
        journal.record("people.member.pin_set", actor=actor, house_id=house_id, member=member_id)


def check_pin(*, member_id: int, pin: str) -> bool:
    """Whether this is the member's PIN; one without a PIN has none that fits. After five wrong ones nothing is answered for a while.

    One statement and those of the shared counter. Raises PinLocked.
    """
    counter = f"people.pin.{member_id}"
    wrong = cache.get(counter, 0)
    if wrong >= _WRONG_PINS:
        raise PinLocked(minutes=_PIN_MINUTES)
    kept = Member.objects.filter(pk=member_id).values_list("pin", flat=True).first() or ""
    salt = kept.partition("$")[0]
    fits = bool(kept) and hmac.compare_digest(kept, _hashed(plain_pin(pin), salt))
    if not fits:
        cache.set(counter, wrong + 1, _PIN_MINUTES * 60)
    elif wrong:
        cache.delete(counter)
    return fits


def _hashed(pin: str, salt: str) -> str:
    # No slow hash protects four digits from whoever has the table; a key that is not in the database does, and a gate asks at every loan.
    digest = hmac.digest(settings.SECRET_KEY.encode(), f"khaneh.people.pin:{salt}:{pin}".encode(), sha256)
    return f"{salt}${digest.hex()}"


def _end(member: Member, state: CardState, now: datetime) -> None:
    ended = Card.objects.filter(member_id=member.pk, state=CardState.ACTIVE).update(state=state, ended_at=now)
    if not ended:
        raise NoCardInUse(member=member.pk)


def _next_number() -> int:
    """The next number of the table of cards: never given twice, so neither is a barcode of ours."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('people_card', 'id'))")
        return int(cursor.fetchone()[0])
