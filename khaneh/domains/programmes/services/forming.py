"""The form of a call, made without programming: questions saved, and published as a version that stays."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from khaneh.domains.programmes import queries
from khaneh.domains.programmes.errors import CallStateRefused, ChangedMeanwhile, FormMissing
from khaneh.domains.programmes.models import Call, FormVersion
from khaneh.domains.programmes.rules import forms
from khaneh.domains.programmes.services.keeping import own_call
from khaneh.domains.programmes.types import CallState, FormRow, Question
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import Invalid

_OPEN = (CallState.DRAFT, CallState.PUBLISHED)


def save_form(
    *, actor: Actor, call_id: int, questions: Sequence[Question], revision: int | None, now: datetime
) -> FormRow:
    """Save the questions of the version in work, beginning one after the last that was published. Half-made ones are kept as they are.

    `revision` is of what was read: None for no version in work. Raises NotFound, NotAllowed, CallStateRefused, ChangedMeanwhile, Invalid (too_many).
    """
    if len(questions) > forms.MOST_QUESTIONS:
        raise Invalid(fields={"questions": "too_many"})
    with db.transaction():
        found = own_call(actor, call_id)
        if found.state not in _OPEN or found.checked_at is not None:
            raise CallStateRefused(call_id=call_id, stage=queries.call(call_id).stage(now).value)
        last = FormVersion.objects.filter(call_id=call_id).order_by("-number").first()
        stored = [one.to_dict() for one in questions]
        if last is None or last.published_at is not None:
            if revision is not None:
                raise ChangedMeanwhile(revision=None)
            last = FormVersion.objects.create(
                call_id=call_id, number=last.number + 1 if last else 1, questions=stored, made_at=now, revision=1
            )
        else:
            if revision != last.revision:
                raise ChangedMeanwhile(revision=last.revision)
            FormVersion.objects.filter(pk=last.pk).update(questions=stored, revision=last.revision + 1)
        journal.record(
            "programmes.form.saved", actor=actor, house_id=found.house_id, call_id=call_id, number=last.number
        )
        return queries.form(last.pk)


def publish_form(*, actor: Actor, call_id: int, now: datetime) -> FormRow:
    """Put the version in work in force: new applications are written on it, those begun keep theirs until their writers take it up.

    Raises NotFound, NotAllowed, CallStateRefused, FormMissing, Invalid (by position: "3.options").
    """
    with db.transaction():
        found = own_call(actor, call_id)
        if found.state not in _OPEN or found.checked_at is not None:
            raise CallStateRefused(call_id=call_id, stage=queries.call(call_id).stage(now).value)
        last = FormVersion.objects.filter(call_id=call_id, published_at__isnull=True).first()
        if last is None:
            raise FormMissing(call_id=call_id)
        row = queries.form(last.pk)
        wrong = forms.form_problems(row.questions)
        if wrong:
            raise Invalid(fields=wrong)
        FormVersion.objects.filter(pk=last.pk).update(published_at=now)
        Call.objects.filter(pk=call_id).update(form_id=last.pk, changed_at=now)
        journal.record(
            "programmes.form.published", actor=actor, house_id=found.house_id, call_id=call_id, number=last.number
        )
        return queries.form(last.pk)
