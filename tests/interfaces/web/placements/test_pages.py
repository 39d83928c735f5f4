"""The pages of placements, as they are sent: from a profile to a confirmed place, refusals beside what they concern, nothing twice."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from khaneh.domains.network.types import Role
from khaneh.domains.people.models import Account
from khaneh.domains.placements.models import Confirmation, Interest, Placement, Seeker, Vacancy
from khaneh.kernel.actor import Actor
from tests.domains.placements.graduates import give_course
from tests.domains.placements.market import Market, make_market

pytestmark = pytest.mark.django_db
NAMES = {"fa": "اپراتور سی‌ان‌سی", "vi": "Thợ CNC", "en": "CNC operator"}


@pytest.fixture
def market(own_index: None) -> Market:
    return make_market()


def browser(who: Actor, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    account = Account.objects.get(pk=who.account_id or 0)
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


def text(response: Any) -> str:
    return str(response.content.decode())


def posted(client: Client, name: str, args: Any = None, **data: Any) -> str:
    """A form sent, and the page that follows."""
    response = client.post(reverse(name, args=args or []), data, follow=True)
    assert response.status_code == 200, response.status_code
    return text(response)


def form(**more: Any) -> dict[str, Any]:
    """A vacancy as somebody writes it."""
    day = (timezone.now() + timedelta(days=30)).date().isoformat()
    return {
        "kind": "job", "names_en": NAMES["en"], "names_fa": NAMES["fa"], "names_vi": NAMES["vi"], "region": "W-QM",
        "count": "۲", "pay_from": "150,000,000", "pay_currency": "IRR", "closes_on": day, "key": "once",
        "skill-0": "cnc-operation", "skill-0-level": "2", "skill-0-essential": "1", "qualification-0": "w-cnc", **more,
    }  # fmt: skip


def test_from_a_profile_to_a_confirmed_place(market: Market) -> None:
    sara, boss = market.person(), market.employer()
    mine, theirs = browser(sara), browser(boss)
    code = market.company.code
    assert "No profile yet" in text(mine.get(reverse("account-work")))
    page = posted(
        mine, "account-work-profile", kind="job", region="W-QM", km="30", about="Careful hands",
        **{"skill-0": "cnc-operation", "skill-0-level": "2"},
    )  # fmt: skip
    assert "Nobody but you." in page
    assert "Please tick the box" in posted(mine, "account-work-consent", act="give")
    assert "without your name" in posted(mine, "account-work-consent", act="give", sure="1")

    page = posted(theirs, "employer-vacancy-new", [code], **form())
    posted(theirs, "employer-vacancy-new", [code], **form())
    vacancy = Vacancy.objects.get()
    assert (vacancy.count, vacancy.pay_from) == (2, 150_000_000)
    assert "Person" in page
    assert sara.name not in page
    assert "Published" in posted(theirs, "employer-vacancy", [code, vacancy.pk], act="publish")
    public = text(Client().get(reverse("vacancies"), {"skill": "cnc-operation"}))
    assert NAMES["en"] in public
    assert "You fit by" in text(mine.get(reverse("vacancy", args=[vacancy.pk])))
    assert "knows your name" in posted(mine, "vacancy-interest", [vacancy.pk], note="I live nearby")
    posted(mine, "vacancy-interest", [vacancy.pk], note="I live nearby")
    assert Interest.objects.count() == 1
    page = text(theirs.get(reverse("employer-vacancy", args=[code, vacancy.pk])))
    assert sara.name in page
    assert "I live nearby" in page

    offered = {"act": "offer", "seeker": str(Seeker.objects.get().pk), "note": "Come on Saturday"}
    assert "14 days" in posted(theirs, "employer-vacancy", [code, vacancy.pk], **offered)
    assert "offered to them already" in posted(theirs, "employer-vacancy", [code, vacancy.pk], **offered)
    placement = Placement.objects.get()
    page = text(mine.get(reverse("account-work")))
    assert "Come on Saturday" in page
    assert page.count(reverse("vacancy", args=[vacancy.pk])) == 1, (
        "what is offered does not stand among what fits as well"
    )
    assert "You have accepted" in posted(mine, "account-work-answer", [placement.pk], act="accept")
    assert "dealt with in the meantime" in posted(mine, "account-work-answer", [placement.pk], act="accept")
    page = text(theirs.get(reverse("employer", args=[code])))
    assert Account.objects.get(pk=sara.account_id or 0).email in page

    today = timezone.now().date().isoformat()
    wrong = posted(theirs, "employer-placement", [code, placement.pk], act="start", day="soon")
    assert "not written as it should be" in wrong
    assert "after 3 and after 12 months" in posted(
        theirs, "employer-placement", [code, placement.pk], act="start", day=today
    )
    assert "can be confirmed from" in posted(theirs, "employer-placement", [code, placement.pk], act="confirm-3")
    Confirmation.objects.filter(months=3).update(due_on=timezone.now().date())  # three months later
    assert "Yes, after 3 months" in text(theirs.get(reverse("employer", args=[code])))
    assert "Thank you" in posted(theirs, "employer-placement", [code, placement.pk], act="confirm-3")
    placement.refresh_from_db()
    assert placement.state == "confirmed_3"
    page = posted(theirs, "employer-placement", [code, placement.pk], act="end", day=today, reason="term_over")
    assert "The agreed time was over" in page


def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(market: Market) -> None:
    client, code = browser(market.employer()), market.company.code
    address = reverse("employer-vacancy-new", args=[code])
    nameless = {"names_en": "", "names_fa": "", "names_vi": ""}
    for facts, said in (
        (nameless, "This is needed."),
        ({"hours": "200"}, "not possible: too much"),
        ({"closes_on": "30 Esfand 1404"}, "This is not a date."),
        ({"count": "many"}, "This is not a number."),
    ):
        response = client.post(address, form(**facts))
        assert response.status_code == 422
        assert said in text(response)
        assert "150,000,000" in text(response), "nothing that was typed is lost"
    response = client.post(reverse("employer-vacancy-new", args=[code]), form(**{"skill-1": "cnc-operation"}))
    assert "The same is chosen twice." in text(response)
    assert not Vacancy.objects.exists()
    seeker = browser(market.person())
    response = seeker.post(reverse("account-work-profile"), {"km": "many"})
    assert (response.status_code, text(response).count("field__error")) == (422, 3)


def test_an_employers_pages_are_its_own(market: Market) -> None:
    vacancy = market.vacancy(publish=False)
    code = market.company.code
    for other in (market.person(), market.staff(Role.ADMINISTRATOR)):
        client = browser(other)
        for name, args in (
            ("employer", [code]),
            ("employer-vacancy-new", [code]),
            ("employer-vacancy", [code, vacancy.id]),
            ("employer-vacancy-edit", [code, vacancy.id]),
        ):
            assert client.get(reverse(name, args=args)).status_code == 404
        assert client.post(reverse("employer-vacancy", args=[code, vacancy.id]), {"act": "publish"}).status_code == 404
        assert client.get(reverse("vacancy", args=[vacancy.id])).status_code == 404
    assert "You speak for no organisation" in text(browser(market.person()).get(reverse("employers")))
    assert Vacancy.objects.get().state == "draft"


def test_a_vacancy_changed_closed_and_opened_again(market: Market) -> None:
    boss = market.employer()
    client, code = browser(boss, "vi"), market.company.code
    posted(client, "employer-vacancy-new", [code], **form())
    number = Vacancy.objects.get().pk
    page = text(client.get(reverse("employer-vacancy-edit", args=[code, number])))
    assert 'value="Thợ CNC"' in page
    posted(client, "employer-vacancy-edit", [code, number], **form(count="1", names_vi="Thợ tiện"))
    posted(client, "employer-vacancy", [code, number], act="publish")
    posted(client, "employer-vacancy", [code, number], act="close")
    posted(client, "employer-vacancy", [code, number], act="publish")
    vacancy = Vacancy.objects.get()
    assert (vacancy.state, vacancy.count, vacancy.names["vi"]) == ("published", 1, "Thợ tiện")


def test_the_figures_are_told_as_picture_table_and_file(market: Market) -> None:
    now = timezone.now()
    trainees, boss = [market.seeker() for _ in range(9)], market.employer()
    give_course(market.house, "cnc", trainees[:3], at=now - timedelta(hours=1))
    give_course(market.house, "cad", trainees[3:], at=now - timedelta(hours=1))
    client = browser(market.staff(Role.HOUSE_MANAGER))
    page = text(client.get(reverse("desk-placements")))
    assert "0 of 9 who finished" in page
    assert "Course cad" in page
    assert 'class="cohort__bar"' in page
    table = client.get(reverse("desk-placements-table"), {"by": "course"})
    rows = list(csv.DictReader(io.StringIO(table.content.decode("utf-8-sig"))))
    assert [(row["code"], row["finished"]) for row in rows] == [("cad", ""), ("cnc", ""), ("total", "9")]
    assert not any(value in ("3", "6") for row in rows for value in row.values()), (
        "three is hidden, and six would tell it"
    )
    assert boss.account_id is not None
    for language in ("fa", "vi"):
        assert browser(market.staff(), language).get(reverse("desk-placements"), {"by": "house"}).status_code == 200
    assert browser(market.staff(Role.LIBRARIAN)).get(reverse("desk-placements")).status_code == 404
    assert "Nobody has finished anything" in text(client.get(reverse("desk-placements"), {"year": str(now.year - 2)}))


def test_lists_cost_the_same_for_one_and_for_many(market: Market) -> None:
    boss, sara = market.employer(), market.seeker()
    mine, theirs = browser(sara), browser(boss)
    now = datetime.now(UTC)

    def more() -> None:
        vacancy = market.vacancy(boss, closes_on=(now + timedelta(days=9)).date(), count=3)
        for who in (sara, market.seeker()):
            market.offered(boss, vacancy, who, now=now)

    def cost() -> list[int]:
        counts = []
        for client, address in (
            (Client(), reverse("vacancies")),
            (mine, reverse("account-work")),
            (theirs, reverse("employer", args=[market.company.code])),
        ):
            client.get(address)
            with CaptureQueriesContext(connection) as seen:
                assert client.get(address).status_code == 200
            counts.append(len(seen))
        return counts

    more()
    once = cost()
    for _ in range(4):
        more()
    assert cost() == once
    assert max(once) <= 45


def test_a_profile_is_hidden_and_forgotten(market: Market) -> None:
    sara = market.seeker()
    client = browser(sara, "fa")
    posted(client, "account-work-consent", act="withdraw")
    assert Seeker.objects.get().consented_at is None
    posted(client, "account-work-consent", act="forget")
    posted(client, "account-work-consent", act="forget")
    assert not Seeker.objects.exists()
