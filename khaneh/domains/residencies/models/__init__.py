"""Rows of residencies and the support ledger, and the invariants that PostgreSQL keeps."""

from khaneh.domains.residencies.models.mentoring import Mentorship, Session, Slot
from khaneh.domains.residencies.models.residencies import (
    Allotment,
    Evidence,
    FollowUp,
    HealthCheck,
    Milestone,
    Request,
    Residency,
)
from khaneh.domains.residencies.models.support import Acknowledgement, Line, Support, Tranche

__all__ = [
    "Acknowledgement",
    "Allotment",
    "Evidence",
    "FollowUp",
    "HealthCheck",
    "Line",
    "Mentorship",
    "Milestone",
    "Request",
    "Residency",
    "Session",
    "Slot",
    "Support",
    "Tranche",
]
