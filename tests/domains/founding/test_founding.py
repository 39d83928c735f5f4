"""From a proposal to a passport: who may, what is judged, what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pyvips

from khaneh.domains.founding import errors, queries, services
from khaneh.domains.founding.models import Assessment, Photo
from khaneh.domains.founding.types import PassportState, ProposalRow, ProposalState, ScoreDraft, TaskDraft, TaskState
from khaneh.domains.network.models import House
from khaneh.domains.network.types import Role
from khaneh.domains.notices.models import Notice
from khaneh.infrastructure.journal.models import Entry
from khaneh.kernel.actor import SYSTEM, VISITOR
from khaneh.kernel.refusal import Invalid, NotAllowed, NotFound
from tests.domains.founding.yard import DAY, NOW, TODAY, Yard, fill, proposal_draft, standard_draft

pytestmark = pytest.mark.django_db


def _house_state(row: ProposalRow) -> str:
    return House.objects.get(code=row.house.code).state


def test_from_a_proposal_to_a_passport(yard: Yard) -> None:
    manager, officer = yard.manager(), yard.officer()
    row = yard.proposed(by=manager)
    assert (row.state, _house_state(row)) == (ProposalState.PROPOSED, "proposed")
    assert (row.weighed.decile, row.weighed.index, row.weighed.population) == (2, "y 2026.1", 43_000)
    assert row.house.ancestors[-1].code == "Y-LIB"
    yard.judge(row, (4, 2, 3))
    row = queries.proposal(row.id, actor=officer, now=NOW)
    # 3·1 + 1·½ + 1·¾ of 5.
    assert (row.state, row.permille, row.failed, row.meets) == (ProposalState.ASSESSED, 850, (), True)
    assert _house_state(row) == "assessed"
    row = services.approve(actor=officer, proposal_id=row.id, reason="Decile 2, nobody near", budget=900, now=NOW)
    assert (row.state, row.budget, row.despite, row.decided_by) == (
        ProposalState.APPROVED, 900, False, officer.account_id,
    )  # fmt: skip
    services.begin_fitting_out(actor=manager, proposal_id=row.id, now=NOW)
    assert _house_state(row) == "fitting_out"
    task = services.add_task(actor=manager, proposal_id=row.id, draft=TaskDraft("Cables", TODAY + DAY, 700), now=NOW)
    services.spend(actor=manager, proposal_id=row.id, amount=650, receipt="F-12", spent_on=TODAY, task_id=task, now=NOW)
    with pytest.raises(errors.TasksOpen):
        services.open_house(actor=manager, proposal_id=row.id, now=NOW)
    services.set_task_state(actor=manager, task_id=task, state=TaskState.DONE, now=NOW)
    passport = services.open_house(actor=manager, proposal_id=row.id, now=NOW)
    assert _house_state(row) == "open"
    assert (passport.state, passport.permille, passport.due_on) == (PassportState.MEETS, 850, TODAY.replace(year=2028))
    assert [one.opening for one in passport.entries] == [True]
    assert [(one.names.en, one.permille) for one in passport.sections] == [("Place", 875), ("Staff", 750)]
    kinds = set(Entry.objects.filter(kind__startswith="founding.").values_list("kind", flat=True))
    assert {
        "founding.proposal.made",
        "founding.assessment.submitted",
        "founding.fitting.spent",
        "founding.passport.opened",
    } <= kinds
    told = set(Notice.objects.filter(event__startswith="founding.").values_list("event", flat=True))
    assert {"founding.proposed", "founding.assessed", "founding.decided", "founding.opened"} <= told
    # The network's journal has who it was, though the right was founding's.
    moved = Entry.objects.filter(kind="network.house.state_changed", facts__after="open").get()
    assert moved.account_id == manager.account_id


def test_a_passport_lives_on(yard: Yard) -> None:
    row = yard.fitting()
    services.open_house(actor=yard.officer(), proposal_id=row.id, now=NOW)
    later = NOW + timedelta(days=720)
    assert services.sweep(now=later).due == 1
    assert not any(services.sweep(now=later))
    with pytest.raises(errors.NotImpartial):
        services.begin_again(
            actor=yard.person(Role.ADMINISTRATOR, at=yard.library), house_code=row.house.code, now=later
        )
    assessor = yard.assessor()
    begun = services.begin_again(actor=assessor, house_code=row.house.code, now=later)
    assert services.begin_again(actor=assessor, house_code=row.house.code, now=later).id == begun.id
    with pytest.raises(errors.AssessmentClosed):
        services.begin_again(actor=yard.assessor(), house_code=row.house.code, now=later)
    fill(assessor, begun, row.standard, (1, 4, 4))
    services.submit(actor=assessor, assessment_id=begun.id, now=later)
    passport = queries.passport(row.house.code, today=later.date())
    # 3·¼ + 1 + 1 of 5 is 55 per cent, and the space lies below its least.
    assert (passport.state, passport.permille) == (PassportState.FALLS_SHORT, 550)
    assert [one.meets for one in passport.entries] == [False, True]
    assert [one.en for one in passport.entries[0].failed] == ["Space"]
    assert Notice.objects.filter(event="founding.falls_short").exists()


def test_a_house_that_was_never_proposed_is_measured(yard: Yard) -> None:
    standard = yard.standard()
    yard.standard(code="lab", kind="incubator")
    house = House.objects.create(
        code="Y-OLD", kind="innovation_centre", names={"en": "Old Centre"}, region=yard.library.region,
        operator=yard.library.operator, parent=yard.library, state="open", calendar="jalali", time_zone="Asia/Tehran",
    )  # fmt: skip
    assessor = yard.assessor()
    found = queries.unmeasured(actor=assessor, now=NOW, language="en")
    assert [(row.code, [one.code for one in row.standards], row.drafting) for row in found] == [
        ("Y-OLD", [standard.code], False)
    ]
    assert queries.unmeasured(actor=yard.manager(), now=NOW, language="en") == []
    with pytest.raises(NotAllowed):
        services.begin_first(actor=yard.manager(), house_code="Y-OLD", standard_code=standard.code, now=NOW)
    with pytest.raises(errors.NotImpartial):
        services.begin_first(
            actor=yard.person(Role.ADMINISTRATOR, at=yard.library), house_code="Y-OLD", standard_code="centre", now=NOW
        )
    with pytest.raises(errors.StandardNotInForce):
        services.begin_first(actor=assessor, house_code="Y-OLD", standard_code="lab", now=NOW)
    begun = services.begin_first(actor=assessor, house_code="Y-OLD", standard_code=standard.code, now=NOW)
    assert services.begin_first(actor=assessor, house_code="Y-OLD", standard_code="centre", now=NOW).id == begun.id
    with pytest.raises(errors.AssessmentClosed):
        services.begin_first(actor=yard.assessor(), house_code="Y-OLD", standard_code=standard.code, now=NOW)
    assert queries.unmeasured(actor=assessor, now=NOW, language="en")[0].drafting
    fill(assessor, begun, standard, (4, 4, 4))
    services.submit(actor=assessor, assessment_id=begun.id, now=NOW)
    passport = queries.passport("Y-OLD", today=TODAY)
    assert (passport.state, passport.permille) == (PassportState.MEETS, 1000)
    assert [one.opening for one in passport.entries] == [False]
    assert [one.permille for one in passport.sections] == [1000, 1000]
    assert queries.unmeasured(actor=assessor, now=NOW, language="en") == []
    again = services.begin_first(actor=assessor, house_code="Y-OLD", standard_code=standard.code, now=NOW)
    assert again.passport_id == passport.id
    assert house.pk == again.house.id


def test_a_later_version_is_what_a_house_is_judged_by_next(yard: Yard) -> None:
    officer = yard.officer()
    old = yard.standard(by=officer)
    row = yard.fitting(by=officer, standard_id=old.id)
    services.open_house(actor=officer, proposal_id=row.id, now=NOW)
    draft = services.add_standard(actor=officer, draft=standard_draft(code=old.code), now=NOW)
    assert (draft.version, [one.code for one in draft.items]) == (2, [one.code for one in old.items])
    services.publish_standard(actor=officer, standard_id=draft.id, now=NOW)
    begun = services.begin_again(actor=yard.assessor(), house_code=row.house.code, now=NOW)
    assert begun.standard_id == draft.id
    assert queries.passport(row.house.code, today=TODAY).standard.version == 1


def test_two_assessors_are_taken_together(yard: Yard) -> None:
    standard = yard.standard(assessors=2)
    row = yard.proposed(standard_id=standard.id)
    third = services.begin(actor=yard.assessor(), proposal_id=row.id, now=NOW)
    yard.judge(row, (4, 4, 4))
    assert queries.proposal(row.id, actor=SYSTEM, now=NOW).state is ProposalState.PROPOSED
    yard.judge(row, (1, 4, 4))
    row = queries.proposal(row.id, actor=SYSTEM, now=NOW)
    # The mean of the space is 2½ of 4: above its least, which the second alone was not.
    assert (row.state, row.permille, row.failed) == (ProposalState.ASSESSED, 775, ())
    assert Assessment.objects.get(pk=third.id).state == "given_up"


def test_what_falls_short_is_refused_or_approved_despite(yard: Yard) -> None:
    officer = yard.officer()
    row = yard.assessed(scores=(1, 1, 1))
    assert (row.permille, row.failed, row.meets) == (250, ("space",), False)
    with pytest.raises(Invalid):
        services.refuse(actor=officer, proposal_id=row.id, reason=" ", now=NOW)
    services.refuse(actor=officer, proposal_id=row.id, reason="Too small", now=NOW)
    assert _house_state(row) == "assessed"
    # A plan that was refused stays one, unseen by others, and can be proposed again.
    with pytest.raises(NotFound):
        queries.proposal(row.id, actor=VISITOR, now=NOW)
    again = services.propose(
        actor=yard.manager(), draft=proposal_draft(code=row.house.code, standard_id=row.standard.id), now=NOW
    )
    yard.judge(again, (1, 4, 4))
    again = services.approve(actor=officer, proposal_id=again.id, reason="Nobody else near", budget=0, now=NOW)
    assert again.despite


def test_nobody_judges_their_own(yard: Yard) -> None:
    author = yard.person(Role.ADMINISTRATOR)
    row = yard.proposed(by=author)
    with pytest.raises(errors.NotImpartial):
        services.begin(actor=author, proposal_id=row.id, now=NOW)
    other = yard.officer()
    yard.judge(row, (3, 3, 3), by=other)
    for actor, role in ((author, "proposer"), (other, "assessor")):
        with pytest.raises(errors.NotImpartial) as refused:
            services.approve(actor=actor, proposal_id=row.id, reason="Good", budget=1, now=NOW)
        assert refused.value.facts == {"role": role}


def test_who_may(yard: Yard) -> None:
    manager, reader, librarian = yard.manager(), yard.person(), yard.person(Role.LIBRARIAN, at=yard.library)
    standard = yard.standard()
    for actor in (reader, librarian, VISITOR):
        with pytest.raises(NotAllowed):
            services.propose(actor=actor, draft=proposal_draft(standard_id=standard.id), now=NOW)
    assert not House.objects.exclude(code="Y-LIB").exists()
    row = yard.proposed(by=manager, standard_id=standard.id)
    with pytest.raises(NotAllowed):
        services.begin(actor=manager, proposal_id=row.id, now=NOW)
    with pytest.raises(NotFound):
        services.begin(actor=librarian, proposal_id=row.id, now=NOW)
    yard.judge(row, (3, 3, 3))
    with pytest.raises(NotAllowed):
        services.approve(actor=manager, proposal_id=row.id, reason="Mine", budget=1, now=NOW)
    assert queries.proposals(actor=reader, now=NOW) == []
    assert [one.id for one in queries.proposals(actor=manager, now=NOW)] == [row.id]


def test_an_assessment_is_whole_before_it_is_submitted(yard: Yard) -> None:
    row = yard.proposed()
    assessor = yard.assessor()
    begun = services.begin(actor=assessor, proposal_id=row.id, now=NOW)
    first = row.standard.items[0]
    with pytest.raises(Invalid):
        services.save_scores(actor=assessor, assessment_id=begun.id, scores=[ScoreDraft(first.id, 5, "Seen")])
    services.save_scores(actor=assessor, assessment_id=begun.id, scores=[ScoreDraft(first.id, 4)])
    with pytest.raises(errors.AssessmentIncomplete) as refused:
        services.submit(actor=assessor, assessment_id=begun.id, now=NOW)
    assert refused.value.facts == {"items": ["space", "access", "people"]}
    other = yard.assessor()
    with pytest.raises(NotFound):
        queries.assessment(begun.id, actor=other)
    with pytest.raises(NotFound):
        services.save_scores(actor=other, assessment_id=begun.id, scores=[])


def test_withdrawn_while_it_is_fitted_out(yard: Yard) -> None:
    row = yard.fitting()
    services.withdraw(actor=yard.officer(), proposal_id=row.id, now=NOW)
    assert _house_state(row) == "closed"
    with pytest.raises(errors.ProposalStateRefused):
        services.withdraw(actor=yard.officer(), proposal_id=row.id, now=NOW)


def test_the_budget_and_its_corrections(yard: Yard) -> None:
    officer = yard.officer()
    row = yard.fitting(budget=1000)
    paid: dict[str, Any] = {"actor": officer, "proposal_id": row.id, "receipt": "R", "spent_on": TODAY, "now": NOW}
    first = services.spend(amount=900, key="a", **paid)
    assert services.spend(amount=900, key="a", **paid) == first
    with pytest.raises(errors.BudgetExceeded) as refused:
        services.spend(amount=200, **paid)
    assert refused.value.facts["left"] == 100
    with pytest.raises(Invalid):
        services.spend(amount=1, **{**paid, "spent_on": TODAY + 2 * DAY})
    services.take_back(actor=officer, spend_id=first, now=NOW)
    with pytest.raises(errors.TakenBackAlready):
        services.take_back(actor=officer, spend_id=first, now=NOW)
    services.spend(amount=1000, **paid)
    with pytest.raises(errors.BudgetExceeded):
        services.change_budget(actor=yard.officer(), proposal_id=row.id, budget=999, reason="Less", now=NOW)
    services.change_budget(actor=yard.officer(), proposal_id=row.id, budget=1500, reason="Dearer", now=NOW)
    task = TaskDraft("Desks", TODAY, 1501)
    with pytest.raises(errors.BudgetExceeded):
        services.add_task(actor=officer, proposal_id=row.id, draft=task, now=NOW)
    services.add_task(actor=officer, proposal_id=row.id, draft=replace(task, planned=1500), now=NOW)
    assert services.sweep(now=NOW + 3 * DAY).late == 1


def test_a_form_sent_twice_makes_one(yard: Yard) -> None:
    manager, standard = yard.manager(), yard.standard()
    draft = proposal_draft(standard_id=standard.id)
    one, two = (services.propose(actor=manager, draft=draft, now=NOW, key="k") for _ in range(2))
    assert one.id == two.id
    with pytest.raises(errors.ProposedAlready):
        services.propose(actor=manager, draft=draft, now=NOW, key="other")


def test_a_name_is_taken_out(yard: Yard) -> None:
    manager, officer = yard.manager(), yard.officer()
    row = yard.proposed(by=manager)
    yard.judge(row, (3, 3, 3), by=yard.assessor())
    services.approve(actor=officer, proposal_id=row.id, reason="Good", budget=5, now=NOW)
    services.begin_fitting_out(actor=officer, proposal_id=row.id, now=NOW)
    services.spend(actor=officer, proposal_id=row.id, amount=5, receipt="R", spent_on=TODAY, now=NOW)
    for actor in (manager, officer):
        services.erase_account(actor.account_id or 0)
    row = queries.proposal(row.id, actor=SYSTEM, now=NOW)
    assert (row.made_by, row.decided_by, row.spent) == (None, None, 5)


def test_photographs_that_are_taken_out_leave_no_files(yard: Yard, settings: Any, tmp_path: Path) -> None:
    settings.KHANEH_HOME = str(tmp_path)
    first, second, third = (pyvips.Image.black(size, 40, bands=3).jpegsave_buffer() for size in (60, 61, 62))
    row, assessor = yard.proposed(), yard.assessor()
    begun = services.begin(actor=assessor, proposal_id=row.id, now=NOW)
    given: dict[str, Any] = {"actor": assessor, "assessment_id": begun.id, "now": NOW}
    kept = services.add_photo(content=first, alt="The hall", **given)
    gone = services.add_photo(content=second, alt="The roof", **given)
    again = services.add_photo(content=second, alt="The roof", item_id=row.standard.items[0].id, **given)
    services.remove_photo(actor=assessor, photo_id=gone.id)
    assert services.sweep_files() == 0  # another item is proved by the same picture
    services.remove_photo(actor=assessor, photo_id=again.id)
    assert services.sweep_files() > 0
    assert queries.picture(kept.id, "large", actor=assessor)
    other = yard.assessor()
    begun = services.begin(actor=other, proposal_id=row.id, now=NOW)
    services.add_photo(actor=other, assessment_id=begun.id, content=third, alt="A door", now=NOW)
    services.give_up(actor=other, assessment_id=begun.id)
    assert services.sweep_files() > 0
    assert Photo.objects.count() == 1
