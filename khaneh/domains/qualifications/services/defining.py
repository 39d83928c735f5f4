"""Saying which qualifications there are."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db import IntegrityError

from khaneh.domains.qualifications import permissions, queries, rules
from khaneh.domains.qualifications.errors import CodeTaken
from khaneh.domains.qualifications.models import Qualification
from khaneh.domains.qualifications.types import QualificationDraft, QualificationRow
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import Invalid, NotFound


def define_qualification(*, actor: Actor, draft: QualificationDraft) -> QualificationRow:
    """Enter a qualification, which holds in every house. Raises NotAllowed, Invalid, CodeTaken."""
    permissions.require_define(actor)
    values = _values(draft)
    try:
        with db.transaction():
            made = Qualification.objects.create(code=draft.code, **values)
            journal.record(
                "qualifications.qualification.defined", actor=actor, qualification_id=made.pk, code=made.code
            )
    except IntegrityError as clash:
        raise CodeTaken(code=draft.code) from clash
    return queries.qualification(draft.code)


def change_qualification(*, actor: Actor, code: str, draft: QualificationDraft) -> QualificationRow:
    """Make everything but the code as the draft says. Times count for what is awarded, renewed or used from here on; what somebody was
    given for longer stays. Raises NotAllowed, NotFound, Invalid.
    """
    permissions.require_define(actor)
    values = _values(replace(draft, code=code))
    with db.transaction():
        found = Qualification.objects.select_for_update().filter(code=code).first()
        if found is None:
            raise NotFound(what="qualification")
        changed = sorted(name for name, value in values.items() if getattr(found, name) != value)
        if changed:
            Qualification.objects.filter(pk=found.pk).update(**values)
            journal.record(
                "qualifications.qualification.changed", actor=actor, qualification_id=found.pk, fields=changed
            )
    return queries.qualification(code)


def _values(draft: QualificationDraft) -> dict[str, Any]:
    wrong = rules.problems(draft)
    if wrong:
        raise Invalid(fields=wrong)
    return {
        "names": draft.names.to_dict(),
        "descriptions": draft.descriptions.to_dict(),
        "valid_months": draft.valid_months,
        "disuse_months": draft.disuse_months,
        "warn_days": draft.warn_days,
        "active": draft.active,
    }
