"""Who may make which call: each with a key of everybody, on things of the central library; a call that is refused changes nothing.

A call that is in the description and not here fails the first test.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from khaneh.domains.circulation import services as circulation
from khaneh.domains.circulation.queries import runs as queries
from khaneh.domains.circulation.services.runs import StopDraft
from khaneh.domains.circulation.types import RequestLevel, TerminalKind
from khaneh.domains.network.types import Role
from khaneh.domains.people import services as people
from khaneh.domains.people.models import Card, Guardianship, Member
from khaneh.domains.people.types import BlockReason, TokenAccess
from khaneh.interfaces.api import undoing
from khaneh.kernel.actor import SYSTEM
from tests.domains.circulation.shelves import Shelves
from tests.interfaces.api.keys import NOBODY, Program, program
from tests.interfaces.api.test_lending import shelves as shelves

pytestmark = pytest.mark.django_db

WHO = ("nobody", "reader", "far desk", "cataloguer", "desk", "lead", "manager", "lead who reads")
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
# What every call with a key writes: how often it calls, when it was used, what it was answered; and decisions of the rules, refused ones too.
_OF_CALLING = re.compile("people_token|policies_decision|people_shared_cache")


def writes() -> dict[str, int]:
    """Rows written in this transaction so far, by table, as PostgreSQL counts them: nothing escapes that, however it is sent."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables")
        return {table: number for table, number in cursor.fetchall() if not _OF_CALLING.match(table)}


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
    return found


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
    assert {plain(call) for call in CALLS} == secured()


def test_calls_are_answered_as_the_table_says_and_refused_ones_change_nothing(
    callers: dict[str, Program], things: dict[str, Any]
) -> None:
    wrong = []
    for call, (sent, expected) in CALLS.items():
        method, _, address = call.partition(" ")
        address = address.format(**things)
        body = {
            name: things.get(value, value) if isinstance(value, str) else value for name, value in (sent or {}).items()
        }
        for who, wanted in zip(WHO, expected.split(), strict=True):
            before = writes()
            with transaction.atomic():
                if method == "GET":
                    response = callers[who].get(address, **body)
                else:
                    response = callers[who].post(address, None if sent is None else body, method=method.lower())
                wrote = sorted(table for table, number in writes().items() if number > before.get(table, 0))
                transaction.set_rollback(True)
            got = str(response.status_code)
            if got != wanted:
                wrong.append(f"{call} {who}: {got}, not {wanted} {response.content.decode()[:300]}")
            if got in ("401", "403", "404") and wrote:
                wrong.append(f"{call} {who}: refused, and yet wrote {wrote}")
            if got in ("200", "201") and method != "GET" and not wrote and call != "POST /members/{member}/loans/renew":
                wrong.append(f"{call} {who}: said that it was done, and wrote nothing")
    assert not wrong, "\n".join(wrong)
