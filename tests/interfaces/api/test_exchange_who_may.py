"""Who may make which call about needs and offers: each with a key of everybody; and a need from its draft to somebody's interest."""

from __future__ import annotations

from typing import Any

import pytest

from khaneh.domains.network.types import Role
from khaneh.domains.people.types import TokenAccess
from tests.domains.exchange.bazaar import NOW, PROBLEM, TITLE, make_bazaar
from tests.interfaces.api.conftest import Clock
from tests.interfaces.api.keys import NOBODY, program
from tests.interfaces.api.who_may import wrong_answers

pytestmark = pytest.mark.django_db

WHO = ("nobody", "librarian", "library's other desk", "company", "company who reads", "rival")
NEED: dict[str, Any] = {
    "language": "fa", "title": "نویسه‌خوان", "problem": PROBLEM, "broker": "X-INN", "house": "X-LIB", "partnerships": ["pilot"],
    "budget": {"least": 100, "currency": "IRR"},
}  # fmt: skip
OFFER = {**NEED, "kind": "offer", "organisation": "X-OCR", "house": "", "title": "نویسه‌خوان تازه"}
UNSEEN = "401 200 404 404 403 404"  # to others a draft is not there

CALLS: dict[str, tuple[Any, str]] = {
    "GET /organisations/{company}/exchange": (
        None,
        "401 200 200 200 200 200",
    ),  # nothing, for who does not speak for it
    "POST /exchange": (OFFER, "401 403 403 201 403 403"),
    "PUT /exchange/{draft}": (NEED, UNSEEN),
    "POST /exchange/{draft}/submit": ({}, UNSEEN),
    "POST /exchange/{need}/take-back": (None, UNSEEN),
    "POST /exchange/{need}/interest": ({"partner": "X-OCR", "words": "We read it."}, "401 403 403 201 403 403"),
}


def test_calls_are_answered_as_the_table_says_and_refused_ones_change_nothing(clock: Clock) -> None:
    clock(NOW)
    bazaar = make_bazaar()
    librarian = (Role.LIBRARIAN, bazaar.library.pk)
    things = {"company": "X-OCR", "draft": bazaar.need(state="draft").id, "need": bazaar.need(title=f"{TITLE} دیگر").id}
    callers = (
        NOBODY,
        program(librarian, now=NOW),
        program((Role.CATALOGUER, bazaar.library.pk), now=NOW),
        program(employs=bazaar.company.pk, now=NOW),
        program(employs=bazaar.company.pk, access=TokenAccess.READ, now=NOW),
        program(employs=bazaar.rival.pk, now=NOW),
    )
    wrong = wrong_answers(CALLS, dict(zip(WHO, callers, strict=True)), things)
    assert not wrong, "\n".join(wrong)

    # An anonymous need that tells who it is, is submitted by who has seen that; told twice it is done once.
    by, company = callers[1], callers[3]
    told = {**NEED, "kind": "need", "organisation": "X-AUTH", "anonymous": True, "context": "zang: 025-37771234"}
    made = by.done("/exchange", told, call="one")["id"]
    assert by.done("/exchange", told, call="one")["id"] == made
    refused = by.post(f"/exchange/{made}/submit", {})
    assert (refused.status_code, refused.json()["code"]) == (409, "exchange.personal_data_found")
    sent = by.done(f"/exchange/{made}/submit", {"seen": refused.json()["facts"]["seen"]})
    assert sent["state"]["code"] == "submitted"
    assert company.post(f"/exchange/{made}/interest", {"partner": "X-OCR", "words": "We"}).status_code == 404
    assert made in [one["id"] for one in by.read("/organisations/X-AUTH/exchange")["postings"]]
    assert company.read("/organisations/X-AUTH/exchange")["postings"] == []
