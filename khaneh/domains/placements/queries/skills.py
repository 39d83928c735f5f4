"""Which skills there are."""

from __future__ import annotations

from collections.abc import Iterable

from khaneh.domains.placements.models import Skill
from khaneh.domains.placements.types import SkillRow
from khaneh.kernel.labels import Label
from khaneh.kernel.refusal import NotFound


def skills(*, with_retired: bool = False) -> list[SkillRow]:
    """All that can be chosen, by code; with those that cannot any more, if wanted. One statement."""
    found = Skill.objects.all() if with_retired else Skill.objects.filter(active=True)
    return [row_of(one) for one in found.order_by("code")]


def skill(code: str) -> SkillRow:
    """One, by its code. One statement. Raises NotFound."""
    found = Skill.objects.filter(code=code).first()
    if found is None:
        raise NotFound(what="skill")
    return row_of(found)


def skill_refs(codes: Iterable[str]) -> dict[str, SkillRow]:
    """Those that exist, by code; for one that was merged, the one that took its place. One statement."""
    found = Skill.objects.filter(code__in=set(codes)).select_related("merged_into")
    return {one.code: row_of(one.merged_into or one) for one in found}


def skill_words(codes: Iterable[str]) -> dict[str, Label]:
    """What skills are called, by code, whether or not they can be chosen still. One statement."""
    found = Skill.objects.filter(code__in=set(codes))
    return {code: Label.from_dict(names) for code, names in found.values_list("code", "names")}


def row_of(one: Skill) -> SkillRow:
    """A row of the table as the frozen value."""
    return SkillRow(one.pk, one.code, one.esco, Label.from_dict(one.names), one.active)
