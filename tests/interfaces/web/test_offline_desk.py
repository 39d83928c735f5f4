"""What an offline desk and the server say to each other, as the browser sends it; and what its page and worker promise."""

from __future__ import annotations

import base64
import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from khaneh.domains.circulation import services
from khaneh.domains.circulation.models import Conflict, Loan, OfflineDevice, OfflineEntry
from khaneh.domains.circulation.types import ConflictKind, ConflictSource
from khaneh.domains.network.types import Role
from khaneh.domains.people import services as people
from khaneh.domains.people.models import Account, Card
from khaneh.interfaces.web import assets
from khaneh.kernel.actor import SYSTEM
from tests.domains.circulation.offline_device import Device
from tests.domains.circulation.shelves import Shelves, make_shelves

pytestmark = pytest.mark.django_db
BASE = "/offline-desk"


@pytest.fixture
def shelves() -> Shelves:
    services.ensure_policies()
    return make_shelves()


@pytest.fixture
def desks(shelves: Shelves) -> dict[str, Client]:
    """A browser of a clerk and of a librarian here, of a librarian of the branch, and of nobody."""
    roles = {
        "clerk": (Role.CIRCULATION, shelves.central.pk),
        "librarian": (Role.LIBRARIAN, shelves.central.pk),
        "other": (Role.LIBRARIAN, shelves.branch.pk),
    }
    found = {"nobody": Client()}
    for name, (role, house_id) in roles.items():
        account = Account.objects.create_user(f"{name}@example.org", name=name.title())
        people.grant_role(
            actor=SYSTEM, account_id=account.pk, role=role, house_id=house_id, now=datetime.now(UTC), reason="hired"
        )
        found[name] = Client()
        found[name].force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return found


def post(client: Client, address: str, data: Any) -> tuple[int, Any]:
    answer = client.post(f"{BASE}/{address}", json.dumps(data), content_type="application/json")
    return answer.status_code, answer.json()


def words(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def enrolment(device: Device, **more: Any) -> dict[str, Any]:
    return {
        "house": "T-CENTRAL", "name": "Tablet", "days": 7, "public_key": words(device.public()),
        "recovery_key": words(bytes(range(32))), **more,
    }  # fmt: skip


def asking(device: Device, *, have: Any = None, at: datetime | None = None) -> dict[str, Any]:
    """For a snapshot, signed by the device."""
    proof = f"{device.id}:{int((at or datetime.now(UTC)).timestamp() * 1000)}"
    return {"device": device.id, "have": have or {}, "proof": proof, "signature": words(device.sign(proof))}


def test_circ_off_1_enrolled_by_right_and_its_key_given_back_by_the_same(
    desks: dict[str, Client], shelves: Shelves
) -> None:
    device = Device(shelves.central.pk, datetime.now(UTC))
    for who, expected in (("nobody", 401), ("clerk", 403), ("other", 403)):
        assert post(desks[who], "enrol", enrolment(device))[0] == expected
    assert not OfflineDevice.objects.exists()
    for wrong in ({"public_key": "!"}, {"public_key": words(b"key")}, {"days": 90}, {"name": " "}, {"house": "no"}):
        assert post(desks["librarian"], "enrol", enrolment(device, **wrong))[0] == 422
    status, made = post(desks["librarian"], "enrol", enrolment(device))
    assert (status, made["house"]["zone"]) == (200, "Asia/Tehran")
    asked = {"device": made["device"]}
    assert post(desks["clerk"], "recover", asked)[0] == 403
    assert post(desks["librarian"], "recover", asked) == (200, {"key": words(bytes(range(32)))})


def test_circ_off_3_the_log_goes_up_and_the_answer_may_be_asked_for_again(
    desks: dict[str, Client], shelves: Shelves
) -> None:
    member, copy = shelves.member(), shelves.copy()
    device = Device(shelves.central.pk, datetime.now(UTC)).enrol()
    device.lend(Card.objects.get(member=member).barcode, copy.barcode)
    device.write("register", family_name="Rahimi", category="adult", birth_date="1999-01-01", card="2000000017")
    entries = [{"body": one.body, "signature": words(one.signature)} for one in device.unsent]
    sent = {"device": device.id, "entries": entries, "numbers": [1, 2], "clock": device.clock()}
    for who, expected in (("nobody", 401), ("other", 403)):
        assert post(desks[who], "upload", sent)[0] == expected
    assert not OfflineEntry.objects.exists()
    first, second = post(desks["clerk"], "upload", sent), post(desks["clerk"], "upload", sent)
    assert first[0] == second[0] == 200
    assert first[1]["done"] == second[1]["done"]
    assert [(one["number"], one["outcome"], one["card"]) for one in first[1]["done"]] == [
        (1, "done", ""),
        (2, "done", "2000000017"),
    ]
    assert Loan.objects.get().member_id == member.pk
    sent["entries"] = [{**entries[0], "body": entries[0]["body"].replace(copy.barcode, "other")}]
    status, refused = post(desks["clerk"], "upload", sent)
    assert (status, refused["code"]) == (409, "circulation.log_tampered")
    assert desks["clerk"].get(f"{BASE}/session?device={device.id}").json()["device"]["state"] == "doubted"


@pytest.mark.parametrize(
    "data",
    [[], {}, {"device": True}, {"device": 1, "entries": 7}, {"device": 1, "entries": [], "clock": {}}, {"device": 2**70},
     {"device": 1, "entries": [{"body": "x", "signature": "*"}], "clock": {"wall": 1, "run": "a", "ticks": 1}}],
)  # fmt: skip
def test_what_is_no_log_is_refused(desks: dict[str, Client], data: Any) -> None:
    for address in ("upload", "snapshot", "enrol", "recover"):
        status, answer = post(desks["librarian"], address, data)
        assert status in (404, 422)
        assert answer["code"].startswith("kernel.")


def test_circ_off_7_a_snapshot_is_for_the_desk_of_its_house(desks: dict[str, Client], shelves: Shelves) -> None:
    member = shelves.member(given_name="Sara")
    shelves.copy()
    device = Device(shelves.central.pk, datetime.now(UTC)).enrol()
    for who, expected in (("nobody", 401), ("other", 403)):
        assert post(desks[who], "snapshot", asking(device))[0] == expected
    stranger = Device(shelves.central.pk, datetime.now(UTC), id=device.id)
    old = asking(device, at=datetime.now(UTC) - timedelta(hours=1))
    for wrong in ({"device": device.id, "have": {}}, asking(stranger), old, asking(device) | {"proof": "1:1"}):
        assert post(desks["clerk"], "snapshot", wrong)[0] == 403, "a clerk alone gets no list of members"
    status, drawn = post(desks["clerk"], "snapshot", asking(device))
    assert (status, drawn["members"], drawn["copies"]) == (200, 1, 1)
    assert f"Sara {member.family_name}" in json.dumps(drawn["parts"])
    assert drawn["terms"]["adult|0"]["book"]["days"] == 14
    _, again = post(desks["clerk"], "snapshot", asking(device, have=drawn["names"]))
    assert again["parts"] == {}


def test_the_page_and_the_worker_hold_everything_and_nobody(desks: dict[str, Client]) -> None:
    """The same bytes for a visitor and for a librarian, in each language; every file that is kept is there."""
    for language in ("fa", "vi", "en"):
        pages = [desks[who].get(f"{BASE}/{language}/").content for who in ("nobody", "librarian")]
        assert pages[0] == pages[1]
        assert f'lang="{language}"'.encode() in pages[0]
        found = desks["nobody"].get(f"{BASE}/{language}/manifest.webmanifest").json()
        assert (found["scope"], found["start_url"]) == ("/offline-desk/", f"/offline-desk/{language}/")
    assert desks["nobody"].get(f"{BASE}/xx/").status_code == 404
    worker = desks["nobody"].get(f"{BASE}/sw.js").content.decode()
    kept = json.loads(re.search(r"FILES = (\[.*?\]);", worker)[1])  # type: ignore[index]
    assert len(kept) > 15
    for address in kept:
        assert desks["nobody"].get(address).status_code == 200, address
    scripts = {path.name for path in (assets.ROOT / "js/offline").glob("*.js")}
    assert {address.rsplit("/", 1)[1] for address in kept if "/js/offline/" in address} == scripts


def test_circ_off_6_settled_at_the_desk(desks: dict[str, Client], shelves: Shelves) -> None:
    member, copy = shelves.member(), shelves.copy()
    now = datetime.now(UTC)
    number = services.keep_conflict(
        source=ConflictSource.OFFLINE, house_id=shelves.central.pk, act="check_out", kind=ConflictKind.OVER_LIMIT,
        facts={
            "card": Card.objects.get(member=member).barcode, "barcode": copy.barcode,
            "reasons": [{"code": "limit.loans_max", "label": {"en": "Loans at a time", "fa": "", "vi": ""}, "remedy": None,
                         "right": "lend_over_limit", "rule": None}],
        },
        happened_at=now, now=now,
    )  # fmt: skip
    seen = desks["clerk"].get("/desk/conflicts/").content.decode()
    assert "Over a limit" in seen
    assert member.family_name in seen
    assert "May be passed over by" in seen, "a clerk is told who may"
    assert 'value="accepted"' not in seen
    assert 'value="accepted"' in desks["librarian"].get("/desk/conflicts/").content.decode()
    address = f"/desk/conflicts/{number}/"
    assert desks["other"].post(address, {"how": "accepted", "reason": "mine"}).status_code == 404
    desks["librarian"].post(address, {"how": "accepted", "reason": " "})
    assert Conflict.objects.get().state == "open"
    desks["librarian"].post(address, {"how": "accepted", "reason": "She needs it for her course"})
    assert Conflict.objects.get().state == "accepted"
    assert Loan.objects.get().member_id == member.pk
    settled = desks["clerk"].get("/desk/conflicts/?settled=1").content.decode()
    assert "She needs it for her course" in settled
    assert member.family_name not in settled


def test_circ_off_1_cut_off_at_the_desk(desks: dict[str, Client], shelves: Shelves) -> None:
    device = Device(shelves.central.pk, datetime.now(UTC)).enrol()
    assert "Cut off" not in desks["clerk"].get("/desk/devices/").content.decode()
    for who in ("clerk", "other"):
        assert desks[who].post(f"/desk/devices/{device.id}/revoke", {"sure": "1"}).status_code == 404
    desks["librarian"].post(f"/desk/devices/{device.id}/revoke")
    assert OfflineDevice.objects.get().revoked_at is None, "once it was said that this is meant"
    desks["librarian"].post(f"/desk/devices/{device.id}/revoke", {"sure": "1"})
    assert OfflineDevice.objects.get().revoked_at is not None
    assert post(desks["clerk"], "snapshot", asking(device))[1]["code"] == "circulation.device_revoked"
