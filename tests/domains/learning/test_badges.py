"""Certificates: what anybody may check, badges that a program of others verifies, and what is taken back or forgotten."""

from __future__ import annotations

import json
from typing import Any

import jwt
import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from jwt.algorithms import RSAAlgorithm
from openbadgeslib.ob3 import OB3VerificationError, OB3Verifier

from khaneh.domains.learning import queries, services
from khaneh.domains.learning.errors import CertificateRevoked
from khaneh.domains.learning.models import Certificate, Enrolment, SigningKey
from khaneh.domains.learning.types import CertificateRow
from khaneh.domains.people import services as people
from khaneh.domains.qualifications import queries as qualifications
from khaneh.kernel.actor import Actor
from khaneh.kernel.refusal import NotFound
from tests.domains.learning.school import NOW, School

pytestmark = pytest.mark.django_db


def finished(school: School, actor: Actor) -> CertificateRow:
    """Somebody completes the safety course with 85 of 100."""
    run = school.run()
    number = school.enrolled(run, actor)
    for meeting in (1, 2):
        school.present(run, number, meeting)
    services.assess(actor=school.trainer, enrolment_id=number, score=85, now=run.ends)
    services.finish_run(actor=school.trainer, run_id=run.id, now=run.ends)
    return queries.certificates_of(actor.account_id or 0)[0]


def verifier(token: str) -> OB3Verifier:
    """What somebody else does who has only the badge: its header names the key, whose public half is at that address."""
    address = jwt.get_unverified_header(token)["kid"]
    start = f"{settings.SITE_URL}/badges/keys/"
    assert address.startswith(start)
    return OB3Verifier(pubkey_pem=RSAAlgorithm.from_jwk(json.dumps(queries.badge_key(address.removeprefix(start)))))


@pytest.mark.usefixtures("_past")
def test_another_program_verifies_a_badge_until_it_is_taken_back(school: School) -> None:
    sara = school.places.person()
    row = finished(school, sara)
    badge = queries.badge(row.key)
    told = verifier(badge.token).verify(badge.token)
    assert (told.achievement.name, told.issuer.id) == ("SAFETY", f"{settings.SITE_URL}/badges/issuer")
    subject: Any = badge.credential["credentialSubject"]
    email = subject["identifier"][0]
    assert email["hashed"]
    assert "@" not in json.dumps(subject["identifier"]), "the address is hashed"
    assert subject["result"][0]["value"] == "85"

    lists = {f"{settings.SITE_URL}/badges/status": services.status_list(now=NOW).encode()}
    verifier(badge.token).verify(badge.token, check_status=True, download=lists.__getitem__)
    services.revoke_certificate(actor=school.trainer, certificate_id=row.id, reason="Somebody else sat it", now=NOW)
    lists = {f"{settings.SITE_URL}/badges/status": services.status_list(now=NOW).encode()}
    with pytest.raises(OB3VerificationError, match="'revocation' is set"):
        verifier(badge.token).verify(badge.token, check_status=True, download=lists.__getitem__)


@pytest.mark.usefixtures("_past")
def test_a_changed_badge_is_no_badge(school: School) -> None:
    token = queries.badge(finished(school, school.places.person()).key).token
    head, payload, seal = token.split(".")
    forged = jwt.utils.base64url_encode(jwt.utils.base64url_decode(payload).replace(b"SAFETY", b"SURGEON")).decode()
    assert forged != payload
    with pytest.raises(OB3VerificationError, match="signature"):
        verifier(token).verify(f"{head}.{forged}.{seal}")


@pytest.fixture
def _past(monkeypatch: pytest.MonkeyPatch) -> None:
    """Verifiers look at the clock, and the tests' March lies ahead of some and behind others: it is always behind these."""
    from datetime import UTC, datetime

    class Later(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:
            return datetime(2026, 12, 1, tzinfo=tz or UTC)

    monkeypatch.setattr("openbadgeslib.ob3.verifier.datetime", Later)
    monkeypatch.setattr("openbadgeslib.ob3.status.datetime", Later)
    monkeypatch.setattr("jwt.api_jwt.datetime", Later)


def test_taking_back_takes_what_came_with_it(school: School) -> None:
    sara = school.places.person()
    row = finished(school, sara)
    assert qualifications.held_by(sara.account_id or 0, at=row.issued_at)
    with pytest.raises(NotFound):
        services.revoke_certificate(actor=sara, certificate_id=row.id, reason="Mine", now=row.issued_at)
    services.revoke_certificate(actor=school.trainer, certificate_id=row.id, reason="Not she", now=row.issued_at)
    assert not qualifications.held_by(sara.account_id or 0, at=row.issued_at)
    told = queries.check(row.key)
    assert (told.is_valid, told.reason) == (False, "Not she")
    with pytest.raises(CertificateRevoked):
        services.revoke_certificate(actor=school.trainer, certificate_id=row.id, reason="Again", now=row.issued_at)
    with pytest.raises(IntegrityError), transaction.atomic():
        Certificate.objects.filter(pk=row.id).update(revoked_at=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Certificate.objects.filter(pk=row.id).update(score=100)


def test_retraining_renews_what_is_held(school: School) -> None:
    sara = school.places.person()
    finished(school, sara)
    run = school.run(meetings=(school.meeting(24),))
    number = school.enrolled(run, sara)
    school.present(run, number, 1)
    services.assess(actor=school.trainer, enrolment_id=number, score=70, now=run.ends)
    services.finish_run(actor=school.trainer, run_id=run.id, now=run.ends)
    held = qualifications.holdings_of(sara.account_id or 0, actor=sara)
    assert [(one.end_reason, one.is_valid(run.ends)) for one in held] == [(None, True), ("renewed", False)]
    assert SigningKey.objects.count() == 1
    assert len(queries.certificates_of(sara.account_id or 0)) == 2


def test_keys_and_numbers_open_nothing_by_guessing(school: School) -> None:
    row = finished(school, school.places.person())
    assert len(row.key) >= 20
    for wrong in ("", row.number, row.key[:-1], str(row.id)):
        with pytest.raises(NotFound):
            queries.check(wrong)
        with pytest.raises(NotFound):
            queries.badge(wrong)
    for wrong in ("", "2026-", f"2025-{row.id:06d}", f"2026-{10**30}", f"{row.id}"):
        with pytest.raises(NotFound):
            queries.certificate(wrong, actor=school.trainer)
    with pytest.raises(NotFound):
        queries.certificate(row.number, actor=school.places.person())


def test_who_is_forgotten_leaves_no_name_and_no_page(school: School) -> None:
    sara = school.places.person()
    row = finished(school, sara)
    waiting = school.run("TALK", meetings=(school.meeting(25),))
    school.enrolled(waiting, sara)
    told = services.export_member(_member(sara))
    assert [one["course"] for one in told["enrolments"]] == ["SAFETY", "TALK"]
    assert told["certificates"][0]["number"] == row.number
    services.erase_account(sara.account_id or 0, row.issued_at)
    with pytest.raises(NotFound):
        queries.check(row.key)
    assert not Enrolment.objects.filter(account_id=sara.account_id).exists()
    assert set(Enrolment.objects.values_list("state", "account", "code")) == {
        ("completed", None, ""), ("withdrawn", None, ""),
    }  # fmt: skip
    assert (Certificate.objects.get().holder, Certificate.objects.get().token) == ("", "")
    (cohort,) = queries.finished()
    assert (cohort.account_id, cohort.course_code) == (None, "SAFETY"), "the figure keeps them"


def _member(actor: Actor) -> int:
    from khaneh.domains.people.models import Member

    return Member.objects.get(account_id=actor.account_id).pk


def test_the_people_domain_asks_this_one(school: School) -> None:
    """Registered with what members may ask for and have forgotten."""
    assert "learning" in people.personal_data.keepers()
