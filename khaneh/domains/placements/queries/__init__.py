"""Everything that reads placements: skills, vacancies, who looks for one, matches, what became of it, and cohorts."""

from khaneh.domains.placements.queries.cohorts import cohort, graduate, graduates
from khaneh.domains.placements.queries.matching import candidates, match_of, openings
from khaneh.domains.placements.queries.placements import (
    employers,
    placement,
    placements_of,
    placements_of_organisation,
)
from khaneh.domains.placements.queries.seekers import interests_of, seeker_of
from khaneh.domains.placements.queries.skill_list import skill_list, skill_use, vacancies_with_skill
from khaneh.domains.placements.queries.skills import skill, skill_refs, skill_words, skills
from khaneh.domains.placements.queries.statements import asked_on, statements_of
from khaneh.domains.placements.queries.vacancies import (
    organisation_vacancies,
    public_vacancy_ids,
    vacancies,
    vacancies_by_ids,
    vacancies_of_organisation,
    vacancy,
)

__all__ = [
    "asked_on",
    "candidates",
    "cohort",
    "employers",
    "graduate",
    "graduates",
    "interests_of",
    "match_of",
    "openings",
    "organisation_vacancies",
    "placement",
    "placements_of",
    "placements_of_organisation",
    "public_vacancy_ids",
    "seeker_of",
    "skill",
    "skill_list",
    "skill_refs",
    "skill_use",
    "skill_words",
    "skills",
    "statements_of",
    "vacancies",
    "vacancies_by_ids",
    "vacancies_of_organisation",
    "vacancies_with_skill",
    "vacancy",
]
