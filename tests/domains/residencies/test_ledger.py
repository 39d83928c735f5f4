"""The support ledger: budget lines, tranches, receipts, and what PostgreSQL refuses."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from khaneh.domains.residencies import errors, queries, services
from khaneh.domains.residencies.models import Line, Support, Tranche
from khaneh.domains.residencies.rules import figures
from khaneh.domains.residencies.types import Fate, SupportKind, TrancheState
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import Invalid
from tests.domains.residencies.centre import DAY, NOW, Centre

pytestmark = pytest.mark.django_db


def left(centre: Centre, boss: Actor) -> tuple[int, int, int]:
    (line,) = queries.lines_of_house(centre.house.pk, actor=boss)
    return line.promised, line.given, line.left


def test_a_tranche_waits_for_its_milestone_and_is_paid_once(centre: Centre) -> None:
    boss = centre.manager()
    number, founder = centre.team(boss)
    line, milestone = centre.line(boss), centre.milestone(boss, number)
    promise = {"actor": boss, "residency_id": number, "line_id": line, "now": NOW}
    part = services.promise(**promise, amount=600, milestone_id=milestone, key="one")
    assert services.promise(**promise, amount=600, milestone_id=milestone, key="one") == part
    assert left(centre, boss) == (600, 0, 400)
    with pytest.raises(errors.BudgetShort) as refused:
        services.promise(**promise, amount=401, key="two")
    assert refused.value.facts == {"left": 400, "wanted": 401, "unit": "IRR"}
    with pytest.raises(errors.MilestoneNotReached):
        services.pay(actor=boss, tranche_id=part, now=NOW)
    centre.reached(boss, founder, milestone)
    paid = services.pay(actor=boss, tranche_id=part, now=NOW)
    assert services.pay(actor=boss, tranche_id=part, now=NOW) == paid
    assert left(centre, boss) == (0, 600, 400)
    services.acknowledge(actor=founder, support_id=paid, now=NOW)
    services.acknowledge(actor=founder, support_id=paid, now=NOW)
    row = queries.support(paid, actor=founder)
    assert row is not None
    assert (row.amount, row.agreement, row.acknowledged_at, row.receipt) == (
        600,
        "Memorandum 12",
        NOW,
        "R-INN/1404/0001",
    )
    assert queries.support(paid, actor=centre.person()) is None


def test_what_was_wrong_is_taken_back_by_a_line_of_its_own(centre: Centre) -> None:
    boss = centre.manager()
    number, _ = centre.team(boss)
    line = centre.line(boss)
    give = {"actor": boss, "residency_id": number, "kind": SupportKind.GRANT, "line_id": line, "now": NOW}
    made = services.give(**give, amount=900, key="one")
    assert services.give(**give, amount=900, key="one") == made
    with pytest.raises(Invalid):
        services.take_back(actor=boss, support_id=made, reason="", now=NOW)
    back = services.take_back(actor=boss, support_id=made, reason="Ninety was meant", now=NOW)
    assert services.take_back(actor=boss, support_id=made, reason="Ninety was meant", now=NOW) == back
    with pytest.raises(errors.StateRefused):
        services.take_back(actor=boss, support_id=back, reason="Again", now=NOW)
    services.give(**give, amount=90, key="two")
    assert left(centre, boss) == (0, 90, 910)
    (total,) = queries.sums_of_house(centre.house.pk, actor=boss)
    assert (total.amount, total.teams) == (90, 1)
    rows = queries.ledger_of_house(centre.house.pk, actor=boss)
    assert [(one.amount, one.reversed, one.reverses != "") for one in rows] == [
        (90, False, False),
        (-900, False, True),
        (900, True, False),
    ]


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"line_id": None}, Invalid),
        ({"amount": 0}, Invalid),
        ({"kind": SupportKind.CREDIT}, Invalid),
        ({"given_on": NOW.date() + DAY}, Invalid),
        ({"amount": 1001}, errors.BudgetShort),
    ],
)
def test_what_is_not_given(centre: Centre, facts: dict[str, Any], refusal: type[Exception]) -> None:
    boss = centre.manager()
    number, _ = centre.team(boss)
    wanted = {"kind": SupportKind.GRANT, "amount": 100, "line_id": centre.line(boss), **facts}
    with pytest.raises(refusal):
        services.give(actor=boss, residency_id=number, key="one", now=NOW, **wanted)
    assert not Support.objects.exists()


def test_a_line_is_in_force_between_its_days_and_not_below_what_is_given(centre: Centre) -> None:
    boss = centre.manager()
    number, _ = centre.team(boss)
    line = centre.line(boss)
    services.give(actor=boss, residency_id=number, kind=SupportKind.GRANT, amount=500, line_id=line, key="one", now=NOW)
    with pytest.raises(errors.BudgetShort):
        services.change_line(actor=boss, line_id=line, amount=499)
    services.change_line(actor=boss, line_id=line, amount=500)
    over = centre.line(boss, first=NOW.date() - 9 * DAY, last=NOW.date() - DAY)
    with pytest.raises(errors.LineNotInForce):
        services.promise(actor=boss, residency_id=number, line_id=over, amount=1, key="two", now=NOW)


def test_time_needs_no_budget_line(centre: Centre) -> None:
    boss = centre.manager()
    number, _ = centre.team(boss)
    services.give(actor=boss, residency_id=number, kind=SupportKind.TRAINING, amount=90, key="one", now=NOW)
    assert Support.objects.get().unit == "minutes"


def test_postgresql_keeps_the_books(centre: Centre) -> None:
    boss = centre.manager()
    number, _ = centre.team(boss)
    line, milestone = centre.line(boss), centre.milestone(boss, number)
    part = services.promise(
        actor=boss, residency_id=number, line_id=line, amount=600, milestone_id=milestone, key="one", now=NOW
    )
    made = services.give(
        actor=boss, residency_id=number, kind=SupportKind.GRANT, amount=100, line_id=line, key="two", now=NOW
    )
    told = Support.objects.filter(pk=made)
    acts = {
        "an amount": lambda: told.update(amount=1),
        "a line of the ledger": lambda: told.delete(),
        "the sums": lambda: Line.objects.update(given=0),
        "the promises": lambda: Line.objects.update(promised=0),
        "below what is given": lambda: Line.objects.update(amount=699),
        "paid by hand": lambda: Tranche.objects.filter(pk=part).update(state=TrancheState.PAID.value),
        "another amount of a tranche": lambda: Tranche.objects.filter(pk=part).update(amount=1),
        "a tranche": lambda: Tranche.objects.filter(pk=part).delete(),
        "before its milestone": lambda: copy(made, tranche_id=part, amount=600),
        "more than is left": lambda: copy(made, amount=301),
        "money without a line": lambda: copy(made, line_id=None),
        "a part of it back": lambda: copy(made, reverses_id=made, amount=-50),
        "of another giver": lambda: copy(made, giver_id=None),
    }
    for what, act in acts.items():
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
            pytest.fail(f"{what} was not refused")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE residencies_support CASCADE")
    assert left(centre, boss) == (600, 100, 300)


def copy(support_id: int, **facts: Any) -> Support:
    """Another line of the ledger, written past the services."""
    one = Support.objects.get(pk=support_id)
    values = {
        field.attname: getattr(one, field.attname) for field in Support._meta.concrete_fields if field.name != "id"
    }
    return Support.objects.create(**{**values, "receipt": "copy", "key": "copy", **facts})


def test_small_numbers_of_what_became_of_teams_do_not_follow_from_others() -> None:
    trading, closed, unknown = (figures.Known(fate, None, None) for fate in (Fate.TRADING, Fate.CLOSED, None))
    few = figures.summed(1, [trading, trading, closed])
    assert few[1:5] == (None, None, None, None)
    one_small = figures.summed(1, [trading] * 9 + [closed] * 2 + [unknown] * 6)
    assert one_small[1:5] == (17, 9, None, None), "the smallest other goes with it"
    two_small = figures.summed(1, [trading] * 9 + [closed] * 2 + [unknown] * 2)
    assert two_small[1:5] == (13, None, None, None), "together they are fewer than five"
    assert figures.summed(1, [trading] * 9)[1:5] == (9, 9, 0, 0)
    paid = figures.Known(Fate.TRADING, 4, True)
    assert figures.summed(1, [paid] * 5)[5:] == (5, 20)
    assert figures.summed(1, [paid] * 4)[5:] == (None, None)
