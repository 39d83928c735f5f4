"""Whom a card, a name, a telephone number or an e-mail address means, for what is done for an account and not for a membership."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.translation import gettext as _

from khaneh.domains.people import queries as people
from khaneh.interfaces.web import reader
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import NotAllowed

MOST = 12


class Person(NamedTuple):
    """Somebody who may be meant: an account, or a member who has none (None) and can neither book nor hold anything until they have."""

    account_id: int | None
    name: str
    more: str


def found(actor: Actor, text: str) -> list[Person]:
    """Those who answer, best first. About eight statements."""
    if "@" in text and (account := people.account_by_email(text.strip())) is not None:
        return [Person(account.id, account.name or account.email, account.email)]
    try:
        members = people.find_members(actor=actor, text=text, limit=MOST)
    except NotAllowed:  # who keeps no memberships finds people by the whole address alone
        return []
    contacts = people.contacts([line.id for line in members])
    language = reader.current().language
    return [
        Person(
            contacts[line.id].account_id if line.id in contacts else None,
            line.name,
            _(", ").join(part for part in (line.card, line.home_house.names.pick(language)) if part),
        )
        for line in members
    ]


def problem(persons: list[Person], chosen: Person | None) -> str:
    """Why nothing can be done for whoever answers; empty where something can."""
    if not persons:
        return _(
            "Nobody answers this. Whoever is no member yet needs an account: it is made in two minutes on our website."
        )
    if chosen is not None and chosen.account_id is None:
        return _(
            "%(name)s has a membership and no account yet: they make one on our website with the e-mail address of the membership."
        ) % {"name": chosen.name}
    return ""


def picked(persons: list[Person], account_id: int | None) -> Person | None:
    """The one who was chosen, or the only one."""
    if account_id is not None:
        return next((one for one in persons if one.account_id == account_id), None)
    return persons[0] if len(persons) == 1 else None
