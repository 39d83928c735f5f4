"""Doing afterwards what was done without a line, by the same services that every desk calls. Spec: CIRC-OFF-5.

What comes before an act here is only what a late one needs: whether the copy has gone on since, and who a new member became.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from khaneh.domains.catalogue import queries as catalogue
from khaneh.domains.catalogue.queries.within import with_catalogue
from khaneh.domains.circulation.errors import CardUnknown, CopyOnLoan, CopyUnknown, NothingToLend
from khaneh.domains.circulation.models import Conflict, OfflineEntry, StrayReturn
from khaneh.domains.circulation.services.lending import check_out
from khaneh.domains.circulation.services.requesting import place_request
from khaneh.domains.circulation.services.returning import check_in
from khaneh.domains.circulation.types import (
    Channel,
    ConflictKind,
    ConflictState,
    EntryOutcome,
    Override,
    RequestLevel,
    Returned,
)
from khaneh.domains.people import queries as people
from khaneh.domains.people import services as people_services
from khaneh.domains.people.errors import CardTaken, GuardianMissing, PossibleDuplicate
from khaneh.domains.people.types import MemberDraft
from khaneh.domains.policies.types import PolicyRefused
from khaneh.infrastructure import db
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import Invalid, Refusal

_STANDS = with_catalogue(
    """
SELECT c.id, l.id, l.member_id, l.lent_at, greatest(t.sent_at, r.captured_at)
FROM {bare_copies} c
LEFT JOIN circulation_occupancy o ON o.copy_id = c.id
LEFT JOIN circulation_loan l ON l.id = o.loan_id
LEFT JOIN circulation_transfer t ON t.id = o.transfer_id
LEFT JOIN circulation_request r ON r.id = o.request_id
WHERE c.barcode = %s AND NOT c.withdrawn
"""
)
_LOCKED = " FOR NO KEY UPDATE OF c"
_BY_REASON = {
    "circulation.member_blocked": ConflictKind.MEMBER_BLOCKED,
    "circulation.membership_ended": ConflictKind.MEMBER_EXPIRED,
    "circulation.not_for_loan": ConflictKind.NOT_FOR_LOAN,
    "circulation.copy_reserved": ConflictKind.RESERVED,
}
_BY_REFUSAL: dict[type[Refusal], ConflictKind] = {
    CardUnknown: ConflictKind.CARD_UNKNOWN,
    CopyUnknown: ConflictKind.COPY_UNKNOWN,
    CopyOnLoan: ConflictKind.COPY_LENT,
    NothingToLend: ConflictKind.NOT_FOR_LOAN,
    CardTaken: ConflictKind.CARD_TAKEN,
    PossibleDuplicate: ConflictKind.POSSIBLE_DUPLICATE,
    GuardianMissing: ConflictKind.INCOMPLETE,
    Invalid: ConflictKind.INCOMPLETE,
}


@dataclass(frozen=True, slots=True)
class Standing:
    """What has become of a copy: who has it, and when it was last seen elsewhere. `moved_at` is a journey or a place on a hold shelf."""

    copy_id: int
    loan_id: int | None
    lent_to: int | None
    lent_at: datetime | None
    moved_at: datetime | None


class MemberWaits(Exception):
    """The member was registered by an entry that is not settled yet."""


def standing_of(barcode: str, *, lock: bool = False) -> Standing | None:
    """What holds a copy, or None for no copy. One statement; with `lock` the copy is held."""
    row = db.fetch_one(_STANDS + _LOCKED if lock else _STANDS, [barcode])
    return Standing(*row) if row is not None else None


def seen_since(stands: Standing, at: datetime) -> bool:
    """Whether a copy that nobody has was scanned elsewhere after an instant. At most one statement."""
    if stands.moved_at is not None:
        return stands.moved_at > at
    return StrayReturn.objects.filter(copy_id=stands.copy_id, at__gt=at).exists()


def lend(
    *,
    actor: Actor,
    house_id: int,
    facts: Mapping[str, Any],
    member_id: int | None,
    at: datetime,
    now: datetime,
    override: Override | None = None,
    channel: Channel = Channel.OFFLINE,
) -> dict[str, Any]:
    """Make the loan of that time. What came in somewhere since, although nobody had it, ended this loan. Raises what check_out raises."""
    lent = check_out(
        actor=actor,
        house_id=house_id,
        barcode=text(facts, "barcode"),
        card=text(facts, "card") if member_id is None else "",
        member_id=member_id,
        now=at,
        channel=channel,
        override=override,
        promised_due=instant(facts.get("due")),
    )
    result: dict[str, Any] = {"loan_id": lent.loan_id, "due": lent.due_at.isoformat()}
    stray = StrayReturn.objects.filter(copy_id=lent.copy_id, at__gt=at).order_by("at").first()
    if stray is not None:
        check_in(
            actor=actor,
            house_id=house_id,
            barcode=text(facts, "barcode"),
            now=now,
            returned_at=stray.at,
            channel=channel,
        )
        result["returned"] = True
    return result


def take_back(
    *, actor: Actor, house_id: int, facts: Mapping[str, Any], at: datetime, now: datetime
) -> tuple[dict[str, Any], Returned]:
    """Take the copy in; lateness counts up to that time. Raises what check_in raises."""
    back = check_in(
        actor=actor, house_id=house_id, barcode=text(facts, "barcode"), now=now, returned_at=at, channel=Channel.OFFLINE
    )
    result = {
        "loan_id": back.loan_id,
        "goes_to": back.goes_to.value,
        "to_house_id": back.to_house_id,
        "request_id": back.request_id,
        "transfer_id": back.transfer_id,
        "late_days": back.was_late_days,
        "fee": back.fee,
        "currency": back.currency,
    }
    return result, back


def ask(
    *,
    actor: Actor,
    house_id: int,
    facts: Mapping[str, Any],
    member_id: int | None,
    at: datetime,
    now: datetime,
    override: Override | None = None,
) -> dict[str, Any]:
    """Put the reader into the queue for what the copy is of, at the place of that time.

    With `any_edition` among the facts the reader named a title and had no copy in hand: any edition of its work will do. Raises what
    place_request raises, CardUnknown, CopyUnknown.
    """
    if member_id is None:
        found = people.standing(now=now, card=text(facts, "card"))
        if found is None:
            raise CardUnknown(card=text(facts, "card")[-4:])
        member_id = found.member_id
    copy = catalogue.lending_copy(barcode=text(facts, "barcode"))
    if copy is None:
        raise CopyUnknown(barcode=text(facts, "barcode"))
    level, target_id = RequestLevel.RECORD, copy.record_id
    if facts.get("any_edition") is True and copy.work_id is not None:
        level, target_id = RequestLevel.WORK, copy.work_id
    placed = place_request(
        actor=actor, member_id=member_id, level=level, target_id=target_id, pickup_house_id=house_id,
        now=now, channel=Channel.OFFLINE, override=override, asked_at=at,
    )  # fmt: skip
    return {"request_id": placed.request_id}


def register(
    *, actor: Actor, house_id: int, facts: Mapping[str, Any], at: datetime, sure: bool = False
) -> dict[str, Any]:
    """Make the member. Raises what register_member raises, CardUnknown for a guardian's card."""
    guardian_id = None
    if text(facts, "guardian"):
        guardian = people.standing(now=at, card=text(facts, "guardian"))
        if guardian is None:
            raise CardUnknown(card=text(facts, "guardian")[-4:])
        guardian_id = guardian.member_id
    draft = MemberDraft(
        family_name=text(facts, "family_name"),
        given_name=text(facts, "given_name"),
        category=text(facts, "category"),
        home_house_id=house_id,
        birth_date=_day(text(facts, "birth_date")),
        phone=text(facts, "phone"),
        email=text(facts, "email"),
        address=text(facts, "address"),
        language=text(facts, "language") or "en",
    )
    made = people_services.register_member(
        actor=actor, draft=draft, now=at, barcode=text(facts, "card"), guardian_id=guardian_id, sure=sure
    )
    return {"member_id": made.member_id}


def member_of(*, device_id: int | None, facts: Mapping[str, Any]) -> int | None:
    """The member that an entry of the same log registered, where the act names one; None where it has a card. Raises MemberWaits."""
    number = facts.get("member_entry")
    if number is None:
        return None
    entry = OfflineEntry.objects.filter(device_id=device_id, number=_number(number)).first()
    if entry is not None and entry.outcome == EntryOutcome.DONE and entry.result and "member_id" in entry.result:
        return int(entry.result["member_id"])
    settled = Conflict.objects.filter(
        device_id=device_id, number=_number(number), state=ConflictState.ACCEPTED.value, member_id__isnull=False
    ).first()
    if settled is None:
        raise MemberWaits
    return settled.member_id


def kind_of(refusal: Refusal) -> ConflictKind:
    """Why a person must look at it."""
    if isinstance(refusal, PolicyRefused):
        codes = [reason["code"] for reason in refusal.facts["reasons"]]
        for code in codes:
            if code in _BY_REASON:
                return _BY_REASON[code]
        return (
            ConflictKind.OVER_LIMIT if any(code.startswith("limit.") for code in codes) else ConflictKind.AGAINST_RULES
        )
    return _BY_REFUSAL.get(type(refusal), ConflictKind.FAILED)


def text(facts: Mapping[str, Any], name: str) -> str:
    """A text among what was written down; empty for anything else."""
    value = facts.get(name)
    return value.strip()[:300] if isinstance(value, str) else ""


def instant(value: object) -> datetime | None:
    """An instant with its zone, or None."""
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value) if value else None
    except ValueError as error:
        raise Invalid(fields={"birth_date": "not_understood"}) from error


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0
