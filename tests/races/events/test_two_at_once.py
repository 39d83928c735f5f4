"""Two who register, cancel, check in and change at one moment. Each race has the unlocked control that shows it can be seen."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from khaneh.domains.credits import queries as ledger
from khaneh.domains.credits import services as credit
from khaneh.domains.credits.models import Entry
from khaneh.domains.credits.types import Holder, UnitDraft
from khaneh.domains.events import services
from khaneh.domains.events.models import CheckIn, Event, Pool, Registration
from khaneh.domains.events.types import Registered
from khaneh.domains.policies import services as policies
from khaneh.domains.policies.types import Condition, Operator, Rule, Scope
from khaneh.kernel.actor import SYSTEM, Actor
from khaneh.kernel.money import Money
from tests.domains.events.scenes import STARTS, Scene, make_scene
from tests.domains.spaces.places import NOW, named
from tests.races.circulation.desks import Act, kinds, meanwhile

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
LOCKED = pytest.mark.parametrize("locked", [True, False], ids=["locked", "control"])
NEW, OLD, LINE = "INSERT INTO events_registration", "UPDATE events_registration", "INSERT INTO credits_entry"


@pytest.fixture
def scene(transactional_db: None) -> Scene:
    """Houses with a room, under the rules that ship."""
    return make_scene()


def registering(event: int, actor: Actor, people: int = 1, **facts: Any) -> Act:
    return partial(services.register, actor=actor, event_id=event, people_count=people, now=NOW, **facts)


def taken(event: int) -> int:
    return sum(Pool.objects.filter(event_id=event).values_list("taken", flat=True))


def states(answers: tuple[Any, Any]) -> tuple[str, str]:
    first, second = (
        answer.state.value if isinstance(answer, Registered) else type(answer).__name__ for answer in answers
    )
    return first, second


@LOCKED
def test_two_and_the_last_place(scene: Scene, locked: bool) -> None:
    event = scene.event(capacity=1)
    both = registering(event, scene.places.person()), registering(event, scene.places.person())
    answers = states(meanwhile(*both, before=OLD, locked=locked))
    # Without locks both see the place, and the database alone keeps it from being given twice.
    assert answers == (("confirmed", "waiting") if locked else ("IntegrityError", "confirmed"))
    assert (taken(event), Registration.objects.filter(state="confirmed").count()) == (1, 1)


@LOCKED
def test_two_and_the_last_seats_of_a_tour(scene: Scene, locked: bool) -> None:
    event = scene.tour(seats=3)
    both = registering(event, scene.places.person(), 2), registering(event, scene.places.person(), 2)
    answers = states(meanwhile(*both, before=OLD, locked=locked))
    assert answers == (("confirmed", "waiting") if locked else ("IntegrityError", "confirmed"))
    assert Event.objects.get(pk=event).riding == 2


@LOCKED
def test_somebody_registers_twice_in_two_tabs(scene: Scene, locked: bool) -> None:
    event, sara = scene.event(), scene.places.person()
    answers = kinds(meanwhile(registering(event, sara), registering(event, sara), before=NEW, locked=locked))
    assert answers == (("Registered", "AlreadyRegistered") if locked else ("IntegrityError", "Registered"))
    assert Registration.objects.count() == 1


@LOCKED
def test_one_person_and_the_last_of_their_registrations(scene: Scene, locked: bool) -> None:
    with_limit(1)
    sara = scene.places.person()
    both = registering(scene.event(), sara), registering(scene.event(), sara)
    answers = kinds(meanwhile(*both, before=NEW, locked=locked))
    assert answers == ("Registered", "PolicyRefused" if locked else "Registered")
    assert Registration.objects.count() == (1 if locked else 2)


@LOCKED
def test_a_cancellation_and_a_newcomer_while_somebody_waits(scene: Scene, locked: bool) -> None:
    event = scene.event(capacity=1)
    has, waits = scene.register(event), scene.register(event)
    giving_up = partial(services.cancel_registration, actor=SYSTEM, registration_id=has.registration_id, now=NOW)
    first, second = meanwhile(giving_up, registering(event, scene.places.person()), before=OLD, locked=locked)
    assert first is None
    assert second.state.value == "waiting"
    assert Registration.objects.get(pk=waits.registration_id).state == "confirmed", "the older one has it"
    assert taken(event) == 1


@LOCKED
def test_fewer_places_and_one_more_who_comes(scene: Scene, locked: bool) -> None:
    event = scene.event(capacity=2)
    scene.register(event)
    smaller = partial(services.change_event, actor=SYSTEM, event_id=event, draft=scene.draft(capacity=1), now=NOW)
    answers = meanwhile(smaller, registering(event, scene.places.person()), before="UPDATE events_pool", locked=locked)
    assert (type(answers[0]).__name__, taken(event)) == (("EventRow", 1) if locked else ("FewerThanTaken", 2))


@LOCKED
def test_two_devices_check_one_group_in(scene: Scene, locked: bool) -> None:
    event, desk = scene.event(), scene.places.staff()
    group = scene.register(event, people=3)
    checking = partial(services.check_in, actor=desk, event_id=event, scanned=group.code, people_count=2, now=STARTS)
    first, second = meanwhile(checking, checking, before="INSERT INTO events_checkin", locked=locked)
    if locked:
        assert (first.came, type(second).__name__) == (2, "Invalid")
    else:
        assert type(first).__name__ == "IntegrityError", "four of three"
    assert Registration.objects.get().came == 2


@LOCKED
def test_one_message_of_a_device_over_two_lines(scene: Scene, locked: bool) -> None:
    event, desk = scene.event(), scene.places.staff()
    group = scene.register(event, people=3)
    checking = partial(
        services.check_in, actor=desk, event_id=event, scanned=group.code, people_count=1, client_id="a-1", now=STARTS
    )  # fmt: skip
    first, second = meanwhile(checking, checking, before="INSERT INTO events_checkin", locked=locked)
    assert (first.again, second.again) == (False, True) if locked else type(first).__name__ == "IntegrityError"
    assert CheckIn.objects.count() == 1


@LOCKED
def test_two_of_an_organisation_and_its_last_credit(scene: Scene, locked: bool) -> None:
    company = Holder(organisation_id=scene.places.company.pk)
    credit.define_unit(actor=SYSTEM, draft=UnitDraft("HOURS", named("Hours"), "P-CENTRE", {"mentoring": 100}))
    credit.adjust(
        actor=SYSTEM, holder=company, unit="HOURS", amount=100, reason="start", house_id=scene.centre.pk, now=NOW
    )  # fmt: skip
    facts = {"organisation_id": company.organisation_id, "agreed": Money(100, "HOURS")}
    both = [
        registering(scene.event(price=Money(100, "HOURS")), scene.places.employee(), **facts) for _ in range(2)
    ]  # fmt: skip
    answers = kinds(meanwhile(*both, before=LINE, locked=locked))
    # Without locks the second spends it while the first still believes what it has read; then the database stops the first.
    assert answers == (("Registered", "BalanceShort") if locked else ("IntegrityError", "Registered"))
    assert (ledger.balance(company, "HOURS"), Registration.objects.count()) == (0, 1)


@LOCKED
def test_one_registration_is_given_up_in_two_tabs_and_given_back_once(scene: Scene, locked: bool) -> None:
    price, sara = Money(50_000, "IRR"), scene.places.person()
    done = scene.register(scene.event(price=price), sara, agreed=price)
    giving_up = partial(services.cancel_registration, actor=sara, registration_id=done.registration_id, now=NOW)
    answers = kinds(meanwhile(giving_up, giving_up, before=OLD, locked=locked))
    # Without locks both believe that they end it; what it shall have cost is the same for both.
    assert answers == ("NoneType", "RegistrationEnded" if locked else "NoneType")
    assert (ledger.balance(Holder(sara.account_id), "IRR"), Entry.objects.count()) == (0, 2)


def with_limit(upcoming: int) -> None:
    """At most so many registrations to come, in the whole network."""
    draft = policies.open_draft(actor=SYSTEM, act="events.register", scope=Scope("network"), now=NOW)
    rule = Rule(0, (Condition("event.kind", Operator.IN, ("talk",)),), terms={"upcoming_max": upcoming})
    policies.save_rule(actor=SYSTEM, draft_id=draft, revision=0, rule=rule, now=NOW)
    policies.publish(actor=SYSTEM, draft_id=draft, revision=1, note="", now=NOW)
