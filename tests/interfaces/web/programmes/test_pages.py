"""The pages of programmes, from a form made at the desk to a receipt and what was handed in."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from khaneh.domains.people.models import Account
from khaneh.domains.programmes import queries, services
from khaneh.domains.programmes.models import Application, ApplicationFile, Call, CallQuestion
from khaneh.domains.programmes.types import ApplicationState, CallState
from khaneh.kernel.actor import SYSTEM, Actor
from tests.domains.programmes.calling import DAY, PDF, Calling, make_calling

pytestmark = pytest.mark.django_db
Entering = Callable[[Actor], Client]


@pytest.fixture
def calling(db: None) -> Calling:
    """A house that calls."""
    return make_calling()


@pytest.fixture
def entering() -> Entering:
    """A browser in which somebody is signed in, in English."""

    def enter(who: Actor) -> Client:
        client = Client(headers={"accept-language": "en"})
        client.force_login(Account.objects.get(pk=who.account_id))
        return client

    return enter


def page(client: Client, path: str, status: int = 200, **data: Any) -> str:
    """What a page says."""
    answer = client.get(path, data)
    assert answer.status_code == status, path
    return answer.content.decode()


def sent(client: Client, path: str, status: int = 302, **data: Any) -> str:
    """What comes of a form, after the way that it leads."""
    answer = client.post(path, {name.replace("__", "-"): value for name, value in data.items()})
    assert answer.status_code == status, (path, answer.status_code, answer.content.decode()[-3000:])
    return answer.headers.get("Location", "") or answer.content.decode()


def hidden(said: str, name: str) -> str:
    """What a hidden field of a page holds."""
    found = re.search(rf'name="{name}" value="([^"]*)"', said)
    assert found, name
    return found[1]


def test_from_a_form_made_at_the_desk_to_a_receipt(calling: Calling, entering: Entering) -> None:
    now = timezone.now()
    desk = entering(calling.keeper())
    assert "Incubator" in page(desk, "/desk/programmes/")
    new = "/desk/programmes/of/p-incubator/calls/new"
    said = page(desk, new)
    facts = {
        "names_en": "Shelves of tomorrow", "places": "۳", "for_persons": "1", "key": hidden(said, "key"),
        "opens_day": (now - DAY).strftime("%Y-%m-%d"), "closes_day": (now + 9 * DAY).strftime("%Y-%m-%d"),
        "closes_time": "14:00", "criterion-0_en": "Impact", "criterion-0-weight": "60", "criterion-0-scale": "10",
        "quota-0-kind": "deprivation", "quota-0-places": "1", "quota-0-decile": "3",
    }  # fmt: skip
    wrong = desk.post(new, {**facts, "closes_day": "soon", "quota-0-places": "9"})
    assert wrong.status_code == 422
    assert "Shelves of tomorrow" in wrong.content.decode()
    first, again = (sent(desk, new, **facts) for _ in range(2))
    assert first == again
    call_id = int(first.rsplit("/", 1)[1])

    # Questions without programming: a kind is chosen, words are written, an order is given.
    form, question = f"{first}/form", f"{first}/form/question"
    for kind, extra in (
        ("long_text", {"label_en": "What will you make?", "required": "1", "most": "500"}),
        ("choice", {"label_en": "Stage", "required": "1", "option-0_en": "An idea", "option-1_en": "Sold"}),
        ("text", {"label_en": "To whom?", "required": "1", "shown_if": "q2:o2"}),
        ("file", {"label_en": "Plan as PDF", "required": "1", "most": "1"}),
        ("table", {"label_en": "Team", "option-0_en": "Name", "option-1_en": "Does what"}),
        ("money", {"label_en": "Cost", "currency": "IRR", "most": "1000000"}),
    ):
        revision = hidden(page(desk, question, kind=kind), "revision")
        sent(desk, f"{question}?kind={kind}", revision=revision, **extra)
    said = page(desk, form)
    assert said.index("What will you make?") < said.index("Plan as PDF") < said.index("Cost")
    sent(desk, form, act="up", key="q6", revision=hidden(said, "revision"))
    sent(
        desk, form, act="up", key="q6", revision=hidden(said, "revision")
    )  # read before the last change: told, not done
    assert "Somebody else has saved in the meantime." in page(desk, form)
    assert [one.key for one in queries.form_in_work(call_id, actor=SYSTEM).questions] == [
        "q1",
        "q2",
        "q3",
        "q4",
        "q6",
        "q5",
    ]  # type: ignore[union-attr]
    sent(desk, form, act="publish")
    sent(desk, first, act="publish")
    assert Call.objects.get(pk=call_id).state == CallState.PUBLISHED

    # Everybody finds it; somebody asks; the answer stands there for all.
    visitor = Client(headers={"accept-language": "en"})
    assert "Shelves of tomorrow" in page(visitor, "/programmes", stage="open")
    assert "What will you make?" in page(visitor, f"/programmes/{call_id}")
    founder = entering(calling.person())
    sent(founder, f"/programmes/{call_id}/questions", text="May two apply together?")
    asked = CallQuestion.objects.get()
    assert "May two apply" not in page(visitor, f"/programmes/{call_id}")
    sent(desk, first, act="answer", question=asked.pk, answer_en="Yes, one of you answers for it.")
    assert "Yes, one of you answers for it." in page(visitor, f"/programmes/{call_id}")

    # A draft is kept as it is typed, and what it lacks stands beside its fields.
    said = page(founder, f"/programmes/{call_id}/apply")
    facts = {"title": "Reading shelves", "key": hidden(said, "key")}
    write = sent(founder, f"/programmes/{call_id}/apply", **facts)
    assert sent(founder, f"/programmes/{call_id}/apply", **facts) == write
    application = Application.objects.get()
    own = f"/account/applications/{application.pk}"
    typed = {
        "title": "Reading shelves", "summary": "RFID", "region": "P-QM", "q-q1": "Shelves", "q-q2": "o2", "q-q6": "a lot",
        "q-q5-0-c1": "Sara", "q-q5-0-c2": "code", "next": "check",
    }  # fmt: skip
    assert "check=1" in sent(founder, write, **{**typed, "revision": "0"})
    said = page(founder, write, check="1")
    assert said.count("field--wrong") == 3
    assert 'value="a lot"' in said
    assert "Hand in<" not in page(founder, own)
    # A program by another name is not taken; what was typed with it is.
    liar = SimpleUploadedFile("plan.pdf", b"MZ\x90\x00 this is a program", content_type="application/pdf")
    said = sent(founder, write, 422, **{**typed, "revision": "1", "q-q6": "۵۰۰٬۰۰۰", "q-q4": liar})
    assert "The document is not what its name says" in said
    assert not ApplicationFile.objects.exists()
    whole = {**typed, "q-q6": "500000", "q-q3": "Qom library", "q-q4": SimpleUploadedFile("plan.pdf", PDF)}
    said = sent(founder, write, 409, **{**whole, "revision": "1"})
    assert "Somebody else has saved in the meantime." in said
    assert sent(founder, write, **{**whole, "revision": "2", "q-q4": SimpleUploadedFile("plan.pdf", PDF)}) == own
    said = page(founder, own)
    assert "Everything that is asked is there." in said
    sent(founder, own, act="hand-in", revision=hidden(said, "revision"))
    receipt = queries.application(application.pk).receipt
    assert receipt in page(founder, own)
    sent(founder, own, act="hand-in", revision=hidden(said, "revision"))
    assert queries.application(application.pk).version == 1

    # Who keeps the call sees what was handed in, and others nothing.
    assert "Reading shelves" in page(desk, first)
    inside = page(desk, f"/desk/programmes/applications/{application.pk}")
    assert "Qom library" in inside
    digest = ApplicationFile.objects.get().digest
    answer = desk.get(f"{own}/documents/{digest}")
    assert answer.content == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment")
    stranger = entering(calling.person())
    for path in (own, f"{own}/write", f"{own}/documents/{digest}", f"/desk/programmes/applications/{application.pk}"):
        page(stranger, path, 404)


def test_after_the_deadline_conditions_are_judged_and_an_officer_may_admit(
    calling: Calling, entering: Entering
) -> None:
    call = calling.call(for_persons=False, for_kinds=("company_startup",))
    who, keeper = calling.person(), calling.keeper()
    row = calling.handed_in(who, call)
    founder, desk = entering(who), entering(keeper)
    said = page(founder, f"/account/applications/{row.id}")
    assert "The call is not for such an applicant" in said
    assert "deadline is over" in page(founder, f"/programmes/{call.id}")
    sent(desk, f"/desk/programmes/calls/{call.id}", act="check")
    assert queries.application(row.id).state is ApplicationState.INELIGIBLE
    inside = f"/desk/programmes/applications/{row.id}"
    sent(desk, inside, act="admit", reason="")
    assert queries.application(row.id).state is ApplicationState.INELIGIBLE
    sent(desk, inside, act="admit", reason="Registered last week")
    assert queries.application(row.id).state is ApplicationState.ELIGIBLE
    assert "Registered last week" in page(founder, f"/account/applications/{row.id}")
    page(founder, f"/account/applications/{row.id}/write", 404)


def test_a_colleague_takes_an_invitation_and_pages_without_anything_say_so(
    calling: Calling, entering: Entering
) -> None:
    call = calling.call()
    lead, colleague = calling.person(), calling.person()
    row = calling.written(lead, call)
    Call.objects.filter(pk=call.id).update(closes_at=timezone.now() + DAY)
    browser, other = entering(lead), entering(colleague)
    assert "No applications yet" in page(other, "/account/applications")
    email = Account.objects.get(pk=colleague.account_id).email
    sent(browser, f"/account/applications/{row.id}", act="invite", email=email, part="writer")
    assert "You are asked to join" in page(other, "/account/applications")
    sent(other, "/account/applications", act="join", application=row.id)
    assert "Reading shelves" in page(other, f"/account/applications/{row.id}/write")
    sent(browser, f"/account/applications/{row.id}", act="withdraw", reason="Another plan")
    assert queries.application(row.id).state is ApplicationState.WITHDRAWN
    for language in ("fa", "vi"):
        for path in (
            "/programmes",
            f"/programmes/{call.id}",
            "/account/applications",
            f"/account/applications/{row.id}",
        ):
            assert browser.get(path, {"lang": language}, follow=True).status_code == 200
    assert services.wanting(row.id) == {}
