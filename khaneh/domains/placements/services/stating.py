"""Saying what became of somebody who finished, where no vacancy tells it: they themselves, or the staff of the house who heard of it.

What is said stays as it was said. Whoever changes their mind says something else, or takes it back; the last that was said counts.
"""

from __future__ import annotations

from datetime import date, datetime

from khaneh.domains.placements.errors import StatementStateRefused
from khaneh.domains.placements.models import Statement
from khaneh.domains.placements.queries.statements import finishes_of, may_note, row_of, today_of
from khaneh.domains.placements.rules import statements
from khaneh.domains.placements.services import holding
from khaneh.domains.placements.types import StatementDraft, StatementRow, Teller
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import Invalid, NotFound


def state_outcome(*, actor: Actor, account_id: int, draft: StatementDraft, now: datetime) -> StatementRow:
    """Say what became of somebody who finished something. The same as what stands already makes nothing more.

    For themselves a person speaks alone, as of today; the staff of the house note what they were told and when, with the trainee's agreement
    or the name of who at the employer told it. Raises NotFound for who is not theirs, Invalid.
    """
    with db.transaction():
        holding.hold(accounts=[account_id])
        today, by_staff = _judged(account_id, actor, now)
        wrong = statements.problems(draft, today=today)
        if not by_staff and (draft.said_by is not Teller.TRAINEE or draft.confirmed_by):
            wrong.setdefault("said_by", "not_in_list")
        if wrong:
            raise Invalid(fields=wrong)
        by_employer = draft.said_by is Teller.EMPLOYER
        values = {
            "kind": draft.kind.value, "since": draft.since, "told_on": draft.told_on, "said_by": draft.said_by.value,
            "place": draft.where.strip(), "by_staff": by_staff,
        }  # fmt: skip
        standing = Statement.objects.filter(account_id=account_id, withdrawn_at__isnull=True)
        same = standing.filter(**values).order_by("-pk").first()
        if same is not None:
            return row_of(same)
        made = Statement.objects.create(
            account_id=account_id,
            made_by_id=actor.account_id,
            made_at=now,
            confirmed_on=draft.told_on if by_employer else None,
            confirmed_by=draft.confirmed_by.strip() if by_employer else "",
            **values,
        )
        journal.record("placements.statement.made", actor=actor, statement_id=made.pk, said_by=made.said_by)
    return row_of(made)


def confirm_statement(
    *, actor: Actor, statement_id: int, confirmed_by: str, confirmed_on: date, now: datetime
) -> StatementRow:
    """An employer has told the house that somebody works for them, as they say. Nobody confirms what is said of themself.

    Raises NotFound, StatementStateRefused, Invalid.
    """
    with db.transaction():
        one = _held(statement_id)
        today, by_staff = _judged(one.account_id, actor, now)
        if not by_staff:
            raise NotFound(what="statement")
        if not row_of(one).may_be_confirmed:
            raise StatementStateRefused(statement_id=statement_id)
        wrong = statements.confirmer_problems(confirmed_by)
        if not one.since <= confirmed_on <= today:
            wrong["confirmed_on"] = "out_of_range"
        if wrong:
            raise Invalid(fields=wrong)
        Statement.objects.filter(pk=statement_id).update(confirmed_on=confirmed_on, confirmed_by=confirmed_by.strip())
        journal.record("placements.statement.confirmed", actor=actor, statement_id=statement_id)
    return row_of(Statement.objects.get(pk=statement_id))


def withdraw_statement(*, actor: Actor, statement_id: int, now: datetime) -> None:
    """Count it no more. Whom it speaks of may, and the staff who may note it. Again it changes nothing. Raises NotFound."""
    with db.transaction():
        one = _held(statement_id)
        _judged(one.account_id, actor, now)
        if one.withdrawn_at is None:
            Statement.objects.filter(pk=statement_id).update(withdrawn_at=now)
            journal.record("placements.statement.withdrawn", actor=actor, statement_id=statement_id)


def _held(statement_id: int) -> Statement:
    """A statement with the lock of whom it speaks of. Raises NotFound."""
    account_id = Statement.objects.filter(pk=statement_id).values_list("account_id", flat=True).first()
    if account_id is None:
        raise NotFound(what="statement")
    holding.hold(accounts=[account_id])
    found = Statement.objects.filter(pk=statement_id).first()
    if found is None:
        raise NotFound(what="statement")
    return found


def _judged(account_id: int, actor: Actor, now: datetime) -> tuple[date, bool]:
    """The day that it is where they finished, and whether the actor speaks for the house. Raises NotFound."""
    finishes = finishes_of(account_id)
    own = actor.account_id == account_id
    today = today_of(finishes, now)
    # Whoever has finished nothing is in no cohort: there is nothing to say, nor anybody to say it.
    if today is None or not (own or may_note(actor, finishes)):
        raise NotFound(what="graduate")
    return today, not own
