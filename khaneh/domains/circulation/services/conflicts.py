"""What was done without a line and does not agree with the rest: keeping it, and a person's settling it, once. Spec: CIRC-OFF-6."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from khaneh.domains.circulation import permissions
from khaneh.domains.circulation.errors import ConflictSettled
from khaneh.domains.circulation.models import Conflict
from khaneh.domains.circulation.services import late_acts
from khaneh.domains.circulation.services.returning import check_in
from khaneh.domains.circulation.types import (
    Channel,
    ConflictKind,
    ConflictSource,
    ConflictState,
    EntryAct,
    Override,
)
from khaneh.domains.network import queries as network
from khaneh.domains.people import queries as people
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import Invalid, NotFound, Refusal

LONGEST_REASON = 500
# What is over before anybody looks at it: nothing could be done about it any more.
ONLY_SET_ASIDE = frozenset({ConflictKind.TAMPERED})


def keep_conflict(
    *,
    source: ConflictSource,
    house_id: int,
    act: str,
    kind: ConflictKind,
    facts: Mapping[str, Any],
    happened_at: datetime,
    now: datetime,
    number: int | None = None,
    device_id: int | None = None,
    terminal_id: int | None = None,
    done: bool = False,
    loan_id: int | None = None,
    member_id: int | None = None,
) -> int:
    """Keep something for a person of the house; gives its id. In the caller's transaction; at most two statements.

    `act` is an EntryAct; `facts` are what was scanned (card, barcode, due…) and why it does not agree (reasons of the policies, members who
    may be the same…); `done` says that the act stands already (with `loan_id` where it made a loan), so that it can be undone.
    """
    if member_id is None and isinstance(facts.get("card"), str) and act != EntryAct.REGISTER:
        found = people.standing(now=now, card=facts["card"])
        member_id = found.member_id if found is not None else None
    return Conflict.objects.create(
        source=source.value, house_id=house_id, device_id=device_id, terminal_id=terminal_id, number=number, act=act,
        kind=kind.value, done=done, happened_at=happened_at, recorded_at=now, facts=dict(facts), member_id=member_id,
        loan_id=loan_id,
    ).pk  # fmt: skip


def settle_conflict(
    *,
    actor: Actor,
    conflict_id: int,
    how: ConflictState,
    reason: str,
    now: datetime,
    as_member: int | None = None,
) -> None:
    """Settle one: accept (do it all the same, by the rights that its reasons ask for; or let stand what was done), undo what was done, or set
    it aside. `as_member` says that who was registered is this member of ours.

    Where it cannot be done it stays open. Raises NotAllowed, NotFound, Invalid, ConflictSettled, and what the act itself raises.
    """
    if how is ConflictState.OPEN:
        raise Invalid(fields={"how": "not_in_list"})
    words = reason.strip()
    if not words or len(words) > LONGEST_REASON:
        raise Invalid(fields={"reason": "too_long" if words else "required"})
    with db.transaction():
        conflict = Conflict.objects.select_for_update(of=("self",)).filter(pk=conflict_id).first()
        if conflict is None:
            raise NotFound(what="conflict")
        permissions.require_desk(actor, house_id=conflict.house_id)
        if conflict.state != ConflictState.OPEN:
            raise ConflictSettled(conflict_id=conflict_id, state=conflict.state)
        if how is ConflictState.ACCEPTED and not conflict.done:
            _do(actor, conflict, words, now, as_member)
        elif how is ConflictState.UNDONE:
            _undo(actor, conflict, now)
        _close(actor, conflict, how, words, now)
        if conflict.act == EntryAct.REGISTER and conflict.member_id is not None:
            _go_on(actor, conflict, now)


def _do(actor: Actor, conflict: Conflict, reason: str, now: datetime, as_member: int | None) -> None:
    """Do what was handed over, by right where a rule stood in its way."""
    facts, house_id, at = conflict.facts, conflict.house_id, conflict.happened_at
    if conflict.kind in ONLY_SET_ASIDE:
        raise Invalid(fields={"how": "not_in_list"})
    if conflict.act == EntryAct.REGISTER:
        if as_member is not None:
            found = people.standing(now=now, member_id=as_member)
            if found is None:
                raise NotFound(what="member")
            conflict.member_id = found.member_id
        else:
            conflict.member_id = late_acts.register(actor=actor, house_id=house_id, facts=facts, at=at, sure=True)[
                "member_id"
            ]
    elif conflict.act == EntryAct.CHECK_IN:
        late_acts.take_back(
            actor=actor, house_id=house_id, facts=facts, now=now,
            at=now if conflict.kind == ConflictKind.LENT_SINCE else at,
        )  # fmt: skip
    elif conflict.act == EntryAct.REQUEST:
        _ask(actor, conflict, reason, now)
    else:
        _lend(actor, conflict, reason, now)


def _ask(actor: Actor, conflict: Conflict, reason: str, now: datetime) -> None:
    override = _override(actor, conflict.house_id, ("request_", "lend_"), reason)
    late_acts.ask(
        actor=actor, house_id=conflict.house_id, facts=conflict.facts, member_id=_member(conflict),
        at=conflict.happened_at, now=now, override=override,
    )  # fmt: skip


def _member(conflict: Conflict) -> int | None:
    try:
        return late_acts.member_of(device_id=conflict.device_id, facts=conflict.facts)
    except late_acts.MemberWaits:
        raise Invalid(fields={"member": "waits"}) from None


def _override(actor: Actor, house_id: int, beginnings: tuple[str, ...], reason: str) -> Override | None:
    """Every right of the actor whose name begins so."""
    place = network.house_facts(house_id).place
    rights = frozenset(right for right in permissions.rights_of(actor, place) if right.startswith(beginnings))
    return Override(rights, reason) if rights else None


def _lend(actor: Actor, conflict: Conflict, reason: str, now: datetime) -> None:
    facts, at, member_id = conflict.facts, conflict.happened_at, _member(conflict)
    barcode = late_acts.text(facts, "barcode")
    stands = late_acts.standing_of(barcode)
    if stands is not None and stands.loan_id is not None:
        # The reader walked out with it, so it had come back: its loan to somebody else ended then, or now where that loan began later.
        later = stands.lent_at is not None and stands.lent_at > at
        check_in(
            actor=actor, house_id=conflict.house_id, barcode=barcode, now=now, returned_at=now if later else at,
            channel=Channel.OFFLINE,
        )  # fmt: skip
        at = now if later else at
    conflict.loan_id = late_acts.lend(
        actor=actor, house_id=conflict.house_id, facts=facts, member_id=member_id, at=at, now=now,
        override=_override(actor, conflict.house_id, ("lend_",), reason),
    )["loan_id"]  # fmt: skip


def _undo(actor: Actor, conflict: Conflict, now: datetime) -> None:
    """End the loan that was made all the same, without lateness."""
    barcode = late_acts.text(conflict.facts, "barcode")
    if not conflict.done or conflict.act != EntryAct.CHECK_OUT or not barcode:
        raise Invalid(fields={"how": "not_in_list"})
    stands = late_acts.standing_of(barcode, lock=True)
    if stands is None or stands.loan_id is None or stands.loan_id != (conflict.loan_id or stands.loan_id):
        return  # it has come back meanwhile: nothing is left to undo
    check_in(
        actor=actor, house_id=conflict.house_id, barcode=barcode, now=now, returned_at=conflict.happened_at,
        channel=Channel.DESK,
    )  # fmt: skip


def _close(actor: Actor, conflict: Conflict, how: ConflictState, reason: str, now: datetime) -> None:
    """Write who settled it and how; what was scanned is forgotten. A new member's id stays, because later entries of the log name it."""
    conflict.state, conflict.settled_at, conflict.settled_by_id, conflict.reason = (
        how.value,
        now,
        actor.account_id,
        reason,
    )
    conflict.facts = {}
    if conflict.act != EntryAct.REGISTER:
        conflict.member_id = None
    conflict.save()
    journal.record(
        "circulation.conflict.settled", actor=actor, house_id=conflict.house_id, conflict_id=conflict.pk, how=how.value
    )


def _go_on(actor: Actor, registered: Conflict, now: datetime) -> None:
    """The acts that waited for a new member are done; what does not agree then stays, for its own reason."""
    waiting = Conflict.objects.select_for_update(of=("self",)).filter(
        device_id=registered.device_id,
        kind=ConflictKind.MEMBER_WAITS.value,
        state=ConflictState.OPEN.value,
        facts__member_entry=registered.number,
    )
    for conflict in waiting.order_by("number"):
        conflict.member_id = registered.member_id
        try:
            with db.transaction():
                if conflict.act == EntryAct.REQUEST:
                    late_acts.ask(
                        actor=actor, house_id=conflict.house_id, facts=conflict.facts, member_id=registered.member_id,
                        at=conflict.happened_at, now=now,
                    )  # fmt: skip
                    _close(actor, conflict, ConflictState.ACCEPTED, registered.reason, now)
                    continue
                stands = late_acts.standing_of(late_acts.text(conflict.facts, "barcode"))
                if stands is not None and stands.lent_at is not None and stands.lent_at > conflict.happened_at:
                    conflict.kind = ConflictKind.LENT_SINCE.value
                    conflict.save(update_fields=["kind", "member"])
                    continue
                conflict.loan_id = late_acts.lend(
                    actor=actor, house_id=conflict.house_id, facts=conflict.facts, member_id=registered.member_id,
                    at=conflict.happened_at, now=now,
                )["loan_id"]  # fmt: skip
        except Refusal as refusal:
            conflict.kind = late_acts.kind_of(refusal).value
            if "reasons" in refusal.facts:
                conflict.facts = {**conflict.facts, "reasons": refusal.facts["reasons"]}
            conflict.save(update_fields=["kind", "facts", "member"])
        else:
            _close(actor, conflict, ConflictState.ACCEPTED, registered.reason, now)
