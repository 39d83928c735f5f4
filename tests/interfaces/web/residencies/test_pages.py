"""The pages of residencies, as they are sent: from the offer to a paid tranche, refusals in words, nothing twice, nothing to strangers."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from khaneh.domains.people.models import Account, RoleAssignment
from khaneh.domains.residencies.models import (
    Allotment,
    HealthCheck,
    Line,
    Mentorship,
    Milestone,
    Request,
    Residency,
    Session,
    Slot,
    Support,
    Tranche,
)
from khaneh.kernel.actor import Actor
from tests.domains.residencies.centre import Centre, email, make_centre

pytestmark = pytest.mark.django_db


@pytest.fixture
def centre(own_index: None, settings: Any, tmp_path: Any) -> Centre:
    settings.KHANEH_HOME = tmp_path
    return make_centre()


def browser(who: Actor, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    account = Account.objects.get(pk=who.account_id or 0)
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


def text(response: Any) -> str:
    return str(response.content.decode())


def posted(client: Client, address: str, **data: Any) -> str:
    """A form sent, and the page that follows."""
    response = client.post(address, data, follow=True)
    assert response.status_code == 200, response.status_code
    return text(response)


def test_from_the_offer_to_a_paid_tranche(centre: Centre) -> None:
    boss, founder, helper = centre.manager(), centre.person(), centre.person()
    RoleAssignment.objects.update(valid_from=timezone.now() - timedelta(days=1))
    desk, mine, theirs = browser(boss), browser(founder), browser(helper)
    # On the clocks of the house: its day begins before that of the server.
    today = timezone.localdate(timezone=ZoneInfo("Asia/Tehran"))
    day = (today + timedelta(days=90)).isoformat()

    offer = reverse("desk-residency-new")
    form = {
        "name": "Nomso", "founder_email": email(founder), "starts_on": today.isoformat(), "ends_on": "soon", "people": 3,
        "plan": "Reads old script", "key": "once",
    }  # fmt: skip
    wrong = desk.post(offer, form)
    assert wrong.status_code == 422
    assert "not written as it should be" in text(wrong)
    form["ends_on"] = (today + timedelta(days=300)).isoformat()
    for _ in range(2):
        posted(desk, offer, **form)
    one = Residency.objects.get()
    at_desk, own = reverse("desk-residency", args=[one.pk]), reverse("account-residency", args=[one.pk])
    assert "The house offers you this place" in text(mine.get(reverse("account-residencies"), follow=True))
    assert "They have moved in." in posted(desk, at_desk, act="move-in")
    assert "dealt with in the meantime" in posted(desk, at_desk, act="move-in")

    allot = {"act": "allot", "space": centre.office.pk, "first": today.isoformat(), "last": day}
    assert "The place is theirs." in posted(desk, at_desk, **allot)
    assert Allotment.objects.count() == 1
    assert "Due on: This is not a date." not in posted(desk, at_desk, act="milestone", names="Pages", due_on="someday")
    assert "The milestone is planned." in posted(
        desk, at_desk, act="milestone", names="A hundred pages", wanted="A list", due_on=day
    )

    ledger = reverse("desk-support")
    line = {
        "act": "line", "names": "Seed", "agreement": "Memorandum 12", "giver": centre.sponsor.code, "kind": "grant", "unit": "IRR",
        "amount": "۹۰٬۰۰۰٬۰۰۰", "first": today.isoformat(), "last": day, "key": "line",
    }  # fmt: skip
    for _ in range(2):
        page = posted(desk, ledger, **line)
    assert "90,000,000 rials" in page
    promise = {
        "act": "promise", "line": Line.objects.get().pk, "amount": "60000000", "milestone": Milestone.objects.get().pk,
        "key": "promise",
    }  # fmt: skip
    for _ in range(2):
        assert "Promised." in posted(desk, at_desk, **promise)
    short = posted(desk, at_desk, **{**promise, "key": "more", "amount": "30000001"})
    assert "The budget line has 30,000,000 rials left." in short
    part = Tranche.objects.get().pk
    assert "is not reached" in posted(desk, at_desk, act="pay", tranche=part)

    milestone = Milestone.objects.get().pk
    assert "Nothing shows that it is reached" in posted(mine, own, act="submit", milestone=milestone, said="")
    shown = {"act": "submit", "milestone": milestone, "said": "All of them"}
    bad = SimpleUploadedFile("list.pdf", b"MZ")
    assert "not what its name says" in posted(mine, own, **shown, file=bad)
    good = SimpleUploadedFile("list.pdf", b"%PDF-1.7 list")
    assert "Evidence waits for the house" in posted(mine, own, **shown, file=good)
    page = text(desk.get(at_desk))
    assert "list.pdf" in page
    file = desk.get(reverse("residency-evidence", args=[1 if "evidence/1" in page else _evidence()]))
    assert (file.content, file.headers["X-Content-Type-Options"]) == (b"%PDF-1.7 list", "nosniff")
    assert "Reached." in posted(desk, at_desk, act="reached", milestone=milestone)
    assert "Written into the ledger" in posted(desk, at_desk, act="pay", tranche=part)
    posted(desk, at_desk, act="pay", tranche=part)
    given = Support.objects.get()
    assert "it is noted that you have it" in posted(mine, own, act="acknowledge", support=given.pk)
    assert "Memorandum 12" in text(mine.get(reverse("residency-receipt", args=[given.pk])))
    table = list(csv.DictReader(io.StringIO(desk.get(reverse("desk-support-table")).content.decode("utf-8-sig"))))
    assert [(row["amount"], row["unit"], row["giver"]) for row in table] == [("60000000", "IRR", centre.sponsor.code)]

    assert "both are told" in posted(desk, at_desk, act="appoint", email=email(helper), why="Knows scripts")
    times = reverse("account-mentoring")
    slot = {"act": "offer", "starts": day, "at": "10:30", "minutes": "60", "place": "Online"}
    assert "Your teams can take this time." in posted(theirs, times, **slot)
    assert "meets another time" in posted(theirs, times, **{**slot, "at": "11:00"})
    assert "Agreed." in posted(mine, own, act="book", slot=Slot.objects.get().pk, topic="Prices")
    assert "Prices" in text(theirs.get(times))
    Session.objects.update(starts=timezone.now() - timedelta(hours=2), ends=timezone.now() - timedelta(hours=1))
    assert "It was held" in text(theirs.get(times))
    assert "Noted, and written" in posted(theirs, times, act="held", session=Session.objects.get().pk, summary="Raise")
    health = reverse("account-mentored", args=[one.pk])
    marks = dict.fromkeys(("team", "product", "customers", "money", "wellbeing"), "4")
    assert "This is needed." in posted(theirs, health, act="check", team="4")
    assert "The house sees it." in posted(theirs, health, act="check", **{**marks, "money": "1"})
    assert HealthCheck.objects.count() == 1
    page = text(desk.get(at_desk))
    assert "1 of 5" in page
    assert "1 of 5" not in text(mine.get(own))

    for _ in range(2):
        posted(mine, own, act="ask", kind="legal", text="A trade mark", key="ask")
    request = Request.objects.get().pk
    assert "Answer: This is needed." in posted(desk, at_desk, act="answer", request=request, step="done", answer="")
    assert "Answered." in posted(desk, at_desk, act="answer", request=request, step="done", answer="Filed")
    assert "Filed" in text(mine.get(own))
    assert "It is noted" not in posted(desk, at_desk, act="release", mentorship=Mentorship.objects.get().pk)
    assert "They have graduated." in posted(desk, at_desk, act="graduate")
    assert "May we ask you" in text(mine.get(own))
    assert "Forget what became of us" in posted(mine, own, act="consent")
    assert "too early" in posted(mine, own, act="follow-up", year="1", fate="trading")


def _evidence() -> int:
    from khaneh.domains.residencies.models import Evidence

    return Evidence.objects.get().pk


@pytest.mark.parametrize("language", ["fa", "vi"])
def test_in_each_language_with_nothing_and_with_something(centre: Centre, language: str) -> None:
    boss = centre.manager()
    RoleAssignment.objects.update(valid_from=timezone.now() - timedelta(days=1))
    desk = browser(boss, language)
    assert "empty__title" in text(desk.get(reverse("desk-residencies")))
    number, founder = centre.team(boss, moved_in=False)
    centre.milestone(boss, number)
    mine = browser(founder, language)
    for client, name, args in (
        (desk, "desk-residencies", []),
        (desk, "desk-residency", [number]),
        (desk, "desk-support", []),
        (desk, "desk-residency-new", []),
        (mine, "account-residency", [number]),
        (mine, "account-mentoring", []),
    ):
        page = text(client.get(reverse(name, args=args)))
        assert f'lang="{language}"' in page
        for english in ("Milestones", "Budget line", "What you need", "Mentoring", "Residencies"):
            assert f">{english}<" not in page


def test_strangers_find_nothing(centre: Centre) -> None:
    boss = centre.manager()
    number, _ = centre.team(boss)
    stranger = browser(centre.person())
    for name, args in (
        ("desk-residencies", []),
        ("desk-residency", [number]),
        ("desk-support", []),
        ("desk-support-table", []),
        ("account-residency", [number]),
        ("account-mentored", [number]),
        ("residency-receipt", [1]),
        ("residency-evidence", [1]),
    ):
        assert stranger.get(reverse(name, args=args)).status_code == 404, name
        assert stranger.post(reverse(name, args=args), {"act": "move-in"}).status_code in (404, 405), name
    assert Residency.objects.get().state == "moved_in"
