"""The ledger: what is charged, paid, corrected and earned, and what PostgreSQL itself keeps."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from khaneh.domains.credits import queries, rules, services
from khaneh.domains.credits.errors import (
    BalanceShort,
    CodeTaken,
    OwnWork,
    TooManyWaiting,
    UnitUnknown,
    WorkDecided,
    WorkEarnsNothing,
)
from khaneh.domains.credits.models import Balance, Entry, Unit, Work
from khaneh.domains.credits.types import EntryKind, Holder, Means, UnitDraft, WorkState
from khaneh.domains.network.types import Role
from khaneh.domains.notices.models import Notice
from khaneh.domains.people.services import personal_data
from khaneh.kernel.actor import SYSTEM, VISITOR, Actor
from khaneh.kernel.money import Money
from khaneh.kernel.refusal import Invalid, NotAllowed, NotFound
from tests.domains.credits.ledgers import Ledgers, make_ledgers
from tests.domains.spaces.places import NOW, account_of, named

pytestmark = pytest.mark.django_db


@pytest.fixture
def ledgers(db: None) -> Ledgers:
    """A house with a credit, another without."""
    return make_ledgers()


def test_charging_says_what_it_shall_have_cost(ledgers: Ledgers) -> None:
    sara = ledgers.holder()

    def charged(*amounts: Money, source: str = "learning.enrolment:5") -> int:
        return services.charge(actor=SYSTEM, holder=sara, prices=amounts, source=source, now=NOW)

    assert charged(Money(500, "IRR")) == 1
    assert charged(Money(500, "IRR")) == 0, "told twice, charged once"
    assert (charged(Money(700, "IRR")), queries.balance(sara, "IRR")) == (1, -700)
    assert (charged(Money(300, "IRR")), queries.balance(sara, "IRR")) == (1, -300)
    services.adjust(
        actor=SYSTEM, holder=sara, unit="HOURS", amount=200, reason="Moved", house_id=ledgers.centre.pk, now=NOW
    )
    assert charged(Money(150, "HOURS")) == 2, "another unit: one comes back, the other is charged"
    assert (queries.balance(sara, "IRR"), queries.balance(sara, "HOURS")) == (0, 50)
    assert queries.cost("learning.enrolment:5") == [Money(150, "HOURS")]
    assert services.refund(actor=SYSTEM, source="learning.enrolment:5", keep=[Money(50, "HOURS")], now=NOW) == 1
    assert services.refund(actor=SYSTEM, source="learning.enrolment:5", keep=[Money(50, "HOURS")], now=NOW) == 0
    assert queries.balance(sara, "HOURS") == 150
    assert charged(Money(0, "IRR"), source="learning.enrolment:6") == 0
    assert services.refund(actor=SYSTEM, source="learning.enrolment:7", now=NOW) == 0
    with pytest.raises(ValueError, match="not a source"):
        charged(Money(1, "IRR"), source="a booking")
    with pytest.raises(UnitUnknown):
        charged(Money(1, "NOSUCH"))


def test_a_statement_has_its_running_balance_and_its_pages(ledgers: Ledgers) -> None:
    sara = ledgers.person()
    holder = Holder(sara.account_id)
    for number in range(1, 6):
        services.charge(
            actor=SYSTEM, holder=holder, prices=[Money(number * 100, "IRR")], source=f"a.thing:{number}", now=NOW
        )
    lines = queries.statement(holder, actor=sara, limit=3)
    assert [line.after for line in lines] == [-1500, -1000, -600]
    assert [line.after for line in queries.statement(holder, actor=sara, before=lines[-1].id)] == [-300, -100]
    assert queries.statement(holder, actor=sara, unit="VND") == []
    with pytest.raises(NotFound):
        queries.statement(holder, actor=ledgers.person())
    assert queries.statement(holder, actor=ledgers.staff(Role.CIRCULATION), at_house=ledgers.centre.pk)
    with pytest.raises(NotFound):
        queries.statement(holder, actor=ledgers.staff(Role.CIRCULATION), at_house=ledgers.far.pk)


def test_money_is_paid_once_however_often_the_form_is_sent(ledgers: Ledgers) -> None:
    sara, desk, key = ledgers.holder(), ledgers.staff(Role.CIRCULATION), uuid.uuid4().hex
    facts: dict[str, Any] = {
        "holder": sara, "unit": "IRR", "amount": 900, "means": Means.CARD, "house_id": ledgers.centre.pk, "now": NOW,
        "key": key,
    }  # fmt: skip
    assert services.pay(actor=desk, **facts) == services.pay(actor=desk, **facts)
    assert queries.balance(sara, "IRR") == 900
    first, last = NOW - timedelta(hours=1), NOW + timedelta(hours=1)
    (taken,) = queries.payments_of(ledgers.centre.pk, actor=desk, first=first, last=last)
    assert (taken.amount, taken.means, taken.holder) == (Money(900, "IRR"), Means.CARD, sara)
    assert queries.payments_of(ledgers.centre.pk, actor=ledgers.person(), first=first, last=last) == []
    manager = ledgers.staff(Role.HOUSE_MANAGER)
    with pytest.raises(BalanceShort):
        services.pay_out(actor=manager, **{**facts, "amount": 901, "key": None})
    services.pay_out(actor=manager, **{**facts, "key": None})
    assert queries.balance(sara, "IRR") == 0


@pytest.mark.parametrize(
    ("change", "field"),
    [({"amount": 0}, "amount"), ({"amount": -5}, "amount"), ({"unit": "HOURS"}, "unit"), ({"means": "shell"}, "means"),
     ({"note": "x" * 501}, "note")],
)  # fmt: skip
def test_what_is_no_payment(ledgers: Ledgers, change: dict[str, Any], field: str) -> None:
    facts = {"holder": ledgers.holder(), "unit": "IRR", "amount": 9, "means": Means.CASH, "house_id": ledgers.centre.pk}
    with pytest.raises(Invalid) as refused:
        services.pay(actor=SYSTEM, now=NOW, **{**facts, **change})
    assert set(refused.value.facts["fields"]) == {field}


def test_who_may_touch_a_ledger(ledgers: Ledgers) -> None:
    sara, centre = ledgers.holder(), ledgers.centre.pk
    paid: dict[str, Any] = {
        "holder": sara,
        "unit": "IRR",
        "amount": 9,
        "means": Means.CASH,
        "house_id": centre,
        "now": NOW,
    }
    put = {"holder": sara, "unit": "IRR", "amount": 9, "reason": "Slip", "house_id": centre, "now": NOW}
    for actor in (VISITOR, ledgers.person(), ledgers.staff(Role.HOUSE_MANAGER, ledgers.far)):
        for act, facts in ((services.pay, paid), (services.pay_out, paid), (services.adjust, put)):
            with pytest.raises(NotAllowed):
                act(actor=actor, **facts)
    with pytest.raises(NotAllowed):
        services.adjust(actor=ledgers.staff(Role.LIBRARIAN), **put)
    manager = ledgers.staff()
    with pytest.raises(Invalid) as refused:
        services.adjust(actor=manager, **{**put, "holder": Holder(manager.account_id), "reason": ""})
    assert refused.value.facts["fields"] == {"reason": "required", "holder": "own"}
    with pytest.raises(NotFound):
        services.pay(actor=manager, **{**paid, "holder": Holder(organisation_id=987654)})
    assert not Entry.objects.exists()


def refused_by(constraint: str, write: Callable[[], Any]) -> None:
    with pytest.raises(IntegrityError) as clash, transaction.atomic():
        write()
    assert clash.value.__cause__.diag.constraint_name == constraint  # type: ignore[union-attr]


def test_postgresql_keeps_the_books(ledgers: Ledgers) -> None:
    sara = ledgers.holder()
    services.adjust(
        actor=SYSTEM, holder=sara, unit="HOURS", amount=50, reason="Words", house_id=ledgers.centre.pk, now=NOW
    )
    row, line = Balance.objects.get(), Entry.objects.get()

    def entry(amount: int, kind: str = "charge", **facts: Any) -> Entry:
        facts = {"source": "a.thing:1", "step": 1, "at": NOW, **facts}
        return Entry.objects.create(balance=row, kind=kind, amount=amount, **facts)

    refused_by("credits_balance_not_owed", lambda: entry(-51))
    refused_by("credits_entry_floor", lambda: entry(-50, floor=1))
    refused_by("credits_entry_sign", lambda: entry(50))
    refused_by("credits_entry_of_something", lambda: entry(-5, source="", step=None))
    refused_by("credits_entry_means", lambda: entry(5, "payment", means="shell"))
    refused_by("credits_balance_append_only", lambda: Balance.objects.update(amount=99))
    refused_by("credits_balance_append_only", lambda: Balance.objects.update(may_owe=True))
    refused_by("credits_balance_append_only", lambda: Balance.objects.all()._raw_delete("default"))
    refused_by("credits_entry_append_only", lambda: Entry.objects.update(amount=99))
    refused_by("credits_entry_append_only", lambda: Entry.objects.update(note="Other words"))
    refused_by("credits_entry_append_only", lambda: Entry.objects.filter(pk=line.pk).delete())
    refused_by("credits_unit_append_only", lambda: Unit.objects.filter(code="HOURS").update(kind="currency"))
    refused_by("credits_unit_append_only", lambda: Unit.objects.filter(code="HOURS").update(house=ledgers.far))
    # What whoever writes says of it does not count.
    made = Balance.objects.create(account=account_of(), unit_id="HOURS", amount=999, may_owe=True)
    made.refresh_from_db()
    assert (made.amount, made.may_owe) == (0, False)
    Entry.objects.update(note="")
    entry(-50)
    refused_by("credits_entry_one_step", lambda: entry(5, "refund"))
    row.refresh_from_db()
    assert row.amount == 0
    with connection.cursor() as cursor, pytest.raises(IntegrityError), transaction.atomic():
        cursor.execute("INSERT INTO credits_balance (unit_id, amount, may_owe) VALUES ('HOURS', 0, false)")


ACTS = st.lists(
    st.tuples(st.sampled_from(["charge", "refund", "pay"]), st.integers(1, 3), st.integers(0, 400)), max_size=12
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS, most=st.integers(0, 500))
def test_whatever_happens_a_balance_is_what_was_paid_less_what_things_cost(
    ledgers: Ledgers, acts: list[tuple[str, int, int]], most: int
) -> None:
    sara, cost, paid = ledgers.holder(), dict.fromkeys((1, 2, 3), 0), 0
    base = 1 + Entry.objects.count() * 3
    for act, thing, amount in acts:
        source = f"a.thing:{base + thing}"
        if act == "pay" and amount:
            services.pay(
                actor=SYSTEM, holder=sara, unit="VND", amount=amount, means=Means.CASH, house_id=ledgers.centre.pk, now=NOW
            )  # fmt: skip
            paid += amount
        elif act == "refund":
            services.refund(actor=SYSTEM, source=source, keep=[Money(amount, "VND")], now=NOW)
            cost[thing] = min(cost[thing], amount)
        elif act == "charge":
            after = paid - sum(cost.values()) - amount + cost[thing]
            try:
                services.charge(
                    actor=SYSTEM, holder=sara, prices=[Money(amount, "VND")], source=source, now=NOW, may_owe=most
                )
                assert after >= -most or amount <= cost[thing]
                cost[thing] = amount
            except BalanceShort:
                assert after < -most
                assert amount > cost[thing]
        assert queries.balance(sara, "VND") == paid - sum(cost.values())


def test_work_is_recorded_confirmed_and_earns(ledgers: Ledgers) -> None:
    sara, librarian = ledgers.person(), ledgers.staff(Role.LIBRARIAN)
    work = record(ledgers, sara, minutes=90, note=" Two founders ")
    assert (work.state, work.unit, work.amount, work.note) == (WorkState.PENDING, "HOURS", 150, "Two founders")
    assert [one.id for one in queries.works_waiting(ledgers.centre.pk, actor=librarian)] == [work.id]
    assert queries.works_waiting(ledgers.centre.pk, actor=ledgers.staff(Role.CIRCULATION)) == []
    assert queries.balance(Holder(sara.account_id), "HOURS") == 0
    services.confirm_work(actor=librarian, work_id=work.id, minutes=60, now=NOW)
    assert queries.balance(Holder(sara.account_id), "HOURS") == 100
    (done,) = queries.works_of(sara.account_id or 0)
    assert (done.state, done.amount, done.minutes) == (WorkState.CONFIRMED, 100, 60)
    assert list(Notice.objects.values_list("event", flat=True)) == ["credits.earned"]
    for act in (services.confirm_work, services.withdraw_work):
        with pytest.raises(WorkDecided):
            act(actor=librarian if act is services.confirm_work else sara, work_id=work.id, now=NOW)
    other = record(ledgers, sara, kind="teaching")
    services.reject_work(actor=librarian, work_id=other.id, reason="Nobody was there", now=NOW)
    third = record(ledgers, sara)
    services.withdraw_work(actor=sara, work_id=third.id, now=NOW)
    assert [(one.state.value, one.amount) for one in queries.works_of(sara.account_id or 0)] == [
        ("withdrawn", 0), ("rejected", 0), ("confirmed", 100),
    ]  # fmt: skip
    assert queries.balance(Holder(sara.account_id), "HOURS") == 100


def record(ledgers: Ledgers, actor: Actor, **facts: Any) -> Any:
    facts = {
        "account_id": actor.account_id, "house_id": ledgers.centre.pk, "kind": "mentoring", "minutes": 60, "note": "",
        "now": NOW, **facts,
    }  # fmt: skip
    return services.record_work(actor=actor, **facts)


def test_nobody_confirms_their_own_work(ledgers: Ledgers) -> None:
    manager = ledgers.staff()
    work = record(ledgers, manager)
    with pytest.raises(OwnWork):
        services.confirm_work(actor=manager, work_id=work.id, now=NOW)
    row = Work.objects.filter(pk=work.id)
    refused_by(
        "credits_work_not_ones_own", lambda: row.update(state="rejected", decided_at=NOW, decided_by=manager.account_id)
    )
    refused_by("credits_work_earns_when_confirmed", lambda: row.update(state="confirmed", decided_at=NOW))
    refused_by("credits_work_append_only", row.delete)
    with pytest.raises(NotAllowed):
        services.confirm_work(actor=ledgers.staff(Role.CIRCULATION), work_id=work.id, now=NOW)
    for stranger in (ledgers.person(), ledgers.staff(Role.LIBRARIAN, ledgers.far)):
        with pytest.raises(NotFound):
            services.confirm_work(actor=stranger, work_id=work.id, now=NOW)


def test_what_work_is_not_taken_in(ledgers: Ledgers) -> None:
    sara = ledgers.person()
    wrong = {"kind": "sleeping", "minutes": 0, "note": "x" * 1001, "done_on": date(2027, 1, 1)}
    with pytest.raises(Invalid) as refused:
        record(ledgers, sara, **wrong)
    assert set(refused.value.facts["fields"]) == set(wrong)
    with pytest.raises(WorkEarnsNothing):
        record(ledgers, sara, kind="repairing")
    with pytest.raises(WorkEarnsNothing):
        record(ledgers, sara, house_id=ledgers.far.pk)
    with pytest.raises(NotAllowed):
        record(ledgers, sara, account_id=ledgers.person().account_id)
    key = uuid.uuid4().hex
    assert record(ledgers, sara, key=key).id == record(ledgers, sara, key=key).id, "the form sent twice"
    for _ in range(29):
        record(ledgers, sara)
    with pytest.raises(TooManyWaiting):
        record(ledgers, sara)
    record(ledgers, ledgers.staff(Role.CIRCULATION), account_id=ledgers.person().account_id)


def test_credits_are_a_houses_own_or_the_networks(ledgers: Ledgers) -> None:
    manager = ledgers.staff()
    draft = UnitDraft("SHOPTIME", named("Shop time"), "P-CENTRE", {"repairing": 50})
    made = services.define_unit(actor=manager, draft=draft)
    assert (made.is_credit, made.rates, made.house and made.house.code) == (True, {"repairing": 50}, "P-CENTRE")
    with pytest.raises(CodeTaken):
        services.define_unit(actor=manager, draft=draft)
    for actor, house in ((manager, ""), (manager, "P-FAR"), (ledgers.staff(Role.LIBRARIAN), "P-CENTRE")):
        with pytest.raises(NotAllowed):
            services.define_unit(actor=actor, draft=UnitDraft("OTHERS", named("Other"), house))
    services.define_unit(actor=SYSTEM, draft=UnitDraft("NETWORK1", named("Of all"), "", {"repairing": 10}))
    assert [one.code for one in queries.credits_of_house(ledgers.centre.pk)] == ["HOURS", "SHOPTIME", "NETWORK1"]
    assert [one.code for one in queries.credits_of_house(ledgers.far.pk)] == ["NETWORK1"]
    services.change_unit(
        actor=manager, code="SHOPTIME", draft=UnitDraft("SHOPTIME", named("Shop"), "P-CENTRE", {}, active=False)
    )
    assert [one.code for one in queries.credits_of_house(ledgers.centre.pk)] == ["HOURS", "NETWORK1"]
    assert {one.code for one in queries.units(with_retired=True)} >= {"SHOPTIME"}
    for wrong, field in (
        (UnitDraft("IRR", named("Money")), "code"), (UnitDraft("lower", named("x")), "code"),
        (UnitDraft("GOODCODE", named(" ")), "names"), (UnitDraft("GOODCODE", named("x"), "NOWHERE"), "house_code"),
        (UnitDraft("GOODCODE", named("x"), "", {"sleeping": 1}), "rates"),
        (UnitDraft("GOODCODE", named("x"), "", {"teaching": 0}), "rates"),
    ):  # fmt: skip
        with pytest.raises(Invalid) as refused:
            services.define_unit(actor=SYSTEM, draft=wrong)
        assert set(refused.value.facts["fields"]) == {field}


def test_debts_come_before_being_forgotten_and_words_go(ledgers: Ledgers) -> None:
    sara, librarian = ledgers.person(), ledgers.staff(Role.LIBRARIAN)
    holder = Holder(sara.account_id)
    member_id = ledgers.member_of(sara)
    keeper = personal_data.keepers()["credits"]
    services.charge(actor=SYSTEM, holder=holder, prices=[Money(5, "IRR")], source="a.thing:1", now=NOW)
    assert [owed.code for owed in keeper.owed(member_id)] == ["credits.owed"]  # type: ignore[misc]
    services.adjust(
        actor=SYSTEM, holder=holder, unit="IRR", amount=5, reason="Sara is ill", house_id=ledgers.centre.pk, now=NOW
    )
    record(ledgers, sara, note="For Omid")
    services.reject_work(
        actor=librarian, work_id=record(ledgers, sara, note="For Mina").id, reason="Mina says no", now=NOW
    )
    told = keeper.exporter(member_id)
    assert [one["note"] for one in told["works"]] == ["For Mina", "For Omid"]
    assert [one["amount"] for one in told["entries"]] == [-5, 5]
    assert keeper.owed(member_id) == []  # type: ignore[misc]
    keeper.eraser(member_id, NOW)
    assert set(Work.objects.values_list("account_id", "note", "reason")) == {(None, "", "")}
    assert set(Entry.objects.values_list("note", flat=True)) == {""}
    assert queries.balance(holder, "IRR") == 0


@given(minutes=st.integers(1, 1440), per_hour=st.integers(1, 10**6), parts=st.integers(1, 12))
def test_work_in_parts_earns_no_less(minutes: int, per_hour: int, parts: int) -> None:
    whole = rules.earned(minutes, per_hour)
    assert 0 <= whole * 60 - minutes * per_hour < 60
    pieces = [minutes // parts + (number < minutes % parts) for number in range(parts)]
    assert whole <= sum(rules.earned(piece, per_hour) for piece in pieces if piece) <= whole + parts


def test_lists_cost_the_same_at_any_length(ledgers: Ledgers, django_assert_max_num_queries: Any) -> None:
    sara, librarian = ledgers.person(), ledgers.staff(Role.LIBRARIAN)
    holder = Holder(sara.account_id)
    for number in range(1, 21):
        services.charge(
            actor=librarian, holder=holder, prices=[Money(1, "IRR")], source=f"a.thing:{number}",
            house_id=ledgers.centre.pk, now=datetime(2026, 3, 2, number, tzinfo=UTC),
        )  # fmt: skip
        record(ledgers, sara)
    queries.works_waiting(ledgers.centre.pk, actor=librarian)
    with django_assert_max_num_queries(5):
        assert len(queries.statement(holder, actor=sara)) == 20
    with django_assert_max_num_queries(4):
        assert len(queries.works_waiting(ledgers.centre.pk, actor=librarian)) == 20
    with django_assert_max_num_queries(6):
        assert [row.money for row in queries.balances_of(holder, actor=sara)] == [Money(-20, "IRR")]
    assert {line.kind for line in queries.statement(holder, actor=sara)} == {EntryKind.CHARGE}
