"""Whose ledger is meant at the desk: found by card, name, address or code, and named in addresses by what nobody can guess.

A number in an address would let whoever works anywhere read through the names of all accounts.
"""

from __future__ import annotations

from typing import NamedTuple

from django.core import signing
from django.http import Http404

from khaneh.domains.credits.types import Holder
from khaneh.domains.network import queries as network
from khaneh.domains.network.types import OrganisationFilter
from khaneh.domains.people import queries as people
from khaneh.interfaces.web import reader
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import NotAllowed

_SEAL = signing.Signer(salt="khaneh.desk.holder")
_MOST = 12


class Found(NamedTuple):
    """A holder with a name and what tells them from others; without a holder somebody who has no account yet."""

    holder: Holder | None
    name: str
    more: str

    @property
    def token(self) -> str:
        """For an address."""
        return sealed(self.holder) if self.holder is not None else ""


def sealed(holder: Holder) -> str:
    """A holder for an address."""
    kind, number = ("o", holder.organisation_id) if holder.organisation_id is not None else ("a", holder.account_id)
    return _SEAL.sign(f"{kind}{number}")


def opened(token: str) -> tuple[Holder, str]:
    """The holder that an address names, and their name. Raises Http404."""
    try:
        text = _SEAL.unsign(token)
    except signing.BadSignature as broken:
        raise Http404 from broken
    number = int(text[1:])
    if text[0] == "a":
        return Holder(number), people.account_names([number]).get(number, "")
    body = network.organisation_refs([number]).get(number)
    if body is None:
        raise Http404
    return Holder(organisation_id=number), body.names.pick(reader.current().language)


def find(actor: Actor, text: str) -> list[Found]:
    """Accounts and organisations that a card, a name, an address or a code means. At most eight statements."""
    text = text.strip()
    if not text:
        return []
    language = reader.current().language
    if "@" in text:
        account = people.account_by_email(text)
        return [Found(Holder(account.id), account.name or account.email, account.email)] if account is not None else []
    try:
        members = people.find_members(actor=actor, text=text, limit=_MOST)
    except NotAllowed:
        members = []
    contacts = people.contacts([line.id for line in members])
    found = []
    for line in members:
        account_id = contacts[line.id].account_id if line.id in contacts else None
        more = " · ".join(part for part in (line.card, line.home_house.names.pick(language)) if part)
        found.append(Found(Holder(account_id) if account_id is not None else None, line.name, more))
    bodies = network.organisations(OrganisationFilter(text=text), language=language, limit=_MOST).rows
    return found + [Found(Holder(organisation_id=row.id), row.names.pick(language), row.code) for row in bodies]
