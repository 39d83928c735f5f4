"""Everything that reads founding: standards, proposals, what assessors found, how a place compares, and passports."""

from khaneh.domains.founding.queries.assessments import assessment, assessments_of, own_drafts, picture
from khaneh.domains.founding.queries.passports import has_passport, passport, passport_of, passports, unmeasured
from khaneh.domains.founding.queries.proposals import proposal, proposals, spends, tasks
from khaneh.domains.founding.queries.standards import (
    authored,
    newest_in_force,
    published_ids,
    standard,
    standards,
    versions,
    with_items,
)
from khaneh.domains.founding.queries.weighing import spot_of, weighed

__all__ = [
    "assessment",
    "assessments_of",
    "authored",
    "has_passport",
    "newest_in_force",
    "own_drafts",
    "passport",
    "passport_of",
    "passports",
    "picture",
    "proposal",
    "proposals",
    "published_ids",
    "spends",
    "spot_of",
    "standard",
    "standards",
    "tasks",
    "unmeasured",
    "versions",
    "weighed",
    "with_items",
]
