"""What the clock does: vacancies expire, offers lapse, employers are asked and reminded, and silence is written down as unknown."""

from __future__ import annotations

from datetime import datetime, timedelta

from khaneh.domains.placements import notices
from khaneh.domains.placements.models import Confirmation, Placement, Vacancy
from khaneh.domains.placements.rules import days
from khaneh.domains.placements.services import holding
from khaneh.domains.placements.types import AT_WORK, MILESTONES, EndReason, PlacementState, Swept, VacancyState
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import SYSTEM

BATCH = 500


def sweep(*, now: datetime, limit: int = BATCH) -> Swept:
    """One round of at most `limit` of each; call it again while it did something. Each is its own transaction, judged again under its lock."""
    return Swept(_expire(now, limit), _lapse(now, limit), _remind(now, limit), _unknown(now, limit))


def _expire(now: datetime, limit: int) -> int:
    # No country is more than half a day ahead: whatever could be over by some clock is looked at, and judged on its own.
    found = Vacancy.objects.filter(
        state=VacancyState.PUBLISHED.value, closes_on__lt=(now + timedelta(hours=14)).date()
    ).order_by("closes_on", "pk")
    done = 0
    for number in list(found.values_list("pk", flat=True)[:limit]):
        with db.transaction():
            vacancy = holding.held_vacancy(number)
            over = vacancy.closes_on is not None and vacancy.closes_on < days.day_in(holding.country_of(vacancy), now)
            if over and vacancy.state == VacancyState.PUBLISHED:
                holding.move(vacancy, VacancyState.EXPIRED, actor=SYSTEM, now=now)
                done += 1
    return done


def _lapse(now: datetime, limit: int) -> int:
    found = Placement.objects.filter(state=PlacementState.OFFERED.value, answer_by__lte=now).order_by("answer_by", "pk")
    done = 0
    for number, vacancy_id in list(found.values_list("pk", "vacancy_id")[:limit]):
        with db.transaction():
            holding.hold(vacancies=[vacancy_id])
            one = Placement.objects.get(pk=number)
            if one.state == PlacementState.OFFERED and one.answer_by is not None and one.answer_by <= now:
                holding.decline_one(one, EndReason.LAPSED, actor=SYSTEM, now=now)
                notices.tell_employer("placements.declined", one, now=now)
                done += 1
    return done


def _remind(now: datetime, limit: int) -> int:
    """Ask employers whose day has come, and ask again; the furthest milestone alone, since it says the others."""
    today = now.date()
    waiting = Confirmation.objects.filter(
        placement__state__in=[state.value for state in AT_WORK],
        answered_at__isnull=True,
        due_on__lte=today,
        reminded__lt=len(days.REMINDED_AFTER),
    ).select_related("placement__vacancy")
    done = 0
    for asked in list(waiting.order_by("due_on", "pk")[:limit]):
        due = days.reminders_due(asked.due_on, today)
        if due <= asked.reminded:
            continue
        with db.transaction():
            fresh = Confirmation.objects.filter(pk=asked.pk, reminded=asked.reminded, answered_at__isnull=True)
            if fresh.update(reminded=due):
                notices.tell_employer_to_confirm(asked, turn=due, now=now)
                done += 1
    return done


def _unknown(now: datetime, limit: int) -> int:
    """Who was asked for the last time and said nothing: what became of them is unknown, and shown so."""
    silent = Confirmation.objects.filter(
        months=MILESTONES[-1],
        answered_at__isnull=True,
        due_on__lte=now.date() - days.SILENT_AFTER,
        placement__state__in=[PlacementState.STARTED.value, PlacementState.CONFIRMED_3.value],
    )
    done = 0
    for number, vacancy_id in list(silent.order_by("pk").values_list("placement_id", "placement__vacancy_id")[:limit]):
        with db.transaction():
            holding.hold(vacancies=[vacancy_id])
            changed = Placement.objects.filter(
                pk=number, state__in=[PlacementState.STARTED.value, PlacementState.CONFIRMED_3.value]
            ).update(state=PlacementState.UNKNOWN.value, changed_at=now)
            if changed:
                journal.record("placements.placement.unknown", actor=SYSTEM, placement_id=number)
                done += 1
    return done
