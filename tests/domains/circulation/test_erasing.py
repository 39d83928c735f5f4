"""Who has lent and asked for years, paid, lost, argued and been forgiven, is forgotten whole: no word of it in any table or file.

As in `tests/domains/people/test_erasure.py` the same search finds each word before. Spec: CIRC-KEEP-6.
"""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from khaneh.domains.catalogue.models import Record
from khaneh.domains.circulation import services
from khaneh.domains.circulation.models import Conflict, FeeEntry, Loan, Request, Statistic
from khaneh.domains.circulation.services import reminding
from khaneh.domains.circulation.services.conflicts import keep_conflict
from khaneh.domains.circulation.types import (
    ConflictKind,
    ConflictSource,
    ConflictState,
    EntryAct,
    FeeKind,
    Override,
    PaymentMethod,
    RequestLevel,
    TerminalKind,
)
from khaneh.domains.people import services as people
from khaneh.domains.people.errors import SomethingOwed
from khaneh.domains.people.models import Member
from khaneh.domains.people.types import BlockReason, MemberState
from khaneh.infrastructure.sms import FileGateway
from khaneh.kernel.actor import SYSTEM
from khaneh.kernel.money import Money
from tests import traces
from tests.domains.circulation.impossible import impossible
from tests.domains.circulation.shelves import Shelves
from tests.domains.people.membership import NOW, Club, make_club

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
NAME, FAMILY, EMAIL, PHONE = "Thùy‌Dương", "سروستانی‌زاده", "duong.sarvestani@example.net", "+98935817264"
TITLE = "رساله دربارهٔ سمورهای آبی"


class Life:
    """Somebody of the club, each of whose acts comes a day after the last, with words of theirs wherever words can be written."""

    def __init__(self, club: Club, *, keeps: bool) -> None:
        self.shelves = Shelves(club.central, club.branch, club.far)
        self.house, self.now = club.central.pk, NOW
        self.lead = club.lead
        self.reader = club.account()
        draft = club.draft(given_name=NAME, family_name=FAMILY, email=EMAIL, phone=PHONE, birth_date=date(1987, 6, 5))
        self.id = people.apply_for_membership(actor=self.reader, draft=draft, now=NOW)
        self.card = people.approve_application(actor=club.desk, member_id=self.id, now=NOW).barcode
        if keeps:
            people.set_keep_history(actor=self.reader, member_id=self.id, keep=True, now=NOW)
        self.own: dict[str, Any] = {"actor": self.reader, "for_member_id": self.id}
        self.staff: dict[str, Any] = {"actor": SYSTEM, "house_id": self.house}

    def later(self, days: int = 1) -> Any:
        self.now += days * DAY
        return self.now

    def copy(self, **facts: Any) -> Any:
        record = Record.objects.create(document=json.dumps({"title": TITLE}))
        return self.shelves.copy(record=record, price_amount=90_000, **facts)

    def lend(self, copy: Any, **facts: Any) -> int:
        loan = services.check_out(
            **self.staff, barcode=copy.barcode, member_id=self.id, now=self.later(), **facts
        ).loan_id
        Loan.objects.filter(pk=loan).update(terms={"fee_per_day": [1_000, "IRR"], "lost_fee": [500, "IRR"]})
        return loan

    def take_back(self, copy: Any, days: int = 1) -> Any:
        return services.check_in(**self.staff, barcode=copy.barcode, now=self.later(days))

    def ask(self, copy: Any, **facts: Any) -> int:
        facts = {"note": f"{FAMILY} needs it for an exam", **self.own, **facts}
        return services.place_request(
            member_id=self.id, level=RequestLevel.RECORD, target_id=copy.record_id, pickup_house_id=self.house,
            now=self.later(), **facts,
        ).request_id  # fmt: skip

    def settle(self) -> None:
        owed = sum(FeeEntry.objects.filter(member_id=self.id).values_list("amount", flat=True))
        if owed > 0:
            services.pay(
                **self.staff, member_id=self.id, amount=Money(owed, "IRR"), method=PaymentMethod.CASH,
                now=self.later(), key=f"desk:{self.card}:{self.now.isoformat()}",
            )  # fmt: skip

    def live(self) -> None:
        late, lost, gone, damaged = (self.copy() for _ in range(4))
        loan = self.lend(late)
        services.renew(loan_id=loan, now=self.later(), **self.own)
        services.change_due_date(
            **self.staff, loan_id=loan, due_on=(self.now + 9 * DAY).date(), reason=f"{FAMILY} travels", now=self.now
        )
        reminding.remind(house_id=self.house, now=self.later(30))
        self.take_back(late)
        people.set_block(
            actor=self.lead, member_id=self.id, house_id=self.house, reason=BlockReason.OTHER, note="", now=self.later()
        )
        override = Override(frozenset({"lend_to_blocked", "lend_over_limit"}), f"{NAME} {FAMILY} asked the director")
        for copy in (lost, gone):
            loan = self.lend(copy, override=override)
            services.claim_returned(loan_id=loan, now=self.later(), **self.own)
            services.declare_lost(actor=SYSTEM, loan_id=loan, now=self.later())
        self.settle()
        assert self.take_back(lost).was_lost
        self.lend(damaged, override=override)
        self.take_back(damaged)
        act: dict[str, Any] = {**self.staff, "member_id": self.id}
        services.mark_damaged(
            **act, barcode=damaged.barcode, amount=Money(700, "IRR"), note=f"{FAMILY}: tea", now=self.later()
        )
        services.charge(
            **act, kind=FeeKind.OTHER, amount=Money(200_000, "IRR"), note=f"copies for {FAMILY}", now=self.now
        )
        services.waive(**act, amount=Money(30, "IRR"), reason=f"{FAMILY} is ill", now=self.later())
        self.settle()
        for block in self.blocks():
            people.lift_block(actor=self.lead, block_id=block, now=self.later())
        self.requests()
        self.machines()

    def blocks(self) -> list[int]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT id FROM people_memberblock WHERE member_id = %s", [self.id])
            return [row[0] for row in cursor.fetchall()]

    def requests(self) -> None:
        """One that is collected, one given up, one that waited too long, one suspended, one on its way."""
        collected, dropped, expired, waiting, travelling = (self.copy() for _ in range(5))
        self.ask(collected)
        self.take_back(collected)
        self.lend(collected)
        self.take_back(collected)
        services.cancel_request(request_id=self.ask(dropped), now=self.later(), **self.own)
        number = self.ask(expired)
        Request.objects.filter(pk=number).update(expires_at=self.now + DAY)
        services.target_waiting(now=self.later(2))
        assert Request.objects.get(pk=number).state == "expired"
        number = self.ask(waiting)
        services.suspend_request(request_id=number, until=self.now + 20 * DAY, now=self.later(), **self.own)
        self.ask(travelling)
        services.check_in(actor=SYSTEM, house_id=self.shelves.far.pk, barcode=travelling.barcode, now=self.later())
        assert Request.objects.filter(member_id=self.id, state="in_transit").count() == 1

    def machines(self) -> None:
        """What a self-check said a moment ago, and what was settled of a loan made without a line."""
        machine, _ = services.add_terminal(
            **self.staff, name="wall", kind=TerminalKind.SELF_CHECK, encoding="utf-8", language="en", asks_pin=True,
            now=self.now,
        )  # fmt: skip
        for name in (FAMILY, "somebody else"):
            services.answer_once(
                terminal_id=machine, digest=name.encode()[:32].ljust(32), line=uuid4(), sequence=1, now=self.now,
                act=lambda name=name: {"AE": name},  # type: ignore[misc]
            )  # fmt: skip
        for done in (True, False):
            keep_conflict(
                source=ConflictSource.SIP2, house_id=self.house, act=EntryAct.CHECK_OUT, kind=ConflictKind.LENT_SINCE,
                facts={"card": self.card, "barcode": "X", "name": FAMILY}, happened_at=self.now, now=self.now, done=done,
            )  # fmt: skip


def words(life: Life) -> dict[str, str | bytes]:
    return {"given name": NAME, "family name": FAMILY, "e-mail": EMAIL, "telephone": PHONE, "card": life.card}


@pytest.fixture
def club(db: None) -> Club:
    return make_club()


@pytest.mark.parametrize("keeps", [False, True], ids=["forgets", "keeps a history"])
def test_circ_keep_6_nothing_is_left_of_a_life_of_lending(
    club: Club, keeps: bool, tmp_path: Path, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.KHANEH_HOME = tmp_path
    life = Life(club, keeps=keeps)
    life.live()
    texts = FileGateway(tmp_path / "outbox/sms")
    texts.send(to=PHONE, text=f"{FAMILY}: {TITLE}", token="theirs")
    texts.send(to="+98912000000", text=TITLE, token="another's")
    found = {place.split(".")[0] for places in traces.in_tables(words(life)).values() for place in places}
    expected = {"people_member", "circulation_fee_entry", "circulation_request", "circulation_conflict"}
    assert expected | ({"circulation_loan"} if keeps else set()) | {"circulation_terminal_answer"} <= found
    assert not any("journal" in place for place in found), "the journal never held a word"
    told = people.export_member_data(actor=life.reader, member_id=life.id, now=life.now)["circulation"]
    assert {loan["title"] for loan in told["loans"]} == {TITLE}
    assert len(told["loans"]) == (5 if keeps else 1), "the copy that was never found is still theirs"
    assert len(told["requests"]) == (5 if keeps else 2)
    assert {fee["kind"] for fee in told["fees"]} == {kind.value for kind in FeeKind}

    owed = people.owed(actor=life.reader, member_id=life.id, now=life.now)
    assert [(one.code, one.count) for one in owed] == [("circulation.conflicts", 2)]
    with pytest.raises(SomethingOwed):
        people.erase_myself(actor=life.reader, now=life.now)
    for conflict in Conflict.objects.filter(member_id=life.id):
        services.settle_conflict(
            actor=SYSTEM, conflict_id=conflict.pk, how=ConflictState.DISMISSED, reason="seen", now=life.later()
        )
    with django_capture_on_commit_callbacks(execute=True):
        people.erase_myself(actor=life.reader, now=life.later())
    assert {name: places for name, places in traces.in_tables(words(life)).items() if places} == {}
    assert {name: places for name, places in traces.in_files(tmp_path, words(life)).items() if places} == {}
    assert [path.stem for path in (tmp_path / "outbox/sms").iterdir()] == ["another's"]
    assert Member.objects.get(pk=life.id).state == MemberState.ERASED
    assert naming(life.id) == {"circulation_fee_entry"}, "amounts stay, and say nobody"
    assert not FeeEntry.objects.filter(member_id=life.id).exclude(note="", key=None, loan=None).exists()
    assert Statistic.objects.filter(category="adult").count() > 10, "what is counted stays"
    assert impossible() == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM circulation_terminal_answer")
        assert cursor.fetchone() == (1,), "what was said to others stays"


def test_circ_keep_6_what_stands_in_the_way_is_told_in_three_languages(club: Club) -> None:
    life = Life(club, keeps=False)
    copy, shelved = life.copy(), life.copy()
    life.lend(copy)
    life.ask(shelved)
    life.take_back(shelved)
    services.charge(**life.staff, member_id=life.id, kind=FeeKind.OTHER, amount=Money(90, "IRR"), now=life.now)
    owed = people.owed(actor=life.reader, member_id=life.id, now=life.now)
    assert [(one.code, one.count) for one in owed] == [
        ("circulation.loans", 1),
        ("circulation.debts", 1),
        ("circulation.hold_shelf", 1),
    ]
    assert all(one.label.en and one.label.fa and one.label.vi for one in owed)
    with pytest.raises(SomethingOwed):
        people.erase_myself(actor=life.reader, now=life.now)
    services.cancel_request(request_id=Request.objects.get(member_id=life.id).pk, now=life.later(), **life.own)
    life.take_back(copy)
    life.settle()
    people.erase_myself(actor=life.reader, now=life.later())
    assert naming(life.id) == {"circulation_fee_entry"}


def naming(member_id: int) -> set[str]:
    """The tables of lending, notices and people, other than the member's own, in which a key names a member."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT k.conrelid::regclass::text, a.attname FROM pg_constraint k"
            " JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]"
            " WHERE k.contype = 'f' AND k.confrelid = 'people_member'::regclass"
        )
        found = set()
        for table, column in cursor.fetchall():
            cursor.execute(f'SELECT count(*) FROM {table} WHERE "{column}" = %s', [member_id])
            if cursor.fetchone()[0]:
                found.add(table)
    return found
