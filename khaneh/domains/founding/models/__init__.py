"""Rows of founding, and the invariants that PostgreSQL keeps."""

from khaneh.domains.founding.models.assessments import Assessment, Photo, Score
from khaneh.domains.founding.models.passports import Passport, PassportEntry
from khaneh.domains.founding.models.proposals import Proposal, Spend, Task
from khaneh.domains.founding.models.standards import Item, Standard

__all__ = ["Assessment", "Item", "Passport", "PassportEntry", "Photo", "Proposal", "Score", "Spend", "Standard", "Task"]
