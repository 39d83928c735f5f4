"""Questions about a call: asked by whoever thinks of applying, answered for all."""

from __future__ import annotations

from datetime import datetime, timedelta

from khaneh.domains.programmes import notices, permissions, queries
from khaneh.domains.programmes.errors import CallNotOpen
from khaneh.domains.programmes.models import CallQuestion
from khaneh.domains.programmes.rules.drafts import LONGEST_ASKED, LONGEST_REASON
from khaneh.domains.programmes.services.keeping import own_call
from khaneh.domains.programmes.types import CallStage
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import Actor
from khaneh.kernel.labels import Label
from khaneh.kernel.refusal import Invalid, NotFound

MOST_A_DAY = 5
_ASKABLE = (CallStage.PUBLISHED, CallStage.OPEN)


def ask(*, actor: Actor, call_id: int, text: str, now: datetime) -> int:
    """Ask about a call before its deadline; whoever keeps it is told. The same text sent again is the question that is there.

    Gives its number. Raises NotAllowed, NotFound, CallNotOpen, Invalid (text: required, too_long, too_many).
    """
    account_id = permissions.require_account(actor)
    text = text.replace("\x00", "").strip()
    if not text or len(text) > LONGEST_ASKED:
        raise Invalid(fields={"text": "too_long" if text else "required"})
    call = queries.seen_call(call_id, actor=actor)
    if call.stage(now) not in _ASKABLE:
        raise CallNotOpen(why="late", closes_at=call.closes_at.isoformat() if call.closes_at else None)
    with db.transaction():
        db.lock(("programmes.asking", account_id))
        mine = CallQuestion.objects.filter(call_id=call_id, account_id=account_id)
        again = mine.filter(text=text).first()
        if again is not None:
            return again.pk
        if mine.filter(asked_at__gt=now - timedelta(days=1)).count() >= MOST_A_DAY:
            raise Invalid(fields={"text": "too_many"})
        made = CallQuestion.objects.create(call_id=call_id, account_id=account_id, text=text, asked_at=now)
        journal.record("programmes.question.asked", actor=actor, house_id=call.house.id, call_id=call_id)
        notices.tell_keepers("programmes.asked", call_id, made.pk, now=now)
    return made.pk


def answer_question(*, actor: Actor, question_id: int, answers: Label, hidden: bool = False, now: datetime) -> None:
    """Answer for all, in the languages that one writes; `hidden` shows it to who asked alone. Answered again, the later counts.

    Raises NotFound, NotAllowed, Invalid (answers: required, too_long).
    """
    if not any(text.strip() for text in answers):
        raise Invalid(fields={"answers": "required"})
    if max(len(text) for text in answers) > LONGEST_REASON:
        raise Invalid(fields={"answers": "too_long"})
    with db.transaction():
        found = CallQuestion.objects.filter(pk=question_id).first()
        if found is None:
            raise NotFound(what="question")
        call = own_call(actor, found.call_id)
        first = found.answered_at is None
        CallQuestion.objects.filter(pk=question_id).update(answers=answers.to_dict(), answered_at=now, hidden=hidden)
        journal.record("programmes.question.answered", actor=actor, house_id=call.house_id, call_id=call.pk)
        if first:
            notices.tell_asker(question_id, now=now)
            if not hidden:
                notices.tell_writers("programmes.answered_for_all", call.pk, key=f"q{question_id}", now=now)
