"""Any sequence of scans, requests and journeys: whatever a desk does, nothing impossible comes of it (CIRC-INV).

LIVES lives of at most STEPS steps each, the invariants asked of the database after each step.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from khaneh.domains.circulation import services
from khaneh.domains.circulation.types import RequestLevel
from khaneh.kernel.actor import SYSTEM
from khaneh.kernel.refusal import Refusal
from tests.domains.circulation.impossible import impossible
from tests.domains.circulation.shelves import NOW, Shelves, make_shelves

pytestmark = pytest.mark.django_db
LIVES, STEPS = 8, 50

copies, members, houses = st.integers(0, 3), st.integers(0, 2), st.integers(0, 2)


def machine(shelves: Shelves) -> type[RuleBasedStateMachine]:
    """A machine over four copies (two of one record), three members and three houses; each life is undone at its end."""
    record = shelves.record()
    owned = [shelves.central, shelves.branch, shelves.far, shelves.branch]
    barcodes = [shelves.copy(house, record if turn < 2 else None).barcode for turn, house in enumerate(owned)]
    records = dict(_rows("SELECT barcode, record_id FROM catalogue_copy"))
    people = [shelves.member().pk for _ in range(3)]
    places = [shelves.central.pk, shelves.branch.pk, shelves.far.pk]

    class Life(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.life = transaction.atomic()
            self.life.__enter__()
            self.now = NOW

        def teardown(self) -> None:
            transaction.set_rollback(True)
            self.life.__exit__(None, None, None)

        def act(self, service: Any, **facts: Any) -> None:
            """Do it, or be refused: a refusal is an answer, anything else is a fault."""
            self.now += timedelta(minutes=1)
            with suppress(Refusal), transaction.atomic():
                service(actor=SYSTEM, now=self.now, **facts)

        def some(self, table: str, turn: int) -> int:
            """One row of a table, or a number that is none."""
            rows = _rows(f"SELECT id FROM circulation_{table} ORDER BY id DESC LIMIT 6")
            return int(rows[turn % len(rows)][0]) if rows else 0

        @rule(copy=copies, member=members, house=houses)
        def lend(self, copy: int, member: int, house: int) -> None:
            self.act(services.check_out, house_id=places[house], barcode=barcodes[copy], member_id=people[member])

        @rule(copy=copies, house=houses)
        def take_back(self, copy: int, house: int) -> None:
            self.act(services.check_in, house_id=places[house], barcode=barcodes[copy])

        @rule(turn=houses)
        def renew(self, turn: int) -> None:
            self.act(services.renew, loan_id=self.some("loan", turn))

        @rule(
            copy=copies, member=members, house=houses, level=st.sampled_from([RequestLevel.RECORD, RequestLevel.COPY])
        )
        def request(self, copy: int, member: int, house: int, level: RequestLevel) -> None:
            number = records[barcodes[copy]]
            if level is RequestLevel.COPY:
                number = _rows("SELECT id FROM catalogue_copy WHERE barcode = %s", barcodes[copy])[0][0]
            self.act(
                services.place_request, member_id=people[member], level=level, target_id=number,
                pickup_house_id=places[house],
            )  # fmt: skip

        @rule(turn=st.integers(0, 5), what=st.sampled_from(["cancel", "suspend", "resume"]))
        def change_request(self, turn: int, what: str) -> None:
            facts = {"request_id": self.some("request", turn)}
            if what == "suspend":
                self.act(services.suspend_request, **facts, until=self.now + timedelta(days=2))
            else:
                self.act(services.cancel_request if what == "cancel" else services.resume_request, **facts)

        @rule(turn=houses)
        def look_in_vain(self, turn: int) -> None:
            self.act(services.not_on_shelf, target_id=self.some("target", turn))

        @rule(copy=copies, start=houses, end=houses)
        def send(self, copy: int, start: int, end: int) -> None:
            self.act(services.send_transfer, house_id=places[start], barcode=barcodes[copy], to_house_id=places[end])

        @rule(turn=houses, lost=st.booleans())
        def end_transfer(self, turn: int, lost: bool) -> None:
            self.act(
                services.lose_transfer if lost else services.cancel_transfer, transfer_id=self.some("transfer", turn)
            )

        @rule(turn=houses, what=st.sampled_from(["lose", "claim", "believe"]))
        def miss(self, turn: int, what: str) -> None:
            loan = self.some("loan", turn)
            if what == "believe":
                self.act(services.settle_claim, loan_id=loan, outcome=services.ClaimOutcome.BELIEVED)
            else:
                self.act(services.declare_lost if what == "lose" else services.claim_returned, loan_id=loan)

        @rule(copy=copies, house=houses)
        def damage(self, copy: int, house: int) -> None:
            self.act(services.mark_damaged, house_id=places[house], barcode=barcodes[copy])

        @rule(days=st.sampled_from([1, 8, 30]))
        def let_time_pass(self, days: int) -> None:
            self.now += timedelta(days=days)
            services.expire_shelf(now=self.now)
            services.target_waiting(now=self.now)
            services.lose_long_overdue(now=self.now)

        @invariant()
        def nothing_impossible(self) -> None:
            assert impossible() == []

    return Life


def _rows(query: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values or None)
        return list(cursor.fetchall())


def test_circ_inv_nothing_impossible_comes_of_any_steps(db: None) -> None:
    run_state_machine_as_test(
        machine(make_shelves()),
        settings=settings(
            max_examples=LIVES, stateful_step_count=STEPS, deadline=None, derandomize=True, database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
