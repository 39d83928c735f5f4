"""The pages of what is said of graduates, and of the list of skills, as they are sent."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from khaneh.domains.network.types import Role
from khaneh.domains.people.models import RoleAssignment
from khaneh.domains.people.queries import actor as actor_of
from khaneh.domains.placements.models import Skill, Statement
from tests.domains.placements.graduates import give_course
from tests.domains.placements.market import NOW, Market, make_market
from tests.domains.placements.test_skills import FILE
from tests.interfaces.web.placements.test_pages import browser, posted, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def market(own_index: None, settings: Any, tmp_path: Path) -> Market:
    settings.KHANEH_HOME = tmp_path
    return make_market()


@pytest.fixture
def keeper(market: Market) -> Client:
    """Somebody who administers an authority."""
    from khaneh.domains.network.models import Organisation

    authority = Organisation.objects.create(
        code="W-AUTH", kind="library_authority", country="IR", names={"en": "Authority"}
    )
    account = market.account()
    RoleAssignment.objects.create(
        account=account, role=Role.ADMINISTRATOR.value, organisation=authority, valid_from=NOW - timedelta(days=1)
    )
    return browser(actor_of(account.pk, now=timezone.now()))


def own(**more: Any) -> dict[str, Any]:
    day = timezone.now().date().isoformat()
    return {"act": "state", "said-kind": "job", "said-since": day, "said-agreed": "on", **more}


def test_what_became_of_somebody_is_said_noted_confirmed_and_taken_back(market: Market) -> None:
    sara, trainer = market.person(), browser(market.staff())
    mine = browser(sara)
    assert mine.get(reverse("account-work-outcome")).status_code == 404
    give_course(market.house, "cnc", [sara], at=timezone.now() - timedelta(days=2))
    assert "Say how it is" in text(mine.get(reverse("account-work")))
    for wrong, said in (
        ({"said-agreed": ""}, "This is needed."),
        ({"said-since": "soon"}, "This is not a date."),
        ({"said-since": (timezone.now() + timedelta(days=3)).date().isoformat()}, "not possible: too much"),
    ):
        response = mine.post(reverse("account-work-outcome"), own(**wrong))
        assert response.status_code == 422
        assert said in text(response)
    posted(mine, "account-work-outcome", **own(**{"said-where": "Qom Pumps"}))
    assert "Qom Pumps" in posted(mine, "account-work-outcome", **own(**{"said-where": "Qom Pumps"}))
    number = Statement.objects.get().pk
    assert "Qom Pumps" in text(mine.get(reverse("account-work")))

    account_id = sara.account_id or 0
    page = text(trainer.get(reverse("desk-graduates")))
    assert sara.name in page
    assert "Found a job" in page
    assert sara.name not in text(trainer.get(reverse("desk-graduates"), {"unknown": "1"}))
    day = timezone.now().date().isoformat()
    sure = {"act": "confirm", "statement": str(number), f"sure{number}-confirmed_on": day}
    response = trainer.post(reverse("desk-graduate", args=[account_id]), sure)
    assert (response.status_code, "This field is required" in text(response)) == (422, True)
    sure[f"sure{number}-confirmed_by"] = "Mr Rezai"
    assert "Work found elsewhere" in posted(trainer, "desk-graduate", [account_id], **sure)
    assert "Confirmed by Mr Rezai" in text(mine.get(reverse("account-work-outcome")))
    posted(trainer, "desk-graduate", [account_id], **sure)

    told = own(**{"said-said_by": "employer", "said-told_on": day, "said-confirmed_by": "", "said-where": "Loom"})
    response = trainer.post(reverse("desk-graduate", args=[account_id]), told)
    assert (response.status_code, "This is needed." in text(response)) == (422, True)
    posted(trainer, "desk-graduate", [account_id], **{**told, "said-confirmed_by": "Ms Amini"})
    for one in Statement.objects.all():
        posted(mine, "account-work-outcome", act="withdraw", statement=str(one.pk))
    assert "Unknown: nothing heard" in text(trainer.get(reverse("desk-graduate", args=[account_id])))
    council = browser(market.staff(Role.COUNCIL_MEMBER))
    assert council.get(reverse("desk-placements")).status_code == 200
    assert council.get(reverse("desk-graduates")).status_code == 404


def test_the_figures_say_whose_word_they_are(market: Market) -> None:
    people = [market.person() for _ in range(10)]
    give_course(market.house, "cnc", people, at=timezone.now() - timedelta(days=2))
    for who in people[:5]:
        posted(browser(who), "account-work-outcome", **own())
    manager = browser(market.staff(Role.HOUSE_MANAGER))
    page = text(manager.get(reverse("desk-placements")))
    for said in ("By employer’s confirmation", "By own statement", "At work, as they say themselves", "5 of 10 who"):
        assert said in page
    table = manager.get(reverse("desk-placements-table"))
    (_line, total) = csv.DictReader(io.StringIO(table.content.decode("utf-8-sig")))
    assert (total["said_job"], total["elsewhere"], total["nothing_known"], total["finished"]) == ("5", "0", "5", "10")


def test_skills_are_found_entered_changed_and_merged(market: Market, keeper: Client) -> None:
    assert "Pottery and ceramics" in text(keeper.get(reverse("desk-skills"), {"q": "gốm"}))
    names = {"names_en": "Loom", "names_fa": "دستگاه بافندگی", "names_vi": "Khung cửi", "active": "on", "act": "change"}
    response = keeper.post(reverse("desk-skill-new"), {**names, "code": "X!"})
    assert (response.status_code, "not written as it should be" in text(response)) == (422, True)
    assert "Another skill has this code" in text(keeper.post(reverse("desk-skill-new"), {**names, "code": "weaving"}))
    assert "The skill is entered." in posted(keeper, "desk-skill-new", code="loom", **names)
    market.vacancy(skills=())
    posted(keeper, "desk-skill", ["loom"], **{**names, "names_en": "Hand loom"})
    response = keeper.post(reverse("desk-skill", args=["loom"]), {"act": "merge", "into": "loom"})
    assert (response.status_code, "do not become one" in text(response)) == (422, True)
    assert "Merged: 0 vacancies" in posted(keeper, "desk-skill", ["loom"], act="merge", into="weaving")
    assert Skill.objects.get(code="loom").merged_into.code == "weaving"  # type: ignore[union-attr]
    assert "merged" in text(keeper.get(reverse("desk-skills"), {"q": "hand loom", "shelf": "aside"}))
    assert browser(market.employer()).get(reverse("desk-skills")).status_code == 404


def test_a_file_of_esco_is_tried_looked_at_and_taken_in(market: Market, keeper: Client) -> None:
    address = reverse("desk-skills-esco")
    assert "Choose a file." in text(keeper.post(address))
    nonsense = SimpleUploadedFile("x.csv", b"a,b\n1,2\n")
    response = keeper.post(address, {"file": nonsense})
    assert response.status_code == 422
    assert "Columns are missing: conceptType" in text(response)
    page = text(keeper.post(address, {"file": SimpleUploadedFile("skills_en.csv", FILE)}))
    assert "What would happen" in page
    assert "ESCO does not publish it any more." in page
    assert not Skill.objects.exclude(esco="").exists()
    kept = page.split('name="kept" value="')[1].split('"')[0]
    report = keeper.post(address, {"kept": kept, "act": "report"})
    rows = list(csv.DictReader(io.StringIO(report.content.decode("utf-8-sig"))))
    assert [row["outcome"] for row in rows] == ["linked", "entered", *["refused"] * 5]
    assert "The list is taken in." in text(keeper.post(address, {"kept": kept, "act": "take"}))
    aside = Skill.objects.get(code__startswith="esco-")
    page = text(keeper.get(reverse("desk-skills"), {"shelf": "aside"}))
    assert "no Persian" in page
    assert "1 skill is offered." in posted(keeper, "desk-skills", code=aside.code)
    aside.refresh_from_db()
    assert aside.active
