"""What coming to events costs: agreed to, charged with the place, given back by the terms, in money and in credits."""

from __future__ import annotations

import pytest

from khaneh.domains.credits import queries as ledger
from khaneh.domains.credits.errors import BalanceShort
from khaneh.domains.credits.models import Balance, Entry
from khaneh.domains.credits.types import Holder
from khaneh.domains.events import queries, services
from khaneh.domains.events.errors import PriceNotAgreed
from khaneh.domains.events.models import Registration
from khaneh.domains.events.notices import EVENTS
from khaneh.domains.events.types import Admission, RegistrationState
from khaneh.domains.network.types import Role
from khaneh.domains.notices.models import Notice
from khaneh.domains.people.models import RoleAssignment
from khaneh.domains.people.queries import actor as actor_of
from khaneh.domains.policies import services as policies
from khaneh.domains.policies.types import Condition, Operator, Rule, Scope
from khaneh.kernel.actor import SYSTEM, Actor
from khaneh.kernel.money import Money
from khaneh.kernel.refusal import NotFound
from tests.domains.events.scenes import DAY, STARTS, Scene
from tests.domains.spaces.places import HOUR, NOW
from tests.domains.spaces.test_charging import has, mentor

pytestmark = pytest.mark.django_db
RIALS = Money(50_000, "IRR")
HOURS = Money(100, "MENTOR")


def sound() -> bool:
    """Whether every registration has cost what follows from its row, asked of the ledger itself."""
    for one in Registration.objects.all():
        shall = {currency: amount for amount, currency in one.terms.get("kept") or []}
        if one.price_amount and one.state in ("confirmed", "attended", "absent"):
            shall[one.price_currency] = shall.get(one.price_currency, 0) + one.price_amount * one.people
        assert {cost.currency: cost.amount for cost in ledger.cost(f"events.registration:{one.pk}")} == shall, one.state
    for row in Balance.objects.all():
        assert row.amount == sum(Entry.objects.filter(balance=row).values_list("amount", flat=True))
    return True


def rules(**terms: object) -> None:
    """Terms for talks in the whole network."""
    draft = policies.open_draft(actor=SYSTEM, act="events.register", scope=Scope("network"), now=NOW)
    rule = Rule(0, (Condition("event.kind", Operator.IN, ("talk",)),), terms=terms)
    policies.save_rule(actor=SYSTEM, draft_id=draft, revision=0, rule=rule, now=NOW)
    policies.publish(actor=SYSTEM, draft_id=draft, revision=1, note="", now=NOW)


def state(number: int) -> str:
    return Registration.objects.values_list("state", flat=True).get(pk=number)


def readers(event: str) -> set[int | None]:
    return set(Notice.objects.filter(event=f"events.{event}").values_list("account_id", flat=True))


def test_a_group_is_charged_with_its_places_once_and_given_back_whole(scene: Scene) -> None:
    event, sara = scene.event(price=RIALS), scene.places.person()
    quote = services.quote(actor=sara, event_id=event, people_count=3, now=NOW)
    assert (quote.price, quote.each) == (Money(150_000, "IRR"), RIALS)
    assert not Entry.objects.exists(), "only asked"
    done = scene.register(event, sara, 3, agreed=RIALS)
    assert (done.price, has(sara)) == (Money(150_000, "IRR"), -150_000)
    (line,) = ledger.statement(Holder(sara.account_id), actor=sara)
    assert (line.amount, line.source) == (-150_000, f"events.registration:{done.registration_id}")
    services.tidy_places(now=NOW)
    services.change_registration(actor=sara, registration_id=done.registration_id, note="chairs", now=NOW)
    assert Entry.objects.count() == 1, "told again, charged once"
    services.change_registration(actor=sara, registration_id=done.registration_id, people_count=1, now=NOW)
    assert has(sara) == -50_000
    services.change_registration(actor=sara, registration_id=done.registration_id, people_count=2, now=NOW)
    assert (has(sara), sound()) == (-100_000, True)
    services.cancel_registration(actor=sara, registration_id=done.registration_id, now=NOW)
    assert (has(sara), sound()) == (0, True)


def test_nobody_pays_what_they_did_not_agree_to(scene: Scene) -> None:
    event, sara = scene.event(price=RIALS), scene.places.person()
    for agreed in (None, Money(49_999, "IRR"), Money(50_000, "VND")):
        with pytest.raises(PriceNotAgreed) as refused:
            scene.register(event, sara, 2, agreed=agreed)
        assert refused.value.facts == {"price": [50_000, "IRR"], "people": 2}
    done = scene.register(event, sara, agreed=Money(60_000, "IRR"))
    assert has(sara) == -50_000, "what it costs, not what would have been paid"
    services.change_event(actor=SYSTEM, event_id=event, draft=scene.draft(price=Money(80_000, "IRR")), now=NOW)
    assert has(sara) == -50_000, "the price is the one that was agreed to"
    more = {"actor": sara, "registration_id": done.registration_id, "people_count": 2, "now": NOW}
    with pytest.raises(PriceNotAgreed):
        services.change_registration(**more)
    assert (has(sara), state(done.registration_id)) == (-50_000, "confirmed"), "nothing changes where it is refused"
    services.change_registration(agreed=Money(80_000, "IRR"), **more)
    assert (has(sara), sound()) == (-160_000, True)


def test_who_waits_or_asks_pays_with_the_place(scene: Scene) -> None:
    event = scene.event(capacity=1, price=RIALS)
    first, second = scene.places.person(), scene.places.person()
    has_it, waits = (scene.register(event, one, agreed=RIALS) for one in (first, second))
    assert (waits.state, waits.price, has(second)) == (RegistrationState.WAITING, RIALS, 0)
    services.change_event(
        actor=SYSTEM, event_id=event, draft=scene.draft(capacity=1, price=Money(90_000, "IRR")), now=NOW
    )  # fmt: skip
    services.cancel_registration(actor=first, registration_id=has_it.registration_id, now=NOW)
    assert (state(waits.registration_id), has(second), has(first)) == ("confirmed", -50_000, 0)
    line = Entry.objects.get(balance__account_id=second.account_id)
    assert line.by_id is None, "nobody learns by whose cancellation they got the place"
    asked = scene.event(admission=Admission.APPROVAL, price=RIALS)
    asks = scene.register(asked, first, 2, agreed=RIALS)
    assert (asks.state, has(first)) == (RegistrationState.REQUESTED, 0)
    services.approve_registration(
        actor=scene.places.staff(Role.LIBRARIAN), registration_id=asks.registration_id, now=NOW
    )
    assert (has(first), sound()) == (-100_000, True)


def test_a_credit_is_there_or_it_is_refused(scene: Scene) -> None:
    event, sara, omid = scene.event(capacity=2, price=HOURS), scene.places.person(), scene.places.person()
    mentor(scene.places, sara, 100)
    quote = services.quote(actor=sara, event_id=event, people_count=2, now=NOW)
    assert (quote.possible, quote.refusal, quote.facts["needed"]) == (False, "credits.balance_short", 200)
    with pytest.raises(BalanceShort):
        scene.register(event, sara, 2, agreed=HOURS)
    assert not Registration.objects.exists()
    scene.register(event, sara, agreed=HOURS)
    assert has(sara, "MENTOR") == 0
    with pytest.raises(BalanceShort):
        scene.register(event, omid, agreed=HOURS)
    scene.register(event, scene_mentor(scene), agreed=HOURS)
    with pytest.raises(BalanceShort):
        scene.register(event, omid, agreed=HOURS)
    assert sound(), "who cannot pay does not wait either"


def scene_mentor(scene: Scene) -> Actor:
    """Somebody with one hour."""
    actor = scene.places.person()
    mentor(scene.places, actor, 100)
    return actor


def speaker(scene: Scene) -> Actor:
    """Somebody who speaks for the company."""
    actor = scene.places.person(member=False)
    RoleAssignment.objects.create(
        account_id=actor.account_id,
        role=Role.ADMINISTRATOR.value,
        organisation=scene.places.company,
        valid_from=NOW - DAY,
    )
    return actor_of(actor.account_id, now=NOW)


def test_who_cannot_pay_when_a_place_is_free_is_passed_over_and_keeps_their_turn(scene: Scene) -> None:
    event = scene.event(capacity=1, price=HOURS)
    has_it, poor, next_one = (scene_mentor(scene) for _ in range(3))
    first, second, third = (scene.register(event, one, agreed=HOURS) for one in (has_it, poor, next_one))
    mentor(scene.places, poor, -100)
    services.cancel_registration(actor=has_it, registration_id=first.registration_id, now=NOW)
    assert [state(one.registration_id) for one in (second, third)] == ["waiting", "confirmed"]
    assert (has(next_one, "MENTOR"), has(has_it, "MENTOR"), sound()) == (0, 100, True)
    told = Notice.objects.filter(event="events.unpaid")
    assert told.count() == 1
    services.change_event(actor=SYSTEM, event_id=event, draft=scene.draft(capacity=2, price=HOURS), now=NOW)
    assert told.count() == 1, "once for each turn"
    mentor(scene.places, poor, 100)
    assert services.tidy_places(now=NOW) == 1
    assert (state(second.registration_id), has(poor, "MENTOR"), sound()) == ("confirmed", 0, True)


def test_late_is_late_however_it_is_done_and_what_the_house_ends_costs_nothing(scene: Scene) -> None:
    rules(refund_hours=48, late_refund_percent=25)
    event, sara, omid = scene.event(price=RIALS), scene.places.person(), scene.places.person()
    own, by_desk = scene.register(event, sara, 3, agreed=RIALS), scene.register(event, omid, 2, agreed=RIALS)
    late = STARTS - 10 * HOUR
    row = queries.registrations_of(sara.account_id or 0, now=NOW)[0].registration
    assert (row.refund_until, row.late_percent, row.costs) == (STARTS - 2 * DAY, 25, (Money(150_000, "IRR"),))
    services.change_registration(actor=sara, registration_id=own.registration_id, people_count=2, now=late)
    assert has(sara) == -(100_000 + 37_500), "three quarters of the third"
    services.cancel_registration(actor=sara, registration_id=own.registration_id, now=late)
    assert (has(sara), sound()) == (-112_500, True)
    services.cancel_registration(actor=SYSTEM, registration_id=by_desk.registration_id, now=late)
    assert has(omid) == 0, "by the house"


def test_what_the_house_moves_or_cancels_is_given_back_whole(scene: Scene) -> None:
    rules(refund_hours=48, late_refund_percent=0, cancel_hours=24)
    event, sara, omid = scene.event(price=RIALS), scene.places.person(), scene.places.person()
    own = scene.register(event, sara, agreed=RIALS)
    scene.register(event, omid, 2, agreed=RIALS)
    services.change_event(actor=SYSTEM, event_id=event, draft=scene.draft(price=RIALS, starts=STARTS - HOUR), now=NOW)
    services.cancel_registration(actor=sara, registration_id=own.registration_id, now=STARTS - 3 * HOUR)
    assert has(sara) == 0, "it is not the time to which they agreed"
    services.cancel_event(actor=SYSTEM, event_id=event, reason="Flood", now=STARTS - 2 * HOUR)
    assert (has(omid), sound()) == (0, True)


def test_an_organisation_pays_and_those_who_speak_for_it_are_told(scene: Scene) -> None:
    event, employee = scene.event(price=RIALS, admission=Admission.APPROVAL), scene.places.employee()
    speaks = speaker(scene)
    done = scene.register(event, employee, 2, organisation_id=scene.places.company.pk, agreed=RIALS)
    assert readers("requested") == {employee.account_id, speaks.account_id}, "members or not"
    services.approve_registration(actor=SYSTEM, registration_id=done.registration_id, now=NOW)
    company = Holder(organisation_id=scene.places.company.pk)
    assert (ledger.balance(company, "IRR"), has(employee)) == (-100_000, 0)
    services.cancel_event(actor=SYSTEM, event_id=event, reason="Flood", now=NOW)
    assert (ledger.balance(company, "IRR"), sound()) == (0, True)
    assert readers("confirmed") == readers("ended") == {employee.account_id, speaks.account_id}


def test_who_speaks_for_an_organisation_looks_after_what_a_colleague_registered(scene: Scene) -> None:
    event, company = scene.event(price=RIALS), scene.places.company.pk
    employee, speaks = scene.places.employee(), speaker(scene)
    done = scene.register(event, employee, 3, organisation_id=company, agreed=RIALS)
    listed = queries.registrations_of(speaks.account_id or 0, organisation_ids=[company], now=NOW)
    assert [one.registration.id for one in listed] == [done.registration_id]
    assert queries.registration(done.registration_id, actor=speaks).registration.people == 3
    services.change_registration(actor=speaks, registration_id=done.registration_id, people_count=2, now=NOW)
    colleague = scene.places.employee()
    with pytest.raises(NotFound):
        services.cancel_registration(actor=colleague, registration_id=done.registration_id, now=NOW)
    services.cancel_registration(actor=speaks, registration_id=done.registration_id, now=NOW)
    assert (state(done.registration_id), sound()) == ("cancelled", True)
    assert employee.account_id in readers("ended"), "who registered is told"


def test_a_guest_pays_at_the_door_and_an_erased_account_has_its_money_back(scene: Scene) -> None:
    event, desk, sara = scene.event(price=RIALS), scene.places.staff(), scene.places.person()
    scene.register(event, desk, guest="Mina", agreed=RIALS)
    assert not Entry.objects.exists()
    rules(refund_hours=48)
    done = scene.register(event, sara, agreed=RIALS)
    services.erase_account(sara.account_id or 0, STARTS - HOUR)
    assert (state(done.registration_id), has(sara)) == ("cancelled", 0)


def test_the_rules_set_a_price(scene: Scene) -> None:
    rules(price=Money(10_000, "IRR"), owed_max=Money(15_000, "IRR"))
    event, sara = scene.event(price=RIALS), scene.places.person()
    with pytest.raises(BalanceShort):
        scene.register(event, sara, 2, agreed=RIALS)
    scene.register(event, sara, agreed=RIALS)
    assert has(sara) == -10_000


def test_everybody_with_an_account_is_told_in_their_words(scene: Scene) -> None:
    event = scene.event(price=HOURS, capacity=3)
    visitor = scene.places.person(member=False)
    mentor(scene.places, visitor, 300)
    done = scene.register(event, visitor, 3, agreed=HOURS)
    assert readers("confirmed") == {visitor.account_id}
    written = {one.code: one for one in EVENTS}
    facts = [{"registration": done.registration_id, "revision": 0}]

    def cost(code: str, language: str) -> str:
        resolve = written[f"events.{code}"].resolve
        assert resolve is not None
        (item,) = resolve(facts, language, NOW)
        assert item is not None
        return str(item["cost"])

    assert cost("confirmed", "en") == "Charged: 3 × Mentoring hours."
    assert cost("confirmed", "fa") == "هزینه: ۳ × Mentoring hours."
    services.cancel_registration(actor=SYSTEM, registration_id=done.registration_id, now=NOW)
    assert cost("ended", "vi") == "Phí đã được hoàn lại."
