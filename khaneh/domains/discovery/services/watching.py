"""Searches that are kept, and telling their owners when something came that answers them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from khaneh.domains.discovery.errors import TooMany
from khaneh.domains.discovery.models import SavedSearch
from khaneh.domains.discovery.queries.searching import arrived
from khaneh.domains.discovery.types import SORTS
from khaneh.domains.notices import services as notices
from khaneh.domains.people.queries import contacts
from khaneh.infrastructure import db
from khaneh.kernel.refusal import Invalid, NotFound

MOST_SEARCHES = 50
LONGEST_NAME = 120
LONGEST_TEXT = 300
# How often a kept search is asked again. What came so long before it was last asked may have reached the index only after.
EVERY = timedelta(hours=20)
_MARGIN = timedelta(days=2)
ARRIVED = "discovery.arrived"


def keep_search(
    *,
    member_id: int,
    name: str,
    text: str,
    filters: Mapping[str, Sequence[str]],
    sort: str,
    tells: bool,
    now: datetime,
) -> int:
    """Keep a search; gives its id. Told of is what comes from now on. Raises Invalid, TooMany."""
    name, text = " ".join(name.split()), text.strip()
    problems = {}
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        problems["name"] = "missing" if not name else "too_long"
    if len(text) > LONGEST_TEXT:
        problems["text"] = "too_long"
    if not text and not filters:
        problems["text"] = "missing"
    if sort not in SORTS:
        problems["sort"] = "not_in_list"
    if problems:
        raise Invalid(fields=problems)
    plain = {facet: list(values) for facet, values in filters.items()}
    with db.transaction():
        db.lock(("discovery.searches", member_id))
        if SavedSearch.objects.filter(member_id=member_id).count() >= MOST_SEARCHES:
            raise TooMany(what="searches", most=MOST_SEARCHES)
        made = SavedSearch.objects.create(
            member_id=member_id, name=name, text=text, filters=plain, sort=sort, tells=tells,
            seen=_newest(text, plain, now), looked_at=now, created_at=now,
        )  # fmt: skip
    return made.pk


def tell_of_search(*, member_id: int, search_id: int, tells: bool, now: datetime) -> None:
    """Be told of what answers a kept search from now on, or no more. Raises NotFound."""
    with db.transaction():
        found = SavedSearch.objects.select_for_update().filter(pk=search_id, member_id=member_id).first()
        if found is None:
            raise NotFound(what="search")
        if tells and not found.tells:
            found.seen, found.looked_at = _newest(found.text, found.filters, now), now
        found.tells = tells
        found.save(update_fields=["tells", "seen", "looked_at"])


def drop_search(*, member_id: int, search_id: int) -> None:
    """Keep a search no more. Raises NotFound."""
    if not SavedSearch.objects.filter(pk=search_id, member_id=member_id).delete()[0]:
        raise NotFound(what="search")


def look_again(*, now: datetime, limit: int = 200) -> int:
    """Ask the searches that are due and tell their owners of all records that came since; gives how many were told. A few statements a search.

    What was told is not told again: the highest number told is kept in the same transaction.
    """
    due = SavedSearch.objects.filter(tells=True, looked_at__lte=now - EVERY).order_by("looked_at", "pk")
    numbers = dict(due.values_list("pk", "member_id")[:limit])
    homes = contacts(numbers.values())
    told = 0
    for number in numbers:
        with db.transaction():
            found = SavedSearch.objects.select_for_update(skip_locked=True).filter(pk=number, tells=True).first()
            if found is None or found.member_id not in homes:
                continue
            came = _arrivals(found.text, found.filters, found.looked_at)
            if came is None:
                continue
            new = [key for key in came if key > found.seen]
            if new:
                notices.tell(
                    event=ARRIVED, member_id=found.member_id, house_id=homes[found.member_id].home_house_id,
                    facts={"search": found.pk, "count": len(new)}, key=f"arrived:{found.pk}:{max(new)}", now=now,
                )  # fmt: skip
                told += 1
            found.seen, found.looked_at = max([found.seen, *new]), now
            found.save(update_fields=["seen", "looked_at"])
    return told


def _newest(text: str, filters: Mapping[str, Sequence[str]], now: datetime) -> int:
    return max(_arrivals(text, filters, now) or (), default=0)


def _arrivals(text: str, filters: Mapping[str, Sequence[str]], looked_at: datetime) -> list[int] | None:
    """The records that answer a search and came since it was last asked, and shortly before; None while there is no index."""
    wanted = {facet: tuple(values) for facet, values in filters.items()} | {"kind": ("record",)}
    return arrived(text, wanted, since=looked_at - _MARGIN)
