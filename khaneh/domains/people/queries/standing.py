"""How a member stands at the moment of an act: what policies ask, in one statement."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from khaneh.domains.people.models import Member
from khaneh.domains.people.types import MemberState, full_name
from khaneh.infrastructure import db

# A card that was replaced or lost opens nothing: only the active one finds its member.
_STANDING = """
SELECT m.id, m.state, m.home_house_id, c.code, m.birth_date, m.expires_on, m.keep_history, m.language, m.account_id,
       m.given_name, m.family_name,
       ARRAY(SELECT b.reason FROM people_memberblock b
             WHERE b.member_id = m.id AND b.lifted_at IS NULL AND (b.until IS NULL OR b.until > %(now)s::timestamptz) ORDER BY b.id),
       c.needs_guardian AND NOT EXISTS (
           SELECT FROM people_guardianship g
           WHERE g.ward_id = m.id AND g.valid_from <= %(now)s::timestamptz AND (g.valid_until IS NULL OR g.valid_until > %(now)s::timestamptz))
FROM people_member m JOIN people_membercategory c ON c.id = m.category_id
WHERE """
_BY_NUMBER_OR_CARD = """m.id = COALESCE(
    %(member)s::bigint,
    (SELECT k.member_id FROM people_card k WHERE k.barcode = %(card)s::text AND k.state = 'active'))
"""
_LOCKED = " FOR NO KEY UPDATE OF m"


@dataclass(frozen=True, slots=True)
class Standing:
    """A member as policies see them. `blocks` are reason codes; `lacks_guardian` says that the category asks for one and none counts."""

    member_id: int
    state: MemberState
    home_house_id: int
    category: str
    birth_date: date | None
    expires_on: date | None
    keep_history: bool
    language: str
    account_id: int | None
    name: str
    blocks: tuple[str, ...]
    lacks_guardian: bool

    def age_on(self, day: date) -> int | None:
        """Whole years, by the Gregorian calendar; somebody born on 29 February is a year older on 1 March. None where not known."""
        return age_on(self.birth_date, day)

    def is_expired_on(self, day: date) -> bool:
        """Whether the membership has run out before the day; its last day still counts."""
        return self.state != MemberState.ACTIVE or self.expires_on is None or self.expires_on < day


def age_on(born: date | None, day: date) -> int | None:
    """As `Standing.age_on`, of a day of birth."""
    return None if born is None else day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def history_keepers(member_ids: Iterable[int]) -> set[int]:
    """Those of the members who keep what they read. One statement."""
    return set(Member.objects.filter(pk__in=set(member_ids), keep_history=True).values_list("pk", flat=True))


def standing(*, now: datetime, member_id: int | None = None, card: str = "", lock: bool = False) -> Standing | None:
    """A member by id or by the barcode of their active card, or None. One statement.

    With `lock` the row is held until the transaction ends, so that two desks count one after the other; members come before copies in the
    order of locks.
    """
    query = _STANDING + _BY_NUMBER_OR_CARD + (_LOCKED if lock else "")
    return _standing(db.fetch_one(query, {"now": now, "member": member_id, "card": card}))


def standing_of_account(account_id: int, *, now: datetime) -> db.Read:
    """How the member stands that an account belongs to, or None, as a part of `db.read`."""
    return db.Read(_STANDING + "m.account_id = %(account)s::bigint", {"now": now, "account": account_id}, 13, _standing)


def _standing(row: tuple[Any, ...] | None) -> Standing | None:
    if row is None:
        return None
    (number, state, home, category, born, expires, keeps, language, account, given, family, blocks, lacks) = row
    return Standing(
        member_id=number,
        state=MemberState(state),
        home_house_id=home,
        category=category,
        birth_date=born,
        expires_on=expires,
        keep_history=keeps,
        language=language,
        account_id=account,
        name=full_name(given, family, language),
        blocks=tuple(blocks),
        lacks_guardian=lacks,
    )
