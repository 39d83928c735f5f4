"""The pages of founding, as they are sent: from a draft of a standard to a passport on the page of a house."""

from __future__ import annotations

from typing import Any

import pytest
import pyvips
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from khaneh.domains.founding.models import Assessment, Passport, Photo, Proposal, Spend, Standard, Task
from khaneh.domains.network.models import House
from khaneh.domains.people.models import Account
from khaneh.kernel.actor import Actor
from tests.domains.founding.test_standards import FILE
from tests.domains.founding.yard import Yard, make_yard

pytestmark = pytest.mark.django_db


@pytest.fixture
def yard(own_index: None) -> Yard:
    return make_yard()


def browser(who: Actor | None, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    if who is not None:
        account = Account.objects.get(pk=who.account_id or 0)
        client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


def text(response: Any) -> str:
    return str(response.content.decode())


def posted(client: Client, name: str, args: Any = None, **data: Any) -> str:
    """A form sent, and the page that follows."""
    response = client.post(reverse(name, args=args or []), data, follow=True)
    assert response.status_code == 200, (response.status_code, text(response))
    return text(response)


def picture() -> SimpleUploadedFile:
    content = pyvips.Image.black(60, 40, bands=3).jpegsave_buffer()
    return SimpleUploadedFile("hall.jpg", content, content_type="image/jpeg")


def test_a_standard_is_written_and_published(yard: Yard) -> None:
    officer = browser(yard.officer())
    posted(
        officer, "desk-standard-new", code="centre", authority="Y-AUTH", kind="innovation_centre", names_en="Centre",
        pass_percent="۶۰", assessors="1", valid_months="24",
    )  # fmt: skip
    own = Standard.objects.get()
    upload = SimpleUploadedFile("list.csv", FILE.replace(",2,0,red", ",9,0,red").encode())
    refused = officer.post(reverse("desk-standard-import", args=[own.pk]), {"file": upload})
    assert "This is too much or too little." in text(refused)
    assert 'name="kept"' not in text(refused)
    tried = text(
        officer.post(
            reverse("desk-standard-import", args=[own.pk]), {"file": SimpleUploadedFile("l.csv", FILE.encode())}
        )
    )
    kept = tried.split('name="kept" value="')[1].split('"')[0]
    assert not own.items.exists()
    assert "Daylight" in posted(officer, "desk-standard-import", [own.pk], kept=kept)
    posted(
        officer, "desk-standard-item", [own.pk, "new"], act="save", code="staff", names_en="Staff", weight="5", scale="4",
        least="0",
    )  # fmt: skip
    wrong = officer.post(
        reverse("desk-standard-item", args=[own.pk, "staff"]),
        {"act": "save", "names_en": "", "weight": "0", "scale": "4"},
    )
    assert (wrong.status_code, text(wrong).count("field__error")) == (422, 2)
    assert browser(None).get(reverse("standard", args=["centre"])).status_code == 404
    posted(officer, "desk-standard", [own.pk], act="publish")
    page = text(browser(None, "fa").get(reverse("standard", args=["centre"])))
    assert "نور" in page
    assert 'dir="rtl"' in page
    assert "Centre" in text(browser(None).get(reverse("standards")))
    assert officer.get(reverse("desk-standard-item", args=[own.pk, "new"])).status_code == 404
    assert officer.get(reverse("desk-standard-file", args=[own.pk, "csv"])).content.count(b"\r\n") == 4
    posted(officer, "desk-standard", [own.pk], act="follow")
    assert Standard.objects.get(version=2).items.count() == 3


def test_from_a_proposal_to_the_passport_on_the_page_of_the_house(yard: Yard) -> None:
    standard = yard.standard()
    manager, assessor, officer = (browser(one) for one in (yard.manager(), yard.assessor(), yard.officer()))
    form = {
        "standard": standard.id, "names_en": "Taft Centre", "code": "y-taft", "parent": "Y-LIB", "plan": "The hall",
        "area": "۱۸۰", "asked": "1,000", "currency": "IRR", "opens_on": "1405/12/01", "key": "once",
    }  # fmt: skip
    wrong = manager.post(reverse("desk-founding-new"), {**form, "area": "0", "plan": " ", "opens_on": "soon"})
    assert (wrong.status_code, text(wrong).count("field__error")) == (422, 2)
    for _ in range(2):
        posted(manager, "desk-founding-new", **form)
    own = Proposal.objects.get()
    here = [own.pk]
    page = posted(assessor, "desk-founding-proposal", here, act="assess")
    begun = Assessment.objects.get()
    scores = {f"score-{item.id}": "3" for item in standard.items}
    first = standard.items[0].id
    broken = assessor.post(
        reverse("desk-assessment", args=[begun.pk]),
        {**scores, "act": f"photo-{first}", f"alt-{first}": "The hall", f"photo-{first}": SimpleUploadedFile("a.jpg", b"<svg>")},
    )  # fmt: skip
    assert "This is no JPEG, PNG or WebP picture" in text(broken)
    page = posted(
        assessor, "desk-assessment", [begun.pk], act=f"photo-{first}", **scores,
        **{f"alt-{first}": "The hall", f"photo-{first}": picture()},
    )  # fmt: skip
    photo = Photo.objects.get()
    address = reverse("desk-founding-photo", args=[photo.pk, "v", "small"])
    assert address.split("/v/")[0] in page
    assert assessor.get(address)["Content-Type"] == "image/webp"
    assert manager.get(address).status_code == 404  # a draft is its assessor's alone
    lacking = assessor.post(reverse("desk-assessment", args=[begun.pk]), {**scores, "act": "submit"})
    assert "3 items are not complete" in text(lacking)
    notes = {f"note-{item.id}": "Seen" for item in standard.items}
    posted(assessor, "desk-assessment", [begun.pk], act="submit", **scores, **notes)
    assert manager.get(address).status_code == 200
    assert "75 %" in text(officer.get(reverse("desk-founding")))
    refused = officer.post(
        reverse("desk-founding-proposal", args=here), {"act": "approve", "budget": "900", "reason": ""}
    )
    assert (refused.status_code, "This is needed." in text(refused)) == (422, True)
    posted(officer, "desk-founding-proposal", here, act="approve", budget="900", reason="Nobody else near")
    assert "dealt with in the meantime" in text(
        officer.post(reverse("desk-founding-proposal", args=here), {"act": "refuse", "reason": "No"})
    )
    assert browser(None).get(reverse("house", args=["Y-TAFT"])).status_code == 404
    posted(manager, "desk-founding-proposal", here, act="begin")
    for _ in range(2):
        posted(
            manager,
            "desk-founding-proposal",
            here,
            act="task",
            title="Cables",
            due_on="2026-12-01",
            planned="500",
            key="t",
        )
        posted(
            manager,
            "desk-founding-proposal",
            here,
            act="spend",
            amount="400",
            receipt="F-1",
            spent_on="2026-01-05",
            key="s",
        )
    assert (Task.objects.count(), Spend.objects.count()) == (1, 1)
    much = manager.post(
        reverse("desk-founding-proposal", args=here),
        {"act": "spend", "amount": "501", "receipt": "F-2", "spent_on": "2026-01-05"},
    )
    assert "more than the budget: 500 rials are left" in text(much)
    early = manager.post(reverse("desk-founding-proposal", args=here), {"act": "open"})
    assert "Something is still to be done." in text(early)
    posted(manager, "desk-founding-proposal", here, act="task_state", task=Task.objects.get().pk, state="done")
    posted(manager, "desk-founding-proposal", here, act="open")
    visitor = browser(None)
    assert reverse("passport", args=["Y-TAFT"]) in text(visitor.get(reverse("house", args=["Y-TAFT"])))
    page = text(visitor.get(reverse("passport", args=["Y-TAFT"])))
    assert "Meets its standard" in page
    assert "75 %" in page
    begun_again = posted(assessor, "desk-passports", house="Y-TAFT")
    assert "Assessment of Taft Centre" in begun_again
    assert House.objects.get(code="Y-TAFT").state == "open"
    assert Passport.objects.count() == 1
    House.objects.create(
        code="Y-OLD", kind="innovation_centre", state="open", region=yard.library.region, parent=yard.library,
        operator=yard.library.operator, names={"en": "Old Centre"}, time_zone="Asia/Tehran", calendar="jalali",
    )  # fmt: skip
    assert "In service, never measured" in text(assessor.get(reverse("desk-passports")))
    assert "Assessment of Old Centre" in posted(assessor, "desk-passports", house="Y-OLD", standard=standard.code)
    assert "being assessed" in text(assessor.get(reverse("desk-passports")))


def test_whose_it_is_not_sees_nothing(yard: Yard) -> None:
    row = yard.proposed()
    here = reverse("desk-founding-proposal", args=[row.id])
    stranger = browser(yard.person())
    assert stranger.get(here).status_code == 404
    assert stranger.get(reverse("desk-founding")).status_code == 404
    assert browser(None).get(here).status_code == 302
    assert browser(None).get(reverse("passport", args=[row.house.code])).status_code == 404
    before = Proposal.objects.get()
    assert stranger.post(here, {"act": "withdraw"}).status_code == 404
    assert browser(yard.manager()).post(here, {"act": "assess"}).status_code == 404
    assert (Proposal.objects.get().state, Assessment.objects.count()) == (before.state, 0)


def test_a_list_costs_the_same_for_one_and_for_many(yard: Yard) -> None:
    officer = browser(yard.officer())
    standard = yard.standard()
    address = reverse("desk-founding")

    def statements() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert officer.get(address).status_code == 200
        return len(captured)

    yard.proposed(standard_id=standard.id)
    officer.get(address)
    once = statements()
    for _ in range(4):
        yard.proposed(standard_id=standard.id)
    assert statements() <= once
