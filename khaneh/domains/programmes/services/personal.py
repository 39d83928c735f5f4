"""What is kept of a member here: told, and forgotten. Called through `people.services.personal_data`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from khaneh.domains.people.queries import contacts
from khaneh.domains.programmes.models import (
    Application,
    ApplicationFile,
    ApplicationMember,
    CallQuestion,
    Step,
    Submission,
)
from khaneh.domains.programmes.services import holding
from khaneh.domains.programmes.types import STEPS, ApplicationState
from khaneh.infrastructure import db, jobs
from khaneh.kernel.actor import SYSTEM


def export_member(member_id: int) -> dict[str, Any]:
    """What somebody applied for, wrote and asked, as JSON values. At most six statements."""
    account_id = _account(member_id)
    if account_id is None:
        return {"applications": [], "questions": []}
    parts = ApplicationMember.objects.filter(account_id=account_id).select_related("application")
    handed: dict[int, list[dict[str, Any]]] = {}
    for one in Submission.objects.filter(application__account_id=account_id).order_by("version"):
        handed.setdefault(one.application_id, []).append(
            {"version": one.version, "receipt": one.receipt, "submitted_at": one.submitted_at, "content": one.content}
        )
    return {
        "applications": [
            {
                "call": one.application.call_id, "part": one.part, "joined_at": one.joined_at,
                "state": one.application.state, "title": one.application.title,
                "draft": one.application.typed if one.application.account_id == account_id else None,
                "submissions": handed.get(one.application_id, []),
            }
            for one in parts.order_by("pk")
        ],
        "questions": list(
            CallQuestion.objects.filter(account_id=account_id).order_by("pk").values("call_id", "text", "asked_at")
        ),
    }  # fmt: skip


def erase_member(member_id: int, now: datetime) -> None:
    """Forget a member."""
    account_id = _account(member_id)
    if account_id is not None:
        erase_account(account_id, now)


def erase_account(account_id: int, now: datetime) -> None:
    """Forget the holder of an account: their own applications are withdrawn and lose their content and documents, those of an organisation and
    those of others go on without them; numbers, dates and digests of what was handed in stay."""
    with db.transaction():
        mine = list(Application.objects.select_for_update(no_key=True).filter(account_id=account_id).order_by("pk"))
        digests: set[str] = set()
        for one in mine:
            if one.organisation_id is None:
                digests |= _empty(one, now)
        Application.objects.filter(account_id=account_id).update(account=None)
        ApplicationMember.objects.filter(account_id=account_id).delete()
        Submission.objects.filter(submitted_by_id=account_id).update(submitted_by=None)
        Step.objects.filter(account_id=account_id).update(account=None)
        ApplicationFile.objects.filter(added_by_id=account_id).update(added_by=None)
        CallQuestion.objects.filter(account_id=account_id).update(account=None)
        if digests:
            jobs.defer("programmes.forget_documents", digests=sorted(digests))


def _empty(one: Application, now: datetime) -> set[str]:
    if ApplicationState.WITHDRAWN in STEPS[ApplicationState(one.state)]:
        holding.move(one, ApplicationState.WITHDRAWN, actor=SYSTEM, house_id=one.call.house_id, now=now)
    Application.objects.filter(pk=one.pk).update(title="", summary="", typed={}, revision=one.revision + 1)
    Submission.objects.filter(application_id=one.pk).update(content=None)
    files = ApplicationFile.objects.filter(application_id=one.pk)
    digests = set(files.values_list("digest", flat=True))
    files.delete()
    return digests


def _account(member_id: int) -> int | None:
    contact = contacts([member_id]).get(member_id)
    return contact.account_id if contact else None
