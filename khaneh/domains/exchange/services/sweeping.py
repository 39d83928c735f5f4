"""What the clock ends, asks and gathers. Safe to run again."""

from __future__ import annotations

from datetime import datetime

from khaneh.domains.exchange import notices
from khaneh.domains.exchange.models import Match, Posting
from khaneh.domains.exchange.rules import days
from khaneh.domains.exchange.services import holding
from khaneh.domains.exchange.types import EndReason, MatchState, PostingState, Swept
from khaneh.domains.network import queries as network
from khaneh.infrastructure import db
from khaneh.kernel.actor import SYSTEM

_SOME = 200
_UNANSWERED = [MatchState.INVITED.value, MatchState.INTERESTED.value]


def sweep(*, now: datetime, limit: int = _SOME) -> Swept:
    """Expire what was shown to its last day, ask before that whether it goes on, end what nobody answers, ask what came of agreements.

    At most `limit` of each; run it until it says nothing.
    """
    return Swept(_expire(now, limit), _ask_to_renew(now, limit), _lapse(now, limit), _ask_outcomes(now, limit))


def _expire(now: datetime, limit: int) -> int:
    # The day is over in some country first: whether it is over where the broker's house is, is asked of each.
    open_ = Posting.objects.filter(state=PostingState.PUBLISHED.value, closes_on__lte=now.date())
    done = 0
    for number in list(open_.order_by("closes_on", "pk").values_list("pk", flat=True)[:limit]):
        with db.transaction():
            one = holding.held_posting(number)
            today = days.day_in(network.house_facts(one.broker_house_id).country, now)
            if one.state != PostingState.PUBLISHED or one.closes_on is None or one.closes_on >= today:
                continue
            holding.end_matches(one, EndReason.EXPIRED, now=now)
            holding.move(one, PostingState.EXPIRED, actor=SYSTEM, now=now)
            notices.tell_owners("exchange.expired", one, now=now, turn=one.closes_on.isoformat())
            done += 1
    return done


def _ask_to_renew(now: datetime, limit: int) -> int:
    soon = now.date() + days.RENEW_BEFORE
    ending = Posting.objects.filter(state=PostingState.PUBLISHED.value, closes_on__lte=soon, asked_to_renew=False)
    done = 0
    for number in list(ending.order_by("closes_on", "pk").values_list("pk", flat=True)[:limit]):
        with db.transaction():
            one = holding.held_posting(number)
            if one.state != PostingState.PUBLISHED or one.asked_to_renew or one.closes_on is None:
                continue
            Posting.objects.filter(pk=number).update(asked_to_renew=True)
            notices.tell_owners("exchange.expiring", one, now=now, turn=one.closes_on.isoformat())
            done += 1
    return done


def _lapse(now: datetime, limit: int) -> int:
    """Who was asked and says nothing; a company that is interested and that nobody introduces is told as well."""
    silent = Match.objects.filter(state__in=_UNANSWERED, changed_at__lte=now - days.ANSWER_WITHIN)
    done = 0
    for number in list(silent.order_by("changed_at", "pk").values_list("pk", flat=True)[:limit]):
        with db.transaction():
            one = holding.held_match(number)
            if one.state in _UNANSWERED and one.changed_at <= now - days.ANSWER_WITHIN:
                holding.end_one(one, EndReason.NO_ANSWER, actor=SYSTEM, now=now)
                done += 1
    return done


def _ask_outcomes(now: datetime, limit: int) -> int:
    asked = Match.objects.filter(
        state=MatchState.AGREED.value, agreed_at__lte=now - days.OUTCOME_AFTER, asked_outcome_at__isnull=True,
        outcomes__isnull=True,
    )  # fmt: skip
    done = 0
    for number in list(asked.order_by("agreed_at", "pk").values_list("pk", flat=True)[:limit]):
        with db.transaction():
            one = holding.held_match(number)
            if Match.objects.filter(pk=number, asked_outcome_at__isnull=True).update(asked_outcome_at=now):
                notices.tell_match("exchange.ask_outcome", one, now=now, owner=True, partner=True)
                done += 1
    return done
