"""Any sequence of acts of lending, by anybody, on any clock: a machine that does them and asks after each whether anything impossible is true.

CIRC-INV. A life begins with a small network and is undone at its end. A refusal is an answer; anything else that an act raises is a fault.
"""

from __future__ import annotations

import itertools
import os
from contextlib import suppress
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from khaneh.domains.catalogue.models import Copy, Work
from khaneh.domains.circulation import permissions, services
from khaneh.domains.circulation.types import FeeKind, Lent, Override, PaymentMethod, Placed, RequestLevel
from khaneh.domains.people import services as people_services
from khaneh.domains.people.models import Member, MemberBlock
from khaneh.kernel.actor import SYSTEM
from khaneh.kernel.money import Money
from khaneh.kernel.refusal import Refusal
from tests.domains.circulation.impossible import impossible, plan_once
from tests.domains.circulation.shelves import NOW, make_shelves

# Every file of the machine does so many steps with a seed of its own, so that the files can be done by several processes.
SHARE = 2_520
_STEPS_A_LIFE = 60
# Making a fault's life short takes minutes: only for whoever looks for its cause.
_PHASES = (Phase.generate, Phase.shrink) if os.environ.get("KHANEH_SHRINK") else (Phase.generate,)
# Loans, and requests, that the rules which ship permit a member at a time.
MOST = 5
_HOUSES, _MEMBERS, _COPIES = 3, 4, 7


def after(act: str) -> Any:
    """A step for lives in which something was done: without it there is nothing to change."""
    return precondition(lambda life: act in life.did)


houses, members, copies = (st.integers(0, number - 1) for number in (_HOUSES, _MEMBERS, _COPIES))
# Which of the latest rows of a table; mostly the last one, which is what a desk has before it.
latest = st.sampled_from([0, 0, 0, 1, 1, 2, 3, 5])
_ALL_RIGHTS = Override(frozenset(permissions.RIGHT_HOLDERS), "whatever it is")


class Life(RuleBasedStateMachine):
    """Seven copies of four records (two of one work), four members, three houses of which two are near each other."""

    done = 0
    asked: str
    houses: list[int]
    members: list[int]
    copies: list[int]
    barcodes: list[str]
    records: list[int]
    works: list[int | None]

    def __init__(self) -> None:
        super().__init__()
        self.life = transaction.atomic()
        self.life.__enter__()
        self.now = NOW
        self.did: set[str] = set()
        self.merged = False
        self.begun = False
        # Who had which loan: what a desk's own token knows when it undoes a return.
        self.readers: dict[int, int] = {}

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.life.__exit__(None, None, None)

    def act(self, service: Any, **facts: Any) -> bool:
        """Do it, or be refused; gives whether it was done."""
        self.now += timedelta(minutes=1)
        with suppress(Refusal), transaction.atomic():
            given = service(actor=SYSTEM, now=self.now, **facts)
            self.did.add(service.__name__)
            if isinstance(given, Lent):
                self.readers[given.loan_id] = given.member_id
            if isinstance(given, Lent | Placed) and facts.get("override") is None:
                # By right, and where two memberships become one, there may be more; nobody else adds to them.
                table, ended = (
                    ("loan", "lost_at IS NULL AND ended_at IS NULL")
                    if isinstance(given, Lent)
                    else ("request", "ended_at IS NULL")
                )
                held = _value(
                    f"SELECT count(*) FROM circulation_{table} WHERE {ended} AND member_id = %s", facts["member_id"]
                )
                assert held is not None
                assert held <= MOST, f"{held} for one member"
            return True
        return False

    def some(self, table: str, turn: int, where: str = "true") -> int:
        """One of the latest rows of a table, or a number that is none."""
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT id FROM circulation_{table} WHERE {where} ORDER BY id DESC LIMIT 6")
            rows = cursor.fetchall()
        return int(rows[turn % len(rows)][0]) if rows else 0

    @rule(copy=copies, member=members, house=houses, over=st.sampled_from([None] * 9 + [_ALL_RIGHTS]))
    def lend(self, copy: int, member: int, house: int, over: Override | None) -> None:
        self.act(
            services.check_out, house_id=self.houses[house], barcode=self.barcodes[copy],
            member_id=self.members[member], override=over,
        )  # fmt: skip

    @rule(copy=copies, house=houses, boxed=st.sampled_from([0, 0, 3, 40]))
    def take_back(self, copy: int, house: int, boxed: int) -> None:
        self.act(
            services.check_in, house_id=self.houses[house], barcode=self.barcodes[copy],
            returned_at=self.now - timedelta(hours=boxed),
        )  # fmt: skip

    @rule(copy=copies, member=members)
    def lend_where_it_stands(self, copy: int, member: int) -> None:
        house = _value(
            "SELECT coalesce(current_house_id, house_id) FROM catalogue_copy WHERE id = %s", self.copies[copy]
        )
        self.act(
            services.check_out, house_id=house, barcode=self.barcodes[copy], member_id=self.members[member],
        )  # fmt: skip

    @after("place_request")
    @rule(turn=latest)
    def collect(self, turn: int) -> None:
        """Whoever waits comes for the copy that was kept."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT q.pickup_house_id, c.barcode, q.member_id FROM circulation_request q"
                " JOIN catalogue_copy c ON c.id = q.captured_copy_id WHERE q.ended_at IS NULL ORDER BY q.id OFFSET %s LIMIT 1",
                [turn % 2],
            )
            row = cursor.fetchone()
        if row is not None:
            self.act(services.check_out, house_id=row[0], barcode=row[1], member_id=row[2])

    @after("place_request")
    @rule()
    def fetch(self) -> None:
        """The house that was asked takes the copy from its shelf."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT g.house_id, c.barcode FROM circulation_target g JOIN catalogue_copy c ON c.id = g.copy_id"
                " WHERE g.state = 'asked' ORDER BY g.id DESC LIMIT 1"
            )
            row = cursor.fetchone()
        if row is not None:
            self.act(services.check_in, house_id=row[0], barcode=row[1])

    @after("check_in")
    @rule()
    def arrive(self) -> None:
        """What is on its way arrives."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT t.to_house_id, c.barcode FROM circulation_transfer t JOIN catalogue_copy c ON c.id = t.copy_id"
                " WHERE t.state = 'sent' ORDER BY t.id LIMIT 1"
            )
            row = cursor.fetchone()
        if row is not None:
            self.act(services.check_in, house_id=row[0], barcode=row[1])

    @rule(copy=copies, house=houses)
    def scan(self, copy: int, house: int) -> None:
        self.act(services.check_in, house_id=self.houses[house], barcode=self.barcodes[copy])

    @after("check_out")
    @rule(turn=latest, over=st.sampled_from([None, None, None, _ALL_RIGHTS]))
    def renew(self, turn: int, over: Override | None) -> None:
        self.act(services.renew, loan_id=self.some("loan", turn), override=over)

    @after("check_out")
    @rule(member=members)
    def renew_all(self, member: int) -> None:
        self.act(services.renew_all, member_id=self.members[member])

    @after("check_out")
    @rule(turn=latest, days=st.integers(-1, 40))
    def date(self, turn: int, days: int) -> None:
        loan = self.some("loan", turn)
        house = _value("SELECT house_id FROM circulation_loan WHERE id = %s", loan) or self.houses[0]
        day = (self.now + timedelta(days=days)).date()
        self.act(services.change_due_date, house_id=house, loan_id=loan, due_on=day, reason="a journey")

    @after("check_out")
    @rule(turn=latest)
    def undo_loan(self, turn: int) -> None:
        loan = self.some("loan", turn)
        house = _value("SELECT house_id FROM circulation_loan WHERE id = %s", loan) or self.houses[0]
        self.act(services.undo_loan, house_id=house, loan_id=loan)

    @after("check_in")
    @rule(turn=latest)
    def undo_return(self, turn: int) -> None:
        loan = self.some("loan", turn, "state = 'returned'")
        house = _value("SELECT ended_house_id FROM circulation_loan WHERE id = %s", loan) or self.houses[0]
        self.act(services.undo_return, house_id=house, loan_id=loan, member_id=self.readers.get(loan, self.members[0]))

    @rule(copy=copies, member=members, house=houses, level=st.sampled_from(RequestLevel))
    def request(self, copy: int, member: int, house: int, level: RequestLevel) -> None:
        target = {"copy": self.copies, "record": self.records, "work": self.works}[level.value][copy]
        if target is not None:
            self.act(
                services.place_request, member_id=self.members[member], level=level, target_id=target,
                pickup_house_id=self.houses[house],
            )  # fmt: skip

    @after("place_request")
    @rule(turn=latest, what=st.sampled_from(["cancel", "suspend", "resume"]), days=st.integers(1, 10))
    def change_request(self, turn: int, what: str, days: int) -> None:
        number = self.some("request", turn)
        if what == "suspend":
            self.act(services.suspend_request, request_id=number, until=self.now + timedelta(days=days))
        else:
            self.act(services.cancel_request if what == "cancel" else services.resume_request, request_id=number)

    @after("place_request")
    @rule(turn=latest)
    def look_in_vain(self, turn: int) -> None:
        self.act(services.not_on_shelf, target_id=self.some("target", turn))

    @rule(copy=copies, start=houses, end=houses)
    def send(self, copy: int, start: int, end: int) -> None:
        self.act(
            services.send_transfer, house_id=self.houses[start], barcode=self.barcodes[copy],
            to_house_id=self.houses[end],
        )  # fmt: skip

    @after("check_in")
    @rule(turn=latest, lost=st.booleans())
    def end_transfer(self, turn: int, lost: bool) -> None:
        act = services.lose_transfer if lost else services.cancel_transfer
        self.act(act, transfer_id=self.some("transfer", turn))

    @after("check_out")
    @rule(turn=latest, what=st.sampled_from(["lose", "claim", "claim", *services.ClaimOutcome]))
    def miss(self, turn: int, what: str) -> None:
        loan = self.some("loan", turn, "state = 'open'")
        if isinstance(what, services.ClaimOutcome):
            self.act(services.settle_claim, loan_id=self.some("loan", 0, "claimed_at IS NOT NULL"), outcome=what)
        else:
            self.act(services.declare_lost if what == "lose" else services.claim_returned, loan_id=loan)

    @rule(copy=copies, house=houses, member=st.none() | members)
    def damage(self, copy: int, house: int, member: int | None) -> None:
        charged = {} if member is None else {"member_id": self.members[member], "amount": Money(40_000, "IRR")}
        self.act(services.mark_damaged, house_id=self.houses[house], barcode=self.barcodes[copy], **charged)

    @rule(copy=copies, house=houses)
    def read_here(self, copy: int, house: int) -> None:
        self.act(services.use_in_house, house_id=self.houses[house], barcode=self.barcodes[copy])

    @after("charge")
    @rule(member=members, amount=st.sampled_from([10_000, 40_000, 450_000]), forgiven=st.booleans())
    def settle(self, member: int, amount: int, forgiven: bool) -> None:
        facts = {"house_id": self.houses[0], "member_id": self.members[member], "amount": Money(amount, "IRR")}
        if forgiven:
            self.act(services.waive, **facts, reason="young")
        else:
            self.act(services.pay, **facts, method=PaymentMethod.CASH)

    @rule(member=members, amount=st.sampled_from([10_000, 600_000]))
    def charge(self, member: int, amount: int) -> None:
        self.act(
            services.charge, house_id=self.houses[1], member_id=self.members[member], kind=FeeKind.OTHER,
            amount=Money(amount, "IRR"),
        )  # fmt: skip

    @rule(member=members, keeps=st.booleans())
    def keep_history(self, member: int, keeps: bool) -> None:
        ended = "member_id = %s AND ended_at IS NOT NULL"
        if not keeps and _value(f"SELECT count(*) FROM circulation_loan WHERE {ended}", self.members[member]):
            return
        if not keeps and _value(f"SELECT count(*) FROM circulation_request WHERE {ended}", self.members[member]):
            return
        Member.objects.filter(pk=self.members[member]).update(keep_history=keeps)

    @rule(member=members, blocked=st.sampled_from([True, False, False]))
    def block(self, member: int, blocked: bool) -> None:
        if blocked:
            MemberBlock.objects.create(member_id=self.members[member], reason="conduct", placed_at=self.now)
        else:
            MemberBlock.objects.filter(member_id=self.members[member]).update(lifted_at=self.now)

    @precondition(lambda life: not life.merged and {"check_out", "place_request"} <= life.did)
    @rule(kept=members, gone=members)
    def merge(self, kept: int, gone: int) -> None:
        self.merged = self.act(people_services.merge_members, kept_id=self.members[kept], gone_id=self.members[gone])

    @rule(days=st.sampled_from([1, 1, 4, 8, 20, 70, 190]))
    def let_time_pass(self, days: int) -> None:
        self.now += timedelta(days=days)
        services.expire_shelf(now=self.now)
        services.target_waiting(now=self.now)
        services.lose_long_overdue(now=self.now)

    @rule(minutes=st.sampled_from([5, 90, 3 * 24 * 60]))
    def set_the_clock_back(self, minutes: int) -> None:
        self.now -= timedelta(minutes=minutes)

    @invariant()
    def nothing_impossible(self) -> None:
        # It is asked before the first step as well, which is none.
        type(self).done += self.begun
        self.begun = True
        found = impossible(self.asked)
        assert not found, found


def live(number: int) -> int:
    """Do SHARE steps, or some more, the invariants asked after each; gives how many were done. `number` is the seed."""
    machine = type(f"Life{number}", (Life,), _network())
    for turn in itertools.count():
        run_state_machine_as_test(
            seed(number * 1_000 + turn)(machine),
            settings=settings(
                max_examples=-(-(SHARE - machine.done) // _STEPS_A_LIFE), stateful_step_count=_STEPS_A_LIFE, deadline=None,
                database=None, report_multiple_bugs=False, suppress_health_check=list(HealthCheck), phases=_PHASES,
            ),
        )  # fmt: skip
        if machine.done >= SHARE:
            return int(machine.done)
    raise AssertionError


def _network() -> dict[str, Any]:
    shelves = make_shelves()
    work = Work.objects.create()
    records = [shelves.record(work), shelves.record(work), shelves.record(), shelves.record()]
    owners = [
        shelves.central,
        shelves.branch,
        shelves.far,
        shelves.branch,
        shelves.central,
        shelves.far,
        shelves.central,
    ]
    made: list[Copy] = [
        shelves.copy(owner, records[turn % len(records)], floating=turn == 5) for turn, owner in enumerate(owners)
    ]
    return {
        "done": 0,
        "asked": plan_once(),
        "houses": [shelves.central.pk, shelves.branch.pk, shelves.far.pk],
        "members": [shelves.member(keep_history=turn == 1).pk for turn in range(_MEMBERS)],
        "copies": [copy.pk for copy in made],
        "barcodes": [copy.barcode for copy in made],
        "records": [copy.record_id for copy in made],
        "works": [copy.record.work_id for copy in made],
    }


def _value(query: str, *values: Any) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        row = cursor.fetchone()
    return int(row[0]) if row and row[0] is not None else None
