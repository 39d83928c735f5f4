"""The public page of a certificate: for who has its address, in three languages, with a code that cameras read."""

from __future__ import annotations

import json
import re

import numpy
import pytest
import zxingcpp
from bs4 import BeautifulSoup
from django.conf import settings
from django.test import Client
from jwt.algorithms import RSAAlgorithm
from openbadgeslib.ob3 import OB3Verifier

from khaneh.domains.learning import queries, services
from khaneh.domains.learning.types import CertificateRow
from khaneh.kernel.actor import SYSTEM
from tests.domains.learning.school import School, make_school

pytestmark = pytest.mark.django_db


@pytest.fixture
def school(db: None) -> School:
    """Houses, rooms and a course."""
    return make_school()


@pytest.fixture
def given(school: School) -> CertificateRow:
    """Somebody has completed the safety course."""
    run, sara = school.run(), school.places.person()
    number = school.enrolled(run, sara)
    for meeting in (1, 2):
        school.present(run, number, meeting)
    services.assess(actor=school.trainer, enrolment_id=number, score=85, now=run.ends)
    services.finish_run(actor=school.trainer, run_id=run.id, now=run.ends)
    return queries.certificates_of(sara.account_id or 0)[0]


def read(drawing: str) -> str:
    """What a camera reads from the drawing: each module eight pixels wide."""
    size = int(re.search(r'viewBox="0 0 (\d+)', drawing, re.IGNORECASE).group(1))  # type: ignore[union-attr]
    image = numpy.full((size, size), 255, dtype=numpy.uint8)
    for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1", drawing):
        image[int(y), int(x) : int(x) + int(width)] = 0
    (found,) = zxingcpp.read_barcodes(numpy.kron(image, numpy.ones((8, 8), dtype=numpy.uint8)))
    return str(found.text)


@pytest.mark.parametrize(
    ("language", "direction", "words"),
    [("fa", "rtl", "گواهی می‌شود"), ("vi", "ltr", "Chứng nhận"), ("en", "ltr", "This says that")],
)
def test_the_page_says_what_the_paper_says(given: CertificateRow, language: str, direction: str, words: str) -> None:
    answer = Client().get(f"/certificates/{given.key}?lang={language}")
    page = BeautifulSoup(answer.content, "html.parser")
    assert answer.status_code == 200
    assert page.html is not None
    assert page.html["dir"] == direction
    article = page.select_one("article.certificate")
    assert article is not None
    text = article.get_text(" ", strip=True)
    assert words in text
    for said in (given.holder, "SAFETY", given.number):
        assert said in text
    assert read(str(article.select_one("svg.qr"))) == f"{settings.SITE_URL}/certificates/{given.key}"
    assert page.select_one('meta[name="robots"][content*="noindex"]') is not None
    assert page.select_one('link[rel="canonical"]') is None, "the address is the key"


def test_one_that_was_taken_back_says_so(given: CertificateRow) -> None:
    services.revoke_certificate(
        actor=SYSTEM, certificate_id=given.id, reason="Somebody else sat it", now=given.issued_at
    )
    page = BeautifulSoup(Client().get(f"/certificates/{given.key}?lang=en").content, "html.parser")
    said = page.select_one(".certificate-page__say")
    assert said is not None
    assert "does not count" in said.get_text()
    assert "Somebody else sat it" in said.get_text()
    assert "no longer held" in page.get_text()


def test_wrong_keys_look_like_nothing(given: CertificateRow) -> None:
    for wrong in (given.number, given.key[:-1], given.key.swapcase(), "x" * 5000):
        assert Client().get(f"/certificates/{wrong}").status_code == 404
        assert Client().get(f"/certificates/{wrong}/badge").status_code == 404


def test_a_program_verifies_the_badge_from_its_addresses_alone(given: CertificateRow) -> None:
    """As somebody would who was sent the badge: each address that it names is opened here."""

    def opened(address: str) -> bytes:
        answer = Client().get(address.removeprefix(settings.SITE_URL))
        assert answer.status_code == 200, address
        return answer.content

    token = opened(f"{settings.SITE_URL}/certificates/{given.key}/badge").decode()
    badge = queries.badge(given.key)
    verifier = OB3Verifier(pubkey_pem=RSAAlgorithm.from_jwk(opened(badge.key_id).decode()))
    told = verifier._decode_payload(token)  # the signature; when it was given is judged in the tests of the domain
    assert told["credentialSubject"]["achievement"]["name"] == "SAFETY"
    issuer = json.loads(opened(told["issuer"]["id"]))
    assert issuer["id"] == told["iss"]
    achievement = json.loads(opened(told["credentialSubject"]["achievement"]["id"]))
    assert achievement["type"] == ["Achievement"]
    assert (
        verifier._decode_payload(opened(told["credentialStatus"]["statusListCredential"]).decode())["iss"]
        == told["iss"]
    )
    assert opened(told["evidence"][0]["id"])
