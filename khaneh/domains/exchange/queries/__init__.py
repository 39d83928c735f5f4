"""Everything that reads the exchange."""

from khaneh.domains.exchange.queries.competence import rank
from khaneh.domains.exchange.queries.coverage import Coverage, Unseen, coverage
from khaneh.domains.exchange.queries.decisions import DecisionRow, decisions_of
from khaneh.domains.exchange.queries.gatherings import (
    answering,
    decided_gatherings,
    gathered,
    gathering,
    gatherings,
    proposed_gatherings,
)
from khaneh.domains.exchange.queries.matches import (
    brokered_matches,
    brokers_of,
    evidence_store,
    match,
    matches_of_need,
    own_matches,
    require_organisation,
    side_of,
    sides_of,
    speaking,
)
from khaneh.domains.exchange.queries.postings import (
    brokered,
    brokered_houses,
    organisation_postings,
    own_postings,
    posting,
    postings,
    postings_by_ids,
    public_posting_ids,
    reviews_of,
    speakers,
    waiting,
)
from khaneh.domains.exchange.queries.proposals import forget_shelf, proposals_for, weights_in_force
from khaneh.domains.exchange.queries.templates import TEMPLATES, begun, templates

__all__ = [
    "TEMPLATES",
    "Coverage",
    "DecisionRow",
    "Unseen",
    "answering",
    "begun",
    "brokered",
    "brokered_houses",
    "brokered_matches",
    "brokers_of",
    "coverage",
    "decided_gatherings",
    "decisions_of",
    "evidence_store",
    "forget_shelf",
    "gathered",
    "gathering",
    "gatherings",
    "match",
    "matches_of_need",
    "organisation_postings",
    "own_matches",
    "own_postings",
    "posting",
    "postings",
    "postings_by_ids",
    "proposals_for",
    "proposed_gatherings",
    "public_posting_ids",
    "rank",
    "require_organisation",
    "reviews_of",
    "side_of",
    "sides_of",
    "speakers",
    "speaking",
    "templates",
    "waiting",
    "weights_in_force",
]
