"""What is kept of a person here: told, and forgotten. Called through `people.services.personal_data`, and when an account is closed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from khaneh.domains.discovery import services as discovery
from khaneh.domains.people.queries import contacts
from khaneh.domains.profiles import queries
from khaneh.domains.profiles.models import CompanyImport, ImportLine, Mentor, ShownPerson, SignUp, SignUpDocument
from khaneh.domains.profiles.services.signing_up import forget_documents
from khaneh.domains.profiles.types import OPEN_SIGNUPS, SignUpState
from khaneh.infrastructure import db
from khaneh.kernel.actor import SYSTEM

_NOTHING: dict[str, Any] = {"signups": [], "mentor": None, "shown": []}


def export_member(member_id: int) -> dict[str, Any]:
    """Sign-ups, the page as a mentor, and where one is shown, as JSON values. At most twenty statements."""
    account_id = _account(member_id)
    if account_id is None:
        return _NOTHING
    mentor = queries.mentor_of(account_id, actor=SYSTEM)
    return {
        "signups": [
            {
                "names": row.draft.names.to_dict(), "state": row.state.value,
                "registration_number": row.draft.registration_number, "note": row.draft.note,
                "made_at": row.made_at, "submitted_at": row.submitted_at,
                "documents": [one.name for one in row.documents],
                "decisions": [
                    {"outcome": one.outcome.value, "words": one.words, "at": one.decided_at} for one in row.decisions
                ],
            }
            for row in queries.signups_of(account_id, actor=SYSTEM)
        ],
        "mentor": mentor and {
            "headlines": mentor.draft.headlines.to_dict(), "about": mentor.draft.about.to_dict(),
            "capabilities": list(mentor.draft.capabilities), "sectors": list(mentor.draft.sectors),
            "languages": list(mentor.draft.languages), "hours": mentor.draft.hours, "published": mentor.published,
        },
        "shown": [
            {"organisation": row.organisation.code, "titles": row.titles.to_dict(), "state": row.state.value}
            for row in queries.asked_to_show(account_id, actor=SYSTEM)
        ],
    }  # fmt: skip


def erase_member(member_id: int, now: datetime) -> None:
    """Forget a member: see `erase_account`."""
    account_id = _account(member_id)
    if account_id is not None:
        erase_account(account_id, now)


def erase_account(account_id: int, now: datetime) -> None:
    """Open sign-ups end, their documents go, the page as a mentor and every showing of the person go; what was decided is nobody's."""
    with db.transaction():
        mine = SignUp.objects.filter(account_id=account_id)
        numbers = sorted(mine.values_list("pk", flat=True))
        if numbers:
            db.lock(*(("profiles.signup", number) for number in numbers))
        # Papers show who signed them; the organisation that was verified stands without them.
        forget_documents(list(SignUpDocument.objects.filter(signup_id__in=numbers).values_list("pk", flat=True)))
        mine.filter(state__in=[state.value for state in OPEN_SIGNUPS]).update(
            state=SignUpState.WITHDRAWN.value, changed_at=now
        )
        mine.update(account=None, note="")
        pages = list(Mentor.objects.filter(account_id=account_id).values_list("pk", flat=True))
        Mentor.objects.filter(pk__in=pages).delete()
        discovery.touch("mentor", pages)
        ShownPerson.objects.filter(account_id=account_id).delete()
        CompanyImport.objects.filter(account_id=account_id).update(account=None)
        ImportLine.objects.filter(judged_by_id=account_id).update(judged_by=None)


def _account(member_id: int) -> int | None:
    contact = contacts([member_id]).get(member_id)
    return contact.account_id if contact else None
