"""What is kept of a member here: told, and forgotten. Called through `people.services.personal_data`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q

from khaneh.domains.learning.models import Attendance, Certificate, Enrolment, Party, Result, Run, RunTeacher
from khaneh.domains.learning.queries.certificates import certificate_rows
from khaneh.domains.learning.queries.enrolments import enrolment_rows
from khaneh.domains.learning.services import charging, waiting
from khaneh.domains.learning.services.judging import hold
from khaneh.domains.learning.types import OPEN_ENROLMENTS, EndReason, EnrolmentState
from khaneh.domains.people.queries import contacts
from khaneh.infrastructure import db
from khaneh.kernel.actor import SYSTEM


def export_member(member_id: int) -> dict[str, Any]:
    """Enrolments and certificates, as JSON values. About thirty statements."""
    account_id = _account(member_id)
    if account_id is None:
        return {"enrolments": [], "certificates": []}
    enrolments = enrolment_rows(Enrolment.objects.filter(account_id=account_id).order_by("pk"))
    certificates = certificate_rows(Certificate.objects.filter(account_id=account_id).order_by("pk"))
    return {
        "enrolments": [
            {
                "course": row.run.course.code, "names": row.run.course.names.to_dict(), "house": row.run.house.code,
                "starts": row.run.starts, "state": row.state.value, "joined_at": row.joined_at,
                "organisation": row.organisation.code if row.organisation else "", "meetings": list(row.meetings),
                "score": row.result.score if row.result else None, "passed": row.result.passed if row.result else None,
                "note": row.result.note if row.result else "", "price": list(row.price) if row.price else None,
                "reason": row.reason,
            }
            for row in enrolments
        ],
        "certificates": [
            {
                "number": row.number, "key": row.key, "holder": row.holder, "course": row.course_code,
                "names": row.course_names.to_dict(), "house": row.house.code, "issued_at": row.issued_at,
                "revoked_at": row.revoked_at, "reason": row.reason,
            }
            for row in certificates
        ],
    }  # fmt: skip


def erase_member(member_id: int, now: datetime) -> None:
    """Forget a member: places to come are given up, what is over is nobody's, names and words go."""
    account_id = _account(member_id)
    if account_id is not None:
        erase_account(account_id, now)


def erase_account(account_id: int, now: datetime) -> None:
    """The same for an account that is closed, whether or not its holder was a member. Certificates open no page any more."""
    with db.transaction():
        mine = Enrolment.objects.filter(account_id=account_id)
        open_ = mine.filter(state__in=[state.value for state in OPEN_ENROLMENTS])
        runs = sorted(set(open_.values_list("run_id", flat=True)))
        hold(run_ids=runs, account_ids=[account_id])
        parties = list(mine.values_list("party_id", flat=True))
        left = list(open_.values_list("pk", flat=True))
        open_.update(state=EnrolmentState.WITHDRAWN.value, seat=None, end_reason=EndReason.ERASED.value, changed_at=now)
        for number in parties:
            waiting.settle_offer(number, now=now)
        Result.objects.filter(enrolment__account_id=account_id).update(note="")
        Certificate.objects.filter(account_id=account_id).update(
            account=None, holder="", token="", reason="", erased_at=now
        )
        mine.update(account=None, reason="", code="")
        Party.objects.filter(Q(account_id=account_id) | Q(pk__in=parties)).update(override=None)
        Party.objects.filter(account_id=account_id).update(account=None)
        RunTeacher.objects.filter(account_id=account_id).delete()
        Run.objects.filter(planned_by_id=account_id).update(planned_by=None)
        Attendance.objects.filter(by_id=account_id).update(by=None)
        Result.objects.filter(by_id=account_id).update(by=None)
        Certificate.objects.filter(issued_by_id=account_id).update(issued_by=None)
        for number in runs:
            waiting.offer(number, now=now)
        charging.give_back(left, actor=SYSTEM, now=now)


def _account(member_id: int) -> int | None:
    contact = contacts([member_id]).get(member_id)
    return contact.account_id if contact else None
