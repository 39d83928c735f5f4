"""Lines of a form for skills and qualifications: as many as there are and some empty ones, so that it works without a script."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import QueryDict

from khaneh.domains.placements import queries
from khaneh.domains.placements.types import LEVELS, Level, Mastered, QualificationWish, SkillWish
from khaneh.domains.qualifications import queries as qualifications
from khaneh.interfaces.web import reader

SPARE, MOST = 3, 40


def skill_choices() -> list[tuple[str, str]]:
    """Skills by name. One statement."""
    language = reader.current().language
    found = [(row.code, row.names.pick(language)) for row in queries.skills()]
    return sorted(found, key=lambda one: one[1].casefold())


def qualification_choices() -> list[tuple[str, str]]:
    """Qualifications by name. One statement."""
    language = reader.current().language
    found = [(row.code, row.names.pick(language)) for row in qualifications.qualifications()]
    return sorted(found, key=lambda one: one[1].casefold())


def level_choices() -> list[tuple[int, str]]:
    """Levels, the lowest first."""
    return [(int(level), label.pick(reader.current().language)) for level, label in LEVELS.items()]


def skill_lines(wishes: Iterable[SkillWish | Mastered]) -> list[dict[str, Any]]:
    """What is chosen, and some empty lines."""
    found = [
        {"code": one.skill, "level": int(one.level), "essential": getattr(one, "essential", False)} for one in wishes
    ]
    spare = {"code": "", "level": int(Level.BASIC), "essential": False}
    return [{**one, "number": number} for number, one in enumerate([*found, *[spare] * SPARE])]


def qualification_lines(wishes: Iterable[QualificationWish]) -> list[dict[str, Any]]:
    """What is chosen, and some empty lines."""
    found = [{"code": one.qualification, "essential": one.essential} for one in wishes]
    return [
        {**one, "number": number} for number, one in enumerate([*found, *[{"code": "", "essential": False}] * SPARE])
    ]


def skill_wishes(posted: QueryDict) -> tuple[SkillWish, ...]:
    """What was chosen in the lines of a vacancy's form."""
    return tuple(
        SkillWish(code, _level(posted, number), posted.get(f"skill-{number}-essential") == "1")
        for number, code in _codes(posted, "skill")
    )


def mastered(posted: QueryDict) -> tuple[Mastered, ...]:
    """What was chosen in the lines of a profile."""
    return tuple(Mastered(code, _level(posted, number)) for number, code in _codes(posted, "skill"))


def qualification_wishes(posted: QueryDict) -> tuple[QualificationWish, ...]:
    """What was chosen of qualifications."""
    return tuple(
        QualificationWish(code, posted.get(f"qualification-{number}-essential") == "1")
        for number, code in _codes(posted, "qualification")
    )


def _codes(posted: Mapping[str, Any], name: str) -> list[tuple[int, str]]:
    found = [(number, str(posted.get(f"{name}-{number}", ""))[:80]) for number in range(MOST + SPARE)]
    return [(number, code) for number, code in found if code]


def _level(posted: QueryDict, number: int) -> Level:
    asked = posted.get(f"skill-{number}-level", "")
    return Level(int(asked)) if asked in {str(int(level)) for level in Level} else Level.BASIC
