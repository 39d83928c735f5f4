"""What became of teams that graduated: asked after 1, 2, 3 and 5 years, kept only while the team consents."""

from __future__ import annotations

from datetime import datetime

from khaneh.domains.residencies import notices, permissions
from khaneh.domains.residencies.errors import NoConsent, NotYet, StateRefused
from khaneh.domains.residencies.models import FollowUp, Residency
from khaneh.domains.residencies.rules import drafts
from khaneh.domains.residencies.services import holding
from khaneh.domains.residencies.types import FollowUpDraft, ResidencyState
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import Invalid, NotFound

_NOTHING = {"fate": "", "people": None, "revenue_band": "", "exports": None, "answered_at": None, "answered_by": None}
BATCH = 200


def consent(*, actor: Actor, residency_id: int, given: bool, now: datetime) -> None:
    """The team agrees that what becomes of it is kept and counted, or not any more: then what was kept is forgotten. Raises NotFound."""
    with db.transaction():
        one = holding.held(residency_id)
        permissions.require_team(actor, one)
        if given == (one.follow_up_consent_at is not None):
            return
        Residency.objects.filter(pk=one.pk).update(follow_up_consent_at=now if given else None, changed_at=now)
        if not given:
            FollowUp.objects.filter(residency_id=one.pk).update(**_NOTHING)
        journal.record(
            f"residencies.consent.{'given' if given else 'withdrawn'}", actor=actor, house_id=one.house_id,
            residency_id=one.pk,
        )  # fmt: skip


def answer_follow_up(*, actor: Actor, residency_id: int, year: int, draft: FollowUpDraft, now: datetime) -> None:
    """What is known of a team that many years on, as it says itself or told its house; a later answer takes the place of an earlier.

    Raises NotFound, StateRefused, NoConsent, NotYet, Invalid.
    """
    wrong = drafts.follow_up_problems(draft)
    if wrong:
        raise Invalid(fields=wrong)
    with db.transaction():
        one = holding.held(residency_id)
        if not permissions.may_run(actor, house_id=one.house_id):
            permissions.require_team(actor, one)
        if one.state != ResidencyState.GRADUATED:
            raise StateRefused(what="residency", state=one.state)
        if one.follow_up_consent_at is None:
            raise NoConsent
        asked = FollowUp.objects.filter(residency_id=one.pk, year=year).first()
        if asked is None:
            raise NotFound(what="follow_up")
        if asked.due_on > holding.today_at(one.house_id, now):
            raise NotYet
        FollowUp.objects.filter(pk=asked.pk).update(
            fate=draft.fate.value if draft.fate else "", people=draft.people, revenue_band=draft.revenue_band,
            exports=draft.exports, answered_at=now, answered_by_id=actor.account_id,
        )  # fmt: skip
        journal.record(
            "residencies.follow_up.answered", actor=actor, house_id=one.house_id, residency_id=one.pk, year=year
        )


def ask_follow_ups(*, now: datetime, limit: int = BATCH) -> int:
    """Ask the teams that consent and whose day has come, each once a year of theirs. Gives how many are asked; nobody is told twice."""
    due = FollowUp.objects.filter(
        due_on__lte=now.date(), answered_at__isnull=True, residency__follow_up_consent_at__isnull=False, asked=False
    ).select_related("residency")
    found = list(due.order_by("due_on", "pk")[:limit])
    for one in found:
        with db.transaction():
            holding.hold(residencies=[one.residency_id])
            notices.tell_team("residencies.follow_up", one.residency, now=now, year=one.year)
            FollowUp.objects.filter(pk=one.pk).update(asked=True)
    return len(found)
