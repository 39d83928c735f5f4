"""Two officers, two applicants, a reviewer and an officer at one moment. Each race has the unlocked control that shows it can be seen."""

from __future__ import annotations

from functools import partial

import pytest

from khaneh.domains.programmes.models import Application
from khaneh.domains.selection import services
from khaneh.domains.selection.models import Decision, Letter, Review, Reviewer, Slot
from khaneh.domains.selection.types import DecisionKind
from tests.domains.selection.ground import DAY, NOW, Ground, make_ground, stands
from tests.races.circulation.desks import kinds, meanwhile

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
LOCKED = pytest.mark.parametrize("locked", [True, False], ids=["locked", "control"])


@pytest.fixture
def ground(transactional_db: None) -> Ground:
    """A closed call with one place."""
    return make_ground(places=1)


@LOCKED
def test_two_officers_decide_about_one(ground: Ground, locked: bool) -> None:
    officers = [ground.officer(), ground.officer()]
    round_id = ground.round(officers[0])
    ground.reviewer(officers[0], round_id)
    application_id = ground.application()
    ground.judged(officers[0], round_id, application_id, 6)
    both = [
        partial(services.decide, actor=who, application_id=application_id, kind=kind, reason="So", seen=0, now=NOW)
        for who, kind in zip(officers, (DecisionKind.ACCEPTED, DecisionKind.DECLINED), strict=True)
    ]
    answers = kinds(meanwhile(*both, before="UPDATE programmes_application", locked=locked))
    # Without locks both step from where they saw it; only the decision's number tells the first that it was not the only one.
    assert answers == (("int", "DecidedMeanwhile") if locked else ("IntegrityError", "int"))
    assert Decision.objects.count() == Letter.objects.count() == 1
    assert stands(application_id) == ("accepted" if locked else "declined")


@LOCKED
def test_two_officers_give_the_last_place(ground: Ground, locked: bool) -> None:
    officers = [ground.officer(), ground.officer()]
    round_id = ground.round(officers[0])
    ground.reviewer(officers[0], round_id)
    both = []
    for who in officers:
        application_id = ground.application()
        ground.judged(officers[0], round_id, application_id, 6)
        both.append(
            partial(
                services.decide, actor=who, application_id=application_id, kind=DecisionKind.ACCEPTED, reason="So",
                seen=0, now=NOW,
            )
        )  # fmt: skip
    answers = kinds(meanwhile(*both, before="INSERT INTO selection_decision", locked=locked))
    assert answers == (("int", "NoPlaceLeft") if locked else ("IntegrityError", "int"))
    assert Application.objects.filter(state="accepted").count() == 1


@LOCKED
def test_two_applicants_take_one_time(ground: Ground, locked: bool) -> None:
    officer = ground.officer()
    round_id = ground.round(officer)
    ground.reviewer(officer, round_id)
    services.add_slots(
        actor=officer, round_id=round_id, starts_at=NOW + DAY, minutes=30, count=1, place="Room 2", now=NOW
    )
    slot = Slot.objects.get().pk
    both = []
    for lead in (ground.person(), ground.person()):
        application_id = ground.application(lead)
        ground.judged(officer, round_id, application_id, 6)
        services.invite(actor=officer, application_id=application_id, now=NOW)
        both.append(partial(services.take_slot, actor=lead, application_id=application_id, slot_id=slot, now=NOW))
    first = Application.objects.order_by("pk")[0].pk
    answers = kinds(meanwhile(*both, before="UPDATE selection_slot SET application_id = %s, taken_at = %s WHERE selection_slot.id", locked=locked))  # fmt: skip
    # Without locks the first writes over the second, who was told that the time is theirs.
    assert answers == (("NoneType", "SlotTaken") if locked else ("NoneType", "NoneType"))
    assert Slot.objects.get().application_id == first


@LOCKED
def test_the_last_review_that_somebody_takes(ground: Ground, locked: bool) -> None:
    officers = [ground.officer(), ground.officer()]
    round_id = ground.round(officers[0])
    ground.reviewer(officers[0], round_id, load=1)
    number = Reviewer.objects.get().pk
    both = [
        partial(services.assign, actor=who, reviewer_id=number, application_id=ground.application(), now=NOW)
        for who in officers
    ]
    answers = kinds(meanwhile(*both, before="INSERT INTO selection_review", locked=locked))
    assert answers == (("int", "ReviewerFull") if locked else ("int", "int"))
    assert Review.objects.count() == (1 if locked else 2)
