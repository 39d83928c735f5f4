"""Rows of matchmaking sessions, meetings and pitches, and the invariants that PostgreSQL keeps."""

from khaneh.domains.meetings.models.matchmakings import Absence, Matchmaking, Participant, Person, Plan, Round, Table
from khaneh.domains.meetings.models.meetings import Meeting, Said, Sitting
from khaneh.domains.meetings.models.pitches import DemoDay, Interest, Pitch

__all__ = [
    "Absence",
    "DemoDay",
    "Interest",
    "Matchmaking",
    "Meeting",
    "Participant",
    "Person",
    "Pitch",
    "Plan",
    "Round",
    "Said",
    "Sitting",
    "Table",
]
