"""What is kept of a member here: told, and forgotten. Called through `people.services.personal_data`."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from khaneh.domains.events.models import CheckIn, Event, Feedback, Outcome, Registration
from khaneh.domains.events.queries.registrations import registration_rows
from khaneh.domains.events.queries.rows import by_ids
from khaneh.domains.events.services import sharing
from khaneh.domains.events.services.changing import end
from khaneh.domains.events.services.judging import hold_events
from khaneh.domains.events.types import OPEN_REGISTRATIONS, EndReason, RegistrationState
from khaneh.domains.people.queries import contacts
from khaneh.infrastructure import db
from khaneh.kernel.actor import SYSTEM

# So long after an event it still matters who was there by name; from then on how many is enough.
NAMES_KEPT = timedelta(days=180)


def export_member(member_id: int) -> dict[str, Any]:
    """Registrations with what was said and thought, as JSON values. At most 28 statements."""
    account_id = _account(member_id)
    if account_id is None:
        return {"registrations": []}
    listed = registration_rows(Registration.objects.filter(account_id=account_id).order_by("pk"))
    events = by_ids({row.event_id for row in listed})
    return {
        "registrations": [
            {
                "event": events[row.event_id].names.to_dict(), "house": events[row.event_id].house.code,
                "starts": events[row.event_id].starts, "state": row.state.value, "people": row.people,
                "names": list(row.names), "organisation": row.organisation.code if row.organisation else "",
                "note": row.note, "registered_at": row.registered_at, "came": row.came, "rating": row.rating,
                "words": row.words, "reason": row.reason,
            }
            for row in listed
        ]
    }  # fmt: skip


def erase_member(member_id: int, now: datetime) -> None:
    """Forget a member: what is to come is given up, what is over is nobody's, words go."""
    account_id = _account(member_id)
    if account_id is not None:
        erase_account(account_id, now)


def erase_account(account_id: int, now: datetime) -> None:
    """The same for an account that is closed, whether or not its holder was a member."""
    with db.transaction():
        mine = Registration.objects.filter(account_id=account_id)
        open_ = mine.filter(state__in=[state.value for state in OPEN_REGISTRATIONS], event__ends__gt=now)
        # All events first, since ledgers are the last that is held.
        events = sorted(set(open_.values_list("event_id", flat=True)))
        hold_events(events)
        ended = list(open_.filter(event_id__in=events).select_related("event").order_by("pk"))
        for one in ended:
            end(
                one, one.event, state=RegistrationState.CANCELLED, why=EndReason.ERASED, words="", actor=SYSTEM, now=now,
                tell=False,
            )  # fmt: skip
        sharing.settle(*events, now=now, concerned=[one.pk for one in ended])
        Feedback.objects.filter(registration__account_id=account_id).update(words="")
        mine.update(account=None, guest="", names=[], note="", reason="", override=None)
        Registration.objects.filter(registered_by_id=account_id).update(registered_by=None)
        Event.objects.filter(account_id=account_id).update(account=None)
        CheckIn.objects.filter(by_id=account_id).update(by=None)
        Outcome.objects.filter(recorded_by_id=account_id).update(recorded_by=None)


def forget_names(*, now: datetime, limit: int = 500) -> int:
    """Names of groups and guests, and what they asked for, go half a year after the event. Gives how many registrations and check-ins."""
    old = now - NAMES_KEPT
    said = Registration.objects.filter(event__ends__lt=old).exclude(names=[], guest="", note="")
    first = Registration.objects.filter(pk__in=list(said.order_by("pk").values_list("pk", flat=True)[:limit]))
    guests = CheckIn.objects.filter(event__ends__lt=old).exclude(guest="").order_by("pk")
    second = CheckIn.objects.filter(pk__in=list(guests.values_list("pk", flat=True)[:limit]))
    return first.update(names=[], guest="", note="") + second.update(guest="")


def _account(member_id: int) -> int | None:
    contact = contacts([member_id]).get(member_id)
    return contact.account_id if contact else None
