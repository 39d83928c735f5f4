"""Who may make which call about reviews, rankings, decisions and residencies: each with a key of everybody."""

from __future__ import annotations

from typing import Any

import pytest

from khaneh.domains.network.types import Role
from khaneh.domains.people.types import TokenAccess
from khaneh.domains.residencies import services as residing
from khaneh.domains.residencies.types import SupportKind
from khaneh.domains.selection import services as selecting
from khaneh.domains.selection.types import TieKind
from khaneh.kernel.labels import Label
from tests.domains.residencies.centre import DAY, make_centre
from tests.domains.selection.ground import NOW, make_ground, marks_of
from tests.interfaces.api.conftest import Clock
from tests.interfaces.api.keys import NOBODY, Program, program
from tests.interfaces.api.who_may import wrong_answers

pytestmark = pytest.mark.django_db

WHO = ("nobody", "reviewer", "applicant", "desk", "officer", "officer who reads")
MINE = "401 {} 404 403 403 403"  # another's review is not there
RUNS = "401 404 404 404 {} 404"  # to others there is no selection
SCORES: dict[str, Any] = {"scores": [{"criterion": "idea", "value": 7}, {"criterion": "team", "value": 5}]}
DECISION = {"kind": "accepted", "reason": "Good", "seen": 0}

SELECTION: dict[str, tuple[Any, str]] = {
    "GET /me/reviews": (None, "401 200 200 403 403 403"),
    "GET /me/reviews/{review}": (None, MINE.format(200)),
    "POST /me/reviews/{review}/declare": (None, MINE.format(200)),
    "POST /me/reviews/{review}/conflict": ({"kind": "family"}, MINE.format(200)),
    "PUT /me/reviews/{declared}": (SCORES, MINE.format(200)),
    "POST /me/reviews/{declared}/submit": (SCORES, MINE.format(200)),
    "GET /calls/{call}/ranking": (None, "401 404 404 404 200 200"),
    "POST /calls/{call}/ranking": (None, "401 404 404 404 201 403"),
    "GET /rankings/{ranking}/again": (None, "401 404 404 404 200 200"),
    "POST /applications/{judged}/decisions": (DECISION, "401 404 404 404 201 403"),
}

WHO_RESIDES = ("nobody", "founder", "mentor", "desk", "manager", "manager who reads")
FOUNDER = "401 {} 404 403 403 403"
GIVES = "401 403 404 404 {} 403"  # the team sees that it is there
RESIDENCIES: dict[str, tuple[Any, str]] = {
    "GET /me/residencies": (None, "401 200 200 403 403 403"),
    "GET /me/residencies/{team}/times": (None, "401 200 200 403 403 403"),
    "POST /me/residencies/{team}/sessions": ({"time": "time", "topic": "Prices"}, FOUNDER.format(201)),
    "POST /me/sessions/{session}/cancel": (None, "401 200 200 403 403 403"),
    "POST /me/milestones/{milestone}/submit": ({"said": "It reads"}, FOUNDER.format(200)),
    "POST /me/support/{support}/acknowledge": (None, FOUNDER.format(200)),
    "GET /residencies/{team}": (None, "401 200 200 404 200 200"),
    "GET /houses/{house}/residencies": (None, "401 403 403 403 200 200"),
    "GET /houses/{house}/ledger": (None, "401 403 403 403 200 200"),
    "POST /milestones/{submitted}/decide": ({"reached": True}, GIVES.format(200)),
    "POST /residencies/{team}/support": ({"kind": "training", "amount": 90}, GIVES.format(201)),
    "POST /tranches/{tranche}/pay": ({}, GIVES.format(201)),
    "POST /support/{support}/take-back": ({"reason": "A slip"}, GIVES.format(201)),
}
CALLS = SELECTION | RESIDENCIES


def test_calls_of_selections_are_answered_as_the_table_says(clock: Clock) -> None:
    clock(NOW)
    ground = make_ground()
    officer = ground.officer()
    round_id = ground.round(officer)
    reviewer, reviewer_id = ground.reviewer(officer, round_id)
    applicant = ground.person()
    judged, waiting, other = ground.application(applicant), ground.application(), ground.application()
    things: dict[str, Any] = {"call": ground.call.pk, "judged": judged}
    ground.judged(officer, round_id, judged, 8)
    for name, number in (("review", waiting), ("declared", other)):
        things[name] = selecting.assign(actor=officer, reviewer_id=reviewer_id, application_id=number, now=NOW)
    selecting.declare_clear(actor=reviewer, review_id=things["declared"], now=NOW)
    things["ranking"] = selecting.make_ranking(actor=officer, round_id=round_id, now=NOW)
    # So that a ranking is another one, and not the one that there is.
    second, second_id = ground.reviewer(officer, round_id)
    again = selecting.assign(actor=officer, reviewer_id=second_id, application_id=judged, now=NOW)
    selecting.declare_conflict(actor=second, review_id=again, kind=TieKind.FAMILY, now=NOW)
    one_more = selecting.assign(actor=officer, reviewer_id=second_id, application_id=waiting, now=NOW)
    selecting.declare_clear(actor=second, review_id=one_more, now=NOW)
    selecting.submit_review(actor=second, review_id=one_more, marks=marks_of(6), comment="", note="", now=NOW)
    callers = _callers(reviewer.account_id, applicant.account_id, Role.PROGRAMME_MANAGER, ground.house.pk)
    wrong = wrong_answers(SELECTION, dict(zip(WHO, callers, strict=True)), things)
    assert not wrong, "\n".join(wrong)

    lines = callers[4].read(f"/calls/{ground.call.pk}/ranking")
    public = NOBODY.read(f"/calls/{ground.call.pk}/lottery")
    assert public["seed"] == lines["seed"]
    assert public["rankings"][0]["case_digest"] == lines["case_digest"]
    before = callers[1].read(f"/me/reviews/{things['review']}")
    assert before["content"] is None
    assert callers[1].read(f"/me/reviews/{things['declared']}")["content"]["title"]
    refused = callers[4].post(f"/applications/{judged}/decisions", {**DECISION, "seen": 3})
    assert (refused.status_code, refused.json()["code"]) == (409, "selection.decided_meanwhile")


def test_calls_of_residencies_are_answered_as_the_table_says(clock: Clock) -> None:
    clock(NOW)
    centre = make_centre()
    boss = centre.manager()
    team, founder = centre.team(boss)
    mentor = centre.mentor(boss, team)
    line, milestone = centre.line(boss), centre.milestone(boss, team)
    reached, submitted = (centre.milestone(boss, team, names=Label(name, name, name)) for name in ("Reached", "Shown"))
    centre.reached(boss, founder, reached)
    residing.submit_milestone(actor=founder, milestone_id=submitted, said="Here", now=NOW)
    slots = [centre.slot(mentor, NOW + days * DAY) for days in (1, 2)]
    things: dict[str, Any] = {
        "team": team, "milestone": milestone, "submitted": submitted, "house": centre.house.code, "time": slots[1],
        "session": residing.book_session(actor=founder, residency_id=team, slot_id=slots[0], topic="Prices", now=NOW),
        "support": residing.give(
            actor=boss, residency_id=team, kind=SupportKind.EQUIPMENT, amount=60, key="given", now=NOW
        ),
        "tranche": residing.promise(
            actor=boss, residency_id=team, line_id=line, amount=700, milestone_id=reached, key="part", now=NOW
        ),
    }  # fmt: skip
    callers = _callers(founder.account_id, mentor.account_id, Role.PROGRAMME_MANAGER, centre.house.pk)
    wrong = wrong_answers(RESIDENCIES, dict(zip(WHO_RESIDES, callers, strict=True)), things)
    assert not wrong, "\n".join(wrong)

    seen = callers[1].read(f"/residencies/{team}")
    assert [one["amount"] for one in seen["support"]] == [60]
    assert callers[2].read(f"/residencies/{team}")["support"] == []
    refused = callers[4].post(f"/residencies/{team}/support", {"kind": "grant", "amount": 5000, "line": line})
    assert (refused.status_code, refused.json()["code"]) == (422, "residencies.budget_short")


def _callers(one: int | None, other: int | None, role: Role, house_id: int) -> tuple[Program, ...]:
    return (
        NOBODY,
        program(own=True, account_id=one, now=NOW),
        program(own=True, account_id=other, now=NOW),
        program((Role.LIBRARIAN, house_id), now=NOW),
        program((role, house_id), now=NOW),
        program((role, house_id), access=TokenAccess.READ, now=NOW),
    )
