"""The pages of selection: a call is judged, ranked, decided and signed through them; whoever is not meant sees nothing."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from khaneh.domains.people.models import Account
from khaneh.domains.programmes.models import Application, Submission
from khaneh.domains.selection import services
from khaneh.domains.selection.models import Contract, RankingRun, Review, Reviewer, Round, Slot
from khaneh.domains.selection.types import DecisionKind
from khaneh.kernel.actor import Actor
from tests.domains.selection.ground import NOW, SECRET, Ground, make_ground, stands

BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def ground(db: None) -> Ground:
    """A closed call with two places."""
    return make_ground()


def signed_in(actor: Actor, language: str = "en") -> Client:
    """Somebody's browser."""
    client = Client()
    client.force_login(Account.objects.get(pk=actor.account_id or 0), backend=BACKEND)
    client.cookies["language"] = language
    return client


def page(client: Client, name: str, *args: Any, **query: str) -> str:
    """What a page shows."""
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200, (name, answer.status_code)
    return answer.content.decode()


def post(client: Client, name: str, /, *args: Any, **facts: Any) -> str:
    """What is said on the page to which a form leads."""
    answer = client.post(reverse(name, args=args), facts, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_call_is_judged_and_decided_through_the_pages(ground: Ground) -> None:
    officer, lead = ground.officer(), ground.person()
    call = ground.call.pk
    own, rival = ground.application(lead, company=True, title="Wooden shelves"), ground.application(title="=1+1")
    desk = signed_in(officer)
    assert "Not begun" in page(desk, "desk-selections")
    assert "Begun with the usual rules" in post(desk, "desk-selection", call, act="open")
    shown = page(desk, "desk-selection", call)
    assert 'name="reviews_wanted" value="3"' in shown
    numbers = {
        "reviews_wanted": "۲", "load": "10", "waiting": "1", "shrink": "5", "appeal_days": "14", "lowest": "30",
        "spread": "25", "tie_step": "0٫1", "cap": "10", "kind-0": "decile", "value-0": "3", "points-0": "4.5",
    }  # fmt: skip
    assert "A number, day or time was not understood" in post(
        desk, "desk-selection", call, act="fix", **numbers | {"cap": "x"}
    )
    assert "The rules are fixed." in post(desk, "desk-selection", call, act="fix", **numbers)
    found = Round.objects.get()
    assert (found.reviews_wanted, found.tie_step, found.equity) == (
        2, 100, [{"kind": "decile", "value": "3", "points": 4_500}],
    )  # fmt: skip
    assert found.commitment in page(desk, "desk-selection", call)
    assert found.seed not in page(desk, "desk-selection", call)

    judges = [ground.person() for _ in range(2)]
    for judge in judges:
        email = Account.objects.get(pk=judge.account_id or 0).email
        assert "Added." in post(desk, "desk-selection-reviewers", call, act="add", email=email, competence="wood")
    assert "Nobody has an account" in post(desk, "desk-selection-reviewers", call, act="add", email="no@example.org")
    assert "Reviews assigned: 4" in post(desk, "desk-selection-reviewers", call, act="assign")

    for judge, mark in zip(judges, ("7", "۹"), strict=True):
        browser = signed_in(judge)
        assert SECRET not in page(browser, "account-reviews")
        for number in Review.objects.filter(reviewer__account_id=judge.account_id or 0).values_list("pk", flat=True):
            before = page(browser, "account-review", number)
            assert SECRET not in before
            assert "Wooden shelves" not in before
            assert "=1+1" not in before
            assert browser.get(reverse("account-review-document", args=[number, "0" * 64])).status_code == 404
            assert SECRET in post(browser, "account-review", number, act="clear", sure="1")
            criteria = list(ground.call.criteria.values_list("pk", flat=True))
            scores = {f"score-{one}": mark for one in criteria}
            said = post(browser, "account-review", number, act="submit", **{f"score-{criteria[0]}": mark})
            assert "Give every criterion a score" in said
            assert f'value="{"7" if mark == "7" else "9"}"' in page(browser, "account-review", number)
            assert "Submitted." in post(browser, "account-review", number, act="submit", comment="Well done", **scores)
    assert "The ranking is made" in post(desk, "desk-selection-ranking", call, act="make")
    run = RankingRun.objects.get()
    shown = page(desk, "desk-selection-ranking", call)
    assert run.result_digest in shown
    assert found.seed in shown
    assert "byte for byte" in post(desk, "desk-selection-ranking", call, act="again", run=run.pk)

    table = desk.get(reverse("desk-selection-table", args=[call, run.pk, "csv"])).content.decode()
    assert ",'=1+1," in table
    book = load_workbook(io.BytesIO(desk.get(reverse("desk-selection-table", args=[call, run.pk, "xlsx"])).content))
    cells = [cell for row in book["ranking"].iter_rows() for cell in row]
    assert "'=1+1" in {cell.value for cell in cells}
    assert all(cell.data_type != "f" for cell in cells)
    assert desk.get(reverse("desk-selection-table", args=[call, run.pk, "json"])).content == bytes(run.case)

    assert "Decided: 2." in post(desk, "desk-selection-ranking", call, act="decide", run=run.pk, reason="As ranked")
    assert (stands(own), stands(rival)) == ("accepted", "accepted")
    assert "Issued." in post(desk, "desk-selection-application", call, own, act="contract")
    mine = signed_in(lead, "fa")
    assert "As ranked" in page(mine, "account-selection", own)
    assert "Well done" in page(mine, "account-selection", own)
    post(mine, "account-selection", own, act="sign", name="سارا احمدی")
    assert Contract.objects.get().signed_name == "سارا احمدی"
    assert stands(own) == "contracted"
    for name in ("desk-selection", "desk-selection-reviewers", "desk-selection-board", "desk-selection-interviews"):
        page(signed_in(officer, "vi"), name, call)


def test_the_second_officer_is_told_what_the_first_decided(ground: Ground) -> None:
    officer, other = ground.officer(), ground.officer()
    round_id = ground.round(officer)
    ground.reviewer(officer, round_id)
    application_id = ground.application()
    ground.judged(officer, round_id, application_id, 6)
    where = (ground.call.pk, application_id)
    first, second = signed_in(officer), signed_in(other)
    assert 'name="seen" value="0"' in page(second, "desk-selection-application", *where)
    post(first, "desk-selection-application", *where, act="decide", kind="waiting_list", reason="Nearly", seen="0")
    said = post(second, "desk-selection-application", *where, act="decide", kind="declined", reason="No", seen="0")
    assert "has decided meanwhile: On the waiting list" in said
    assert stands(application_id) == "waiting_list"


def test_an_interview_and_an_appeal_through_the_pages(ground: Ground) -> None:
    officer, other, lead = ground.officer(), ground.officer(), ground.person()
    round_id = ground.round(officer)
    ground.reviewer(officer, round_id)
    application_id = ground.application(lead)
    ground.judged(officer, round_id, application_id, 6)
    call = ground.call.pk
    desk, mine = signed_in(officer), signed_in(lead)
    tomorrow = (timezone.now() + timedelta(days=2)).date().isoformat()
    times = {"day": tomorrow, "time": "10:00", "minutes": "30", "count": "2", "place": "Room 2"}
    assert "Times added: 2" in post(desk, "desk-selection-interviews", call, act="add", **times)
    assert "Times added: 0" in post(desk, "desk-selection-interviews", call, act="add", **times)
    assert "Invited." in post(desk, "desk-selection-application", call, application_id, act="invite")
    slot = Slot.objects.order_by("starts_at").first()
    assert slot is not None
    assert "This time is yours." in post(mine, "account-selection", application_id, act="slot", slot=slot.pk)
    services.decide(
        actor=officer, application_id=application_id, kind=DecisionKind.DECLINED, reason="Too early", seen=0,
        now=timezone.now(),
    )  # fmt: skip
    assert "Your appeal is made." in post(mine, "account-selection", application_id, act="appeal", text="Page 3?")
    where = (call, application_id)
    assert "another officer must do it" in post(desk, "desk-selection-application", *where, act="reject", answer="No")
    assert "Answered." in post(
        signed_in(other), "desk-selection-application", *where, act="uphold", answer="True, page 3."
    )
    assert stands(application_id) == "under_review"


def test_a_conflict_is_declared_after_scoring_through_the_page(ground: Ground) -> None:
    officer = ground.officer()
    round_id = ground.round(officer)
    who, _ = ground.reviewer(officer, round_id)
    (number,) = ground.judged(officer, round_id, ground.application(), 6)
    browser = signed_in(who)
    assert SECRET in page(browser, "account-review", number)
    assert "Thank you for saying so" in post(browser, "account-review", number, act="conflict", kind="business")
    assert SECRET not in page(browser, "account-review", number)
    assert Review.objects.get(pk=number).state == "set_aside"


def test_nobody_else_sees_anything(ground: Ground) -> None:
    officer, stranger = ground.officer(), ground.person()
    round_id = ground.round(officer)
    ground.reviewer(officer, round_id)
    application_id = ground.application()
    (review,) = ground.judged(officer, round_id, application_id, 6)
    services.make_ranking(actor=officer, round_id=round_id, now=NOW)
    run = RankingRun.objects.get().pk
    call = ground.call.pk
    judge = Reviewer.objects.get().account
    assert judge is not None
    for client in (signed_in(stranger), signed_in(Actor(account_id=judge.pk)), Client()):
        for name, args in (
            ("desk-selections", ()), ("desk-selection", (call,)), ("desk-selection-reviewers", (call,)),
            ("desk-selection-board", (call,)), ("desk-selection-interviews", (call,)),
            ("desk-selection-application", (call, application_id)), ("desk-selection-ranking", (call,)),
            ("desk-selection-table", (call, run, "csv")), ("account-selection", (application_id,)),
        ):  # fmt: skip
            assert client.get(reverse(name, args=args)).status_code in (302, 404), name
    assert signed_in(stranger).get(reverse("account-review", args=[review])).status_code == 404
    assert Application.objects.get().state == "under_review"
    assert Submission.objects.count() == 1
