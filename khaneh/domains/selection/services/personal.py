"""What is kept of a person here: told, and forgotten. Called through `people.services.personal_data`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from khaneh.domains.people.queries import contacts
from khaneh.domains.selection.models import (
    Appeal,
    Contract,
    Decision,
    RankingRun,
    Review,
    Reviewer,
    Tie,
    Trail,
)
from khaneh.domains.selection.types.lists import OPENED, WAITING, ReviewState
from khaneh.infrastructure import db


def export_member(member_id: int) -> dict[str, Any]:
    """What somebody judged and declared, and what they appealed and signed, as JSON values. At most six statements."""
    account_id = _account(member_id)
    if account_id is None:
        return {"reviews": [], "ties": [], "appeals": [], "contracts": []}
    reviews = Review.objects.filter(reviewer__account_id=account_id).order_by("pk")
    return {
        "reviews": list(
            reviews.values(
                "application_id", "state", "comment", "note", "conflict", "conflict_note", "declared_at", "submitted_at"
            )
        ),
        "ties": list(
            Tie.objects.filter(account_id=account_id).order_by("pk").values("kind", "declared_at", "ended_at")
        ),
        "appeals": list(
            Appeal.objects.filter(made_by_id=account_id).order_by("pk").values("text", "made_at", "state", "answer")
        ),
        "contracts": list(
            Contract.objects.filter(signed_by_id=account_id).order_by("pk").values("number", "text", "signed_at")
        ),
    }


def erase_member(member_id: int, now: datetime) -> None:
    """Forget a member."""
    account_id = _account(member_id)
    if account_id is not None:
        erase_account(account_id, now)


def erase_account(account_id: int, now: datetime) -> None:
    """Forget an account: what they had still to judge is taken back, what they judged stays as nobody's, their ties and own words go."""
    with db.transaction():
        mine = Review.objects.filter(reviewer__account_id=account_id)
        rounds = sorted(set(mine.values_list("round_id", flat=True)))
        if rounds:
            db.lock(*(("selection.round", number) for number in rounds))
        for review in mine.filter(state__in=WAITING):
            if review.state in OPENED:
                review.scores.all().delete()
            Review.objects.filter(pk=review.pk).update(
                state=ReviewState.TAKEN_BACK.value, comment="", note="", ended_at=now, changed_at=now
            )
        mine.update(conflict_note="", note="")
        Reviewer.objects.filter(account_id=account_id).update(account=None, competence="", left_at=now)
        Tie.objects.filter(account_id=account_id).delete()
        Tie.objects.filter(other_id=account_id).delete()
        Appeal.objects.filter(made_by_id=account_id).update(text="", made_by=None)
        Contract.objects.filter(signed_by_id=account_id).update(signed_by=None, signed_name="")
        for model, column in (
            (Appeal, "answered_by"), (Appeal, "decided_by"), (Contract, "issued_by"), (Decision, "decided_by"),
            (RankingRun, "made_by"), (Trail, "account"),
        ):  # fmt: skip
            model.objects.filter(**{column: account_id}).update(**{column: None})


def _account(member_id: int) -> int | None:
    contact = contacts([member_id]).get(member_id)
    return contact.account_id if contact else None
