"""What is kept of a member here: told, and forgotten. Called through `people.services.personal_data`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from khaneh.domains.networking.models import Digest, Follow, Sharing, Subscription
from khaneh.domains.networking.services.sharing import end_of_mentor
from khaneh.domains.people.queries import contacts
from khaneh.infrastructure import db
from khaneh.kernel.actor import Actor


def export_member(member_id: int) -> dict[str, Any]:
    """What they follow, how often they are told, what they were told, and what is shared of them, as JSON values. Four statements."""
    account_id = _account(member_id)
    if account_id is None:
        return {"following": [], "follows": [], "digests": [], "sharings": []}
    mine = Subscription.objects.filter(account_id=account_id)
    return {
        "following": list(mine.order_by("pk").values("id", "organisation__code", "kinds", "frequency", "begun_at")),
        "follows": list(
            Follow.objects.filter(subscription__in=mine).order_by("pk")
            .values("subscription_id", "what", "sector", "region__code", "house__code")
        ),
        "digests": list(
            Digest.objects.filter(subscription__in=mine).order_by("pk").values("subscription_id", "number", "made_at")
        ),
        "sharings": list(
            Sharing.objects.filter(mentor_id=account_id).order_by("pk")
            .values("house__code", "to_house__code", "minutes", "valid_from", "valid_until", "state", "agreed_at")
        ),
    }  # fmt: skip


def erase_member(member_id: int, now: datetime) -> None:
    """Forget what a member follows and was told; what is shared of them ends. Who offered what for a house is forgotten, the sharing stays."""
    account_id = _account(member_id)
    if account_id is not None:
        erase_account(account_id, now)


def erase_account(account_id: int, now: datetime) -> None:
    """The same for an account that is closed, whether or not its holder was a member."""
    with db.transaction():
        db.lock(("networking.subscriber", account_id))
        Subscription.objects.filter(account_id=account_id).delete()
        end_of_mentor(account_id, now=now)
        Sharing.objects.filter(offered_by_id=account_id).update(offered_by=None)


def withdraw_organisation(*, organisation_id: int, actor: Actor, now: datetime) -> None:
    """An organisation leaves the network: nobody follows for it any more. Two statements."""
    Subscription.objects.filter(organisation_id=organisation_id).delete()


def _account(member_id: int) -> int | None:
    contact = contacts([member_id]).get(member_id)
    return contact.account_id if contact else None
