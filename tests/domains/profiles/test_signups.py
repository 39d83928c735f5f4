"""An organisation signs itself up: seen by nobody, looked at by those of its region, decided once."""

from __future__ import annotations

import pytest
import pyvips
from django.db import IntegrityError, connection, transaction

from khaneh.domains.network import queries as network
from khaneh.domains.network.models import Organisation, Region
from khaneh.domains.network.types import Role
from khaneh.domains.people.models import RoleAssignment
from khaneh.domains.profiles import queries, services
from khaneh.domains.profiles.errors import (
    Incomplete,
    NotADocument,
    NumberTaken,
    OwnSignUp,
    SignUpStateRefused,
    TooManySignUps,
)
from khaneh.domains.profiles.models import Profile, SignUp, SignUpDecision
from khaneh.domains.profiles.queries import files
from khaneh.domains.profiles.types import DocumentKind, Outcome, SignUpState
from khaneh.kernel.actor import VISITOR
from khaneh.kernel.refusal import Invalid, NotAllowed, NotFound
from tests.domains.profiles.scene import NOW, PDF, Scene, signup_draft


def test_verified_it_is_in_the_register_with_its_administrator(scene: Scene) -> None:
    who, officer = scene.person(), scene.officer()
    row = scene.submitted(who)
    assert row.state is SignUpState.SUBMITTED
    assert [one.id for one in queries.waiting(actor=officer)] == [row.id]
    done = services.decide(actor=officer, signup_id=row.id, outcome=Outcome.VERIFIED, now=NOW)
    assert done.organisation is not None
    found = network.organisations_by_ids([done.organisation.id])[done.organisation.id]
    assert (found.names.en, found.registration_number, found.capabilities) == ("Lam RFID", "4711", ("rfid", "software"))
    role = RoleAssignment.objects.get(account_id=who.account_id)
    assert (role.role, role.organisation_id) == (Role.ADMINISTRATOR, found.id)
    # Being in the register shows nothing of what it has not written yet.
    assert Profile.objects.get(organisation_id=found.id).state == "hidden"
    with pytest.raises(NotFound):
        queries.profile(found.code, actor=VISITOR)


def test_before_it_is_submitted_nobody_else_sees_it(scene: Scene) -> None:
    who, officer = scene.person(), scene.officer()
    row = services.begin_signup(actor=who, draft=signup_draft(), now=NOW, key="k")
    assert services.begin_signup(actor=who, draft=signup_draft(), now=NOW, key="k").id == row.id
    for other in (officer, scene.person(), VISITOR):
        with pytest.raises(NotFound):
            queries.signup(row.id, actor=other)
        with pytest.raises(NotFound):
            services.change_signup(actor=other, signup_id=row.id, draft=signup_draft(), now=NOW)
    assert queries.waiting(actor=officer) == []
    with pytest.raises(NotFound):
        services.decide(actor=officer, signup_id=row.id, outcome=Outcome.VERIFIED, now=NOW)


def test_who_verifies_is_of_the_region_and_not_the_applicant(scene: Scene) -> None:
    row = scene.submitted(scene.person())
    far = Organisation.objects.create(
        code="FAR", kind="library_authority", country="IR", names={"en": "Far"},
        region=Region.objects.create(code="qm", level=1, country="IR", names={"en": "Qom"}),
    )  # fmt: skip
    stranger = scene.person(Role.ADMINISTRATOR, far)
    with pytest.raises(NotFound):
        queries.signup(row.id, actor=stranger)
    for other in (stranger, scene.officer(Role.LIBRARIAN)):
        with pytest.raises(NotAllowed):
            services.decide(actor=other, signup_id=row.id, outcome=Outcome.VERIFIED, now=NOW)
    officer = scene.officer()
    own = scene.submitted(officer, signup_draft(number="99"))
    with pytest.raises(OwnSignUp):
        services.decide(actor=officer, signup_id=own.id, outcome=Outcome.VERIFIED, now=NOW)


def test_returned_it_is_mended_and_handed_in_again(scene: Scene) -> None:
    who, officer = scene.person(), scene.officer()
    row = scene.submitted(who)
    with pytest.raises(Invalid):
        services.decide(actor=officer, signup_id=row.id, outcome=Outcome.RETURNED, now=NOW)
    services.decide(
        actor=officer,
        signup_id=row.id,
        outcome=Outcome.RETURNED,
        now=NOW,
        reasons=("name_differs",),
        words="See page 2",
    )
    services.change_signup(actor=who, signup_id=row.id, draft=signup_draft(name="Lam RFID Ltd"), now=NOW)
    again = services.submit(actor=who, signup_id=row.id, now=NOW)
    assert again.turn == 2
    done = services.decide(actor=officer, signup_id=row.id, outcome=Outcome.VERIFIED, now=NOW)
    assert [(one.turn, one.outcome, one.reasons) for one in done.decisions] == [
        (1, Outcome.RETURNED, ("name_differs",)),
        (2, Outcome.VERIFIED, ()),
    ]


def test_what_is_refused_is_over(scene: Scene) -> None:
    who, officer = scene.person(), scene.officer()
    row = scene.submitted(who)
    services.decide(actor=officer, signup_id=row.id, outcome=Outcome.REFUSED, now=NOW, reasons=("not_entitled",))
    for act in (
        lambda: services.submit(actor=who, signup_id=row.id, now=NOW),
        lambda: services.withdraw_signup(actor=who, signup_id=row.id, now=NOW),
        lambda: services.decide(actor=officer, signup_id=row.id, outcome=Outcome.VERIFIED, now=NOW),
    ):
        with pytest.raises(SignUpStateRefused):
            act()
    assert not Organisation.objects.filter(registration_number="4711").exists()


def test_a_number_of_the_register_is_claimed_and_not_entered_twice(scene: Scene) -> None:
    company = scene.company(number="4711")
    who, officer = scene.person(), scene.officer()
    row = scene.submitted(who, signup_draft(number="۴۷۱۱"))
    assert row.claims is not None
    assert row.claims.id == company.pk
    done = services.decide(actor=officer, signup_id=row.id, outcome=Outcome.VERIFIED, now=NOW)
    assert done.organisation is not None
    assert done.organisation.id == company.pk
    assert Organisation.objects.filter(registration_number="4711").count() == 1


def test_two_with_one_number_are_not_both_verified(scene: Scene) -> None:
    officer = scene.officer()
    first, second = scene.submitted(scene.person()), scene.submitted(scene.person())
    services.decide(actor=officer, signup_id=first.id, outcome=Outcome.VERIFIED, now=NOW)
    with pytest.raises(NumberTaken):
        services.decide(actor=officer, signup_id=second.id, outcome=Outcome.VERIFIED, now=NOW)
    assert SignUp.objects.get(pk=second.id).state == "submitted"


def test_what_is_missing_is_named(scene: Scene) -> None:
    who = scene.person()
    row = services.begin_signup(actor=who, draft=signup_draft(number=""), now=NOW)
    with pytest.raises(Incomplete) as refused:
        services.submit(actor=who, signup_id=row.id, now=NOW)
    assert refused.value.facts["missing"] == ["registration_number", "documents"]
    with pytest.raises(Invalid) as wrong:
        services.begin_signup(actor=who, draft=signup_draft(website="javascript:alert(1)"), now=NOW)
    assert wrong.value.facts["fields"] == {"website": "web_address"}
    with pytest.raises(NotAllowed):
        services.begin_signup(actor=VISITOR, draft=signup_draft(), now=NOW)


def test_an_account_signs_up_five_at_most(scene: Scene) -> None:
    who = scene.person()
    for _ in range(services.MOST_OPEN):
        services.begin_signup(actor=who, draft=signup_draft(), now=NOW)
    with pytest.raises(TooManySignUps):
        services.begin_signup(actor=who, draft=signup_draft(), now=NOW)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "required"),
        (b"MZ\x90\x00 a program that calls itself a certificate", "not_a_document"),
        (b"<html><script>alert(1)</script></html>", "not_a_document"),
        (b"%PDF-1.7 no end", "not_a_document"),
        (PDF.replace(b"<<>>", b"<</OpenAction<</S/JavaScript/JS (app.alert(1))>>>>"), "active"),
        (b"\xff\xd8\xff broken", "not_a_document"),
    ],
)
def test_a_file_is_what_its_content_is(scene: Scene, content: bytes, reason: str) -> None:
    who = scene.person()
    row = services.begin_signup(actor=who, draft=signup_draft(), now=NOW)
    with pytest.raises(NotADocument) as refused:
        services.add_document(
            actor=who, signup_id=row.id, kind=DocumentKind.REGISTRATION, name="a.pdf", content=content, now=NOW
        )
    assert refused.value.facts["reason"] == reason


def test_a_photograph_is_drawn_anew_and_files_go_when_taken_back(
    scene: Scene, django_capture_on_commit_callbacks: object
) -> None:
    photograph = pyvips.Image.black(60, 80, bands=3).copy()
    photograph.set_type(
        pyvips.GValue.gstr_type, "exif-ifd0-Artist", "Somebody (Somebody, ASCII, 9 components, 9 bytes)"
    )
    sent = photograph.jpegsave_buffer()
    assert b"Exif" in sent
    who, officer, other = scene.person(), scene.officer(), scene.person()
    row = services.begin_signup(actor=who, draft=signup_draft(), now=NOW)
    row = services.add_document(
        actor=who, signup_id=row.id, kind=DocumentKind.LICENCE, name="x.exe", content=sent, now=NOW
    )
    paper = row.documents[0]
    assert paper.media == "image/webp"
    _, content = queries.document(paper.id, actor=who)
    assert b"Exif" not in content
    services.submit(actor=who, signup_id=row.id, now=NOW)
    assert queries.document(paper.id, actor=officer)[0].id == paper.id
    with pytest.raises(NotFound):
        queries.document(paper.id, actor=other)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        services.withdraw_signup(actor=who, signup_id=row.id, now=NOW)
    assert list(files.documents().digests()) == []
    with pytest.raises(NotFound):
        queries.signup(row.id, actor=officer)


def test_the_database_refuses_what_the_services_do_not_do(scene: Scene) -> None:
    who, officer = scene.person(), scene.officer()
    row = scene.submitted(who)
    found = SignUp.objects.filter(pk=row.id)
    for wrong in ({"state": "draft"}, {"state": "verified"}, {"registration_number": "1"}, {"turn": 5}):
        with pytest.raises(IntegrityError), transaction.atomic():
            found.update(**wrong)
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    services.decide(actor=officer, signup_id=row.id, outcome=Outcome.REFUSED, now=NOW, reasons=("other",))
    for act in (
        lambda: found.update(state="submitted"),
        lambda: SignUpDecision.objects.update(outcome="verified"),
        lambda: SignUpDecision.objects.all().delete(),
        lambda: SignUpDecision.objects.create(signup_id=row.id, turn=1, outcome="verified", decided_at=NOW),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            act()
