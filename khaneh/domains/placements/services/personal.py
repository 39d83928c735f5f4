"""What is kept of a member here: told, and forgotten. Called through `people.services.personal_data`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from khaneh.domains.people.queries import contacts
from khaneh.domains.placements import notices, queries
from khaneh.domains.placements.models import Confirmation, Interest, Placement, Seeker, Statement, Vacancy
from khaneh.domains.placements.services import holding
from khaneh.domains.placements.types import EndReason, PlacementState
from khaneh.infrastructure import db
from khaneh.kernel.actor import SYSTEM


def export_member(member_id: int) -> dict[str, Any]:
    """The profile, interests, placements and what was said, as JSON values. At most thirteen statements."""
    account_id = _account(member_id)
    if account_id is None:
        return {"profile": None, "interests": [], "placements": [], "statements": []}
    seeker = queries.seeker_of(account_id, actor=SYSTEM)
    profile = seeker and {
        "regions": [ref.code for ref in seeker.regions], "km": seeker.km, "remote": seeker.remote, "about": seeker.about,
        "kinds": [kind.value for kind in seeker.kinds], "consented_at": seeker.consented_at,
        "skills": {skill.code: int(level) for skill, level in seeker.skills},
    }  # fmt: skip
    interests = Interest.objects.filter(seeker__account_id=account_id).order_by("pk")
    return {
        "profile": profile,
        "interests": list(interests.values("vacancy_id", "note", "made_at")),
        "placements": [
            {
                "vacancy": row.vacancy.to_dict(), "organisation": row.organisation.code, "state": row.state.value,
                "note": row.note, "offered_at": row.offered_at, "accepted_at": row.accepted_at,
                "started_on": row.started_on, "ended_on": row.ended_on,
                "end_reason": row.end_reason.value if row.end_reason else "",
                "match": row.match.to_dict() if row.match else None,
            }
            for row in queries.placements_of(account_id, actor=SYSTEM, limit=10_000)
        ],
        "statements": [
            {
                "kind": row.kind.value, "since": row.since, "told_on": row.told_on, "said_by": row.said_by.value,
                "where": row.where, "noted_by_staff": row.by_staff, "confirmed_on": row.confirmed_on,
                "confirmed_by": row.confirmed_by, "withdrawn_at": row.withdrawn_at,
            }
            for row in queries.statements_of(account_id, actor=SYSTEM)
        ],
    }  # fmt: skip


def erase_member(member_id: int, now: datetime) -> None:
    """Forget a member: profile, interests and what was said go, offers come to nothing, what was begun is nobody's."""
    account_id = _account(member_id)
    if account_id is not None:
        erase_account(account_id, now)


def erase_account(account_id: int, now: datetime) -> None:
    """The same for an account that is closed, whether or not its holder was a member."""
    with db.transaction():
        mine = Placement.objects.filter(account_id=account_id)
        holding.hold(vacancies=mine.values_list("vacancy_id", flat=True), accounts=[account_id])
        Seeker.objects.filter(account_id=account_id).delete()
        Statement.objects.filter(account_id=account_id).delete()
        Statement.objects.filter(made_by_id=account_id).update(made_by=None)
        for one in mine.filter(state__in=[PlacementState.OFFERED.value, PlacementState.ACCEPTED.value]).order_by("pk"):
            holding.decline_one(one, EndReason.ERASED, actor=SYSTEM, now=now)
            notices.tell_employer("placements.declined", one, now=now)
            if one.state == PlacementState.ACCEPTED:
                holding.settle(Vacancy.objects.get(pk=one.vacancy_id), actor=SYSTEM, now=now)
        mine.update(account=None, note="", match=None)
        Confirmation.objects.filter(answered_by_id=account_id).update(answered_by=None)


def _account(member_id: int) -> int | None:
    contact = contacts([member_id]).get(member_id)
    return contact.account_id if contact else None
