"""Rows of placements, with what PostgreSQL itself keeps about them."""

from khaneh.domains.placements.models.placements import Confirmation, Placement
from khaneh.domains.placements.models.seekers import Interest, Seeker, SeekerSkill
from khaneh.domains.placements.models.statements import Statement
from khaneh.domains.placements.models.vacancies import Skill, Vacancy, VacancyQualification, VacancySkill

__all__ = [
    "Confirmation",
    "Interest",
    "Placement",
    "Seeker",
    "SeekerSkill",
    "Skill",
    "Statement",
    "Vacancy",
    "VacancyQualification",
    "VacancySkill",
]
