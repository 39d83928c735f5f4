"""What is kept of a member here: told, and forgotten. Called through `people.services.personal_data`.

Needs, offers and agreements are an organisation's; of a person there is only who acted for it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from khaneh.domains.exchange.models import Agreement, Decision, Gathering, Match, Outcome, Posting, Review
from khaneh.domains.people.queries import contacts
from khaneh.infrastructure import db

_ACTED = (
    (Posting, ("made_by",)),
    (Review, ("decided_by",)),
    (Decision, ("decided_by",)),
    (Match, ("made_by", "owner_yes_by", "introduced_by")),
    (Agreement, ("made_by", "owner_by", "partner_by")),
    (Outcome, ("told_by", "confirmed_by")),
    (Gathering, ("decided_by", "answered_by")),
)


def export_member(member_id: int) -> dict[str, Any]:
    """What a member wrote and decided here, as JSON values. At most seven statements."""
    account_id = _account(member_id)
    if account_id is None:
        return {"postings": [], "texts": [], "outcomes": [], "decisions": 0}
    written = Posting.objects.filter(made_by_id=account_id).order_by("pk")
    return {
        "postings": list(
            written.values("kind", "title", "problem", "context", "limits", "technology", "state", "made_at")
        ),
        "texts": list(
            Agreement.objects.filter(made_by_id=account_id).order_by("pk").values("text", "version", "made_at")
        ),
        "outcomes": list(
            Outcome.objects.filter(told_by_id=account_id).order_by("pk").values("kind", "words", "told_at")
        ),
        "decisions": sum(
            model.objects.filter(decided_by_id=account_id).count() for model in (Review, Decision, Gathering)
        ),
    }


def erase_member(member_id: int, now: datetime) -> None:
    """Forget who acted; what an organisation said stays its own."""
    account_id = _account(member_id)
    if account_id is not None:
        erase_account(account_id)


def erase_account(account_id: int) -> None:
    """The same for an account that is closed, whether or not its holder was a member."""
    with db.transaction():
        for model, columns in _ACTED:
            for column in columns:
                model.objects.filter(**{f"{column}_id": account_id}).update(**{column: None})


def _account(member_id: int) -> int | None:
    contact = contacts([member_id]).get(member_id)
    return contact.account_id if contact else None
