"""Lending through the API: every act of a desk and of a reader, each once however often it is told, and every refusal with its reasons."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from khaneh.domains.circulation.models import FeeEntry, Loan
from khaneh.domains.circulation.services import ensure_policies
from khaneh.domains.network.queries import facts
from khaneh.domains.network.types import Role
from khaneh.domains.people import services as people
from khaneh.domains.people.models import Card, MemberBlock
from khaneh.domains.people.queries import members_finding
from khaneh.domains.people.types import CategoryRow, TokenAccess, TokenKind
from khaneh.infrastructure.journal.models import Entry
from khaneh.kernel.actor import SYSTEM
from khaneh.kernel.labels import Label
from tests.domains.circulation.shelves import Shelves, make_shelves
from tests.interfaces.api.keys import NOBODY, Program, program

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelves() -> Shelves:
    facts._kept.clear()
    members_finding.forget_places()
    ensure_policies()
    people.ensure_category(
        actor=SYSTEM, category=CategoryRow("adult", Label("Adult", "بزرگسال", "Người lớn"), 12, 18, None, False, True)
    )
    return make_shelves()


@pytest.fixture
def desk(shelves: Shelves) -> Program:
    return program((Role.CIRCULATION, shelves.central.pk))


@pytest.fixture
def lead(shelves: Shelves) -> Program:
    return program((Role.LIBRARIAN, shelves.central.pk))


def card_of(member: Any) -> str:
    return str(Card.objects.get(member=member).barcode)


def lend(desk: Program, shelves: Shelves, member: Any, **facts: Any) -> tuple[Any, Any]:
    copy = facts.pop("copy", None) or shelves.copy()
    body = {"house": "T-CENTRAL", "copy_barcode": copy.barcode, "card": card_of(member), **facts}
    return copy, desk.done("/loans", body)


def problem(response: Any, status: int, code: str) -> Any:
    assert response.status_code == status, response.content.decode()
    assert response["Content-Type"] == "application/problem+json"
    found = response.json()
    assert found["code"] == code
    return found


def test_a_copy_is_lent_renewed_and_taken_back(shelves: Shelves, desk: Program) -> None:
    member = shelves.member()
    copy, lent = lend(desk, shelves, member)
    listed = desk.read(f"/members/{member.pk}/loans")
    assert [(one["id"], one["copy_barcode"]) for one in listed["loans"]] == [(lent["loan"], copy.barcode)]
    assert desk.read(f"/copies/{copy.barcode}")["loan"] == lent["loan"]
    assert desk.done(f"/loans/{lent['loan']}/renew", {})["renewals"] == 1
    assert desk.done(f"/members/{member.pk}/loans/renew")["renewed"][0]["renewals"] == 2
    back = desk.done("/returns", {"house": "T-CENTRAL", "copy_barcode": copy.barcode})
    assert (back["loan"], back["goes_to"]) == (lent["loan"], "shelf")
    assert desk.read(f"/members/{member.pk}/loans")["total"] == 0


def test_the_journal_says_which_key_lent(shelves: Shelves, desk: Program) -> None:
    lend(desk, shelves, shelves.member())
    entry = Entry.objects.get(kind="circulation.loan.opened")
    assert entry.facts["token"] == desk.read("/key")["token"]
    assert entry.account_id == desk.account_id


def test_a_call_told_again_is_answered_the_same_and_done_once(shelves: Shelves, desk: Program) -> None:
    copy, member = shelves.copy(), shelves.member()
    body = {"house": "T-CENTRAL", "copy_barcode": copy.barcode, "card": card_of(member)}
    first = desk.post("/loans", body, call="one")
    again = desk.post("/loans", body, call="one")
    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert ("Idempotent-Replayed" in first, again["Idempotent-Replayed"]) == (False, "true")
    assert Loan.objects.count() == 1
    problem(desk.post("/loans", {**body, "house": "T-BRANCH"}, call="one"), 409, "people.key_used_otherwise")
    other = program((Role.CIRCULATION, shelves.central.pk))
    problem(other.post("/loans", body, call="one"), 409, "circulation.copy_on_loan")


def test_a_refusal_is_an_answer_too(shelves: Shelves, desk: Program) -> None:
    copy, member = shelves.copy(), shelves.member()
    body = {"house": "T-CENTRAL", "copy_barcode": copy.barcode, "card": "M0000"}
    first = problem(desk.post("/loans", body, call="one"), 404, "circulation.card_unknown")
    Card.objects.filter(member=member).update(barcode="M0000")
    assert desk.post("/loans", body, call="one").json() == first
    assert desk.post("/loans", body, call="two").status_code == 201


def test_every_reason_comes_in_the_callers_language_with_the_right_that_passes_over_it(
    shelves: Shelves, lead: Program
) -> None:
    member = shelves.member(expires_on=datetime(2025, 3, 22, tzinfo=UTC).date())
    MemberBlock.objects.create(member=member, reason="conduct", placed_at=datetime.now(UTC))
    copy = shelves.copy()
    body = {"house": "T-CENTRAL", "copy_barcode": copy.barcode, "member": member.pk}
    told = {
        language: problem(lead.post("/loans", body, **{"Accept-Language": language}), 403, "policies.refused")
        for language in ("fa", "vi", "en")
    }
    assert len({one["detail"] for one in told.values()}) == 3
    reasons = told["fa"]["reasons"]
    rights = {one["right"] for one in reasons}
    assert rights == {"lend_to_blocked", "lend_to_expired"}
    assert all(one["message"] and any("\u0600" <= sign <= "\u06ff" for sign in one["message"]) for one in reasons)
    override = {"rights": sorted(rights), "reason": "an examination tomorrow"}
    assert lead.post("/loans", {**body, "override": override}).status_code == 201
    assert Loan.objects.get().override == override


def test_who_has_not_the_right_passes_over_nothing(shelves: Shelves, desk: Program) -> None:
    member = shelves.member()
    MemberBlock.objects.create(member=member, reason="conduct", placed_at=datetime.now(UTC))
    body = {
        "house": "T-CENTRAL", "copy_barcode": shelves.copy().barcode, "member": member.pk,
        "override": {"rights": ["lend_to_blocked"], "reason": "a friend"},
    }  # fmt: skip
    problem(desk.post("/loans", body), 403, "kernel.not_allowed")
    assert not Loan.objects.exists()


def test_what_is_lost_is_paid_forgiven_and_found(shelves: Shelves, desk: Program, lead: Program) -> None:
    member = shelves.member()
    copy, lent = lend(desk, shelves, member)
    charged = desk.done(f"/loans/{lent['loan']}/lost")["charged"]
    assert charged >= 450_000
    money = {"house": "T-CENTRAL", "currency": "IRR"}
    problem(
        desk.post(f"/members/{member.pk}/payments", {**money, "amount": charged + 1, "method": "cash"}),
        422,
        "circulation.payment_too_high",
    )
    desk.done(f"/members/{member.pk}/payments", {**money, "amount": charged - 10, "method": "cash"})
    problem(
        desk.post(f"/members/{member.pk}/waivers", {**money, "amount": 10, "reason": "kind"}), 403, "kernel.not_allowed"
    )
    lead.done(f"/members/{member.pk}/waivers", {**money, "amount": 10, "reason": "kind"})
    ledger = desk.read(f"/members/{member.pk}/fees")
    assert ledger["owed"] == []
    assert ledger["fees"][0]["amount"] == {"amount": -10, "currency": "IRR"}
    back = desk.done("/returns", {"house": "T-CENTRAL", "copy_barcode": copy.barcode})
    assert back["was_lost"]
    assert back["refunded"]["amount"] == 450_000 - 10, "what was forgiven is not given back"
    assert desk.read(f"/members/{member.pk}/fees")["owed"] == [{"amount": 10 - 450_000, "currency": "IRR"}]


def test_a_charge_a_claim_a_damage_and_another_day(shelves: Shelves, desk: Program, lead: Program) -> None:
    member = shelves.member()
    copy, lent = lend(desk, shelves, member)
    desk.done(f"/members/{member.pk}/fees", {"house": "T-CENTRAL", "kind": "other", "amount": 500, "currency": "IRR"})
    assert desk.read(f"/members/{member.pk}/fees", limit=1)["owed"] == [{"amount": 500, "currency": "IRR"}]
    day = (datetime.now(UTC) + timedelta(days=40)).date().isoformat()
    dated = lead.done(f"/loans/{lent['loan']}/due", {"house": "T-CENTRAL", "due_on": day, "reason": "away"})
    assert dated["due_at"][:10] >= day
    desk.done(f"/loans/{lent['loan']}/claim")
    assert desk.read(f"/members/{member.pk}/loans")["loans"][0]["claimed"]
    problem(desk.post(f"/loans/{lent['loan']}/claim/settle", {"outcome": "believed"}), 403, "kernel.not_allowed")
    lead.done(f"/loans/{lent['loan']}/claim/settle", {"outcome": "not_believed"})
    desk.done("/returns", {"house": "T-CENTRAL", "copy_barcode": copy.barcode})
    fee = desk.done(
        f"/copies/{copy.barcode}/damaged",
        {"house": "T-CENTRAL", "member": member.pk, "amount": 900, "currency": "IRR", "note": "wet"},
    )["fee"]
    assert FeeEntry.objects.get(pk=fee).kind == "damaged"
    assert desk.read(f"/copies/{copy.barcode}")["state"]["code"] == "at_repair"
    other = shelves.copy()
    desk.done(f"/copies/{other.barcode}/used", {"house": "T-CENTRAL"})


def test_a_request_is_fetched_sent_received_and_collected(shelves: Shelves, desk: Program) -> None:
    far = program((Role.CIRCULATION, shelves.far.pk))
    member = shelves.member()
    copy = shelves.copy(shelves.far)
    body = {"member": member.pk, "level": "record", "target": copy.record_id, "pickup": "T-CENTRAL"}
    placed = desk.done("/requests", body)
    problem(desk.post("/requests", body), 409, "circulation.already_requested")
    assert desk.read(f"/members/{member.pk}/requests")["requests"][0]["state"]["code"] == "targeted"
    pulls = far.read("/houses/T-FAR/pull-list")["pulls"]
    assert [(one["copy_barcode"], one["pickup"]["code"]) for one in pulls] == [(copy.barcode, "T-CENTRAL")]
    sent = far.done("/returns", {"house": "T-FAR", "copy_barcode": copy.barcode})
    assert (sent["goes_to"], sent["to"]["code"]) == ("transit_to_reader", "T-CENTRAL")
    assert [one["id"] for one in far.read("/houses/T-FAR/transfers", direction="sent")["transfers"]] == [
        sent["transfer"]
    ]
    assert [one["id"] for one in desk.read("/houses/T-CENTRAL/transfers")["transfers"]] == [sent["transfer"]]
    arrived = desk.done("/returns", {"house": "T-CENTRAL", "copy_barcode": copy.barcode})
    assert arrived["goes_to"] == "hold_shelf"
    held = desk.read("/houses/T-CENTRAL/hold-shelf")["held"]
    assert [(one["request"], one["member"]) for one in held] == [(placed["request"], member.pk)]
    lend(desk, shelves, member, copy=copy)
    assert desk.read(f"/members/{member.pk}/requests")["total"] == 0


def test_requests_wait_go_on_and_end_and_a_copy_that_is_not_there_is_missing(shelves: Shelves, desk: Program) -> None:
    member, copy = shelves.member(), shelves.copy()
    placed = desk.done("/requests", {"member": member.pk, "level": "copy", "target": copy.pk, "pickup": "T-CENTRAL"})[
        "request"
    ]
    until = (datetime.now(UTC) + timedelta(days=9)).isoformat()
    desk.done(f"/requests/{placed}/suspend", {"until": until})
    problem(desk.post(f"/requests/{placed}/suspend", {"until": "2001-01-01T00:00:00Z"}), 422, "kernel.invalid")
    desk.done(f"/requests/{placed}/resume")
    target = desk.read("/houses/T-CENTRAL/pull-list")["pulls"][0]["id"]
    desk.done(f"/pull-list/{target}/not-found")
    assert desk.read(f"/copies/{copy.barcode}")["state"]["code"] == "missing"
    desk.done(f"/requests/{placed}/cancel")
    problem(desk.post(f"/requests/{placed}/cancel"), 409, "circulation.request_ended")


def test_a_desk_moves_a_request_and_sees_the_queue(shelves: Shelves, desk: Program) -> None:
    member, other, copy = shelves.member(), shelves.member(), shelves.copy(shelves.branch)
    body = {"member": member.pk, "level": "record", "target": copy.record_id, "pickup": "T-CENTRAL"}
    placed = desk.done("/requests", body)["request"]
    desk.done("/requests", {**body, "member": other.pk})
    waiting = desk.read(f"/houses/T-CENTRAL/queue/{copy.record_id}")["waiting"]
    assert [one["member"] for one in waiting] == [member.pk, other.pk]
    second = desk.read(f"/members/{other.pk}/requests")["requests"][0]["queue"]
    assert (second["place"], second["ahead"], second["copies"]) == (2, 1, 1)
    assert second["expected"]["outlook"] in ("dated", "open")
    desk.done(f"/requests/{placed}/pickup", {"pickup": "T-BRANCH"})
    assert desk.read(f"/members/{member.pk}/requests")["requests"][0]["pickup"]["code"] == "T-BRANCH"
    assert Entry.objects.get(kind="circulation.request.moved").account_id == desk.account_id
    # It is another house's by then.
    problem(desk.post(f"/requests/{placed}/pickup", {"pickup": "T-CENTRAL"}), 403, "kernel.not_allowed")


def test_a_courier_brings_what_waits(shelves: Shelves, desk: Program) -> None:
    copy = shelves.copy()
    sent = desk.done("/transfers", {"house": "T-CENTRAL", "copy_barcode": copy.barcode, "to": "T-BRANCH"})["id"]
    days = [(datetime.now(UTC) + timedelta(days=number)).date().isoformat() for number in (1, 8, 15)]
    plan = {"day": days[0], "base": "T-CENTRAL", "stops": [{"house": "T-CENTRAL"}, {"house": "T-BRANCH"}]}
    made = desk.done("/rounds", plan)["id"]
    desk.done(f"/rounds/{made}", {**plan, "name": "Tuesdays"}, method="put")
    assert [one["name"] for one in desk.read("/houses/T-CENTRAL/rounds", since=days[0])["rounds"]] == ["Tuesdays"]
    sheet = desk.read(f"/rounds/{made}")
    assert [one["transfer"] for one in sheet["work"][0]["load"]] == [sent]
    first, second = (one["id"] for one in sheet["round"]["stops"])
    desk.done(f"/rounds/{made}/start")
    desk.done(f"/rounds/{made}/stops/{first}/reach")
    scan = {"copy_barcode": copy.barcode}
    assert desk.done(f"/rounds/{made}/stops/{first}/scans", scan)["handled"] == "loaded"
    assert [one["transfer"] for one in desk.read(f"/rounds/{made}")["aboard"]] == [sent]
    desk.done(f"/rounds/{made}/stops/{second}/reach")
    assert desk.done(f"/rounds/{made}/stops/{second}/scans", scan)["handled"] == "received"
    assert desk.done(f"/rounds/{made}/end")["number"] == 0
    again = desk.done(f"/rounds/{made}/repeat", {"day": days[1]})["id"]
    stop = desk.read(f"/rounds/{again}")["round"]["stops"][1]["id"]
    desk.done(f"/rounds/{again}/start")
    assert desk.done(f"/rounds/{again}/stops/{stop}/miss")["number"] == 0
    last = desk.done(f"/rounds/{made}/repeat", {"day": days[2]})["id"]
    desk.done(f"/rounds/{last}/cancel")
    problem(desk.post(f"/rounds/{last}/start"), 409, "circulation.run_ended")


def test_a_shelf_is_scanned_and_what_is_not_there_is_missing(shelves: Shelves, desk: Program, lead: Program) -> None:
    here, gone, wrong = shelves.copy(), shelves.copy(), shelves.copy(shelves.branch)
    made = desk.done("/houses/T-CENTRAL/inventories", {})["id"]
    told = desk.done(f"/inventories/{made}/scans", {"barcodes": [here.barcode, wrong.barcode, "NOBODYS"]})
    assert sorted(one["finding"]["code"] for one in told["findings"]) == ["expected", "unexpected", "unknown"]
    assert desk.read(f"/inventories/{made}")["not_seen"] == 1
    missing = desk.read(f"/inventories/{made}/findings", finding="missing")["findings"]
    assert [one["copy_barcode"] for one in missing] == [gone.barcode]
    found = next(one["id"] for one in told["findings"] if one["finding"]["code"] == "unexpected")
    assert (
        desk.done(f"/inventories/findings/{found}/settle", {"outcome": "taken_in"})["returned"]["goes_to"]
        == "transit_home"
    )
    assert lead.done(f"/inventories/{made}/missing", {})["number"] == 1
    assert desk.read(f"/copies/{gone.barcode}")["state"]["code"] == "missing"
    lead.done(f"/inventories/{made}/close")
    assert desk.read("/houses/T-CENTRAL/inventories")["inventories"][0]["closed_at"]
    problem(desk.post(f"/inventories/{made}/scans", {"barcodes": ["x"]}), 409, "circulation.inventory_closed")


def test_copies_are_sent_by_hand_called_back_and_lost(shelves: Shelves, desk: Program) -> None:
    copy = shelves.copy()
    body = {"house": "T-CENTRAL", "copy_barcode": copy.barcode, "to": "T-BRANCH"}
    made = desk.done("/transfers", body)["id"]
    problem(desk.post("/transfers", body), 409, "circulation.transfer_ended")
    desk.done(f"/transfers/{made}/cancel")
    again = desk.done("/transfers", body)["id"]
    desk.done(f"/transfers/{again}/lost")
    assert desk.read(f"/copies/{copy.barcode}")["state"]["code"] == "missing"


def test_members_apply_are_registered_found_changed_and_blocked(shelves: Shelves, desk: Program) -> None:
    draft = {
        "given_name": "مریم",
        "family_name": "رضایی",
        "category": "adult",
        "home": "T-CENTRAL",
        "birth_date": "1990-05-05",
    }
    made = desk.done("/members", {**draft, "phone": "09125550001"})
    number, card = made["member"], made["card"]
    problem(desk.post("/members", draft), 409, "people.possible_duplicate")
    assert desk.read("/members", q=card)["members"][0]["id"] == number
    assert desk.done(f"/members/{number}", {**draft, "address": "قم"}, method="put") == {"done": True}
    assert desk.read(f"/members/{number}")["address"] == "قم"
    desk.done(f"/members/{number}/renew", {"house": "T-CENTRAL"})
    other = desk.done(f"/members/{number}/card", {"house": "T-CENTRAL", "lost": True})["card"]
    assert other != card
    desk.done(f"/members/{number}/pin", {"house": "T-CENTRAL", "pin": "2580"})
    block = desk.done(f"/members/{number}/blocks", {"house": "T-CENTRAL", "reason": "conduct", "note": "loud"})["id"]
    assert desk.read(f"/members/{number}")["blocks"][0]["note"] == "loud"
    desk.done(f"/members/blocks/{block}/lift")
    friend = shelves.member()
    bound = desk.done(f"/members/{number}/guardians", {"guardian": friend.pk, "kind": "proxy"})["id"]
    assert desk.read(f"/members/{friend.pk}")["wards"][0]["member"] == number
    desk.done(f"/members/guardians/{bound}/end")
    desk.done(f"/members/{number}/close")
    desk.done(f"/members/{number}/reopen", {})
    reader = program(own=True)
    waits = reader.done("/me/application", {**draft, "given_name": "نسرین"})["id"]
    assert [one["id"] for one in desk.read("/members/applications")["members"]] == [waits]
    assert desk.done(f"/members/{waits}/approve", {})["card"]
    assert reader.read("/me")["state"]["code"] == "active"
    second = program(own=True).done("/me/application", {**draft, "given_name": "پری"})["id"]
    desk.done(f"/members/{second}/decline", {"reason": "come by"})


def test_a_reader_sees_and_does_their_own_and_nobody_elses(shelves: Shelves, desk: Program) -> None:
    member, other = shelves.member(), shelves.member()
    reader = program(own=True, member=member)
    _, lent = lend(desk, shelves, member)
    _, others = lend(desk, shelves, other)
    assert [one["id"] for one in reader.read("/me/loans")["loans"]] == [lent["loan"]]
    assert reader.done(f"/me/loans/{lent['loan']}/renew")["renewals"] == 1
    problem(reader.post(f"/me/loans/{others['loan']}/renew"), 404, "kernel.not_found")
    problem(reader.get("/me/loans", member=other.pk), 404, "kernel.not_found")
    copy = shelves.copy(shelves.branch)
    placed = reader.done("/me/requests", {"level": "record", "target": copy.record_id, "pickup": "T-CENTRAL"})[
        "request"
    ]
    reader.done(f"/me/requests/{placed}/pickup", {"pickup": "T-BRANCH"})
    assert reader.read("/me/requests")["requests"][0]["pickup"]["code"] == "T-BRANCH"
    until = (datetime.now(UTC) + timedelta(days=9)).isoformat()
    reader.done(f"/me/requests/{placed}/suspend", {"until": until})
    reader.done(f"/me/requests/{placed}/resume")
    reader.done(f"/me/requests/{placed}/cancel")
    reader.done(f"/me/loans/{lent['loan']}/claim")
    assert reader.done("/me/loans/renew")["renewed"]
    assert reader.read("/me/fees")["fees"] == []
    assert reader.read("/me/history") == {"total": 0, "read": []}


def test_who_was_let_act_for_somebody_does_what_they_were_let_and_no_more(shelves: Shelves, desk: Program) -> None:
    child, parent = shelves.member(), shelves.member()
    reader = program(own=True, member=parent)
    rights = {"borrow": True, "request": False, "see_loans": False, "pay": False}
    desk.done(f"/members/{child.pk}/guardians", {"guardian": parent.pk, "kind": "proxy", "rights": rights})
    _, lent = lend(desk, shelves, child)
    assert [one["member"] for one in reader.read("/me/persons")["persons"]] == [parent.pk, child.pk]
    problem(reader.get("/me/loans", member=child.pk), 403, "kernel.not_allowed")
    problem(reader.get("/me/fees", member=child.pk), 403, "kernel.not_allowed")
    assert reader.done(f"/me/loans/{lent['loan']}/renew?member={child.pk}")["renewals"] == 1


def test_a_key_without_its_makers_account_is_not_its_maker(shelves: Shelves) -> None:
    member = shelves.member()
    staff = program((Role.CIRCULATION, shelves.central.pk), member=member)
    problem(staff.get("/me"), 403, "people.token_not_for_account")
    machine = program((Role.HOUSE_MANAGER, shelves.central.pk), kind=TokenKind.MACHINE)
    problem(machine.get("/me/loans"), 403, "people.token_not_for_account")


def test_a_house_keeps_its_machines(shelves: Shelves, desk: Program) -> None:
    boss = program((Role.HOUSE_MANAGER, shelves.central.pk))
    made = boss.done("/houses/T-CENTRAL/terminals", {"name": "front", "kind": "self_check"})
    assert made["password"]
    problem(
        boss.post("/houses/T-CENTRAL/terminals", {"name": "Front", "kind": "gate"}),
        409,
        "circulation.terminal_name_taken",
    )
    boss.done(f"/terminals/{made['id']}", {"kind": "sorter", "encoding": "windows-1256"}, method="put")
    assert boss.done(f"/terminals/{made['id']}/password")["password"] != made["password"]
    boss.done(f"/terminals/{made['id']}/switch", {"on": False})
    assert boss.read("/houses/T-CENTRAL/terminals")["terminals"][0]["disabled_at"]
    problem(desk.get("/houses/T-CENTRAL/terminals"), 404, "kernel.not_found")


def test_who_does_not_say_who_they_are_or_calls_with_what_is_no_key(shelves: Shelves, desk: Program) -> None:
    found = NOBODY.get("/members", q="x")
    problem(found, 401, "api.key_missing")
    assert found["WWW-Authenticate"].startswith("Bearer")
    problem(Program("kh_wrong").get("/members", q="x"), 401, "people.token_unknown")
    problem(
        program((Role.CIRCULATION, shelves.central.pk), access=TokenAccess.READ).post("/loans", {}),
        422,
        "kernel.invalid",
    )
    reads = program((Role.CIRCULATION, shelves.central.pk), access=TokenAccess.READ)
    body = {"house": "T-CENTRAL", "copy_barcode": shelves.copy().barcode, "card": card_of(shelves.member())}
    problem(reads.post("/loans", body), 403, "people.token_reads_only")
    assert reads.get("/houses/T-CENTRAL/pull-list").status_code == 200
    assert desk.get("/key")["Cache-Control"] == "private, no-store"


def test_too_many_calls_in_a_minute_wait(shelves: Shelves, desk: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("khaneh.domains.people.services.tokens.CALLS_A_MINUTE", 0)
    found = desk.get("/key")
    problem(found, 429, "people.too_many_calls")
    assert 1 <= int(found["Retry-After"]) <= 60


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"house": "T-CENTRAL", "copy_barcode": "C1"}, "body"),
        ({"house": "T-CENTRAL", "copy_barcode": "C1", "card": "M1", "member": 1}, "body"),
        ({"house": "T-CENTRAL", "copy_barcode": "C1", "card": "M1", "ovrride": {}}, "ovrride"),
        ({"house": "T-CENTRAL", "copy_barcode": "C\x001", "card": "M1"}, "copy_barcode"),
        ({"house": "T-CENTRAL", "copy_barcode": 7, "card": "M1"}, "copy_barcode"),
    ],
)
def test_what_is_written_wrong_is_said_field_by_field(shelves: Shelves, desk: Program, body: Any, field: str) -> None:
    found = problem(desk.post("/loans", body), 422, "kernel.invalid")
    assert field in [one["field"] for one in found["reasons"]]


def test_lists_cost_the_same_at_any_length(shelves: Shelves, desk: Program) -> None:
    member = shelves.member()

    def cost(address: str) -> int:
        desk.read(address)
        with CaptureQueriesContext(connection) as queries:
            desk.read(address)
        return len(queries)

    lists = [
        f"/members/{member.pk}/loans", f"/members/{member.pk}/requests", f"/members/{member.pk}/fees", f"/members/{member.pk}",
        "/houses/T-CENTRAL/pull-list", "/houses/T-CENTRAL/hold-shelf", "/houses/T-CENTRAL/transfers", "/houses/T-CENTRAL/overdue",
    ]  # fmt: skip

    def fill(times: int) -> None:
        for _ in range(times):
            lend(desk, shelves, member)
            copy = shelves.copy()
            body = {"member": member.pk, "level": "record", "target": copy.record_id, "pickup": "T-CENTRAL"}
            desk.done("/requests", body)
            desk.done(
                f"/members/{member.pk}/fees", {"house": "T-CENTRAL", "kind": "other", "amount": 1, "currency": "IRR"}
            )

    fill(1)
    at_one = [cost(address) for address in lists]
    fill(3)
    assert [cost(address) for address in lists] == at_one
    assert max(at_one) <= 16
