"""Drafts as a script saves them, two who write at once, letters to colleagues without an account, and the desk's pages of applications."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core import mail
from django.http import QueryDict
from django.test import Client
from django.utils import timezone

from khaneh.domains.people.models import Account
from khaneh.domains.programmes import queries, services
from khaneh.domains.programmes.models import Application, ApplicationMember, Call
from khaneh.domains.programmes.queries.invitations import LASTS
from khaneh.domains.programmes.types import ApplicationDraft, Part, SentFilter
from khaneh.infrastructure.outgoing import Mailer
from khaneh.interfaces.web.programmes import fields
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import Invalid, NotFound
from tests.domains.programmes.calling import ANSWERS, DAY, NOW, QUESTIONS, Calling, make_calling

pytestmark = pytest.mark.django_db


@pytest.fixture
def calling(db: None) -> Calling:
    return make_calling()


def entering(who: Actor) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(Account.objects.get(pk=who.account_id))
    return client


def open_application(calling: Calling, who: Actor) -> Any:
    call = calling.call()
    row = calling.written(who, call)
    Call.objects.filter(pk=call.id).update(closes_at=timezone.now() + DAY)
    return row


def test_what_a_form_sends_and_what_a_draft_gives_are_the_same() -> None:
    answers = {
        **ANSWERS, "needs": ["desk", "money"], "team": [["Sara", "code"], ["", "sells"]], "abroad": "no", "since": "1404/1/2",
    }  # fmt: skip
    draft = ApplicationDraft("Shelves", "RFID", "P-QM", answers)
    posted = QueryDict(mutable=True)
    for name, values in fields.sent(QUESTIONS, draft).items():
        posted.setlist(name, values)
    again = fields.typed(QUESTIONS, posted)
    assert {key: value for key, value in again.items() if key in answers and key != "team"} == {
        key: value for key, value in answers.items() if key != "team"
    }
    assert again["team"][:3] == [["Sara", "code"], ["", "sells"], ["", ""]]
    assert (posted["title"], posted["summary"], posted["region"]) == ("Shelves", "RFID", "P-QM")


def test_a_draft_is_saved_as_it_is_typed_and_nobody_overwrites_anybody_unseen(calling: Calling) -> None:
    who = calling.person()
    row = open_application(calling, who)
    browser, path = entering(who), f"/account/applications/{row.id}/write"
    page = browser.get(path).content.decode()
    assert 'data-only-if="q-stage" data-only-codes="sold"' in page
    assert 'id="draft-kept"' in page
    typed = {
        "title": "Shelves",
        "summary": "x",
        "region": "P-QM",
        "q-plan": "From the telephone",
        "q-stage": "idea",
        "next": "typed",
    }
    first = browser.post(path, {**typed, "revision": row.revision})
    assert (first.status_code, first.json()["revision"]) == (200, row.revision + 1)
    assert first.json()["values"]["q-plan"] == ["From the telephone"]
    # The answer was lost on the way: sent again, nothing is done and what is there is what was sent.
    again = browser.post(path, {**typed, "revision": row.revision})
    assert (again.status_code, again.json()["values"]) == (409, first.json()["values"])
    # Somebody else was quicker.
    behind = browser.post(path, {**typed, "q-plan": "From the desk", "revision": row.revision})
    assert (behind.status_code, behind.json()["revision"]) == (409, row.revision + 1)
    assert behind.json()["values"]["q-plan"] == ["From the telephone"]
    assert queries.draft_of(row.id).answers["plan"] == "From the telephone"
    # Without a script both stand on the page, and saving once more is a choice.
    said = browser.post(path, {**typed, "q-plan": "From the desk", "next": "", "revision": row.revision})
    text = said.content.decode()
    assert (said.status_code, "From the desk" in text, "From the telephone" in text) == (409, True, True)
    assert f'name="revision" value="{row.revision + 1}"' in text
    assert "data-draft=" not in text
    services.cancel_call(actor=calling.keeper(), call_id=row.call_id, now=timezone.now())
    late = browser.post(path, {**typed, "revision": row.revision + 1})
    assert (late.status_code, "revision" in late.json()) == (409, False)


def test_regions_go_down_to_communes_with_and_without_a_script(calling: Calling) -> None:
    from khaneh.domains.network.models import Region

    top = Region.objects.get(code="P-QM")
    district = Region.objects.create(
        code="P-QM-D", level=2, country=top.country, names={"en": "Fordo"}, parent=top, path=[], rural=False
    )
    commune = Region.objects.create(
        code="P-QM-D-C", level=3, country=top.country, names={"en": "Kahak"}, parent=district, path=[], rural=True
    )
    who = calling.person()
    row = open_application(calling, who)
    browser, path = entering(who), f"/account/applications/{row.id}/write"
    assert "Kahak" not in browser.get(path).content.decode()
    assert "Kahak" in browser.get(path, {"regions": district.code}).content.decode()
    sent = {"title": "Shelves", "region": district.code, "revision": row.revision, "next": "communes"}
    assert browser.post(path, sent).headers["Location"].endswith("#f-region_code")
    assert "Kahak" in browser.get(path).content.decode()
    browser.post(path, {**sent, "region": commune.code, "revision": row.revision + 1})
    assert queries.application(row.id).rural is True


def test_a_colleague_without_an_account_joins_by_the_letter_once(calling: Calling) -> None:
    lead = calling.person()
    row = open_application(calling, lead)
    now = timezone.now()
    services.invite(actor=lead, application_id=row.id, email="New@Example.org", part=Part.WRITER, now=now)
    member = ApplicationMember.objects.get(email="new@example.org")
    with Mailer() as mailer:
        services.send_invitation(member_id=member.pk, mailer=mailer, now=now)
    letter = mail.outbox[-1]
    assert letter.to == ["new@example.org"]
    assert "Reading shelves" not in letter.subject + str(letter.body), "of the application itself nothing"
    found = re.search(r"/invitations/\S+", str(letter.body))
    assert found
    path = found[0]
    visitor = Client(headers={"accept-language": "en"})
    page = visitor.get(path)
    assert (page.status_code, "Spring call" in page.content.decode()) == (200, True)
    assert "Reading shelves" not in page.content.decode()
    assert "/accounts/login" in visitor.post(path).headers["Location"]
    for forged in (path[:-1], "/invitations/none", path.replace("invitations/", "invitations/1")):
        assert visitor.get(forged).status_code == 404
    with pytest.raises(NotFound):
        queries.invitation(path.rsplit("/", 1)[1], now=now + LASTS)
    colleague, other = calling.person(), calling.person()
    assert entering(colleague).post(path).headers["Location"].endswith(f"/applications/{row.id}")
    assert queries.part_of(row.id, colleague) is Part.WRITER
    assert entering(other).post(path).status_code == 404
    assert queries.part_of(row.id, other) is None


def test_an_address_that_was_never_confirmed_opens_nothing(calling: Calling) -> None:
    from allauth.account.models import EmailAddress

    lead, impostor = calling.person(), calling.person()
    email = Account.objects.get(pk=impostor.account_id).email
    EmailAddress.objects.create(user_id=impostor.account_id, email=email, verified=False, primary=True)
    row = open_application(calling, lead)
    services.invite(actor=lead, application_id=row.id, email=email, part=Part.READER, now=timezone.now())
    assert "No applications yet" in entering(impostor).get("/account/applications").content.decode()


def test_nobody_writes_to_the_world_by_invitations_taken_back(
    calling: Calling, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("khaneh.domains.programmes.services.teaming.MOST_A_DAY", 2)
    lead = calling.person()
    row = open_application(calling, lead)
    for number in range(2):
        services.invite(actor=lead, application_id=row.id, email=f"a{number}@b.org", part=Part.READER, now=NOW)
        ApplicationMember.objects.filter(account=None).delete()
    with pytest.raises(Invalid):
        services.invite(actor=lead, application_id=row.id, email="a3@b.org", part=Part.READER, now=NOW)


def test_the_desk_pages_by_key_keeps_its_filters_and_writes_no_formula(calling: Calling) -> None:
    call, keeper = calling.call(), calling.keeper()
    rows = [calling.handed_in(calling.person(), call, title=f"=Plan {number}", now=NOW) for number in range(5)]
    Application.objects.filter(pk=rows[0].id).update(title="Kites")
    wanted = SentFilter(text="plan")
    first = queries.sent_page(call.id, actor=keeper, wanted=wanted, limit=3)
    assert (first.total, [one.id for one in first.rows], first.before) == (4, [rows[n].id for n in (4, 3, 2)], "")
    second = queries.sent_page(call.id, actor=keeper, wanted=wanted, after=first.after, limit=3)
    assert ([one.id for one in second.rows], second.after) == ([rows[1].id], "")
    back = queries.sent_page(call.id, actor=keeper, wanted=wanted, before=second.before, limit=3)
    assert (back.rows, back.before, back.after) == (first.rows, "", first.after)
    assert queries.sent_page(call.id, actor=calling.person(), wanted=wanted).total == 0
    desk = entering(keeper)
    page = desk.get(f"/desk/programmes/calls/{call.id}", {"text": "plan"}).content.decode()
    assert ("Kites" in page, "=Plan 3" in page) == (False, True)
    answer = desk.get(f"/desk/programmes/calls/{call.id}/applications.csv", {"text": "plan"})
    table = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    assert len(table) == 5
    assert all(",'=Plan" in line for line in table[1:])
    assert entering(calling.person()).get(f"/desk/programmes/calls/{call.id}/applications.csv").status_code == 404
