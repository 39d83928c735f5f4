"""The persons of a group when it books: who they are, whether their own quotas have room for it, their rows.

Called with the lock of everybody who is named held (`judging.hold`): whoever is named in two groups at one moment counts in one of them
after the other.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from khaneh.domains.network import queries as network
from khaneh.domains.people import queries as people
from khaneh.domains.policies import services as policies
from khaneh.domains.spaces.errors import PersonOverLimit
from khaneh.domains.spaces.models import BookingPerson, WaitingPerson
from khaneh.domains.spaces.queries.situation import situation
from khaneh.domains.spaces.services import judging
from khaneh.domains.spaces.services.judging import Wish
from khaneh.domains.spaces.types import MOST_NAMED, Companion, PersonDraft
from khaneh.kernel.refusal import Invalid

LONGEST_NAME = 200
_Named = TypeVar("_Named", BookingPerson, WaitingPerson)
# The right by which a limit is passed over for who books passes over it for the group.
_RIGHT = "book_over_limit"


def companions(drafts: Sequence[PersonDraft], *, account_id: int | None, now: datetime) -> tuple[Companion, ...]:
    """Who is named, each once. `account_id` is who books, who is counted anyway. One statement a card.

    Raises Invalid: `persons` (too_many), `persons.N` from 1 (required, too_long, card_unknown, card_without_account, twice, is_booker).
    """
    if len(drafts) > MOST_NAMED:
        raise Invalid(fields={"persons": "too_many"})
    wrong: dict[str, str] = {}
    found: list[Companion] = []
    for number, draft in enumerate(drafts, 1):
        one, why = _companion(draft, now)
        if not why and one.account_id is not None:
            if one.account_id == account_id:
                why = "is_booker"
            elif one.account_id in {other.account_id for other in found}:
                why = "twice"
        if why:
            wrong[f"persons.{number}"] = why
        found.append(one)
    if wrong:
        raise Invalid(fields=wrong)
    return tuple(found)


def accounts_of(persons: Collection[Companion]) -> set[int]:
    """Whose quotas may be concerned: the locks to hold."""
    return {one.account_id for one in persons if one.account_id is not None}


def counts(wish: Wish, terms: Mapping[str, Any]) -> bool:
    """Whether everybody of the group counts: not what is booked for an organisation, which counts for it alone, and as the rules say.

    `terms` are those of the policies' answer, or what a booking keeps of them.
    """
    return wish.organisation_id is None and not wish.own_use and terms.get("group_counts") is not False


def refuse_over_limit(wish: Wish, terms: Mapping[str, Any], *, rights: Collection[str], now: datetime) -> None:
    """Whether everybody's own quotas have room for the booking, by the rules as they are for that person. Four statements a person.

    Raises PersonOverLimit, with the names as who booked wrote them and nothing of what these persons have booked.
    """
    over = () if _RIGHT in rights else over_limit(wish, terms, now=now)
    if over:
        raise PersonOverLimit(names=[one.name for one in over])


def over_limit(wish: Wish, terms: Mapping[str, Any], *, now: datetime) -> list[Companion]:
    """Those of a group whose own quotas have no room for the booking. Four statements a person."""
    if not wish.persons or not counts(wish, terms):
        return []
    house = network.house_facts(wish.space.house.id)
    over = []
    for one in wish.persons:
        if one.account_id is None:
            continue
        theirs = replace(wish, account_id=one.account_id)
        found = situation(
            wish.space, wish.blocks, starts=wish.starts, ends=wish.ends, account_id=one.account_id, organisation_id=None,
            zone=house.calendar.zone, reckoning=house.reckoning, now=now, except_id=wish.except_id,
        )  # fmt: skip
        question = judging.question(theirs, found, booker=people.actor(one.account_id, now=now), now=now)
        judged = policies.decide(question, store=False)
        if any(reason.code.startswith("limit.person_") for reason in judged.refusals):
            over.append(one)
    return over


def write(booking_id: int, persons: Collection[Companion], *, counted: bool, now: datetime) -> None:
    """The rows of who is named. One statement."""
    BookingPerson.objects.bulk_create(
        BookingPerson(
            booking_id=booking_id, account_id=one.account_id, name=one.name,
            counts=counted and one.account_id is not None, named_at=now,
        )
        for one in persons
    )  # fmt: skip


def counted_anew(booking_id: int, counted: bool) -> None:
    """Whether a booking counts for its members, by the rules under which it was changed. One statement."""
    BookingPerson.objects.filter(booking_id=booking_id, account__isnull=False).update(counts=counted)


def named(booking_id: int) -> tuple[Companion, ...]:
    """Who is named and has not withdrawn. One statement."""
    rows = BookingPerson.objects.filter(booking_id=booking_id, left_at=None).order_by("pk")
    return tuple(Companion(*row) for row in rows.values_list("name", "account_id"))


def matched(there: Sequence[_Named], wanted: Sequence[Companion]) -> tuple[dict[int, _Named], list[Companion]]:
    """Which rows stay, by number, and who is new. A name alone stands for whom it stood before. Raises Invalid (persons.N: twice)."""
    stays: dict[int, _Named] = {}
    new: list[Companion] = []
    for number, one in enumerate(wanted, 1):
        row = next((row for row in there if row.pk not in stays and _is_same(row, one)), None)
        if row is not None:
            stays[row.pk] = row
        elif one.account_id is not None and one.account_id in {row.account_id for row in stays.values()}:
            raise Invalid(fields={f"persons.{number}": "twice"})
        else:
            new.append(one)
    return stays, new


def _is_same(row: BookingPerson | WaitingPerson, one: Companion) -> bool:
    return row.account_id == one.account_id if one.account_id is not None else row.name == one.name


def _companion(draft: PersonDraft, now: datetime) -> tuple[Companion, str]:
    name, card = " ".join(draft.name.split()), draft.card.strip()
    account_id = None
    why = "" if name else "required"
    if len(name) > LONGEST_NAME:
        why = "too_long"
    elif card:
        member = people.standing(now=now, card=card)
        account_id = member.account_id if member is not None else None
        why = why or ("card_unknown" if member is None else "card_without_account" if account_id is None else "")
    return Companion(name, account_id), why
