"""The pages of the exchange without a script: a need goes from the form to its outcome, and each page shows what its reader may know."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from khaneh.domains.exchange import queries, services
from khaneh.domains.exchange.models import Gathering, Match, MatchText, Outcome, Posting
from khaneh.domains.network.types import Role
from khaneh.domains.people.models import Account
from khaneh.domains.people.queries import actor as actor_of
from khaneh.domains.programmes import services as programmes
from khaneh.domains.programmes.types import ProgrammeDraft, ProgrammeKind
from khaneh.kernel.actor import Actor
from khaneh.kernel.labels import Label
from tests.domains.exchange.bazaar import NOW, PROBLEM, TITLE, Bazaar, match_state, state_of
from tests.domains.exchange.conftest import bazaar as bazaar

PDF = SimpleUploadedFile("report.pdf", b"%PDF-1.7\nstartxref\n0\n%%EOF", content_type="application/pdf")


@pytest.fixture(autouse=True)
def home(settings: Any, tmp_path: Any) -> None:
    settings.KHANEH_HOME = tmp_path
    settings.SEARCH_URL = ""


def client_of(actor: Actor | None, language: str = "en") -> Client:
    found = Client(HTTP_ACCEPT_LANGUAGE=language)
    if actor is not None:
        found.force_login(
            Account.objects.get(pk=actor.account_id or 0), backend="django.contrib.auth.backends.ModelBackend"
        )
    return found


def form(**facts: Any) -> dict[str, Any]:
    return {
        "language": "fa", "title": TITLE, "problem": PROBLEM, "technology": "نویسه‌خوان", "readiness": "7",
        "partnerships": ["pilot"], "sector": "91", "broker": "X-INN", "budget_from": "۵۰۰٬۰۰۰٬۰۰۰", "currency": "IRR",
        "key": "once", **facts,
    }  # fmt: skip


def test_from_the_form_to_the_outcome(bazaar: Bazaar) -> None:
    owner, desk, company = (client_of(who) for who in (bazaar.librarian(), bazaar.broker(), bazaar.speaker()))
    page = owner.get("/account/exchange/new/need")
    assert page.status_code == 200
    speaker = f"h{bazaar.library.pk}"
    for _ in range(2):
        sent = owner.post("/account/exchange/new/need", form(speaker=speaker))
        assert sent.status_code == 302, sent.context and sent.context["form"].errors
    need = Posting.objects.get()
    assert (need.budget_from, need.house_id, need.organisation_id) == (
        500_000_000,
        bazaar.library.pk,
        bazaar.authority.pk,
    )
    mine = f"/account/exchange/{need.pk}"
    owner.post(f"{mine}/edit", form(context="Thirty thousand of them."))
    owner.post(mine, {"act": "submit"})
    assert state_of(need.pk) == "submitted"
    assert TITLE in desk.get("/desk/exchange/").content.decode()
    at_desk = f"/desk/exchange/{need.pk}"
    desk.post(at_desk, {"act": "approve"})
    assert state_of(need.pk) == "published"
    public = f"/exchange/{need.pk}"
    assert "Tell the broker" in company.get(public).content.decode()
    answer = company.post(
        f"{public}/interest", {"partner": bazaar.company.pk, "words": "We have read such copies for years."}
    )
    match = Match.objects.get()
    room = f"/account/exchange/matches/{match.pk}"
    assert answer["Location"] == room
    owner.post(room, {"act": "yes"})
    day = (timezone.now() + timedelta(days=3)).date().isoformat()
    desk.post(room, {"act": "introduce", "day": day, "time": "10:30", "where": "Qalam"})
    assert match_state(match.pk) == "introduced"
    told = company.get(room).content.decode()
    assert "10:30" in told
    assert Account.objects.get(pk=need.made_by_id or 0).email in told
    desk.post(room, {"act": "talks"})
    begun = owner.get(f"{room}?template=supply&language=fa").context["begun"]
    assert "توافق‌نامهٔ تأمین" in begun
    assert PROBLEM in begun
    owner.post(room, {"act": "text", "text": begun, "language": "fa", "template": "supply"})
    company.post(room, {"act": "accept", "version": "1"})
    assert (match_state(match.pk), state_of(need.pk)) == ("agreed", "agreed")
    PDF.seek(0)
    company.post(room, {"act": "outcome", "kind": "in_use", "words": "30,000 pages are read.", "file": PDF})
    outcome = Outcome.objects.get()
    file = owner.get(f"{room}/evidence/{outcome.pk}")
    assert file["Content-Disposition"] == 'attachment; filename="report.pdf"'
    assert b"".join(file.streaming_content) == b"%PDF-1.7\nstartxref\n0\n%%EOF"  # type: ignore[attr-defined]
    owner.post(room, {"act": "confirm", "outcome": outcome.pk})
    assert state_of(need.pk) == "closed"
    for language in ("fa", "vi", "en"):
        for who, path in ((owner, mine), (owner, room), (company, room), (desk, room), (desk, at_desk), (None, public)):
            reader = who or Client()
            assert reader.get(path, HTTP_ACCEPT_LANGUAGE=language).status_code == 200, (language, path)
    stranger = client_of(bazaar.speaker(bazaar.rival))
    assert stranger.get(room).status_code == 404
    assert stranger.get(f"{room}/evidence/{outcome.pk}").status_code == 404
    assert stranger.get(mine).status_code == 404
    assert stranger.get(at_desk).status_code == 404


def test_an_anonymous_need_is_shown_what_tells_of_it_and_leaks_nothing(bazaar: Bazaar) -> None:
    librarian = bazaar.librarian()
    owner = client_of(librarian)
    problem = "کتابخانهٔ ملاصدرا در کهک هزار برگه دارد؛ با ۰۲۵۳۲۱۲۳۴۵۶ یا info@x-lib.example.org تماس بگیرید."
    owner.post("/account/exchange/new/need", form(speaker=f"h{bazaar.library.pk}", anonymous="on", problem=problem))
    need = Posting.objects.get()
    mine = f"/account/exchange/{need.pk}"
    page = owner.get(mine)
    found = {one["text"] for one in page.context["found"]}
    assert found >= {"کتابخانهٔ ملاصدرا", "کهک", "۰۲۵۳۲۱۲۳۴۵۶", "info@x-lib.example.org"}
    owner.post(mine, {"act": "submit", "seen": page.context["seen"]})
    assert state_of(need.pk) == "draft", "without the tick nothing is submitted"
    owner.post(f"{mine}/edit", form(anonymous="on"))
    # What is left is the broker's house, which has published for nobody else.
    page = owner.get(mine)
    assert [one["where"] for one in page.context["found"]] == ["Broker"]
    owner.post(mine, {"act": "submit", "seen": page.context["seen"], "sure": "1"})
    services.approve(actor=bazaar.broker(), posting_id=need.pk, now=timezone.now())
    number = services.show_interest(
        actor=bazaar.speaker(), need_id=need.pk, partner_id=bazaar.company.pk, words="We can.", now=timezone.now()
    )
    secrets = [
        *bazaar.authority.names.values(), *bazaar.library.names.values(), "X-LIB", "X-AUTH", "Kahak", "کهک",
        librarian.name,
    ]  # fmt: skip
    company = client_of(bazaar.speaker())
    for who in (Client(), company, client_of(bazaar.person())):
        for path in (
            "/exchange",
            f"/exchange/{need.pk}",
            f"/api/v1/exchange/{need.pk}",
            "/api/v1/exchange",
        ):
            for language in ("fa", "vi", "en"):
                text = who.get(path, HTTP_ACCEPT_LANGUAGE=language).content.decode()
                # The list has every district to choose from.
                known = ("Kahak", "کهک") if path == "/exchange" else ()
                assert not [one for one in secrets if one in text and one not in known], path
    room = company.get(f"/account/exchange/matches/{number}").content.decode()
    assert not [one for one in secrets if one in room]


def test_pages_with_nothing_and_for_nobody(bazaar: Bazaar) -> None:
    assert Client().get("/exchange").status_code == 200
    assert client_of(bazaar.person()).get("/account/exchange").status_code == 200
    assert client_of(bazaar.librarian()).get("/account/exchange").status_code == 200
    assert client_of(bazaar.broker()).get("/desk/exchange/").status_code == 200
    assert client_of(bazaar.person()).get("/desk/exchange/").status_code == 404
    assert client_of(bazaar.person()).get("/account/exchange/new/need").status_code == 404
    assert client_of(bazaar.librarian()).get("/account/exchange/new/wish").status_code == 404
    assert Client().get("/account/exchange").status_code == 302


def test_what_is_wrong_stands_beside_its_field(bazaar: Bazaar) -> None:
    owner = client_of(bazaar.librarian())
    page = owner.post(
        "/account/exchange/new/need",
        form(speaker=f"h{bazaar.library.pk}", problem="Short", budget_from="much", closes_on="2020-01-01", broker=""),
    )
    assert page.status_code == 422
    assert set(page.context["form"].errors) >= {"budget_from"}
    page = owner.post(
        "/account/exchange/new/need",
        form(speaker=f"h{bazaar.library.pk}", problem="Short", closes_on="2020-01-01", broker=""),
    )
    assert set(page.context["form"].errors) == {"problem", "closes_on", "broker"}


@pytest.fixture
def repeated(bazaar: Bazaar) -> str:
    """The page of two needs that say the same, one of them anonymous."""
    bazaar.need()
    bazaar.need(bazaar.speaker(bazaar.authority), house_code="", title="خواندن کپی کم‌رنگ", anonymous=True)
    Posting.objects.update(published_at=timezone.now() - timedelta(days=61))
    services.gather_needs(now=timezone.now())
    return f"/desk/exchange/repeated/{Gathering.objects.get().pk}"


def test_a_library_is_asked_to_buy_what_several_need(bazaar: Bazaar, repeated: str) -> None:
    desk, library = client_of(bazaar.broker()), client_of(bazaar.librarian())
    for language in ("fa", "vi", "en"):
        assert repeated in desk.get("/desk/exchange/repeated", HTTP_ACCEPT_LANGUAGE=language).content.decode()
        assert "خواندن کپی کم‌رنگ" in desk.get(repeated, HTTP_ACCEPT_LANGUAGE=language).content.decode()
    assert library.get(repeated).status_code == 404
    for wrong in ({}, {"act": "purchase", "house": "X-LIB"}, {"act": "purchase", "note": "A reader", "house": "X-INN"}):
        assert desk.post(repeated, wrong).status_code == 422
    assert desk.post(repeated, {"act": "purchase", "note": "A reader", "house": "X-LIB"}).status_code == 302
    assert desk.post(repeated, {"act": "aside", "note": "Late"}, follow=True).status_code == 200
    assert Gathering.objects.get().decision == "purchase"
    assert repeated in library.get("/desk/exchange/repeated").content.decode()
    assert "A reader" in library.get(repeated).content.decode()
    assert library.post(repeated, {"act": "declined"}).status_code == 422
    assert library.post(repeated, {"act": "taken"}).status_code == 302
    assert Gathering.objects.get().answer == "taken"
    own = library.get(f"/account/exchange/{Posting.objects.order_by('pk')[0].pk}").content.decode()
    assert "A reader" in own
    assert "خواندن کپی کم‌رنگ" not in own


def test_repeated_needs_become_a_draft_call(bazaar: Bazaar, repeated: str) -> None:
    manager = bazaar._with(Role.PROGRAMME_MANAGER, house=bazaar.centre)
    pages = client_of(manager)
    names = Label("Challenges", "چالش‌ها", "Bài toán")
    programmes.add_programme(
        actor=manager, house_id=bazaar.centre.pk, now=timezone.now(),
        draft=ProgrammeDraft(code="challenges", kind=ProgrammeKind.INCUBATION, names=names, descriptions=names),
    )  # fmt: skip
    assert pages.post(repeated, {"act": "call", "house": "X-INN"}).status_code == 302
    address = f"/desk/programmes/of/challenges/calls/new?gathering={Gathering.objects.get().pk}"
    assert address in pages.get(repeated).content.decode().replace("&amp;", "&")
    form = pages.get(address).content.decode()
    assert TITLE in form
    assert PROBLEM in form
    assert address in form
    said = {
        "names_en": "Faint copies",
        "names_fa": "کپی‌های کم‌رنگ",
        "names_vi": "Bản mờ",
        "places": "1",
        "for_persons": "1",
        "key": "k",
    }
    made = pages.post(address, said)
    assert made.status_code == 302, made.context["wrong"]
    stored = Gathering.objects.get()
    assert (stored.answer, made["Location"]) == ("taken", f"/desk/programmes/calls/{stored.call_id}")
    # Another's second form comes too late: it is led to what was made, and makes nothing.
    assert pages.post(address, {**said, "key": "other"})["Location"] == repeated
    assert queries.gathering(stored.pk, actor=manager).fate.call_id == stored.call_id


def test_the_lists_cost_the_same_for_many(bazaar: Bazaar, django_assert_max_num_queries: Any) -> None:
    broker = bazaar.broker()
    company = bazaar.speaker()
    for number in range(6):
        bazaar.match(bazaar.need(title=f"Need {number}", anonymous=number % 2 == 0), partner=company)
    with django_assert_max_num_queries(8):
        assert len(queries.postings(queries_filter(), actor=company).rows) == 6
    with django_assert_max_num_queries(17):
        assert len(queries.own_matches(company)) == 6
    visitor = actor_of(None, now=NOW)
    assert queries.own_matches(visitor) == []
    assert client_of(broker).get("/desk/exchange/").status_code == 200


def queries_filter() -> Any:
    from khaneh.domains.exchange.types import PostingFilter

    return PostingFilter()


def test_who_is_never_proposed_is_shown_with_its_remedy_and_as_a_table(bazaar: Bazaar) -> None:
    row = {
        "kind": "organisation",
        "text": "Few words",
        "digest": "x",
        "revision": 1,
        "sectors": ["26"],
        "terms": b"1234",
        "terms_version": 1,
    }
    MatchText.objects.create(key=bazaar.company.pk, organisation=bazaar.company, vector=b"1", **row)
    bazaar.company.names = {**bazaar.company.names, "en": "=cmd()"}
    bazaar.company.save()
    desk = client_of(bazaar.broker())
    for language in ("fa", "vi", "en"):
        page = desk.get("/desk/exchange/coverage", HTTP_ACCEPT_LANGUAGE=language)
        assert [one[0] for one in page.context["reasons"]] == ["terse"]
        assert page.context["rows"][0]["why"]
    table = desk.get("/desk/exchange/coverage.csv").content.decode()
    assert "'=cmd()" in table
    assert ",terse," in table
    assert client_of(bazaar.speaker()).get("/desk/exchange/coverage").status_code == 404
