"""Who is written to: a member, or the holder of an account that has no membership, who gets what concerns the account."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from khaneh.domains.people.queries.contacts import Contact, account_contacts, contacts
from khaneh.domains.people.types import MemberState


class Reader(NamedTuple):
    """Whoever reads a message: a member, or an account. `gone`: nobody is written to any more; `signs_in`: there is an account to look into."""

    member_id: int | None
    account_id: int | None
    name: str
    email: str
    phone: str
    language: str
    calendar: str
    gone: bool = False
    signs_in: bool = True

    @property
    def key(self) -> tuple[int | None, int | None]:
        """What their rows hold: a member, or an account and no member."""
        return self.member_id, None if self.member_id is not None else self.account_id


def of_member(contact: Contact) -> Reader:
    """A member as a reader."""
    gone = contact.state in (MemberState.ERASED, MemberState.CLOSED)
    return Reader(
        contact.member_id, contact.account_id, contact.name, contact.email, contact.phone, contact.language,
        contact.calendar, gone, contact.account_id is not None,
    )  # fmt: skip


def readers(
    *, member_ids: Iterable[int | None] = (), account_ids: Iterable[int | None] = ()
) -> dict[tuple[int | None, int | None], Reader]:
    """Readers by what their rows hold. One statement for members, one for accounts, none where there are none."""
    members = {number for number in member_ids if number is not None}
    accounts = {number for number in account_ids if number is not None}
    found = [of_member(one) for one in contacts(members).values()] if members else []
    if accounts:
        found += [
            Reader(None, one.account_id, one.name, one.email, "", one.language, one.calendar, not one.is_active)
            for one in account_contacts(accounts).values()
        ]
    return {one.key: one for one in found}
