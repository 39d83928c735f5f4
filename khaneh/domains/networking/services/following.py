"""Beginning to follow, saying how often one wants to hear of it, and ending it."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime
from typing import Any

from khaneh.domains.network import queries as network
from khaneh.domains.network.types import is_sector
from khaneh.domains.networking import permissions, queries
from khaneh.domains.networking.errors import TooMuchFollowed
from khaneh.domains.networking.models import Follow, News, Subscription
from khaneh.domains.networking.rules import due
from khaneh.domains.networking.types import Followed, Frequency, NewsKind, SubscriptionRow
from khaneh.domains.people import queries as people
from khaneh.domains.people.queries.contacts import contacts
from khaneh.infrastructure import db, journal
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import Invalid, NotAllowed, NotFound

MOST_FOLLOWED = 60


def follow(
    *, actor: Actor, what: Followed, code: str, now: datetime, organisation_id: int | None = None
) -> SubscriptionRow:
    """Follow a sector, a region or a house, for oneself or for an organisation; again it changes nothing.

    With the first of them one gets a digest every week of everything there is, beginning with what is at most thirty days old. Raises NotAllowed,
    NotFound, Invalid, TooMuchFollowed.
    """
    account_id = _account(actor)
    if organisation_id is not None and not permissions.speaks_for(actor, organisation_id):
        raise NotAllowed(act="networking.follow_for_organisation")
    thing = _thing(what, code)
    with db.transaction():
        db.lock(("networking.subscriber", account_id))
        whose: dict[str, Any] = {"account_id": account_id, "organisation_id": organisation_id}
        found = Subscription.objects.filter(**whose).first()
        if found is None:
            found = Subscription.objects.create(
                **whose, house_id=_house(account_id, thing, organisation_id),
                kinds=[kind.value for kind in NewsKind], frequency=Frequency.WEEKLY.value, told=_begins_at(now),
                next_at=due.next_after(now, Frequency.WEEKLY, now=now), secret=secrets.token_urlsafe(24), begun_at=now,
                changed_at=now,
            )  # fmt: skip
        if not Follow.objects.filter(subscription=found, **thing).exists():
            if found.follows.count() >= MOST_FOLLOWED:
                raise TooMuchFollowed(most=MOST_FOLLOWED)
            Follow.objects.create(subscription=found, what=what.value, **thing)
            journal.record("networking.follow.added", actor=actor, subscription_id=found.pk, what=what.value)
    return queries.subscription(found.pk, actor=actor)


def unfollow(*, actor: Actor, follow_id: int, now: datetime) -> None:
    """Follow it no more; with the last of what is followed all of it ends. What is not there any more is not an error."""
    account_id = _account(actor)
    with db.transaction():
        db.lock(("networking.subscriber", account_id))
        found = Follow.objects.filter(pk=follow_id, subscription__account_id=account_id).first()
        if found is None:
            return
        number = found.subscription_id
        found.delete()
        journal.record("networking.follow.removed", actor=actor, subscription_id=number, what=found.what)


def set_wishes(
    *, actor: Actor, subscription_id: int, kinds: Collection[NewsKind], frequency: Frequency, now: datetime
) -> None:
    """Of what kinds one wants to hear, and how often. Whoever comes back from `never` is told of what is at most thirty days old.

    Raises NotFound, Invalid.
    """
    if not kinds:
        raise Invalid(fields={"kinds": "required"})
    with db.transaction():
        found = _held(actor, subscription_id)
        before = Frequency(found.frequency)
        found.kinds = [kind.value for kind in NewsKind if kind in kinds]
        if frequency is not before:
            found.frequency = frequency.value
            found.next_at = due.next_after(now, frequency, now=now)
            if before is Frequency.NEVER:
                found.told = max(found.told, _begins_at(now))
        found.changed_at = now
        found.save(update_fields=["kinds", "frequency", "next_at", "told", "changed_at"])
        journal.record(
            "networking.subscription.changed", actor=actor, subscription_id=found.pk, frequency=frequency.value
        )


def stop(*, actor: Actor, subscription_id: int, now: datetime) -> None:
    """Follow none of it any more: what was followed and told is forgotten. What is not there any more is not an error."""
    account_id = _account(actor)
    with db.transaction():
        db.lock(("networking.subscriber", account_id))
        found = Subscription.objects.filter(pk=subscription_id, account_id=account_id).first()
        if found is not None:
            found.delete()
            journal.record("networking.subscription.stopped", actor=actor, subscription_id=subscription_id)


def stop_by_secret(*, secret: str, now: datetime) -> None:
    """Whoever has the address from a digest wants no more of them; what is followed stays. Again it changes nothing. Raises NotFound."""
    found = Subscription.objects.filter(secret=secret).first() if secret else None
    if found is None:
        raise NotFound(what="subscription")
    with db.transaction():
        db.lock(("networking.subscriber", found.account_id))
        done = Subscription.objects.filter(pk=found.pk).exclude(frequency=Frequency.NEVER.value)
        if done.update(frequency=Frequency.NEVER.value, changed_at=now):
            journal.record(
                "networking.subscription.changed", actor=Actor(), subscription_id=found.pk,
                frequency=Frequency.NEVER.value,
            )  # fmt: skip


def _account(actor: Actor) -> int:
    if actor.account_id is None:
        raise NotAllowed(act="networking.follow")
    return actor.account_id


def _held(actor: Actor, subscription_id: int) -> Subscription:
    db.lock(("networking.subscriber", _account(actor)))
    # Its row too: digests are made under that.
    found = (
        Subscription.objects.select_for_update().filter(pk=subscription_id, account_id=actor.account_id or 0).first()
    )
    if found is None:
        raise NotFound(what="subscription")
    return found


def _thing(what: Followed, code: str) -> dict[str, object]:
    """The columns of what is followed. Raises NotFound, Invalid."""
    if what is Followed.SECTOR:
        if not is_sector(code):
            raise Invalid(fields={"sector": "not_in_list"})
        return {"sector": code, "region_id": None, "house_id": None}
    if what is Followed.REGION:
        return {"sector": "", "region_id": network.region(code).id, "house_id": None}
    house_id = network.house_ids_by_code([code]).get(code)
    if house_id is None or house_id not in network.public_places():
        raise NotFound(what="house")
    return {"sector": "", "region_id": None, "house_id": house_id}


def _house(account_id: int, thing: dict[str, object], organisation_id: int | None) -> int:
    """In whose name, and by whose clocks, digests go out: the home house, the one that is followed, one of the region, one of the organisation's
    region, the first of the network. Raises NotFound where there is no house at all.
    """
    member_id = people.member_of_account(account_id)
    if member_id is not None:
        return contacts([member_id])[member_id].home_house_id
    if isinstance(house_id := thing["house_id"], int):
        return house_id
    public = sorted(network.public_places())
    regions = [thing["region_id"]] if isinstance(thing["region_id"], int) else []
    if organisation_id is not None:
        regions += [
            one.id for one in reversed(network.organisations_by_ids([organisation_id])[organisation_id].regions)
        ]
    for region_id in regions:
        there = next((number for number in public if region_id in network.house_facts(number).regions), None)
        if there is not None:
            return there
    if not public:
        raise NotFound(what="house")
    return public[0]


def _begins_at(now: datetime) -> int:
    """The turn after which news is new to who begins at this moment."""
    old = News.objects.filter(at__lt=now - due.LOOKS_BACK, turn__isnull=False).order_by("-turn")
    return old.values_list("turn", flat=True).first() or 0
