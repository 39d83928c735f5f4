"""Earning: work is recorded by who did it or at the desk, and earns when somebody else of the house says that it was done."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from khaneh.domains.credits import notices, permissions, queries, rules
from khaneh.domains.credits.errors import OwnWork, TooManyWaiting, WorkDecided, WorkEarnsNothing
from khaneh.domains.credits.models import Work
from khaneh.domains.credits.services import ledger
from khaneh.domains.credits.types import WORK_KINDS, EntryKind, Holder, WorkRow, WorkState
from khaneh.domains.network import queries as network
from khaneh.domains.people import queries as people
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import SYSTEM, Actor
from khaneh.kernel.refusal import Invalid, NotAllowed, NotFound

LONGEST_NOTE = 1000
# What is recorded is what is remembered; older work is a correction with a reason.
OLDEST = timedelta(days=366)
MOST_WAITING = 30


def record_work(
    *,
    actor: Actor,
    account_id: int,
    house_id: int,
    kind: str,
    minutes: int,
    note: str,
    now: datetime,
    done_on: date | None = None,
    unit: str = "",
    key: str | None = None,
) -> WorkRow:
    """Record work that somebody did for a house, today or on a day of the last year; it waits for the house's word.

    By themself, or by the desk. It earns the nearest credit that has a rate for it, or `unit`. With a `key`, what is told twice is recorded
    once. Raises NotAllowed, NotFound, Invalid, WorkEarnsNothing, TooManyWaiting.
    """
    if account_id != actor.account_id:
        permissions.require_desk(actor, house_id=house_id)
    note = note.strip()
    today = now.astimezone(ZoneInfo(network.house_facts(house_id).calendar.zone)).date()
    day = done_on or today
    wrong = {}
    if kind not in WORK_KINDS:
        wrong["kind"] = "not_in_list"
    if not 1 <= minutes <= rules.MOST_MINUTES:
        wrong["minutes"] = "out_of_range"
    if not today - OLDEST <= day <= today:
        wrong["done_on"] = "out_of_range"
    if len(note) > LONGEST_NOTE:
        wrong["note"] = "too_long"
    if wrong:
        raise Invalid(fields=wrong)
    agreed = [one for one in queries.credits_of_house(house_id) if kind in one.rates and (not unit or one.code == unit)]
    if not agreed:
        raise WorkEarnsNothing(house_id=house_id, kind=kind)
    with db.transaction():
        db.lock(("credits.works", account_id))
        before = Work.objects.filter(key=key, account_id=account_id).first() if key else None
        if before is not None:
            return queries.work(before.pk, actor=SYSTEM)
        if not people.account(account_id).is_active:
            raise NotFound(what="account")
        waiting = Work.objects.filter(account_id=account_id, state=WorkState.PENDING.value).count()
        if waiting >= MOST_WAITING:
            raise TooManyWaiting(waiting=waiting)
        made = Work.objects.create(
            account_id=account_id, house_id=house_id, unit_id=agreed[0].code, kind=kind, minutes=minutes, done_on=day,
            note=note, recorded_by_id=actor.account_id, recorded_at=now, key=key,
        )  # fmt: skip
        journal.record("credits.work.recorded", actor=actor, house_id=house_id, work_id=made.pk)
    return queries.work(made.pk, actor=SYSTEM)


def confirm_work(*, actor: Actor, work_id: int, now: datetime, minutes: int | None = None) -> int:
    """It was done, in so many minutes if they are others than recorded; it earns at the rate of this moment. Gives the line's id.

    Raises NotFound, NotAllowed, OwnWork, WorkDecided, WorkEarnsNothing, Invalid.
    """
    if minutes is not None and not 1 <= minutes <= rules.MOST_MINUTES:
        raise Invalid(fields={"minutes": "out_of_range"})
    with db.transaction():
        work = _held(work_id, actor)
        per_hour = queries.unit(work.unit_id).rates.get(work.kind)
        if per_hour is None:
            raise WorkEarnsNothing(house_id=work.house_id, kind=work.kind)
        length = minutes or work.minutes
        number = ledger.opened(Holder(work.account_id), work.unit_id)
        ledger.hold([number])
        entry_id = ledger.write(
            number, rules.earned(length, per_hour),
            ledger.Line(EntryKind.EARNED, f"credits.work:{work_id}", house_id=work.house_id), actor=actor, now=now,
        )  # fmt: skip
        _decide(work, WorkState.CONFIRMED, actor, now, minutes=length, entry_id=entry_id)
        notices.tell_earned(work_id=work_id, account_id=work.account_id, house_id=work.house_id, now=now)
    return entry_id


def reject_work(*, actor: Actor, work_id: int, reason: str, now: datetime) -> None:
    """It earns nothing; who recorded it is told why. Raises NotFound, NotAllowed, OwnWork, WorkDecided, Invalid."""
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_NOTE:
        raise Invalid(fields={"reason": "too_long" if reason else "required"})
    with db.transaction():
        work = _held(work_id, actor)
        _decide(work, WorkState.REJECTED, actor, now, reason=reason)
        notices.tell_rejected(work_id=work_id, account_id=work.account_id, house_id=work.house_id, now=now)


def withdraw_work(*, actor: Actor, work_id: int, now: datetime) -> None:
    """Who did it takes it back while it waits. Raises NotFound, WorkDecided."""
    with db.transaction():
        work = Work.objects.select_for_update(of=("self",)).filter(pk=work_id).first()
        if work is None or actor.account_id is None or work.account_id != actor.account_id:
            raise NotFound(what="work")
        if work.state != WorkState.PENDING:
            raise WorkDecided(work_id=work_id, state=work.state)
        _decide(work, WorkState.WITHDRAWN, actor, now)


def _held(work_id: int, actor: Actor) -> Work:
    """The work that waits, held, for who may answer. Raises NotFound, NotAllowed, OwnWork, WorkDecided."""
    work = Work.objects.select_for_update(of=("self",)).filter(pk=work_id).first()
    own = work is not None and actor.account_id is not None and work.account_id == actor.account_id
    if work is None or not (own or permissions.may_desk(actor, house_id=work.house_id)):
        raise NotFound(what="work")
    if own:
        raise OwnWork(work_id=work_id)
    permissions.require_confirm(actor, house_id=work.house_id)
    if work.state != WorkState.PENDING:
        raise WorkDecided(work_id=work_id, state=work.state)
    if work.account_id is None:
        raise NotAllowed(act="credits.confirm")
    return work


def _decide(work: Work, state: WorkState, actor: Actor, now: datetime, **facts: object) -> None:
    Work.objects.filter(pk=work.pk).update(state=state.value, decided_at=now, decided_by_id=actor.account_id, **facts)
    journal.record(f"credits.work.{state.value}", actor=actor, house_id=work.house_id, work_id=work.pk)
