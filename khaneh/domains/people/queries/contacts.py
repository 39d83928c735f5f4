"""How members are reached, for those who write to them; and whose membership ends soon."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from khaneh.domains.people.models import Account, Member
from khaneh.domains.people.types import MemberState, full_name


@dataclass(frozen=True, slots=True)
class Contact:
    """A member as a letter needs them. `email` and `phone` are empty where none is known; `calendar` is auto, jalali or gregorian."""

    member_id: int
    state: MemberState
    name: str
    email: str
    phone: str
    language: str
    calendar: str
    account_id: int | None
    home_house_id: int


def contacts(member_ids: Iterable[int]) -> dict[int, Contact]:
    """Contacts by member. One statement."""
    rows = Member.objects.filter(pk__in=set(member_ids)).values_list(
        "pk", "state", "given_name", "family_name", "email", "phone", "language", "calendar", "account_id",
        "home_house_id", "account__email",
    )  # fmt: skip
    return {
        pk: Contact(
            pk, MemberState(state), full_name(given, family, language), email or own or "", phone, language, calendar,
            account, home,
        )
        for pk, state, given, family, email, phone, language, calendar, account, home, own in rows
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class AccountContact:
    """The holder of an account as a letter needs them, whether or not they are a member."""

    account_id: int
    is_active: bool
    name: str
    email: str
    language: str
    calendar: str


def account_contacts(account_ids: Iterable[int]) -> dict[int, AccountContact]:
    """Contacts by account. One statement."""
    rows = Account.objects.filter(pk__in=set(account_ids)).values_list(
        "pk", "is_active", "name", "email", "language", "calendar"
    )
    return {row[0]: AccountContact(*row) for row in rows}


def member_of_account(account_id: int) -> int | None:
    """The member that an account belongs to, or None. One statement."""
    return Member.objects.filter(account_id=account_id).values_list("pk", flat=True).first()


def members_of_accounts(account_ids: Iterable[int]) -> dict[int, int]:
    """The members of accounts that have one, by account. One statement."""
    found = Member.objects.filter(account_id__in=set(account_ids)).values_list("account_id", "pk")
    return {account_id: number for account_id, number in found if account_id is not None}


def memberships_ending(*, house_id: int, first: date, last: date) -> dict[int, date]:
    """The active members of a home house whose membership ends from `first` to `last`, with the day. One statement."""
    rows = Member.objects.filter(
        home_house_id=house_id, state=MemberState.ACTIVE.value, expires_on__range=(first, last)
    ).values_list("pk", "expires_on")
    return {pk: day for pk, day in rows if day is not None}


def membership_ends(member_ids: Iterable[int]) -> dict[int, date]:
    """The last day of active memberships, by member. One statement."""
    rows = Member.objects.filter(pk__in=set(member_ids), state=MemberState.ACTIVE.value)
    return {pk: day for pk, day in rows.values_list("pk", "expires_on") if day is not None}
