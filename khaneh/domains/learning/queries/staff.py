"""Whether the staff is trained: the live figure of a house, a region, the network."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Q

from khaneh.domains.learning import permissions
from khaneh.domains.learning.models import StaffRequirement
from khaneh.domains.learning.rules import staff as rules
from khaneh.domains.learning.types import HouseTraining, NeedRow, RequirementRow, StaffRow, StaffTraining, Standing
from khaneh.domains.network import queries as network
from khaneh.domains.network.types import Role
from khaneh.domains.people import queries as people
from khaneh.domains.people.queries.staff import Post
from khaneh.domains.people.queries.staff import posts as posts_at
from khaneh.domains.qualifications import queries as qualifications
from khaneh.kernel.actor import VISITOR, Actor

_WORST_FIRST = (Standing.MISSING, Standing.LAPSED, Standing.DUE, Standing.TRAINED)


def requirements(*, at: datetime) -> list[RequirementRow]:
    """What is asked of the staff at an instant, the oldest first. Three statements."""
    found = StaffRequirement.objects.filter(Q(until__isnull=True) | Q(until__gt=at), since__lte=at).order_by("pk")
    listed = list(found)
    known = qualifications.rows_by_id(one.qualification_id for one in listed)
    regions = network.region_refs(one.region_id for one in listed if one.region_id is not None)
    return [
        RequirementRow(
            id=one.pk,
            qualification_id=one.qualification_id,
            code=known[one.qualification_id].code,
            names=known[one.qualification_id].names,
            roles=tuple(Role(role) for role in one.roles),
            house_kinds=tuple(one.house_kinds),
            region=regions.get(one.region_id) if one.region_id is not None else None,
            due_on=one.due_on,
            grace_days=one.grace_days,
            since=one.since,
        )
        for one in listed
    ]


def staff_training(
    *,
    at: datetime,
    house_id: int | None = None,
    region_id: int | None = None,
    actor: Actor = VISITOR,
    names: bool = False,
) -> StaffTraining:
    """How many of the staff hold what their role asks for: of a house with what is in it, of a region, of the network.

    `at` may lie in the past: then what was asked for, held and worked then. Of whom nothing is asked, nobody counts. With `names` people are
    listed for those houses whose staff the actor may see. At most twelve statements, whatever the number of houses.
    """
    houses: set[int] | None = None
    if house_id is not None:
        houses = set(network.house_ids_below(house_id))
    if region_id is not None:
        inside = set(network.house_ids_in_region(region_id))
        houses = inside if houses is None else houses & inside
    asked = requirements(at=at)
    roles = {role.value for one in asked for role in one.roles}
    posts = posts_at(at=at, roles=roles, house_ids=houses) if asked else []
    regional = {
        number: set(network.house_ids_in_region(number))
        for number in {one.region.id for one in asked if one.region is not None}
    }
    people_of = _people(asked, posts, regional, at)
    seen = {number for number in people_of if names and permissions.may_see_staff(actor, house_id=number)}
    called = people.account_names(account for number in seen for account in people_of[number])
    refs = network.house_refs(people_of)
    counted: dict[int, Standing] = {}
    houses_counted = []
    for number in sorted(people_of, key=lambda one: refs[one].code):
        rows = [row._replace(name=called.get(row.account_id, "")) for row in people_of[number].values()]
        rows.sort(key=lambda row: (_WORST_FIRST.index(row.standing), row.name, row.account_id))
        for row in rows:
            before = counted.get(row.account_id, Standing.TRAINED)
            counted[row.account_id] = min(row.standing, before, key=_WORST_FIRST.index)
        own = _sums([row.standing for row in rows])
        houses_counted.append(
            HouseTraining(
                house=refs[number],
                staff=len(rows),
                trained=own[Standing.TRAINED],
                due=own[Standing.DUE],
                lapsed=own[Standing.LAPSED],
                missing=own[Standing.MISSING],
                people=tuple(rows) if number in seen else (),
            )
        )
    sums = _sums(list(counted.values()))
    return StaffTraining(
        at=at,
        staff=len(counted),
        trained=sums[Standing.TRAINED],
        due=sums[Standing.DUE],
        lapsed=sums[Standing.LAPSED],
        missing=sums[Standing.MISSING],
        houses=tuple(houses_counted),
    )


def _sums(standings: list[Standing]) -> Mapping[Standing, int]:
    return {one: standings.count(one) for one in Standing}


def _people(
    asked: list[RequirementRow], posts: list[Post], regional: Mapping[int, set[int]], at: datetime
) -> dict[int, dict[int, StaffRow]]:
    """For each house those of whom something is asked."""
    accounts = {post.account_id for post in posts}
    held = qualifications.trained(accounts, at=at) if accounts else {}
    once = qualifications.once_held(accounts, at=at) if accounts else {}
    roles: dict[tuple[int, int], dict[str, date]] = defaultdict(dict)
    today: dict[int, date] = {}
    for post in posts:
        house = network.house_facts(post.house_id)
        zone = ZoneInfo(house.calendar.zone)
        today.setdefault(post.house_id, at.astimezone(zone).date())
        since = post.since.astimezone(zone).date()
        known = roles[post.house_id, post.account_id]
        known[post.role] = min(since, known.get(post.role, since))
    found: dict[int, dict[int, StaffRow]] = defaultdict(dict)
    for (house_id, account_id), own in roles.items():
        needs = []
        for one in asked:
            began = min((day for role, day in own.items() if role in one.roles), default=None)
            kind = network.house_facts(house_id).kind
            elsewhere = one.region is not None and house_id not in regional[one.region.id]
            if began is None or elsewhere or (one.house_kinds and kind not in one.house_kinds):
                continue
            by = rules.due(due_on=one.due_on, grace_days=one.grace_days, since=began, asked=one.since.date())
            has = held.get(account_id, {})
            standing = rules.standing(
                held=one.code in has, once=one.code in once.get(account_id, ()), by=by, today=today[house_id]
            )
            needs.append(NeedRow(one.code, one.names, standing, by, has.get(one.code)))
        if needs:
            found[house_id][account_id] = StaffRow(account_id, "", tuple(sorted(own)), tuple(needs))
    return found
