"""Awarding, using, renewing and taking back what somebody holds.

One lock a person and qualification orders these acts: two who award at once award once.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from khaneh.domains.people import queries as people
from khaneh.domains.qualifications import notices, permissions, queries, rules
from khaneh.domains.qualifications.errors import AlreadyHeld, HoldingEnded, NotAwarded
from khaneh.domains.qualifications.models import Holding
from khaneh.domains.qualifications.types import Basis, EndReason, HoldingRow, QualificationRow
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import SYSTEM, Actor
from khaneh.kernel.refusal import Invalid, NotFound

LONGEST_REASON = 1000


def award(
    *,
    actor: Actor,
    account_id: int,
    code: str,
    basis: Basis,
    house_id: int,
    now: datetime,
    source: str = "",
    expires_at: datetime | None = None,
) -> HoldingRow:
    """Trust somebody with it from now on, in the name of a house.

    `expires_at` is another last instant than the qualification's months give. Raises NotAllowed, NotFound, NotAwarded, AlreadyHeld, Invalid.
    """
    permissions.require_award(actor, house_id=house_id)
    known = queries.qualification(code)
    with db.transaction():
        _one_at_a_time(account_id, known.id)
        if not people.account(account_id).is_active:
            raise NotFound(what="account")
        open_ = Holding.objects.filter(account_id=account_id, qualification_id=known.id, ended_at=None).first()
        if open_ is not None:
            if open_.valid_until is None or open_.valid_until > now:
                raise AlreadyHeld(holding_id=open_.pk)
            end(open_, now=now)  # run out, and the nightly round has not come yet
        made = _begin(actor, account_id, known, basis, house_id, source, expires_at, now)
    return queries.holding(made.pk, actor=SYSTEM)


def renew(
    *,
    actor: Actor,
    holding_id: int,
    basis: Basis,
    house_id: int,
    now: datetime,
    source: str = "",
    expires_at: datetime | None = None,
) -> HoldingRow:
    """Begin its time anew before it is over: the holding ends as renewed, another begins.

    Raises NotAllowed, NotFound, NotAwarded, HoldingEnded, Invalid.
    """
    permissions.require_award(actor, house_id=house_id)
    with db.transaction():
        held = _held(holding_id, now)
        known = queries.rows_by_id([held.qualification_id])[held.qualification_id]
        Holding.objects.filter(pk=held.pk).update(ended_at=now, end_reason=EndReason.RENEWED.value)
        made = _begin(actor, held.account_id, known, basis, house_id, source, expires_at, now)
    return queries.holding(made.pk, actor=SYSTEM)


def revoke(*, actor: Actor, holding_id: int, reason: str, house_id: int, now: datetime) -> None:
    """Take it back, in the name of the house where the reason arose. The holder is told why. Raises NotAllowed, NotFound, HoldingEnded, Invalid."""
    permissions.require_award(actor, house_id=house_id)
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON:
        raise Invalid(fields={"reason": "too_long" if reason else "required"})
    with db.transaction():
        held = _held(holding_id, now)
        Holding.objects.filter(pk=held.pk).update(ended_at=now, end_reason=EndReason.REVOKED.value, reason=reason)
        journal.record("qualifications.holding.revoked", actor=actor, house_id=house_id, holding_id=held.pk)
        notices.tell_revoked(holding_id=held.pk, account_id=held.account_id, house_id=house_id, now=now)


def record_use(*, account_id: int, qualification_ids: Iterable[int], now: datetime) -> int:
    """Somebody used what these open: their time of disuse begins anew. Gives how many holdings that was. Called by the act that used them.

    What has run out is not brought back by it.
    """
    used = 0
    with db.transaction():
        held = Holding.objects.select_for_update(of=("self",)).select_related("qualification")
        for one in held.filter(
            Q(valid_until__isnull=True) | Q(valid_until__gt=now),
            account_id=account_id,
            qualification_id__in=set(qualification_ids),
            ended_at=None,
        ).order_by("pk"):
            used += Holding.objects.filter(pk=one.pk).update(
                last_used_at=now, lapses_at=rules.lapse(one.awarded_at, now, one.qualification.disuse_months)
            )
    return used


def end(held: Holding, *, now: datetime) -> None:
    """End a holding that has run out, at the instant at which it did. In the caller's transaction; its holder is told."""
    at = held.valid_until or now
    reason = EndReason.EXPIRED if held.expires_at == at else EndReason.DISUSED
    Holding.objects.filter(pk=held.pk).update(ended_at=at, end_reason=reason.value)
    journal.record("qualifications.holding.ended", actor=SYSTEM, holding_id=held.pk, reason=reason.value)
    notices.tell_ended(holding_id=held.pk, account_id=held.account_id, house_id=held.house_id, now=now)


def _begin(
    actor: Actor,
    account_id: int,
    known: QualificationRow,
    basis: Basis,
    house_id: int,
    source: str,
    expires_at: datetime | None,
    now: datetime,
) -> Holding:
    if not known.active:
        raise NotAwarded(code=known.code)
    if expires_at is not None and expires_at <= now:
        raise Invalid(fields={"expires_at": "out_of_range"})
    if len(source) > LONGEST_REASON:
        raise Invalid(fields={"source": "too_long"})
    made = Holding.objects.create(
        account_id=account_id,
        qualification_id=known.id,
        house_id=house_id,
        basis=Basis(basis).value,
        source=source,
        awarded_by_id=actor.account_id,
        awarded_at=now,
        expires_at=expires_at or rules.expiry(now, known.valid_months),
        lapses_at=rules.lapse(now, None, known.disuse_months),
    )
    journal.record(
        "qualifications.holding.awarded", actor=actor, house_id=house_id, holding_id=made.pk, qualification_id=known.id
    )
    notices.tell_awarded(holding_id=made.pk, account_id=account_id, house_id=house_id, now=now)
    return made


def _held(holding_id: int, now: datetime) -> Holding:
    seen = Holding.objects.filter(pk=holding_id).values_list("account_id", "qualification_id").first()
    if seen is None:
        raise NotFound(what="holding")
    _one_at_a_time(*seen)
    held = Holding.objects.get(pk=holding_id)
    if held.ended_at is not None or (held.valid_until is not None and held.valid_until <= now):
        raise HoldingEnded(holding_id=holding_id)
    return held


def _one_at_a_time(account_id: int, qualification_id: int) -> None:
    # The person's own lock would make whoever books wait for whoever awards, so it is one of the two together.
    db.lock((f"qualifications.holding.{qualification_id}", account_id))
