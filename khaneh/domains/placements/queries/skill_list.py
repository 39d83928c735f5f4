"""The list of skills for those who keep it: what is offered, what lies aside, where each is used."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, F, Func, Q, QuerySet, TextField, Value

from khaneh.domains.placements import permissions
from khaneh.domains.placements.models import SeekerSkill, Skill, Vacancy, VacancySkill
from khaneh.domains.placements.queries.skills import row_of
from khaneh.domains.placements.queries.vacancies import rows as vacancy_rows
from khaneh.domains.placements.types import Shelf, SkillPage, SkillUse, VacancyRow
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import NotFound


def skill_list(
    *, actor: Actor, shelf: Shelf = Shelf.OFFERED, words: str = "", offset: int = 0, limit: int = 50
) -> SkillPage:
    """The list by English name, or those of which a name in any language, a label of ESCO or the code has the words.

    At most five statements. Raises NotAllowed.
    """
    permissions.require_define(actor)
    found = Skill.objects.all()
    if shelf is not Shelf.ALL:
        found = found.filter(active=shelf is Shelf.OFFERED)
    if words.strip():
        found = _with(found, words.strip())
    page = found.order_by("names__en", "code").select_related("merged_into")
    return SkillPage(found.count(), tuple(_used(page[offset : offset + limit])))


def skill_use(code: str, *, actor: Actor) -> SkillUse:
    """One, with where it is used. At most four statements. Raises NotAllowed, NotFound."""
    permissions.require_define(actor)
    found = _used(Skill.objects.filter(code=code).select_related("merged_into"))
    if not found:
        raise NotFound(what="skill")
    return found[0]


def vacancies_with_skill(code: str, *, actor: Actor, limit: int = 50) -> list[VacancyRow]:
    """The vacancies that were published and ask for a skill, the latest first. At most nine statements. Raises NotAllowed."""
    permissions.require_define(actor)
    found = Vacancy.objects.filter(skills__skill__code=code, published_at__isnull=False)
    return vacancy_rows(found.order_by("-published_at", "-pk")[:limit])


def _with(found: QuerySet[Skill], words: str) -> QuerySet[Skill]:
    labels = Func(F("esco_words"), Value("\n"), function="array_to_string", output_field=TextField())
    named = Q(code__icontains=words) | Q(labels__icontains=words)
    for language in ("en", "fa", "vi"):
        named |= Q(**{f"names__{language}__icontains": words})
    return found.annotate(labels=labels).filter(named)


def _used(found: Iterable[Skill]) -> list[SkillUse]:
    """Three statements."""
    skills = list(found)
    ids = [one.pk for one in skills]
    asked = dict(VacancySkill.objects.filter(skill_id__in=ids).values_list("skill_id").annotate(Count("pk")))
    held = dict(SeekerSkill.objects.filter(skill_id__in=ids).values_list("skill_id").annotate(Count("pk")))
    return [
        SkillUse(
            skill=row_of(one),
            esco_words=tuple(one.esco_words),
            merged_into=one.merged_into.code if one.merged_into else "",
            vacancies=asked.get(one.pk, 0),
            seekers=held.get(one.pk, 0),
        )
        for one in skills
    ]
