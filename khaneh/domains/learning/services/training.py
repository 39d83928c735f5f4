"""Saying what the staff is asked to be trained in."""

from __future__ import annotations

from datetime import datetime

from khaneh.domains.learning import permissions
from khaneh.domains.learning.errors import RequirementEnded
from khaneh.domains.learning.models import StaffRequirement
from khaneh.domains.learning.queries.staff import requirements
from khaneh.domains.learning.rules import drafts
from khaneh.domains.learning.types import RequirementDraft, RequirementRow
from khaneh.domains.network import queries as network
from khaneh.domains.qualifications import queries as qualifications
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import Invalid, NotFound


def require_training(*, actor: Actor, draft: RequirementDraft, now: datetime) -> RequirementRow:
    """Ask the holders of some roles for a qualification, from this moment on. Raises NotAllowed, Invalid."""
    permissions.require_staff_rules(actor)
    wrong = drafts.requirement_problems(draft)
    region_id = None
    if draft.region_code:
        try:
            region_id = network.region(draft.region_code).id
        except NotFound:
            wrong["region_code"] = "unknown"
    known = {row.code: row.id for row in qualifications.qualifications()}
    if draft.qualification_code not in known:
        wrong["qualification_code"] = "unknown" if draft.qualification_code else "required"
    if wrong:
        raise Invalid(fields=wrong)
    with db.transaction():
        made = StaffRequirement.objects.create(
            qualification_id=known[draft.qualification_code], roles=sorted(set(draft.roles)),
            house_kinds=sorted(set(draft.house_kinds)), region_id=region_id, due_on=draft.due_on,
            grace_days=draft.grace_days, since=now, made_by_id=actor.account_id,
        )  # fmt: skip
        journal.record("learning.training.required", actor=actor, requirement_id=made.pk)
    return next(row for row in requirements(at=now) if row.id == made.pk)


def end_requirement(*, actor: Actor, requirement_id: int, now: datetime) -> None:
    """Ask it of nobody any more; figures of earlier days stay what they were. Raises NotAllowed, NotFound, RequirementEnded."""
    permissions.require_staff_rules(actor)
    with db.transaction():
        done = StaffRequirement.objects.filter(pk=requirement_id, until=None).update(until=now)
        if not done:
            if StaffRequirement.objects.filter(pk=requirement_id).exists():
                raise RequirementEnded(requirement_id=requirement_id)
            raise NotFound(what="requirement")
        journal.record("learning.training.ended", actor=actor, requirement_id=requirement_id)
