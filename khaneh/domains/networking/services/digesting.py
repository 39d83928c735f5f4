"""Digests: what is new since the last one, told to whoever is due, in one transaction with the mark up to which they were told.

The order in which rows become visible is not that of their numbers: one that was written first may be committed last. So every row gets its turn
here, under one lock that is held until the commit, among the rows that can be seen; whoever was told of all turns up to one has missed none,
and a crash at any moment leaves either all of a round or nothing of it.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Max

from khaneh.domains.networking import notices
from khaneh.domains.networking.models import Digest, News, Subscription
from khaneh.domains.networking.queries.following import matching, wishes
from khaneh.domains.networking.rules import due
from khaneh.domains.networking.types import Frequency
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import SYSTEM

# So many are served in one transaction.
ROUND = 500
_TURNS = """
UPDATE networking_news AS n SET turn = seen.turn
FROM (SELECT id, (SELECT coalesce(max(turn), 0) FROM networking_news) + row_number() OVER (ORDER BY id) AS turn
      FROM networking_news WHERE turn IS NULL) AS seen
WHERE n.id = seen.id
"""


def make_digests(*, now: datetime, limit: int = ROUND) -> int:
    """Make the digests that are due, of at most so many followers; gives how many were looked at, 0 when nobody is due.

    Whoever has nothing new gets none. Statements as for one, but for what is written of each thousand of what is new.
    """
    with db.transaction():
        # Two rounds at once would give turns that pass each other.
        db.lock(("networking.news", 0))
        found = list(
            Subscription.objects.select_for_update(skip_locked=True)
            .filter(next_at__lte=now)
            .exclude(frequency=Frequency.NEVER.value)
            .order_by("next_at", "pk")[:limit]
        )
        if not found:
            return 0
        db.execute(_TURNS, {})
        last = News.objects.aggregate(last=Max("turn"))["last"] or 0
        wanted = wishes(found)
        news = list(News.objects.filter(turn__gt=min(one.told for one in found)).order_by("turn"))
        turn_of = {one.pk: one.turn or 0 for one in news}
        fitting = matching(news, [wanted[one.pk] for one in found], now=now)
        numbers = dict(
            Digest.objects.filter(subscription__in=found).values_list("subscription_id").annotate(last=Max("number"))
        )
        made = []
        for one, items in zip(found, fitting, strict=True):
            told = sorted(item.news_id for item in items if turn_of[item.news_id] > one.told)
            if told:
                made.append(
                    Digest(
                        subscription=one, number=numbers.get(one.pk, 0) + 1, turns=(one.told + 1, last + 1), news=told,
                        made_at=now,
                    )
                )  # fmt: skip
            one.told = last
            one.next_at = due.next_after(one.next_at, Frequency(one.frequency), now=now)
        Digest.objects.bulk_create(made)
        Subscription.objects.bulk_update(found, ["told", "next_at"])
        notices.tell_digests(made, now=now)
        if made:
            journal.record("networking.digests.made", actor=SYSTEM, digests=len(made))
    return len(found)
