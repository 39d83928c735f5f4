"""After the deadline: conditions judged, and the steps that officers and the domains above take."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from khaneh.domains.programmes import notices, permissions, queries
from khaneh.domains.programmes.errors import ApplicationStateRefused, CallStateRefused
from khaneh.domains.programmes.models import Application, Call
from khaneh.domains.programmes.rules.drafts import LONGEST_REASON
from khaneh.domains.programmes.services import holding
from khaneh.domains.programmes.services.keeping import own_call
from khaneh.domains.programmes.types import (
    ApplicationRow,
    ApplicationState,
    CallState,
    Eligibility,
)
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import SYSTEM, Actor
from khaneh.kernel.labels import LANGUAGES
from khaneh.kernel.refusal import Invalid, NotFound

REMIND_BEFORE = timedelta(days=3)
# What an officer says no or yes to needs a reason; what follows from rules has it already.
_WITH_REASON = (ApplicationState.DECLINED, ApplicationState.INELIGIBLE)


def check_conditions(*, actor: Actor, call_id: int, now: datetime) -> Counter[str]:
    """After the deadline, make of each that was handed in what the policies said of its last version: eligible, or not, with the reasons.

    Done once for a call; nothing is handed in any more. Gives how many became what. About fifteen statements for each. Raises NotFound,
    NotAllowed, CallStateRefused before the deadline.
    """
    done: Counter[str] = Counter()
    with db.transaction():
        call = own_call(actor, call_id)
        if call.checked_at is not None:
            return done
        if call.state != CallState.PUBLISHED.value or call.closes_at is None or now < call.closes_at:
            raise CallStateRefused(call_id=call_id, stage=queries.call(call_id).stage(now).value)
        waiting = Application.objects.select_for_update(no_key=True).filter(
            call_id=call_id, state=ApplicationState.SUBMITTED.value
        )
        for one in waiting.order_by("pk"):
            told = Eligibility.from_dict(one.eligibility) if one.eligibility else Eligibility(False)
            after = ApplicationState.ELIGIBLE if told.permitted else ApplicationState.INELIGIBLE
            why = "" if told.permitted else _why(told, one.language)
            holding.move(one, after, actor=actor, house_id=call.house_id, now=now, reason=why)
            if after is ApplicationState.INELIGIBLE:
                notices.tell_team("programmes.ineligible", one.pk, key="ineligible", now=now)
            done[after.value] += 1
        Call.objects.filter(pk=call_id).update(checked_at=now, changed_at=now)
        journal.record("programmes.call.checked", actor=actor, house_id=call.house_id, call_id=call_id, **done)
    return done


def advance(
    *,
    actor: Actor,
    application_id: int,
    to: ApplicationState,
    reason: str = "",
    now: datetime,
    seen: ApplicationState | None = None,
) -> ApplicationRow:
    """One step of an application that was handed in, by who keeps the call or a domain above (`SYSTEM`). The team is told of what decides.

    A step that refuses somebody needs a reason. `seen` is the state that who decides has before them: two at once, and the second is told how it
    stands. Raises NotFound, NotAllowed, Invalid (reason:
    required, too_long), ApplicationStateRefused.
    """
    reason = reason.strip()
    if to in _WITH_REASON and not reason:
        raise Invalid(fields={"reason": "required"})
    if len(reason) > LONGEST_REASON:
        raise Invalid(fields={"reason": "too_long"})
    with db.transaction():
        before = Application.objects.filter(pk=application_id).values_list("call_id", flat=True).first()
        if before is None:
            raise NotFound(what="application")
        call = holding.shared_call(before)
        found = holding.held_application(application_id)
        if found.version == 0:
            raise NotFound(what="application")
        permissions.require_manage(actor, house_id=call.house_id)
        if seen is not None and found.state != seen.value:
            raise ApplicationStateRefused(application_id=application_id, state=found.state, wanted=to.value)
        if to in (ApplicationState.SUBMITTED, ApplicationState.WITHDRAWN, ApplicationState.DRAFT):
            raise Invalid(fields={"to": "not_in_list"})
        holding.move(found, to, actor=actor, house_id=call.house_id, now=now, reason=reason)
        event = notices.OF_STATE.get(to)
        if event is not None:
            notices.tell_team(event, application_id, key=f"{to.value}:{now:%Y%m%d%H%M%S}", now=now)
    return queries.application(application_id)


def sweep(*, now: datetime) -> Counter[str]:
    """What the clock does: judge conditions where a deadline is over, and remind who has not handed in three days before it."""
    done: Counter[str] = Counter()
    over = Call.objects.filter(state=CallState.PUBLISHED.value, closes_at__lte=now, checked_at__isnull=True)
    for call_id in over.order_by("closes_at").values_list("pk", flat=True)[:50]:
        done += check_conditions(actor=SYSTEM, call_id=call_id, now=now)
        done["calls"] += 1
    soon = Call.objects.filter(state=CallState.PUBLISHED.value, closes_at__gt=now, closes_at__lte=now + REMIND_BEFORE)
    for call_id in soon.values_list("pk", flat=True):
        notices.tell_writers("programmes.closes_soon", call_id, key="soon", now=now, drafts_alone=True)
    return done


def _why(told: Eligibility, language: str) -> str:
    wanted = language if language in LANGUAGES else "en"
    return " · ".join(one.label.pick(wanted) for one in told.reasons)
