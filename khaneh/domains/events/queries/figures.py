"""What events came to: who came, what they thought, what came of it; and what registering is judged by."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Sum

from khaneh.domains.events.models import CheckIn, Feedback, Outcome, OutcomeCount, Registration
from khaneh.domains.events.queries.registrations import desk_event
from khaneh.domains.events.rules.acts import ABSENCES_DAYS
from khaneh.domains.events.types import HOLDING, OPEN_REGISTRATIONS, Figures, RegistrationState
from khaneh.domains.network import queries as network
from khaneh.domains.network.types import Ref
from khaneh.kernel.actor import Actor

_OPEN = [state.value for state in OPEN_REGISTRATIONS]


def figures(event_id: int, *, actor: Actor) -> Figures:
    """What an event came to, for its desk. At most 28 statements. Raises NotFound.

    `by_share` counts people who had their place by the house whose share they came by, and how many of them came.
    """
    row = desk_event(event_id, actor=actor)
    mine = Registration.objects.filter(event_id=event_id)
    people = {state: int(total) for state, total in mine.values_list("state").annotate(Sum("people"))}
    checked = CheckIn.objects.filter(event_id=event_id, undone_at=None)
    guests = int(checked.filter(registration=None).aggregate(total=Sum("people"))["total"] or 0)
    came = int(checked.aggregate(total=Sum("people"))["total"] or 0)
    given = Feedback.objects.filter(event_id=event_id)
    marks = dict(given.values_list("rating").annotate(Count("pk")))
    total = sum(marks.values())
    outcome = Outcome.objects.filter(event_id=event_id).first()
    attendance = outcome.attendance if outcome else None
    return Figures(
        people=people,
        came=came or attendance or 0,
        guests=guests,
        by_share=_by_share(event_id),
        marks=(marks.get(1, 0), marks.get(2, 0), marks.get(3, 0), marks.get(4, 0), marks.get(5, 0)),
        mean=sum(mark * number for mark, number in marks.items()) / total if total else None,
        words=tuple(given.exclude(words="").order_by("-given_at", "-pk").values_list("rating", "words")[:200]),
        text=outcome.text if outcome else "",
        counts=dict(OutcomeCount.objects.filter(event_id=event_id).order_by("pk").values_list("kind", "number")),
        attendance=attendance,
        recorded_on=outcome.recorded_at.astimezone(ZoneInfo(row.zone)).date() if outcome else None,
    )


def used(
    *, account_id: int | None, organisation_id: int | None, now: datetime, except_id: int | None = None
) -> dict[str, int]:
    """What a person (what they registered themself) or an organisation has to come and has missed. Two statements."""
    if organisation_id is not None:
        mine = Registration.objects.filter(organisation_id=organisation_id)
    elif account_id is not None:
        mine = Registration.objects.filter(account_id=account_id, organisation=None)
    else:
        return {"registrant.upcoming": 0, "registrant.absences": 0}
    upcoming = mine.filter(state__in=_OPEN, event__ends__gt=now).exclude(pk=except_id or 0)
    missed = mine.filter(
        state=RegistrationState.ABSENT.value, event__ends__range=(now - timedelta(days=ABSENCES_DAYS), now)
    )
    return {"registrant.upcoming": upcoming.count(), "registrant.absences": missed.count()}


def _by_share(event_id: int) -> tuple[tuple[Ref, int, int], ...]:
    """Two statements."""
    found = (
        Registration.objects.filter(event_id=event_id, state__in=[state.value for state in HOLDING], pool__isnull=False)
        .order_by("pool_id")
        .values_list("pool__house_id")
        .annotate(Sum("people"), Sum("came"))
    )
    counted = [(house_id, int(people), int(came)) for house_id, people, came in found if house_id is not None]
    houses = network.house_refs([house_id for house_id, _, _ in counted])
    return tuple((houses[house_id], people, came) for house_id, people, came in counted)
