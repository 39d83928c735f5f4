"""Two who decide, spend, plan, submit or publish at one moment. Each race has the unlocked control that shows it can be seen."""

from __future__ import annotations

from functools import partial

import pytest

from khaneh.domains.founding import services
from khaneh.domains.founding.models import Item, Proposal, Spend, Standard, Task
from khaneh.domains.founding.types import TaskDraft
from khaneh.domains.network.models import House
from tests.domains.founding.yard import ITEMS, NOW, TODAY, Yard, fill, make_yard
from tests.races.circulation.desks import kinds, meanwhile

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
LOCKED = pytest.mark.parametrize("locked", [True, False], ids=["locked", "control"])


@pytest.fixture
def yard(transactional_db: None) -> Yard:
    """A library, its authority, an index."""
    return make_yard()


@LOCKED
def test_two_officers_decide(yard: Yard, locked: bool) -> None:
    row = yard.assessed()
    one = partial(services.approve, actor=yard.officer(), proposal_id=row.id, reason="Yes", budget=10, now=NOW)
    other = partial(services.refuse, actor=yard.officer(), proposal_id=row.id, reason="No", now=NOW)
    answers = kinds(meanwhile(one, other, before="UPDATE founding_proposal", locked=locked))
    # Without locks only the database stops the first, which had read what was no longer so.
    assert answers == (("ProposalRow", "ProposalStateRefused") if locked else ("IntegrityError", "ProposalRow"))
    assert Proposal.objects.get(pk=row.id).state == ("approved" if locked else "refused")


@LOCKED
def test_two_spend_the_last_of_a_budget(yard: Yard, locked: bool) -> None:
    row = yard.fitting(budget=1000)
    both = [
        partial(
            services.spend, actor=yard.officer(), proposal_id=row.id, amount=600, receipt="R", spent_on=TODAY, now=NOW
        )
        for _ in range(2)
    ]
    answers = kinds(meanwhile(*both, before="INSERT INTO founding_spend", locked=locked))
    assert answers == (("int", "BudgetExceeded") if locked else ("IntegrityError", "int"))
    assert [one.amount for one in Spend.objects.all()] == [600]


@LOCKED
def test_two_plan_the_last_of_a_budget(yard: Yard, locked: bool) -> None:
    row = yard.fitting(budget=1000)
    both = [
        partial(
            services.add_task, actor=yard.officer(), proposal_id=row.id, draft=TaskDraft("Desks", TODAY, 600), now=NOW
        )
        for _ in range(2)
    ]
    answers = kinds(meanwhile(*both, before="INSERT INTO founding_task", locked=locked))
    assert answers == (("int", "BudgetExceeded") if locked else ("IntegrityError", "int"))
    assert Task.objects.count() == 1


@LOCKED
def test_two_begin_to_measure_a_house_that_never_was(yard: Yard, locked: bool) -> None:
    yard.standard()
    House.objects.create(
        code="Y-OLD", kind="innovation_centre", names={"en": "Old"}, region=yard.library.region, parent=yard.library,
        operator=yard.library.operator, state="open", calendar="jalali", time_zone="Asia/Tehran",
    )  # fmt: skip
    both = [
        partial(services.begin_first, actor=yard.assessor(), house_code="Y-OLD", standard_code="centre", now=NOW)
        for _ in range(2)
    ]
    answers = kinds(meanwhile(*both, before="INSERT INTO founding_assessment", locked=locked))
    assert answers == (("AssessmentRow", "AssessmentClosed") if locked else ("IntegrityError", "AssessmentRow"))


@LOCKED
def test_a_decision_and_a_withdrawal(yard: Yard, locked: bool) -> None:
    manager = yard.manager()
    row = yard.assessed(by=manager)
    deciding = partial(services.approve, actor=yard.officer(), proposal_id=row.id, reason="Yes", budget=1, now=NOW)
    leaving = partial(services.withdraw, actor=manager, proposal_id=row.id, now=NOW)
    answers = kinds(meanwhile(deciding, leaving, before="UPDATE founding_proposal", locked=locked))
    # What is approved can be withdrawn still; what is withdrawn is approved by nobody.
    assert answers == (("ProposalRow", "NoneType") if locked else ("IntegrityError", "NoneType"))
    assert Proposal.objects.get(pk=row.id).state == "withdrawn"


@LOCKED
def test_the_last_two_assessors_submit(yard: Yard, locked: bool) -> None:
    standard = yard.standard(assessors=2)
    row = yard.proposed(standard_id=standard.id)
    both = []
    for _ in range(2):
        assessor = yard.assessor()
        begun = services.begin(actor=assessor, proposal_id=row.id, now=NOW)
        fill(assessor, begun, standard, (3, 3, 3))
        both.append(partial(services.submit, actor=assessor, assessment_id=begun.id, now=NOW))
    # The first is stopped when it has counted and before its transaction ends.
    answers = kinds(meanwhile(*both, before="INSERT INTO journal_entry", locked=locked))
    assert answers == ("AssessmentRow", "AssessmentRow")
    # Without locks each counts itself alone, and nobody ever finds that both have submitted.
    assert Proposal.objects.get(pk=row.id).state == ("assessed" if locked else "proposed")


@LOCKED
def test_a_checklist_is_written_while_it_is_published(yard: Yard, locked: bool) -> None:
    officer = yard.officer()
    draft = yard.standard(by=officer, publish=False)
    writing = partial(services.set_items, actor=officer, standard_id=draft.id, items=ITEMS[:1])
    publishing = partial(services.publish_standard, actor=officer, standard_id=draft.id, now=NOW)
    answers = kinds(meanwhile(writing, publishing, before="DELETE FROM founding_item", locked=locked))
    assert answers == (("StandardRow", "StandardRow") if locked else ("IntegrityError", "StandardRow"))
    assert Standard.objects.get().state == "published"
    assert Item.objects.count() == (1 if locked else 3)
