"""Two skills that are the same become one, and ESCO's published list is taken in. Both hold the whole list while they work."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from khaneh.domains.discovery import services as discovery
from khaneh.domains.placements import permissions
from khaneh.domains.placements.errors import FileUnreadable, SkillsDiffer
from khaneh.domains.placements.models import SeekerSkill, Skill, VacancySkill
from khaneh.domains.placements.rules import esco
from khaneh.domains.placements.types import EscoOutcome, EscoReport, Merged
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import Actor
from khaneh.kernel.labels import Label
from khaneh.kernel.refusal import NotFound

_BATCH = 2_000


def merge_skills(*, actor: Actor, code: str, into: str) -> Merged:
    """Let `into` take the place of a skill wherever it is asked for or had: the higher level counts, essential stays essential.

    The address of ESCO goes with it. Raises NotAllowed, NotFound, SkillsDiffer for one and the same, for one that lies aside, and where each
    is a concept of its own in ESCO.
    """
    permissions.require_define(actor)
    with db.transaction():
        _hold()
        one, other = _found(code), _found(into)
        if one.pk == other.pk or not other.active or (one.esco and other.esco):
            raise SkillsDiffer(code=code, into=into)
        vacancies, seekers = _move_wishes(one, other), _move_mastered(one, other)
        Skill.objects.filter(merged_into=one).update(merged_into=other)
        address, words = one.esco, one.esco_words
        Skill.objects.filter(pk=one.pk).update(active=False, merged_into=other, esco="", esco_words=[])
        if address:
            Skill.objects.filter(pk=other.pk).update(esco=address, esco_words=words)
        journal.record(
            "placements.skill.merged", actor=actor, code=code, into=into, vacancies=len(vacancies), seekers=seekers
        )
        discovery.touch("vacancy", vacancies)
    return Merged(len(vacancies), seekers)


def offer_skills(*, actor: Actor, codes: Iterable[str], offered: bool = True) -> int:
    """Let these be chosen, or no more; where they were chosen they stay. What was merged stays aside. Gives how many changed. Raises NotAllowed."""
    permissions.require_define(actor)
    with db.transaction():
        _hold()
        found = Skill.objects.filter(code__in=set(codes), active=not offered, merged_into__isnull=True)
        changed = sorted(found.values_list("code", flat=True))
        Skill.objects.filter(code__in=changed).update(active=offered)
        for code in changed:
            journal.record("placements.skill.changed", actor=actor, code=code)
    return len(changed)


def import_esco(*, actor: Actor, data: bytes, only_try: bool = False) -> EscoReport:
    """Take in ESCO's `skills_en.csv` (UTF-8). Concepts that are not in the list yet are entered and lie aside until somebody offers them.

    Nothing of what somebody wrote is changed. A line that is not in order is refused alone. Raises NotAllowed, FileUnreadable.
    """
    permissions.require_define(actor)
    lines = _read(data)
    with db.transaction():
        _hold()
        kept = [
            esco.Kept(one.pk, one.code, one.esco, tuple(one.esco_words), one.names.get("en", ""), one.active)
            for one in Skill.objects.filter(merged_into__isnull=True).order_by("pk")
        ]
        try:
            steps = list(esco.steps(lines, kept, set(Skill.objects.values_list("code", flat=True))))
        except csv.Error as broken:
            raise FileUnreadable(reason="not_csv") from broken
        report = EscoReport(tuple(step.line for step in steps), applied=not only_try)
        if not only_try:
            _write(steps)
            journal.record(
                "placements.esco.imported", actor=actor, counts={str(k): v for k, v in report.counts.items()}
            )
    return report


def _read(data: bytes) -> csv.DictReader[str]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise FileUnreadable(reason="not_utf8") from wrong
    lines = csv.DictReader(io.StringIO(text, newline=""))
    try:
        missing = esco.missing_columns(lines.fieldnames)
    except csv.Error as broken:
        raise FileUnreadable(reason="not_csv") from broken
    if missing:
        raise FileUnreadable(reason="columns", missing=", ".join(missing))
    return lines


def _write(steps: list[esco.Step]) -> None:
    fresh = [
        Skill(
            code=step.line.code,
            esco=step.line.uri,
            esco_words=list(step.words),
            names=Label(step.name, "", "").to_dict(),
            active=False,
        )
        for step in steps
        if step.line.outcome is EscoOutcome.ENTERED
    ]
    Skill.objects.bulk_create(fresh, batch_size=_BATCH)
    wanted = {
        step.id: step
        for step in steps
        if step.id is not None and step.line.outcome in (EscoOutcome.LINKED, EscoOutcome.CHANGED)
    }
    changed = list(Skill.objects.filter(pk__in=wanted))
    for one in changed:
        step = wanted[one.pk]
        one.esco, one.esco_words = step.line.uri, list(step.words)
        one.names = {**one.names, "en": step.name}
    Skill.objects.bulk_update(changed, ["esco", "esco_words", "names"], batch_size=_BATCH)


def _hold() -> None:
    db.lock(("placements.skills", 0))


def _found(code: str) -> Skill:
    found = Skill.objects.filter(code=code).first()
    if found is None:
        raise NotFound(what="skill")
    return found


def _move_wishes(one: Skill, other: Skill) -> list[int]:
    """The vacancies that asked for the one ask for the other. Gives them."""
    there = {wish.vacancy_id: wish for wish in VacancySkill.objects.filter(skill=other)}
    moved = list(VacancySkill.objects.filter(skill=one).order_by("pk"))
    for wish in moved:
        both = there.get(wish.vacancy_id)
        if both is None:
            VacancySkill.objects.filter(pk=wish.pk).update(skill=other)
            continue
        VacancySkill.objects.filter(pk=both.pk).update(
            level=max(wish.level, both.level), essential=wish.essential or both.essential
        )
        VacancySkill.objects.filter(pk=wish.pk).delete()
    return [wish.vacancy_id for wish in moved]


def _move_mastered(one: Skill, other: Skill) -> int:
    """Whoever has the one has the other. Gives how many."""
    there = {had.seeker_id: had for had in SeekerSkill.objects.filter(skill=other)}
    moved = list(SeekerSkill.objects.filter(skill=one).order_by("pk"))
    for had in moved:
        both = there.get(had.seeker_id)
        if both is None:
            SeekerSkill.objects.filter(pk=had.pk).update(skill=other)
            continue
        SeekerSkill.objects.filter(pk=both.pk).update(level=max(had.level, both.level))
        SeekerSkill.objects.filter(pk=had.pk).delete()
    return len(moved)
