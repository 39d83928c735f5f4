"""What a member decides about what is kept: history, a copy of everything, being forgotten.

The journal is append-only and takes no part in forgetting, because it never holds more than numbers: of a member, an account, a house. When
the member's row says nobody, those numbers say nobody too.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from enum import Enum
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db.models import Q

from khaneh.domains.people import permissions, queries
from khaneh.domains.people.errors import SomethingOwed
from khaneh.domains.people.models import (
    Account,
    CalendarKey,
    Card,
    Guardianship,
    Member,
    MemberBlock,
    MemberMerge,
    MemberMessage,
    ProxyOffer,
    Token,
)
from khaneh.domains.people.services import personal_data
from khaneh.domains.people.services.accounts import close_account
from khaneh.domains.people.services.members_proxies import forget_offers
from khaneh.domains.people.services.members_rows import held, is_own, require_own
from khaneh.domains.people.types import MemberState, Owed
from khaneh.infrastructure import db, journal, mail
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import NotAllowed


def set_keep_history(*, actor: Actor, member_id: int, keep: bool, now: datetime) -> bool:
    """Keep what the member reads from now on, or keep nothing and forget what was kept, at once; False when it was so already.

    Only the member, or who answers for them, decides. Higher domains follow `people.member.history_off` (facts member) and forget in the same
    transaction. Raises NotFound, NotAllowed.
    """
    with db.transaction():
        member = held(member_id)
        require_own(actor, member, now=now)
        if member.keep_history == keep:
            return False
        Member.objects.filter(pk=member_id).update(keep_history=keep)
        journal.record(f"people.member.history_{'on' if keep else 'off'}", actor=actor, member=member_id)
    return True


def owed(*, actor: Actor, member_id: int, now: datetime) -> list[Owed]:
    """What stands in the way of forgetting a member, for them and for a lead of their home house. Raises NotFound, NotAllowed."""
    with db.transaction():
        member = held(member_id)
        _require_own_or_lead(actor, member, now)
        return personal_data.owed_by(_one_person(member_id))


def export_member_data(*, actor: Actor, member_id: int, now: datetime) -> dict[str, Any]:
    """Everything that is kept about a member, as JSON values: our own part under `member`, each registered part under its name.

    For the member, who answers for them, and a lead of the home house. Nothing of it is stored. Raises NotFound, NotAllowed.
    """
    with db.transaction():
        member = held(member_id)
        _require_own_or_lead(actor, member, now)
        row = queries.member(actor=actor, member_id=member_id, now=now)
        own = _plain(
            {
                "name": row.name, "category": row.category.code, "home_house": row.home_house.code, "state": row.state,
                "birth_date": row.birth_date, "phone": row.phone, "email": row.email, "address": row.address,
                "language": row.language, "calendar": row.calendar, "identity_number_is_known": row.has_national_id,
                "pin_is_set": row.has_pin, "keeps_history": row.keep_history, "joined_on": row.joined_on,
                "expires_on": row.expires_on,
                "cards": [card._asdict() for card in row.cards],
                "guardians": [one._asdict() for one in row.guardians],
                "wards": [one._asdict() for one in row.wards],
                "proxy_offers": list(
                    ProxyOffer.objects.filter(member_id=member_id).order_by("pk").values("card_end", "made_at")
                ),
                "blocks": list(
                    MemberBlock.objects.filter(member_id=member_id)
                    .order_by("pk").values("reason", "note", "placed_at", "until", "lifted_at")
                ),
                "tokens": list(
                    Token.objects.filter(account_id=member.account_id or 0)
                    .order_by("pk").values("name", "access", "created_at", "expires_at", "used_at", "revoked_at")
                ),
                "calendar_keys": list(
                    CalendarKey.objects.filter(account_id=member.account_id or 0)
                    .order_by("pk").values("name", "made_at", "used_at")
                ),
                "messages": list(
                    MemberMessage.objects.filter(member_id=member_id).order_by("pk").values("text", "left_at", "read_at")
                ),
            }
        )  # fmt: skip
        parts = {name: _plain(keeper.exporter(member_id)) for name, keeper in personal_data.keepers().items()}
        journal.record("people.member.exported", actor=actor, house_id=member.home_house_id, member=member_id)
    return {"member": own, **parts}


def erase_member(*, actor: Actor, member_id: int, now: datetime) -> None:
    """Forget a member: rows that only speak of them go, their own stays as nobody's, every registered part forgets, in one transaction.

    Those who were merged into them are forgotten too. Where the actor is the member, their account is closed with it; an account that somebody
    else erases from loses its membership only. Letters to them in the outbox folder go with the commit. By the member, who answers for
    them, or a lead of the home house. Raises NotFound, NotAllowed, SomethingOwed, LastAdministrator.
    """
    with db.transaction():
        member = held(member_id)
        _require_own_or_lead(actor, member, now)
        numbers = _one_person(member_id)
        still = personal_data.owed_by(numbers)
        if still:
            raise SomethingOwed(
                owed=[{"code": one.code, "label": one.label.to_dict(), "count": one.count} for one in still]
            )
        addresses = _addresses(numbers)
        with personal_data.forgetting():
            for keeper in personal_data.keepers().values():
                for number in numbers:
                    keeper.eraser(number, now)
            account_id = member.account_id
            _forget_rows(numbers)
            for number in numbers:
                journal.record("people.member.erased", actor=actor, house_id=member.home_house_id, member=number)
            if account_id is not None and actor.account_id == account_id:
                close_account(actor=actor, account_id=account_id, now=now)
        db.on_commit(lambda: mail.forget(settings.KHANEH_HOME / "outbox", addresses))


def erase_myself(*, actor: Actor, now: datetime) -> None:
    """Forget the actor: the membership, if there is one, and the account. Raises NotAllowed, SomethingOwed, LastAdministrator."""
    if actor.account_id is None:
        raise NotAllowed(act="people.erase_myself")
    with db.transaction():
        member_id = queries.member_of_account(actor.account_id)
        if member_id is not None:
            erase_member(actor=actor, member_id=member_id, now=now)
            return
        addresses = set(Account.objects.filter(pk=actor.account_id).values_list("email", flat=True))
        close_account(actor=actor, account_id=actor.account_id, now=now)
        db.on_commit(lambda: mail.forget(settings.KHANEH_HOME / "outbox", addresses))


def _forget_rows(numbers: list[int]) -> None:
    MemberMessage.objects.filter(member_id__in=numbers).delete()
    MemberBlock.objects.filter(member_id__in=numbers).delete()
    Card.objects.filter(member_id__in=numbers).delete()
    forget_offers(numbers)
    Guardianship.objects.filter(Q(guardian_id__in=numbers) | Q(ward_id__in=numbers)).delete()
    Member.objects.filter(pk__in=numbers).update(
        state=MemberState.ERASED.value, account=None, given_name="", family_name="", birth_date=None, phone="", email="",
        address="", national_id_hash=None, pin="", keep_history=False, search_key="",
    )  # fmt: skip
    for number in numbers:
        cache.delete(f"people.pin.{number}")


def _one_person(member_id: int) -> list[int]:
    """The member and everybody merged into them, however long the chain."""
    found = [member_id]
    while True:
        more = (
            MemberMerge.objects.filter(kept_id__in=found).exclude(gone_id__in=found).values_list("gone_id", flat=True)
        )
        new = sorted(more)
        if not new:
            return found
        found += new


def _addresses(numbers: list[int]) -> set[str]:
    """Where letters and text messages went."""
    rows = Member.objects.filter(pk__in=numbers).values_list("email", "account__email", "phone")
    return {address for row in rows for address in row if address}


def _require_own_or_lead(actor: Actor, member: Member, now: datetime) -> None:
    if not is_own(actor, member, now=now):
        permissions.require_lead(actor, member.home_house_id)


def _plain(value: Any) -> Any:
    """JSON values of ours: days and instants as ISO 8601, names as their three languages."""
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return _plain(value._asdict())
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str | int | float | bool | None):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Iterable):
        return [_plain(one) for one in value]
    raise TypeError(f"no JSON value: {type(value).__name__}")
