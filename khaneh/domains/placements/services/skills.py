"""Saying which skills there are: those that ship with words of our own, and whatever authorities add, best with ESCO's address."""

from __future__ import annotations

from importlib.resources import files

import orjson
from django.db import IntegrityError

from khaneh.domains.placements import permissions, queries
from khaneh.domains.placements.errors import CodeTaken
from khaneh.domains.placements.models import Skill
from khaneh.domains.placements.rules import drafts
from khaneh.domains.placements.types import SkillDraft, SkillRow
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import Invalid, NotFound


def ensure_skills() -> None:
    """Enter the skills that ship where they are missing; what somebody has changed stays. Done after migrations. Two statements."""
    shipped = orjson.loads(files("khaneh.domains.placements").joinpath("skills.json").read_bytes())
    Skill.objects.bulk_create(
        [Skill(code=one["code"], names=one["names"], esco=one.get("esco", "")) for one in shipped],
        ignore_conflicts=True,
    )


def define_skill(*, actor: Actor, draft: SkillDraft) -> SkillRow:
    """Enter a skill for everybody. Raises NotAllowed, Invalid, CodeTaken."""
    permissions.require_define(actor)
    _check(draft)
    try:
        with db.transaction():
            made = Skill.objects.create(
                code=draft.code, esco=draft.esco, names=draft.names.to_dict(), active=draft.active
            )
            journal.record("placements.skill.defined", actor=actor, skill_id=made.pk, code=made.code)
    except IntegrityError as clash:
        raise CodeTaken(code=draft.code, esco=draft.esco) from clash
    return queries.skill(draft.code)


def change_skill(*, actor: Actor, code: str, draft: SkillDraft) -> SkillRow:
    """Make everything but the code as the draft says; one that was merged stands for itself again where it is active. Raises NotAllowed, NotFound, Invalid, CodeTaken."""
    permissions.require_define(actor)
    _check(draft)
    try:
        with db.transaction():
            changed = Skill.objects.filter(code=code).update(
                esco=draft.esco, names=draft.names.to_dict(), active=draft.active
            )
            if draft.active:
                Skill.objects.filter(code=code).update(merged_into=None)
            if not changed:
                raise NotFound(what="skill")
            journal.record("placements.skill.changed", actor=actor, code=code)
    except IntegrityError as clash:
        raise CodeTaken(code=code, esco=draft.esco) from clash
    return queries.skill(code)


def _check(draft: SkillDraft) -> None:
    wrong = drafts.skill_problems(draft)
    if wrong:
        raise Invalid(fields=wrong)
