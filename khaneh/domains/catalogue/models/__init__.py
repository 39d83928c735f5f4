"""The catalogue's rows. Constraints and triggers (migration 0001) keep what must hold whoever writes."""

from khaneh.domains.catalogue.models.authorities import Authority, AuthorityName
from khaneh.domains.catalogue.models.contributions import Contribution, ContributionVersion, MatchKey
from khaneh.domains.catalogue.models.copies import Copy
from khaneh.domains.catalogue.models.decisions import MergeDecision, ReviewPair
from khaneh.domains.catalogue.models.imports import ImportBatch, QuarantineItem, SeenAgain
from khaneh.domains.catalogue.models.records import Record, Work
from khaneh.domains.catalogue.models.sources import Profile, Source

__all__ = [
    "Authority",
    "AuthorityName",
    "Contribution",
    "ContributionVersion",
    "Copy",
    "ImportBatch",
    "MatchKey",
    "MergeDecision",
    "Profile",
    "QuarantineItem",
    "Record",
    "ReviewPair",
    "SeenAgain",
    "Source",
    "Work",
]
