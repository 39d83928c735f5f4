"""What is kept of a member here: told, and forgotten. Called through `people.services.personal_data`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from khaneh.domains.founding.models import Assessment, Proposal, Score, Spend
from khaneh.domains.founding.services import assessing
from khaneh.domains.people.queries import contacts
from khaneh.infrastructure import db


def export_member(member_id: int) -> dict[str, Any]:
    """What they proposed, assessed, decided and noted, as JSON values. Five statements and one for their scores."""
    account_id = _account(member_id)
    if account_id is None:
        return {"proposals": [], "assessments": [], "decisions": [], "spends": []}
    assessed = Assessment.objects.filter(assessor_id=account_id).order_by("pk")
    scores = Score.objects.filter(assessment__in=assessed).order_by("pk")
    return {
        "proposals": list(
            Proposal.objects.filter(made_by_id=account_id).order_by("pk").values("house_id", "plan", "made_at", "state")
        ),
        "assessments": [
            {**one, "scores": [row for row in scores.values("assessment_id", "item__code", "score", "note")
                               if row["assessment_id"] == one["id"]]}
            for one in assessed.values("id", "state", "begun_at", "submitted_at", "permille", "summary")
        ],
        "decisions": list(
            Proposal.objects.filter(decided_by_id=account_id).order_by("pk").values("house_id", "reason", "decided_at")
        ),
        "spends": list(
            Spend.objects.filter(noted_by_id=account_id).order_by("pk").values("amount", "spent_on", "receipt")
        ),
    }  # fmt: skip


def erase_member(member_id: int, now: datetime) -> None:
    """Take a member's name out of what they did in an office; what was done stays, and drafts are given up."""
    account_id = _account(member_id)
    if account_id is not None:
        erase_account(account_id)


def erase_account(account_id: int) -> None:
    """The same for an account that is closed, whether or not its holder was a member."""
    with db.transaction():
        mine = Assessment.objects.filter(assessor_id=account_id)
        assessing.let_go(mine)
        mine.update(assessor=None)
        Proposal.objects.filter(made_by_id=account_id).update(made_by=None)
        Proposal.objects.filter(decided_by_id=account_id).update(decided_by=None)
        Spend.objects.filter(noted_by_id=account_id).update(noted_by=None)


def _account(member_id: int) -> int | None:
    contact = contacts([member_id]).get(member_id)
    return contact.account_id if contact else None
