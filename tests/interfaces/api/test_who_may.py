"""Who may make which call: each with a key of everybody, on things of the central library; a call that is refused changes nothing.

A call that is in the description and not here fails the first test.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from khaneh.domains.circulation import services as circulation
from khaneh.domains.circulation.queries import runs as queries
from khaneh.domains.circulation.services.runs import StopDraft
from khaneh.domains.circulation.types import RequestLevel, TerminalKind
from khaneh.domains.credits import services as credits_services
from khaneh.domains.credits.types import Holder, Means, UnitDraft
from khaneh.domains.network.types import Role
from khaneh.domains.people import services as people
from khaneh.domains.people.models import Account, Card, Guardianship, Member
from khaneh.domains.people.types import BlockReason, TokenAccess
from khaneh.interfaces.api import undoing
from khaneh.kernel.actor import SYSTEM
from khaneh.kernel.labels import Label
from tests.domains.circulation.shelves import Shelves
from tests.interfaces.api.keys import NOBODY, Program, program
from tests.interfaces.api.test_events_who_may import CALLS as EVENTS
from tests.interfaces.api.test_exchange_who_may import CALLS as EXCHANGE
from tests.interfaces.api.test_innovation_who_may import CALLS as INNOVATION
from tests.interfaces.api.test_learning_who_may import CALLS as LEARNING
from tests.interfaces.api.test_lending import shelves as shelves
from tests.interfaces.api.test_placements_who_may import CALLS as PLACEMENTS
from tests.interfaces.api.test_programmes_who_may import CALLS as PROGRAMMES
from tests.interfaces.api.test_spaces_who_may import CALLS as SPACES
from tests.interfaces.api.who_may import WHO, wrong_answers

pytestmark = pytest.mark.django_db

HERE: dict[str, Any] = {"house": "T-CENTRAL"}
MONEY: dict[str, Any] = {**HERE, "amount": 100, "currency": "IRR"}
DRAFT: dict[str, Any] = {
    "family_name": "Somebody else",
    "given_name": "New",
    "category": "adult",
    "home": "T-CENTRAL",
    "birth_date": "1991-01-01",
}
SOON = (datetime.now(UTC) + timedelta(days=2)).date().isoformat()
ROUND: dict[str, Any] = {
    "day": SOON,
    "base": "T-CENTRAL",
    "stops": [{"house": "T-CENTRAL"}, {"house": "T-BRANCH"}],
}
SERVES = "401 403 200 403 200 200 200 200"  # whoever works at a desk anywhere
ASKS = "401 403 403 403 200 200 200 200"  # at a desk of the house
DOES = "401 403 403 403 {} {} {} 403"
LEADS = "401 403 403 403 403 {} {} 403"
KEEPS = "401 403 403 403 403 403 {} 403"  # the house's machines
OWN = "401 200 403 403 403 403 403 403"
OWN_ACT = "401 {} 403 403 403 403 403 403"


def row(pattern: str, status: int = 200) -> str:
    return pattern.format(status, status, status)


# Method and address: what is sent (None for nothing), then what each of WHO is answered.
CALLS: dict[str, tuple[Any, str]] = {
    "GET /key": (None, "401 200 200 200 200 200 200 200"),
    "GET /members": ({"q": "Reader"}, SERVES),
    "GET /members/applications": (None, SERVES),
    "GET /members/{member}": (None, SERVES),
    "GET /members/{member}/loans": (None, SERVES),
    "GET /members/{member}/requests": (None, SERVES),
    "GET /members/{member}/fees": (None, SERVES),
    "GET /copies/{copy}": (None, SERVES),
    "GET /founding/proposals": (None, "401 403 403 403 403 403 200 403"),
    "GET /founding/proposals/{loan}": (None, "401 403 403 403 403 403 404 403"),
    "GET /houses/{house}/pull-list": (None, ASKS),
    "GET /houses/{house}/hold-shelf": (None, ASKS),
    "GET /houses/{house}/transfers": (None, ASKS),
    "GET /houses/{house}/overdue": (None, ASKS),
    # To whoever keeps no machines there, the list is not there.
    "GET /houses/{house}/terminals": (None, "401 404 404 404 404 404 200 404"),
    "POST /members": (DRAFT, row(DOES, 201)),
    "PUT /members/{member}": (DRAFT, row(DOES)),
    "POST /members/{applicant}/approve": ({}, row(DOES)),
    "POST /members/{applicant}/decline": ({"reason": "come by"}, row(DOES)),
    "POST /members/{member}/renew": (HERE, row(DOES)),
    "POST /members/{member}/close": (None, row(DOES)),
    "POST /members/{left}/reopen": ({}, row(DOES)),
    "POST /members/{member}/card": ({**HERE, "replace": True}, row(DOES)),
    "POST /members/{member}/pin": ({**HERE, "pin": "2580"}, row(DOES)),
    "POST /members/{member}/blocks": ({**HERE, "reason": "conduct"}, row(DOES, 201)),
    "POST /members/blocks/{block}/lift": (None, row(DOES)),
    "POST /members/{member}/guardians": ({"guardian": "friend", "kind": "proxy"}, row(DOES, 201)),
    "POST /members/guardians/{guardianship}/end": (None, row(DOES)),
    "POST /members/{member}/loans/renew": (None, "401 403 200 403 200 200 200 403"),
    "POST /members/{member}/fees": ({**MONEY, "kind": "other"}, row(DOES, 201)),
    "POST /members/{member}/payments": ({**MONEY, "method": "cash"}, row(DOES, 201)),
    "POST /members/{member}/waivers": ({**MONEY, "reason": "kind"}, row(LEADS, 201)),
    "POST /loans": ({**HERE, "copy_barcode": "copy", "member": "member"}, row(DOES, 201)),
    "POST /returns": ({**HERE, "copy_barcode": "copy"}, row(DOES)),
    "POST /undo": ({"undo": "undo"}, row(DOES)),
    "POST /loans/{loan}/renew": ({}, row(DOES)),
    "POST /loans/{loan}/lost": (None, row(DOES)),
    "POST /loans/{loan}/claim": (None, row(DOES)),
    "POST /loans/{claimed}/claim/settle": ({"outcome": "believed"}, row(LEADS)),
    "POST /loans/{loan}/due": ({**HERE, "due_on": "2030-01-01", "reason": "away"}, row(LEADS, 422)),
    "POST /copies/{copy}/damaged": (HERE, row(DOES)),
    "POST /copies/{copy}/used": (HERE, row(DOES)),
    "POST /requests": (
        {"member": "member", "level": "record", "target": "asked", "pickup": "T-CENTRAL"},
        row(DOES, 201),
    ),
    "POST /requests/{request}/cancel": (None, row(DOES)),
    "POST /requests/{request}/suspend": ({"until": "2026-12-24T10:00:00Z"}, row(DOES)),
    "POST /requests/{waiting}/resume": (None, row(DOES)),
    "POST /pull-list/{target}/not-found": (None, row(DOES)),
    "POST /transfers": ({**HERE, "copy_barcode": "copy", "to": "T-BRANCH"}, row(DOES, 201)),
    "POST /transfers/{transfer}/cancel": (None, row(DOES)),
    "POST /transfers/{transfer}/lost": (None, row(DOES)),
    "POST /houses/{house}/terminals": ({"name": "new", "kind": "gate"}, row(KEEPS, 201)),
    "PUT /terminals/{terminal}": ({"kind": "gate"}, row(KEEPS)),
    "POST /terminals/{terminal}/password": (None, row(KEEPS)),
    "POST /terminals/{terminal}/switch": ({"on": False}, row(KEEPS)),
    "GET /houses/{house}/queue/{asked}": (None, ASKS),
    "POST /requests/{request}/pickup": ({"pickup": "T-BRANCH"}, row(DOES)),
    "GET /houses/{house}/rounds": (None, ASKS),
    "GET /rounds/{round}": (None, ASKS),
    "POST /rounds": (ROUND, row(DOES, 201)),
    "PUT /rounds/{round}": (ROUND, row(DOES)),
    "POST /rounds/{round}/repeat": ({"day": SOON}, row(DOES, 201)),
    "POST /rounds/{round}/start": (None, row(DOES)),
    "POST /rounds/{round}/stops/{stop}/reach": (None, row(DOES)),
    "POST /rounds/{round}/stops/{stop}/miss": (None, row(DOES)),
    "POST /rounds/{round}/stops/{stop}/scans": ({"copy_barcode": "copy"}, row(DOES)),
    "POST /rounds/{round}/end": (None, row(DOES)),
    "POST /rounds/{round}/cancel": (None, row(DOES)),
    "GET /houses/{house}/inventories": (None, ASKS),
    "GET /inventories/{inventory}": (None, ASKS),
    "GET /inventories/{inventory}/findings": (None, ASKS),
    "POST /houses/{house}/inventories": ({}, row(DOES, 201)),
    "POST /inventories/{inventory}/scans": ({"barcodes": ["copy"]}, row(DOES)),
    "POST /inventories/{inventory}/missing": ({}, row(LEADS)),
    "POST /inventories/findings/{finding}/settle": ({"outcome": "put_aside"}, row(DOES)),
    "POST /inventories/{inventory}/close": (None, row(LEADS)),
    "GET /houses/{house}/works": (None, "401 200 200 200 200 200 200 200"),  # nothing, for who may not answer
    # To who does not work there, somebody else's work is not there.
    "POST /works/{work}/confirm": ({}, "401 404 404 404 403 200 200 403"),
    "POST /works/{work}/reject": ({"reason": "nobody was there"}, "401 404 404 404 403 200 200 403"),
    "GET /houses/{house}/members/{own_member}/balances": (None, "401 200 200 200 200 200 200 200"),  # as above
    "POST /balances/payments": ({**MONEY, "account": "payer", "means": "cash"}, row(DOES, 201)),
    "POST /balances/payouts": ({**MONEY, "account": "payer", "means": "cash"}, row(KEEPS, 201)),
    "POST /balances/corrections": (
        {**HERE, "account": "payer", "amount": -5, "unit": "IRR", "reason": "a slip"},
        row(KEEPS, 201),
    ),
    "GET /me/balances": (None, OWN),
    "GET /me/ledger": (None, OWN),
    "GET /me/works": (None, OWN),
    "POST /me/works": ({**HERE, "kind": "mentoring", "minutes": 60}, OWN_ACT.format(201)),
    "POST /me/works/{own_work}/withdraw": (None, OWN_ACT.format(200)),
    "GET /me": (None, OWN),
    "GET /me/persons": (None, OWN),
    "GET /me/loans": (None, OWN),
    "GET /me/requests": (None, OWN),
    "GET /me/fees": (None, OWN),
    "GET /me/history": (None, OWN),
    "POST /me/application": (DRAFT, OWN_ACT.format(409)),  # a member already
    "POST /me/wards": (DRAFT, OWN_ACT.format(201)),
    "POST /me/loans/{own_loan}/renew": (None, OWN_ACT.format(200)),
    "POST /me/loans/renew": (None, OWN_ACT.format(200)),
    "POST /me/loans/{own_loan}/claim": (None, OWN_ACT.format(200)),
    "POST /me/requests": ({"level": "record", "target": "asked", "pickup": "T-CENTRAL"}, OWN_ACT.format(201)),
    "POST /me/requests/{own_request}/cancel": (None, OWN_ACT.format(200)),
    "POST /me/requests/{own_request}/suspend": ({"until": "2026-12-24T10:00:00Z"}, OWN_ACT.format(200)),
    "POST /me/requests/{own_waiting}/resume": (None, OWN_ACT.format(200)),
    "POST /me/requests/{own_request}/pickup": ({"pickup": "T-BRANCH"}, OWN_ACT.format(200)),
}


@pytest.fixture
def things(shelves: Shelves) -> dict[str, Any]:
    """One of each, of the central library; `own…` are the reader's."""
    now, house = datetime.now(UTC), shelves.central.pk
    member, own, left, applicant, friend = (shelves.member() for _ in range(5))
    Card.objects.filter(member=applicant).delete()
    Member.objects.filter(pk=applicant.pk).update(state="applied", joined_on=None, expires_on=None)
    people.close_membership(actor=SYSTEM, member_id=left.pk, now=now)
    found: dict[str, Any] = {
        "house": "T-CENTRAL", "member": member.pk, "own": own, "left": left.pk, "applicant": applicant.pk,
        "friend": friend.pk,
        "copy": shelves.copy().barcode, "asked": shelves.copy(shelves.branch).record_id,
    }  # fmt: skip

    def lend(to: Any) -> int:
        return circulation.check_out(
            actor=SYSTEM, house_id=house, barcode=shelves.copy().barcode, member_id=to.pk, now=now
        ).loan_id

    def ask(of: Any, at: Any, *, suspended: bool = False) -> int:
        placed = circulation.place_request(
            actor=SYSTEM, member_id=of.pk, for_member_id=of.pk, level=RequestLevel.RECORD,
            target_id=shelves.copy(at).record_id, pickup_house_id=house, now=now,
        ).request_id  # fmt: skip
        if suspended:
            circulation.suspend_request(actor=SYSTEM, request_id=placed, until=now + timedelta(days=5), now=now)
        return placed

    found |= {
        "loan": lend(member), "own_loan": lend(own), "claimed": lend(member),
        "request": ask(member, shelves.central), "waiting": ask(member, shelves.branch, suspended=True),
        "own_request": ask(own, shelves.branch), "own_waiting": ask(own, shelves.branch, suspended=True),
    }  # fmt: skip
    circulation.claim_returned(actor=SYSTEM, loan_id=found["claimed"], now=now)
    found["undo"] = undoing.seal(undoing.Act("loan", house, found["loan"]))
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM circulation_target WHERE request_id = %s", [found["request"]])
        found["target"] = cursor.fetchone()[0]
    found["transfer"] = circulation.send_transfer(
        actor=SYSTEM, house_id=house, barcode=shelves.copy().barcode, to_house_id=shelves.branch.pk, now=now
    )
    found["terminal"], _ = circulation.add_terminal(
        actor=SYSTEM, house_id=house, name="front", kind=TerminalKind.GATE, encoding="utf-8", language="fa", asks_pin=True, now=now
    )  # fmt: skip
    found["block"] = people.set_block(
        actor=SYSTEM, member_id=left.pk, house_id=house, reason=BlockReason.CONDUCT, now=now
    )
    found["guardianship"] = Guardianship.objects.create(
        guardian_id=own.pk, ward_id=member.pk, kind="proxy", valid_from=now - timedelta(days=1)
    ).pk
    found["round"] = circulation.plan_run(
        actor=SYSTEM, day=datetime.now(UTC).date(), stops=[StopDraft(house), StopDraft(shelves.branch.pk)], base_house_id=house, now=now
    )  # fmt: skip
    found["stop"] = queries.run(SYSTEM, found["round"]).stops[0].id
    found["inventory"] = circulation.open_inventory(actor=SYSTEM, house_id=house, now=now, location="nowhere")
    scanned = circulation.scan_shelf(actor=SYSTEM, inventory_id=found["inventory"], barcodes=["NOBODYS"], now=now)
    found["finding"] = scanned.found[0].id
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO circulation_fee_entry (member_id, kind, amount, currency, house_id, at, note, method)"
            " VALUES (%s, 'other', 1000, 'IRR', %s, now(), '', '')",
            [member.pk, house],
        )
    return found | credited(own, house, now)


def credited(own: Member, house: int, now: datetime) -> dict[str, Any]:
    """A credit of the house, and work of somebody who has paid ahead."""
    credits_services.define_unit(
        actor=SYSTEM, draft=UnitDraft("HOURS", Label("Hours", "ساعت", "Giờ"), "T-CENTRAL", {"mentoring": 100})
    )
    payer = Account.objects.create(email="payer@example.org", name="Payer").pk
    credits_services.pay(
        actor=SYSTEM, holder=Holder(payer), unit="IRR", amount=1000, means=Means.CASH, house_id=house, now=now
    )
    return {"payer": payer, "own_member": own.pk, "work": worked(payer, house, now)}


def worked(account: int | None, house: int, now: datetime) -> int:
    """Work that waits."""
    return credits_services.record_work(
        actor=SYSTEM, account_id=account or 0, house_id=house, kind="mentoring", minutes=60, note="", now=now
    ).id


@pytest.fixture
def callers(shelves: Shelves, things: dict[str, Any]) -> dict[str, Program]:
    central = shelves.central.pk
    made = (
        NOBODY,
        program(own=True, member=things["own"]),
        program((Role.LIBRARIAN, shelves.far.pk)),
        program((Role.CATALOGUER, central)),
        program((Role.CIRCULATION, central)),
        program((Role.LIBRARIAN, central)),
        program((Role.HOUSE_MANAGER, central)),
        program((Role.LIBRARIAN, central), access=TokenAccess.READ),
    )
    things["own_work"] = worked(made[1].account_id, central, datetime.now(UTC))
    return dict(zip(WHO, made, strict=True))


def secured() -> set[str]:
    """The calls of the description that need a key, with their parameters' names left out."""
    found = set()
    for path, methods in Client().get("/api/v1/openapi.json").json()["paths"].items():
        for method, call in methods.items():
            if call.get("security"):
                found.add(plain(f"{method.upper()} {path.removeprefix('/api/v1')}"))
    return found


def plain(call: str) -> str:
    return re.sub(r"\{\w+\}", "{}", call)


def test_every_call_that_needs_a_key_has_its_row() -> None:
    assert {
        plain(call) for call in (*CALLS, *SPACES, *LEARNING, *EVENTS, *PLACEMENTS, *PROGRAMMES, *INNOVATION, *EXCHANGE)
    } == secured()


def test_calls_are_answered_as_the_table_says_and_refused_ones_change_nothing(
    callers: dict[str, Program], things: dict[str, Any]
) -> None:
    wrong = wrong_answers(CALLS, callers, things)
    assert not wrong, "\n".join(wrong)
