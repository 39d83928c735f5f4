"""Who may make which call about calls, applications, profiles and mentors: each with a key of everybody."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import Any

import pytest

from khaneh.domains.network.models import House, Organisation
from khaneh.domains.network.types import Role
from khaneh.domains.people.types import TokenAccess
from khaneh.domains.profiles import services as profiles
from khaneh.domains.profiles.types import MentorDraft, ProfileDraft
from khaneh.domains.programmes.models import Call
from khaneh.domains.programmes.queries import files_of
from khaneh.kernel.actor import SYSTEM
from khaneh.kernel.labels import Label
from tests.domains.programmes.calling import DAY, NOW, PDF, make_calling
from tests.interfaces.api.conftest import Clock
from tests.interfaces.api.keys import NOBODY, Program, program
from tests.interfaces.api.who_may import wrong_answers

pytestmark = pytest.mark.django_db

WHO = ("nobody", "applicant", "another", "keeper", "keeper elsewhere", "company", "company who reads")
OWN = "401 {} 404 403 403 403 403"
PROFILE: dict[str, Any] = {"makes": {"en": "Kilns of another kind"}, "readiness": 7}
MENTOR: dict[str, Any] = {
    "headlines": {"en": "Sales"},
    "capabilities": ["sales"],
    "languages": ["fa"],
    "sectors": ["C"],
}
SPEAKS = "401 403 403 403 403 {} {}"
CALLS: dict[str, tuple[Any, str]] = {
    "GET /me/applications": (None, "401 200 200 403 403 403 403"),
    "GET /me/applications/{own}": (None, OWN.format(200)),
    "GET /me/mentor": (None, "401 200 404 403 403 403 403"),
    "GET /calls/{call}/applications": (None, "401 403 403 200 403 403 403"),
    "GET /organisations/{company}/profile": (None, SPEAKS.format(200, 200)),
    "POST /calls/{call}/questions": ({"text": "May two apply?"}, "401 201 201 403 403 403 403"),
    "POST /calls/{call}/apply": ({"title": "Kites"}, "401 201 201 403 403 403 403"),
    "PUT /me/applications/{own}": ({"revision": "revision", "title": "Kites"}, OWN.format(200)),
    "POST /me/applications/{own}/documents": (
        {"question": "paper", "name": "b.pdf", "content": base64.b64encode(PDF + b"%\\n%%EOF\\n").decode()}, OWN.format(201),
    ),
    "POST /me/applications/{own}/documents/{document}/remove": (None, OWN.format(200)),
    "POST /me/applications/{own}/submit": ({"revision": "revision"}, OWN.format(200)),
    "POST /me/applications/{own}/withdraw": ({"reason": "Later"}, OWN.format(200)),
    "PUT /organisations/{company}/profile": (PROFILE, SPEAKS.format(200, 403)),
    "POST /organisations/{company}/profile/publish": (None, SPEAKS.format(200, 403)),
    "POST /organisations/{company}/profile/hide": (None, SPEAKS.format(200, 403)),
    "PUT /me/mentor": (MENTOR, "401 200 200 403 403 403 403"),
    "POST /me/mentor/publish": (None, "401 200 404 403 403 403 403"),
    "POST /me/mentor/hide": (None, "401 200 404 403 403 403 403"),
}  # fmt: skip


@pytest.fixture
def things(clock: Clock) -> dict[str, Any]:
    clock(NOW)
    calling = make_calling()
    call, who, other = calling.call(), calling.person(), calling.person()
    row = calling.written(who, call)
    # What is handed in is judged by PostgreSQL's own clock.
    Call.objects.filter(pk=call.id).update(closes_at=datetime.now(UTC) + DAY)
    profiles.open_profile(actor=SYSTEM, organisation_id=calling.company.pk, now=NOW)
    profiles.change_profile(
        actor=SYSTEM, organisation_id=calling.company.pk, draft=ProfileDraft(Label("Kilns", "", "")), now=NOW
    )
    profiles.save_mentor(
        actor=who, draft=MentorDraft(Label("Kilns", "", ""), capabilities=("kilns",), languages=("fa",)), now=NOW
    )
    return {
        "calling": calling, "call": call.id, "own": row.id, "revision": row.revision, "company": calling.company.code,
        "document": files_of(row.id)[0].id, "who": who, "other": other,
    }  # fmt: skip


@pytest.fixture
def callers(things: dict[str, Any]) -> dict[str, Program]:
    calling = things["calling"]
    far = House.objects.create(
        code="P-FAR",
        kind="incubator",
        region=calling.house.region,
        names={"en": "Far"},
        state="open",
        time_zone="Asia/Tehran",
        calendar="jalali",
    )
    company: Organisation = calling.company
    made = (
        NOBODY,
        program(own=True, account_id=things["who"].account_id, now=NOW),
        program(own=True, account_id=things["other"].account_id, now=NOW),
        program((Role.PROGRAMME_MANAGER, calling.house.pk), now=NOW),
        program((Role.PROGRAMME_MANAGER, far.pk), now=NOW),
        program(employs=company.pk, now=NOW),
        program(employs=company.pk, access=TokenAccess.READ, now=NOW),
    )
    return dict(zip(WHO, made, strict=True))


def test_calls_are_answered_as_the_table_says_and_refused_ones_change_nothing(
    callers: dict[str, Program], things: dict[str, Any]
) -> None:
    wrong = wrong_answers(CALLS, callers, things)
    assert not wrong, "\n".join(wrong)


def test_from_a_call_that_everybody_reads_to_a_receipt_and_the_list_of_who_keeps_it(
    callers: dict[str, Program], things: dict[str, Any]
) -> None:
    founder, keeper = callers["another"], callers["keeper"]
    listed = NOBODY.read("/calls", stage="open")
    assert (listed["total"], listed["calls"][0]["id"]) == (1, things["call"])
    call = NOBODY.read(f"/calls/{things['call']}")
    assert [one["weight"] for one in call["criteria"]] == [60, 40]
    assert [one["kind"]["code"] for one in call["quotas"]] == ["region", "deprivation"]
    asked = {one["key"]: one for one in call["questions"]}
    assert asked["sold_to"]["shown_if"] == {"key": "stage", "codes": ["sold"]}
    begun = founder.done(f"/calls/{things['call']}/apply", {"title": "Kites"}, call="begin")
    assert founder.done(f"/calls/{things['call']}/apply", {"title": "Kites"}, call="begin") == begun
    own = f"/me/applications/{begun['id']}"
    assert set(begun["missing"]) == {"summary", "region_code", "plan", "stage", "paper"}
    draft = {
        "title": "Kites", "summary": "That carry sensors", "region": "P-QM",
        "answers": {"plan": "Kites above the rice fields", "stage": "sold", "people": "many", "team": [["Sara", "code"]]},
    }  # fmt: skip
    saved = founder.done(own, {**draft, "revision": begun["revision"]}, method="put")
    assert {key: saved["missing"][key] for key in ("sold_to", "people", "paper")} == {
        "sold_to": "required", "people": "format", "paper": "required",
    }  # fmt: skip
    behind = founder.post(own, {**draft, "revision": begun["revision"]}, method="put")
    assert (behind.status_code, behind.json()["code"]) == (409, "programmes.changed_meanwhile")
    liar = {"question": "paper", "name": "plan.pdf", "content": base64.b64encode(b"MZ a program").decode()}
    assert founder.post(f"{own}/documents", liar).status_code == 422
    founder.done(f"{own}/documents", {**liar, "content": base64.b64encode(PDF).decode()})
    draft["answers"] |= {"sold_to": "A village", "people": "3"}
    saved = founder.done(own, {**draft, "revision": saved["revision"]}, method="put")
    assert (saved["missing"], saved["would_be"]["permitted"]) == ({}, True)
    receipt = founder.done(f"{own}/submit", {"revision": saved["revision"]})
    assert founder.done(f"{own}/submit", {"revision": saved["revision"]}) == receipt
    (found,) = keeper.read(f"/calls/{things['call']}/applications", text="kites")["applications"]
    assert (found["receipt"], found["answers"]["people"], found["decile"]) == (receipt["receipt"], "3", found["decile"])
    assert keeper.get(own).status_code == 403


def test_profiles_and_mentors_are_read_by_everybody_once_they_are_published(
    callers: dict[str, Program], things: dict[str, Any]
) -> None:
    company, mentor = callers["company"], callers["applicant"]
    assert NOBODY.read("/companies") == {"total": 0, "companies": [], "after": ""}
    assert NOBODY.get(f"/companies/{things['company']}").status_code == 404
    company.done(f"/organisations/{things['company']}/profile", PROFILE, method="put")
    company.done(f"/organisations/{things['company']}/profile/publish")
    (found,) = NOBODY.read("/companies", text="kilns", readiness=7)["companies"]
    assert (found["code"], found["makes"]["en"]) == (things["company"], "Kilns of another kind")
    assert NOBODY.read("/companies", kind="investor")["total"] == 0
    assert NOBODY.read(f"/companies/{things['company']}")["products"] == []
    assert NOBODY.get(f"/companies/{things['company']}/products/1").status_code == 404
    assert NOBODY.read("/mentors")["total"] == 0
    number = mentor.done("/me/mentor/publish")["id"]
    assert [one["id"] for one in NOBODY.read("/mentors", capability="kilns")["mentors"]] == [number]
    mentor.done("/me/mentor/hide")
    assert NOBODY.get(f"/mentors/{number}").status_code == 404
