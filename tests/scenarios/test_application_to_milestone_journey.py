"""A founder applies with a plan, is judged, and begins: in a real browser.

She writes on her telephone; one of her reviewers is tied to her and says so before reading; a rival is marked a little better and sits where less is
lacking, so the weight for deprivation decides, as the page says. The house gives her a desk, a mentor and a first tranche; the second waits
for a milestone, which she shows with a file. Nothing waits for a length of time: the clock of the server is set ahead past the deadline.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connections
from django.utils import timezone
from playwright.sync_api import Browser, expect

from khaneh.domains.network.models import DeprivationIndex, Region, RegionDecile
from khaneh.domains.network.types import Role
from khaneh.domains.people.models import Account
from khaneh.domains.programmes import services as programmes
from khaneh.domains.programmes.models import (
    Application,
    ApplicationMember,
    Call,
    Criterion,
    FormVersion,
    Programme,
    Submission,
)
from khaneh.domains.residencies import services as residencies
from khaneh.domains.residencies.models import Line, Residency, Support
from khaneh.domains.residencies.types import LineDraft, SupportKind
from khaneh.domains.selection import services as selection
from khaneh.domains.selection.models import Review
from khaneh.domains.selection.services import Mark
from khaneh.domains.spaces.models import Booking
from khaneh.kernel.actor import SYSTEM, Actor
from khaneh.kernel.labels import Label
from tests.browser.conftest import browser as browser
from tests.browser.conftest import chromium as chromium
from tests.browser.conftest import playwright as playwright
from tests.domains.residencies.centre import Centre, email, make_centre
from tests.scenarios.test_placement_journey import Window

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TITLE, PLAN = "Shelves that read themselves", "Tags that a library can print by itself, and a shelf that knows them."
SEED = Label("Seed grants", "کمک آغازین", "Tài trợ hạt giống")


@pytest.fixture
def site(live_server: Any, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of a server."""
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)
    settings.SEARCH_URL = ""
    settings.KHANEH_HOME = tmp_path
    cache.clear()
    return str(live_server.url)


@pytest.fixture
def centre(site: str) -> Centre:
    """The small centre of the domain's own tests, with the rules that ship."""
    programmes.ensure_policies()
    return make_centre()


@pytest.fixture
def windows(browser: Browser, site: str) -> Iterator[Any]:
    """Opens windows of people in English."""
    opened: list[Window] = []

    def build(who: Actor, size: str) -> Window:
        opened.append(Window(browser, site, "en", size).of(who))
        return opened[-1]

    yield build
    for one in opened:
        one.context.close()


def open_call(centre: Centre, now: datetime) -> Call:
    """A call with one place that is open for an hour more, and an index by which one region lacks much and the other little."""
    poor = Region.objects.create(code="R-SB", level=1, country="IR", names={"en": "Sistan"}, rural=True)
    index = DeprivationIndex.objects.create(
        code="r-index", version="2026", names={"en": "Index"}, published_on=date(2026, 1, 1)
    )
    for region, decile in ((poor, 1), (centre.house.region, 9)):
        RegionDecile.objects.create(index=index, region=region, decile=decile)
    programme = Programme.objects.create(
        house=centre.house, code="r-inc", kind="incubation", names={"en": "Incubation"}, made_at=now, changed_at=now
    )
    call = Call.objects.create(
        programme=programme, house=centre.house, names={"en": "Autumn call"}, places=1, made_key="r-call", made_at=now,
        opens_at=now - timedelta(days=9), closes_at=now + timedelta(hours=1), deprivation_index=index, changed_at=now,
    )  # fmt: skip
    form = FormVersion.objects.create(
        call=call, number=1, made_at=now, published_at=now,
        questions=[{"key": "plan", "kind": "long_text", "label": {"en": "Plan"}, "required": True}],
    )  # fmt: skip
    Criterion.objects.create(call=call, code="idea", position=0, names={"en": "Idea"}, weight=1, scale_max=10)
    Call.objects.filter(pk=call.pk).update(form=form, state="published", published_at=now)
    call.refresh_from_db()
    return call


def rival(centre: Centre, call: Call, now: datetime) -> int:
    """Another application that was handed in."""
    who = centre.person().account_id
    made = Application.objects.create(
        call=call, account_id=who, region=centre.house.region, form=call.form, title="A rival", summary="As well",
        version=1, state="eligible", made_key="rival", made_at=now, changed_at=now, submitted_at=now,
    )  # fmt: skip
    ApplicationMember.objects.create(application=made, account_id=who, part="lead", invited_at=now, joined_at=now)
    Submission.objects.create(
        application=made, version=1, form=call.form, digest=f"{7:064}", receipt="R-7", submitted_by_id=who,
        submitted_at=now, content={"title": "A rival", "summary": "", "answers": {"plan": "Another"}, "files": {}},
    )  # fmt: skip
    return made.pk


def judged(review: Review, mark: int, now: datetime) -> None:
    """A review that somebody writes elsewhere."""
    who = Actor(account_id=review.reviewer.account_id)
    selection.declare_clear(actor=who, review_id=review.pk, now=now)
    selection.submit_review(
        actor=who, review_id=review.pk, marks={"idea": Mark(mark)}, comment="Read", note="", now=now
    )


def test_a_founder_applies_and_reaches_a_milestone(
    centre: Centre, windows: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = timezone.now()
    call = open_call(centre, now)
    founder, boss, tied, second, third, helper = (
        centre.person(), centre.manager(Role.HOUSE_MANAGER), centre.person(), centre.person(), centre.person(), centre.person()
    )  # fmt: skip
    other = rival(centre, call, now)

    # She writes and hands in on her telephone.
    phone = windows(founder, "phone")
    page = phone.look(f"/programmes/{call.pk}/apply")
    page.locator("[name=title]").fill(TITLE)
    phone.press("Begin")
    page.locator("[name=summary]").fill("Tags and shelves")
    page.locator("[name=region]").select_option("R-SB")
    page.locator("textarea[name^=q-], textarea[name*=plan]").first.fill(PLAN)
    phone.press("Save and look through")
    phone.press("Hand in", whole=True)
    own = Application.objects.get(account_id=founder.account_id or 0)
    assert own.state in ("submitted", "eligible")

    # The deadline is over. The office begins the judging; who reads first is tied to her and says so before seeing anything.
    later = now + timedelta(hours=2)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    programmes.sweep(now=later)
    desk = windows(boss, "desktop")
    page = desk.look(f"/desk/selection/{call.pk}")
    desk.press("Begin the selection")
    for name, value in {"reviews_wanted": "2", "waiting": "1", "value-0": "3", "points-0": "9", "cap": "10"}.items():
        page.locator(f"[name={name}]").fill(value)
    page.locator("[name=kind-0]").select_option("decile")
    desk.press("Save and fix the rules")
    page = desk.look(f"/desk/selection/{call.pk}/reviewers")
    for who in (tied, second):
        page.locator("[name=email]").first.fill(email(who))
        desk.press("Add")
    desk.press("Assign what is lacking")
    review = Review.objects.get(application=own, reviewer__account_id=tied.account_id)
    reader = windows(tied, "desktop")
    page = reader.look(f"/account/reviews/{review.pk}")
    expect(page.locator("main")).not_to_contain_text(PLAN)
    expect(page.locator("main")).not_to_contain_text(TITLE)
    page.locator("summary").filter(has_text="Something ties me to them").click()
    page.locator("[name=kind]").select_option("business")
    reader.press("Declare it", whole=True)
    expect(page.locator("main")).not_to_contain_text(PLAN)
    page = desk.look(f"/desk/selection/{call.pk}/reviewers")
    page.locator("[name=email]").first.fill(email(third))
    desk.press("Add")
    desk.press("Assign what is lacking")

    # One judges in the browser; the rival is marked a little better.
    review = Review.objects.get(application=own, reviewer__account_id=second.account_id)
    reader = windows(second, "phone")
    page = reader.look(f"/account/reviews/{review.pk}")
    page.locator("[name=sure]").check()
    reader.press("Declare and read")
    expect(page.locator("main")).to_contain_text(PLAN)
    page.locator("[name^=score-]").fill("7")
    page.locator("[name=comment]").fill("Try it in one library first.")
    reader.press("Submit", whole=True)
    judged(Review.objects.get(application=own, reviewer__account_id=third.account_id), 7, later)
    for one, mark in zip(
        Review.objects.filter(application_id=other, state="assigned").order_by("pk"), (7, 8), strict=True
    ):
        judged(one, mark, later)

    # Ranked with the weight: it decides, and the page says so.
    page = desk.look(f"/desk/selection/{call.pk}/ranking")
    desk.press("Rank what is known now", whole=True)
    lines = page.locator("tbody tr")
    expect(lines.first).to_contain_text(TITLE)
    page.locator("[name=reason]").fill("As ranked")
    desk.press("Decide as the ranking proposes")
    assert Application.objects.get(pk=own.pk).state == "accepted"
    assert Application.objects.get(pk=other).state != "accepted"
    phone.look(f"/account/selection/{own.pk}")
    expect(phone.page.locator("main")).to_contain_text("Try it in one library first.")

    # A place in the house, from the application itself.
    residencies.add_line(
        actor=SYSTEM, key="seed", now=later,
        draft=LineDraft(
            centre.house.code, centre.sponsor.code, "Memorandum 12", SEED, SupportKind.GRANT, 90_000_000, later.date() - timedelta(days=1),
            later.date() + timedelta(days=400), "IRR",
        ),
    )  # fmt: skip
    page = desk.look("/desk/residencies/")
    page.locator("section[aria-labelledby=accepted] a").filter(has_text=TITLE).click()
    expect(page.locator("[name=founder_email]")).to_have_value(email(founder))
    desk.press("Offer it", whole=True)
    desk.press("They have moved in")
    page.locator("summary").filter(has_text="Allot a place").click()
    page.locator("[name=space]").select_option(str(centre.desks.pk))
    desk.press("Allot")
    page.locator("summary").filter(has_text="Appoint somebody by address").click()
    page.locator("input[name=email]").fill(email(helper))
    page.locator("[name=why]").last.fill("Knows shelves")
    page.locator("details[open]").get_by_role("button", name="Appoint", exact=True).click()
    expect(page.locator("main")).to_contain_text("Knows shelves")
    page.locator("[name=names]").fill("First shelf in a library")
    desk.press("Plan it")
    for amount, when in (("30000000", "At once"), ("40000000", "First shelf in a library")):
        page.locator("summary").filter(has_text="Promise a tranche").click()
        page.locator("#p-amount").fill(amount)
        page.locator("#p-milestone").select_option(label=when)
        desk.press("Promise")
    desk.press("Paid out")
    expect(page.get_by_role("button", name="Paid out", exact=True)).to_have_count(0)
    one = Residency.objects.get()
    assert (one.state, one.application_id, Booking.objects.get().state) == ("moved_in", own.pk, "checked_in")
    assert Support.objects.get().amount == 30_000_000

    # She has it, shows her first shelf, and the second tranche is due.
    page = phone.look(f"/account/residencies/{one.pk}")
    phone.press("We have it")
    page.locator("summary").filter(has_text="Show that it is reached").click()
    page.locator("textarea[name=said]").fill("Four hundred books, all of them read.")
    page.locator("input[type=file]").set_input_files(
        {"name": "shelf.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 shelf"}
    )
    phone.press("Send it to the house", whole=True)
    page = desk.look(f"/desk/residencies/{one.pk}")
    expect(page.get_by_role("link", name="shelf.pdf")).to_be_visible()
    desk.press("It is reached")
    desk.press("Paid out", whole=True)
    line = Line.objects.get()
    assert (line.given, line.promised) == (70_000_000, 0)
    page = phone.look(f"/account/residencies/{one.pk}")
    expect(page.locator("#milestones ~ article").first).to_contain_text("Reached")
    assert (
        Account.objects.get(pk=founder.account_id or 0).name
        in windows(boss, "desktop").look("/desk/residencies/").content()
    )
