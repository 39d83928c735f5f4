"""What is kept of a member here: told, and forgotten. Called through `people.services.personal_data`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from khaneh.domains.people.queries import contacts
from khaneh.domains.residencies.models import (
    Acknowledgement,
    Evidence,
    FollowUp,
    HealthCheck,
    Mentorship,
    Milestone,
    Request,
    Residency,
    Session,
    Slot,
)
from khaneh.domains.residencies.services import holding
from khaneh.domains.residencies.types import SessionState
from khaneh.infrastructure import db


def export_member(member_id: int) -> dict[str, Any]:
    """Residencies that somebody answers for, teams that they mentor, their times and sessions, as JSON values. Six statements."""
    account_id = _account(member_id)
    if account_id is None:
        return {"residencies": [], "mentorships": [], "slots": [], "sessions": []}
    mine = Residency.objects.filter(founder_id=account_id).order_by("pk")
    sessions = Session.objects.filter(mentor_id=account_id) | Session.objects.filter(booked_by_id=account_id)
    return {
        "residencies": list(
            mine.values(
                "names", "plan", "state", "starts_on", "ends_on", "moved_in_on", "over_on", "follow_up_consent_at"
            )
        ),
        "mentorships": list(
            Mentorship.objects.filter(mentor_id=account_id).order_by("pk").values("residency__names", "since", "until")
        ),
        "health_checks": list(
            HealthCheck.objects.filter(by_id=account_id).order_by("pk").values("on", "scores", "note")
        ),
        "slots": list(Slot.objects.filter(mentor_id=account_id).order_by("pk").values("starts", "ends", "place")),
        "sessions": list(sessions.order_by("pk").values("starts", "ends", "topic", "state", "summary")),
    }


def erase_member(member_id: int, now: datetime) -> None:
    """Forget a member: what they founded, mentored and wrote is nobody's; times that nobody took go, as do their words about teams."""
    account_id = _account(member_id)
    if account_id is not None:
        erase_account(account_id, now)


def erase_account(account_id: int, now: datetime) -> None:
    """The same for an account that is closed. The ledger stays as it is, under an account that is nobody's any more."""
    with db.transaction():
        holding.hold(mentors=[account_id])
        Residency.objects.filter(founder_id=account_id).update(founder=None, changed_at=now)
        coming = Session.objects.filter(mentor_id=account_id, state=SessionState.BOOKED.value, starts__gt=now)
        coming.update(state=SessionState.CANCELLED.value, changed_at=now)
        today = now.date()
        Mentorship.objects.filter(mentor_id=account_id, until__isnull=True, since__lte=today).update(until=today)
        Mentorship.objects.filter(mentor_id=account_id).update(mentor=None)
        Slot.objects.filter(mentor_id=account_id, sessions__isnull=True).delete()
        Session.objects.filter(mentor_id=account_id).update(mentor=None, summary="")
        Session.objects.filter(booked_by_id=account_id).update(booked_by=None)
        HealthCheck.objects.filter(by_id=account_id).update(by=None, note="")
        Milestone.objects.filter(decided_by_id=account_id).update(decided_by=None)
        Evidence.objects.filter(given_by_id=account_id).update(given_by=None)
        Request.objects.filter(asked_by_id=account_id).update(asked_by=None)
        Request.objects.filter(answered_by_id=account_id).update(answered_by=None)
        FollowUp.objects.filter(answered_by_id=account_id).update(answered_by=None)
        Acknowledgement.objects.filter(by_id=account_id).update(by=None)


def _account(member_id: int) -> int | None:
    contact = contacts([member_id]).get(member_id)
    return contact.account_id if contact else None
