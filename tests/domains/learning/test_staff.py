"""The share of staff that is trained: by what their roles ask for, at any instant, each person once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khaneh.domains.learning import queries, services
from khaneh.domains.learning.rules import staff as rules
from khaneh.domains.learning.types import RequirementDraft, Standing
from khaneh.domains.network.types import Role
from khaneh.domains.people.models import RoleAssignment
from khaneh.domains.qualifications import services as qualifications
from khaneh.domains.qualifications.types import Basis
from khaneh.kernel.actor import SYSTEM, Actor
from khaneh.kernel.refusal import Invalid, NotAllowed
from tests.domains.learning.school import NOW, School

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def asked(**facts: object) -> int:
    draft = RequirementDraft(
        **{"qualification_code": "induction", "roles": (Role.LIBRARIAN.value,), "grace_days": 30, **facts}
    )  # type: ignore[arg-type]
    return services.require_training(actor=SYSTEM, draft=draft, now=NOW).id


def trained(school: School, actor: Actor, *, months: int | None = None) -> None:
    qualifications.award(
        actor=SYSTEM, account_id=actor.account_id or 0, code="induction", basis=Basis.COURSE,
        house_id=school.places.centre.pk, now=NOW + DAY, expires_at=NOW + 40 * DAY if months else None,
    )  # fmt: skip


def test_the_share_moves_with_training_and_with_time(school: School) -> None:
    places = school.places
    assert queries.staff_training(at=NOW).share is None
    librarians = [places.staff(Role.LIBRARIAN) for _ in range(4)]
    places.staff(Role.COURIER)
    number = asked()
    at = queries.staff_training(at=NOW + DAY)
    assert (at.staff, at.trained, at.due, at.share) == (4, 0, 4, 0.0)
    trained(school, librarians[0])
    trained(school, librarians[1], months=1)
    at = queries.staff_training(at=NOW + 2 * DAY)
    assert (at.trained, at.due, at.share) == (2, 2, 0.5)
    at = queries.staff_training(at=NOW + 50 * DAY)
    assert (at.trained, at.lapsed, at.missing, at.due) == (1, 1, 2, 0)
    assert queries.staff_training(at=NOW + 2 * DAY).trained == 2, "what was so then stays so"
    services.end_requirement(actor=SYSTEM, requirement_id=number, now=NOW + 60 * DAY)
    assert queries.staff_training(at=NOW + 61 * DAY).share is None
    assert queries.staff_training(at=NOW + 59 * DAY).staff == 4


def test_houses_regions_and_who_works_in_two(school: School) -> None:
    places = school.places
    both = places.staff(Role.LIBRARIAN)
    RoleAssignment.objects.create(
        account_id=both.account_id, role="librarian", house=places.branch, valid_from=NOW - DAY
    )
    places.staff(Role.LIBRARIAN, places.far)
    trained(school, both)
    asked(region_code="P-QM")
    at = NOW + 2 * DAY
    figure = queries.staff_training(at=at)
    assert [(one.house.code, one.staff, one.share) for one in figure.houses] == [
        ("P-BRANCH", 1, 1.0), ("P-CENTRE", 1, 1.0),
    ]  # fmt: skip
    assert (figure.staff, figure.trained) == (1, 1), "one person counts once"
    assert queries.staff_training(at=at, house_id=places.far.pk).staff == 0
    asked(house_kinds=("central_library",))
    assert queries.staff_training(at=at).staff == 1, "none of these houses is of that kind"


def test_names_are_for_who_leads_the_house(school: School) -> None:
    places = school.places
    one = places.staff(Role.LIBRARIAN)
    asked()
    at = NOW + DAY
    assert queries.staff_training(at=at, names=True).houses[0].people == ()
    (house,) = queries.staff_training(at=at, actor=places.staff(), names=True).houses
    assert [(row.name, row.standing, row.needs[0].by) for row in house.people] == [
        (one.name, Standing.DUE, NOW.date() + 30 * DAY)
    ]
    with pytest.raises(NotAllowed):
        services.require_training(
            actor=places.staff(), draft=RequirementDraft("induction", (Role.LIBRARIAN.value,)), now=NOW
        )
    with pytest.raises(Invalid):
        asked(roles=("juggler",))


@pytest.mark.django_db
def test_the_figure_costs_as_many_statements_for_many_houses(
    school: School, django_assert_max_num_queries: object
) -> None:
    asked()
    for house in (school.places.centre, school.places.branch, school.places.far):
        for _ in range(5):
            school.places.staff(Role.LIBRARIAN, house)
    queries.staff_training(at=NOW + DAY)  # the houses are kept for a while
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        assert queries.staff_training(at=NOW + DAY, actor=SYSTEM, names=True).staff == 15


DATES = st.dates(date(2020, 1, 1), date(2030, 1, 1))


@given(
    due_on=st.none() | DATES,
    since=DATES,
    asked_on=DATES,
    grace=st.integers(0, 400),
    today=DATES,
    held=st.booleans(),
    once=st.booleans(),
)
def test_nobody_is_late_before_their_day(
    due_on: date | None, since: date, asked_on: date, grace: int, today: date, held: bool, once: bool
) -> None:
    by = rules.due(due_on=due_on, grace_days=grace, since=since, asked=asked_on)
    assert by >= since
    assert by >= (due_on or by)
    standing = rules.standing(held=held, once=once, by=by, today=today)
    assert (standing is Standing.TRAINED) == held
    assert standing is not Standing.MISSING or (today > by and not once)
