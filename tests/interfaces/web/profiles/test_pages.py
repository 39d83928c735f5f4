"""The pages of profiles: from a sign-up to a showcase that everybody finds, and to a withdrawal after which nobody does."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from khaneh.domains.network.models import Organisation
from khaneh.domains.network.types import Role
from khaneh.domains.people.models import Account
from khaneh.domains.profiles import queries, services
from khaneh.domains.profiles.models import CompanyImport, ImportLine, Mentor, SignUp
from khaneh.domains.profiles.types import CatalogueFilter
from khaneh.kernel.actor import Actor
from tests.domains.profiles.scene import NOW, PDF, Scene


def page(who: Actor | None = None, language: str = "en") -> Client:
    """A browser of somebody."""
    client = Client()
    client.cookies["language"] = language
    if who is not None:
        client.force_login(Account.objects.get(pk=who.account_id))
    return client


def test_from_sign_up_to_showcase_and_away(scene: Scene) -> None:
    who, officer = page(scene.person()), page(scene.officer())
    told = {
        "kind": "company_startup", "names_en": "Lam RFID", "registration_number": "4711", "region": "yz-town",
        "sector_1": "26", "capabilities": "RFID, software", "key": "k",
    }  # fmt: skip
    for _ in range(2):  # sent twice it is one
        answer = who.post(reverse("account-signup-new"), told)
    signup = SignUp.objects.get()
    own = reverse("account-signup", args=[signup.pk])
    assert answer["Location"] == own
    assert "Still missing" in who.post(own, {"act": "submit"}, follow=True).content.decode()
    bad = SimpleUploadedFile("certificate.pdf", b"MZ not a certificate")
    assert "whatever its name says" in who.post(own, {"act": "document", "file": bad}, follow=True).content.decode()
    who.post(own, {"act": "document", "kind": "registration", "file": SimpleUploadedFile("c.pdf", PDF)})
    assert officer.get(reverse("desk-signup", args=[signup.pk])).status_code == 404
    who.post(own, {"act": "submit"})
    assert "Lam RFID" in officer.get(reverse("desk-signups")).content.decode()
    desk = reverse("desk-signup", args=[signup.pk])
    paper = officer.get(reverse("signup-document", args=[signup.documents.get().pk]))
    assert (paper["Content-Type"], paper["X-Content-Type-Options"]) == ("application/pdf", "nosniff")
    assert "attachment" in paper["Content-Disposition"]
    assert officer.post(desk, {"outcome": "refused"}).status_code == 422
    officer.post(desk, {"outcome": "verified"})
    assert (
        "Somebody was faster"
        in officer.post(desk, {"outcome": "refused", "reason": "other"}, follow=True).content.decode()
    )
    code = Organisation.objects.get(registration_number="4711").code
    profile = reverse("account-profile", args=[code])
    assert "what you make or do" in who.post(profile, {"act": "publish"}, follow=True).content.decode()
    edit = reverse("account-profile-edit", args=[code])
    assert who.post(edit, {"makes_en": "Gates", "founded": "1"}).status_code == 422
    makes = {
        "makes_en": "Gates and tags for libraries",
        "stage": "growth",
        "trl": "8",
        "markets": "Iran, ویتنام",
        "founded": "۲۰۲۰",
    }
    assert who.post(edit, makes)["Location"] == profile
    who.post(reverse("account-product-new", args=[code]), {"names_en": "Shelf reader", "key": "p"})
    who.post(profile, {"act": "publish"})
    visitor = page()
    shown = visitor.get(reverse("companies"), {"sector": "C", "region": "yz", "stage": "growth", "kind": "company"})
    assert "Lam RFID" in shown.content.decode()
    assert "Lam RFID" not in visitor.get(reverse("companies"), {"sector": "A"}).content.decode()
    assert visitor.get(reverse("organisation", args=[code]))["Location"] == reverse("company", args=[code])
    company = visitor.get(reverse("company", args=[code])).content.decode()
    for words in ("Gates and tags", "Shelf reader", "TRL 8", "Vietnam"):
        assert words in company
    for language in ("fa", "vi"):
        assert page(None, language).get(reverse("company", args=[code])).status_code == 200
    assert "Tick the box" in who.post(profile, {"act": "withdraw"}, follow=True).content.decode()
    who.post(profile, {"act": "withdraw", "sure": "1"})
    for address in ("company", "organisation"):
        assert visitor.get(reverse(address, args=[code])).status_code == 404
    for address in ("companies", "organisations"):
        assert "Lam RFID" not in visitor.get(reverse(address)).content.decode()
    assert "Come back" in who.get(profile).content.decode()


def test_a_person_is_shown_after_saying_yes(scene: Scene) -> None:
    company, asked = scene.company(), scene.person()
    boss = page(scene.shown(company))
    profile = reverse("account-profile", args=[company.code])
    email = Account.objects.get(pk=asked.account_id).email
    boss.post(profile, {"act": "ask", "email": email, "title": "Master of glazes"})
    visitor, own = page(), page(asked)
    assert "Master of glazes" not in visitor.get(reverse("company", args=[company.code])).content.decode()
    mine = own.get(reverse("account-organisations")).content.decode()
    assert "Master of glazes" in mine
    person = mine.split("/account/organisations/shown/")[1].split('"')[0]
    assert page(scene.person()).post(reverse("account-shown", args=[person]), {"act": "yes"}).status_code == 404
    own.post(reverse("account-shown", args=[person]), {"act": "yes"})
    assert "Master of glazes" in visitor.get(reverse("company", args=[company.code])).content.decode()


def test_a_mentor_publishes_and_hides(scene: Scene) -> None:
    who = page(scene.person())
    address = reverse("account-mentor")
    assert who.post(address, {"headlines_en": ""}).status_code == 422
    told = {
        "headlines_en": "Kilns and glazes",
        "sector_1": "23",
        "capabilities": "ceramics",
        "languages": "fa, en",
        "hours": "4",
    }
    who.post(address, told)
    mentor = Mentor.objects.get()
    visitor = page()
    assert visitor.get(reverse("mentor", args=[mentor.pk])).status_code == 404
    who.post(address, {"act": "publish"})
    assert "Kilns and glazes" in visitor.get(reverse("mentors"), {"sector": "C"}).content.decode()
    assert visitor.get(reverse("mentor", args=[mentor.pk])).status_code == 200
    who.post(address, {"act": "hide"})
    assert "Kilns and glazes" not in visitor.get(reverse("mentors")).content.decode()


def test_a_table_with_something_unsure_side_by_side(scene: Scene) -> None:
    scene.company("Meybod Blue Glaze", number="77")
    desk = page(scene.person(Role.ADMINISTRATOR, scene.authority))
    table = "country,name_en,region,registration_number,isic,makes_en\nIR,Meybod Blue Glaze Co,yz-town,78,2393,=Glazed tiles\nIR,New One,yz-town,79,2393,Pots\nIR,Bad,yz-town,80,99999,\n"
    answer = desk.post(reverse("desk-company-imports"), {"file": SimpleUploadedFile("t.csv", table.encode())})
    assert "It waits for its turn" in desk.get(answer["Location"]).content.decode()
    number = CompanyImport.objects.get().pk
    services.run_import(import_id=number, clock=lambda: NOW)
    report = desk.get(answer["Location"]).content.decode()
    assert "New One" in report
    assert "New One" not in desk.get(answer["Location"], {"outcome": "refused"}).content.decode()
    line = ImportLine.objects.get(outcome="unsure")
    beside = desk.get(reverse("desk-company-line", args=[line.pk])).content.decode()
    assert "another registration number" in beside
    assert "Meybod Blue Glaze Co" in beside
    desk.post(reverse("desk-company-line", args=[line.pk]), {"act": f"join-{line.candidates[0]}"})
    line.refresh_from_db()
    assert (line.outcome, line.organisation_id) == ("joined", line.candidates[0])
    assert b"refused" in desk.get(answer["Location"], {"form": "csv"}).getvalue()
    assert (
        desk.post(reverse("desk-company-imports"), {"file": SimpleUploadedFile("t.csv", b"\x00\x01")}).status_code
        == 422
    )
    assert page(scene.officer()).get(answer["Location"]).status_code == 404


def test_a_page_by_key_goes_both_ways(scene: Scene) -> None:
    for number in range(5):
        scene.shown(scene.company(f"Company {number}"))

    first = queries.catalogue(CatalogueFilter(), limit=2)
    second = queries.catalogue(CatalogueFilter(), limit=2, after=first.after)
    third = queries.catalogue(CatalogueFilter(), limit=2, after=second.after)
    back = queries.catalogue(CatalogueFilter(), limit=2, before=third.before)
    names = [[line.organisation.names.en[-1] for line in one.lines] for one in (first, second, third, back)]
    assert names == [["0", "1"], ["2", "3"], ["4"], ["2", "3"]]
    assert (first.before, third.after) == ("", "")
    assert queries.catalogue(CatalogueFilter(), limit=2, after="nonsense").lines == first.lines
