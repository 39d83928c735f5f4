"""What somebody follows, what their next digest would say, and what earlier ones said."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from django.db.models import Count, F, Q

from khaneh.domains.network import queries as network
from khaneh.domains.network.types import sector_name
from khaneh.domains.networking.models import Digest, Follow, News, Subscription
from khaneh.domains.networking.queries.news import news_items
from khaneh.domains.networking.rules.matching import Wish, fits
from khaneh.domains.networking.types import (
    DigestRow,
    Followed,
    FollowRow,
    Frequency,
    NewsItem,
    NewsKind,
    SubscriptionRow,
)
from khaneh.kernel.actor import Actor
from khaneh.kernel.labels import Label
from khaneh.kernel.refusal import NotFound

# Of what is new so much is looked at at once, and so much of it at most for a page.
BATCH = 1000
MOST_LOOKED_AT = 5000
MOST_SHOWN = 200


def subscriptions(actor: Actor) -> list[SubscriptionRow]:
    """All of an account, one's own first. Five statements."""
    if actor.account_id is None:
        return []
    found = Subscription.objects.filter(account_id=actor.account_id).annotate(made=Count("digests"))
    return _rows(list(found.order_by(F("organisation").asc(nulls_first=True), "pk")))


def subscription(subscription_id: int, *, actor: Actor) -> SubscriptionRow:
    """One of one's own. Five statements. Raises NotFound."""
    found = Subscription.objects.filter(pk=subscription_id, account_id=actor.account_id or 0)
    rows = _rows(list(found.annotate(made=Count("digests"))))
    if not rows:
        raise NotFound(what="subscription")
    return rows[0]


def follows_of(actor: Actor, what: Followed, code: str) -> list[FollowRow]:
    """Those of somebody's follows that are of this one thing, for the button on its page. At most six statements."""
    return [one for row in subscriptions(actor) for one in row.follows if (one.what, one.code) == (what, code)]


def preview(subscription_id: int, *, actor: Actor, now: datetime) -> list[NewsItem]:
    """What the next digest would say if it were made now, the latest first; nothing is told by looking. As `news_items`, for each thousand of
    what is new, and seven. Raises NotFound.
    """
    found = Subscription.objects.filter(pk=subscription_id, account_id=actor.account_id or 0).first()
    if found is None:
        raise NotFound(what="subscription")
    news = News.objects.filter(Q(turn__gt=found.told) | Q(turn__isnull=True)).order_by("-pk")[:MOST_LOOKED_AT]
    wish = wishes([found])[found.pk]
    items = matching(list(news), [wish], now=now)[0]
    return sorted(items, key=lambda one: -one.news_id)[:MOST_SHOWN]


def matching(news: Sequence[News], wanted: Sequence[Wish], *, now: datetime) -> list[list[NewsItem]]:
    """For each wish what of the news fits it. Statements as `news_items` for each thousand, whatever the number of wishes."""
    found: list[list[NewsItem]] = [[] for _ in wanted]
    kinds = {kind for wish in wanted for kind in wish.kinds}
    for start in range(0, len(news), BATCH):
        batch = [one for one in news[start : start + BATCH] if NewsKind(one.kind) in kinds]
        for item in news_items(batch, now=now).values():
            for wish, list_ in zip(wanted, found, strict=True):
                if fits(wish, item):
                    list_.append(item)
    return found


def wishes(found: Collection[Subscription]) -> dict[int, Wish]:
    """What each of them follows. One statement."""
    sectors, regions, houses = (
        defaultdict[int, set[str]](set),
        defaultdict[int, set[int]](set),
        defaultdict[int, set[int]](set),
    )
    rows = Follow.objects.filter(subscription__in=found).values_list(
        "subscription_id", "sector", "region_id", "house_id"
    )
    for number, sector, region_id, house_id in rows:
        if sector:
            sectors[number].add(sector)
        if region_id is not None:
            regions[number].add(region_id)
        if house_id is not None:
            houses[number].add(house_id)
    return {
        one.pk: Wish(
            frozenset(NewsKind(kind) for kind in one.kinds), frozenset(sectors[one.pk]), frozenset(regions[one.pk]),
            frozenset(houses[one.pk]),
        )
        for one in found
    }  # fmt: skip


def digests(subscription_id: int, *, actor: Actor, now: datetime, limit: int = 12) -> list[DigestRow]:
    """The digests that were made, the latest first, with what of them still stands. As `news_items`, and three. Raises NotFound."""
    if not Subscription.objects.filter(pk=subscription_id, account_id=actor.account_id or 0).exists():
        raise NotFound(what="subscription")
    found = list(Digest.objects.filter(subscription_id=subscription_id).order_by("-number")[:limit])
    items = items_of(found, now=now)
    return [
        DigestRow(one.pk, one.number, one.made_at, tuple(items[pk] for pk in one.news if pk in items)) for one in found
    ]


def items_of(found: Iterable[Digest], *, now: datetime) -> dict[int, NewsItem]:
    """Everything that digests tell of, as it is now, by its number. As `news_items`, and one statement."""
    wanted = {number for one in found for number in one.news}
    return news_items(News.objects.filter(pk__in=wanted), now=now)


def by_secret(secret: str) -> SubscriptionRow:
    """Whose address of the last page this is; without signing in. Five statements. Raises NotFound."""
    rows = _rows(list(Subscription.objects.filter(secret=secret).annotate(made=Count("digests")))) if secret else []
    if not rows:
        raise NotFound(what="subscription")
    return rows[0]


def _rows(found: list[Subscription]) -> list[SubscriptionRow]:
    organisations = network.organisation_refs(one.organisation_id for one in found if one.organisation_id is not None)
    rows = list(Follow.objects.filter(subscription__in=found).order_by("what", "pk"))
    regions = network.region_refs(one.region_id for one in rows if one.region_id is not None)
    houses = network.house_refs(one.house_id for one in rows if one.house_id is not None)
    followed: dict[int, list[FollowRow]] = defaultdict(list)
    for one in rows:
        ref = regions.get(one.region_id or 0) or houses.get(one.house_id or 0)
        code, names = (ref.code, ref.names) if ref is not None else (one.sector, _sector(one.sector))
        followed[one.subscription_id].append(FollowRow(one.pk, Followed(one.what), code, names))
    return [
        SubscriptionRow(
            id=one.pk,
            organisation=organisations.get(one.organisation_id or 0),
            kinds=tuple(kind for kind in NewsKind if kind.value in one.kinds),
            frequency=Frequency(one.frequency),
            next_at=one.next_at,
            follows=tuple(followed[one.pk]),
            digests=getattr(one, "made", 0),
        )
        for one in found
    ]


def _sector(code: str) -> Label:
    return sector_name(code) if code else Label("", "", "")
