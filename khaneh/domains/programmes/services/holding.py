"""The locks of every act on applications, and the steps of their life.

In one order: who applies (by name, so that nobody passes a limit twice at once), the call's row, the application's row. Whoever hands in shares the
call's row with all others; whoever moves the deadline or judges conditions after it holds the row alone, so that nothing is handed in beside
them: either it is seen by them, or its writer is told that it is too late.
"""

from __future__ import annotations

from datetime import datetime

from khaneh.domains.programmes.errors import ApplicationStateRefused
from khaneh.domains.programmes.models import Application, Call, Step
from khaneh.domains.programmes.rules.drafts import goes
from khaneh.domains.programmes.types import ApplicationState
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import NotFound

_SHARE = "SELECT id FROM programmes_call WHERE id = %(call)s FOR SHARE"
_ALONE = "SELECT id FROM programmes_call WHERE id = %(call)s FOR NO KEY UPDATE"
_CLOCK = "SELECT clock_timestamp()"


def hold_applicant(*, account_id: int | None, organisation_id: int | None) -> None:
    """Nobody else counts the applications of this person and organisation until the transaction ends. One statement."""
    things = []
    if organisation_id is not None:
        things.append(("programmes.applicant.organisation", organisation_id))
    elif account_id is not None:
        things.append(("programmes.applicant.account", account_id))
    if things:
        db.lock(*things)


def shared_call(call_id: int) -> Call:
    """A call that stays as it is until the transaction ends, together with others who hand in. Two statements. Raises NotFound."""
    return _call(_SHARE, call_id)


def held_call(call_id: int) -> Call:
    """A call that nobody hands in to, and nobody else changes, until the transaction ends. Two statements. Raises NotFound."""
    return _call(_ALONE, call_id)


def held_application(application_id: int) -> Application:
    """An application that nobody else changes until the transaction ends. One statement. Raises NotFound."""
    found = Application.objects.select_for_update(no_key=True).filter(pk=application_id).first()
    if found is None:
        raise NotFound(what="application")
    return found


def clock() -> datetime:
    """The instant by PostgreSQL's clock: the same for all processes, and later than whatever the transaction waited for. One statement."""
    (now,) = db.fetch_one(_CLOCK, {}) or ()
    assert isinstance(now, datetime)  # noqa: S101
    return now


def move(
    found: Application, after: ApplicationState, *, actor: Actor, house_id: int, now: datetime, reason: str = ""
) -> None:
    """One step of a held application's life. Three statements. Raises ApplicationStateRefused."""
    before = ApplicationState(found.state)
    if not goes(before, after):
        raise ApplicationStateRefused(application_id=found.pk, state=before.value, wanted=after.value)
    Application.objects.filter(pk=found.pk).update(state=after.value, changed_at=now)
    note_step(found, after, actor=actor, now=now, reason=reason)
    journal.record(
        "programmes.application.moved",
        actor=actor,
        house_id=house_id,
        application_id=found.pk,
        call_id=found.call_id,
        before=before.value,
        after=after.value,
    )


def note_step(found: Application, after: ApplicationState, *, actor: Actor, now: datetime, reason: str = "") -> None:
    """Write down a step that was taken. One statement."""
    Step.objects.create(
        application_id=found.pk,
        before=found.state,
        after=after.value,
        account_id=actor.account_id,
        reason=reason,
        at=now,
    )


def _call(statement: str, call_id: int) -> Call:
    if db.fetch_one(statement, {"call": call_id}) is None:
        raise NotFound(what="call")
    return Call.objects.select_related("programme", "form").get(pk=call_id)
