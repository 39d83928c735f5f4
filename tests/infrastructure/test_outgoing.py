"""What becomes of mail at a real server on the loopback: taken, refused for a while or for good, or nobody knows."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from khaneh.infrastructure import mail
from khaneh.infrastructure.outgoing import Handed, Mailer, Outcome
from tests.infrastructure.smtp_server import SmtpServer, smtp_server


@pytest.fixture
def server(settings: object) -> Iterator[SmtpServer]:
    with smtp_server() as running:
        for name, value in mail.django_settings(running.url(), outbox=None).items():  # type: ignore[arg-type]
            setattr(settings, name, value)
        yield running


def send(mailer: Mailer, to: str = "sara@example.org", token: str = "t-1", subject: str = "سلام") -> Handed:
    return mailer.send(to=to, subject=subject, plain="متن ساده", html="<p>متن</p>", token=token)


def test_a_mail_is_taken_with_its_own_message_id(server: SmtpServer) -> None:
    with Mailer() as mailer:
        assert send(mailer).outcome is Outcome.SENT
        assert send(mailer, token="t-2").outcome is Outcome.SENT
    first, second = server.taken
    assert (first["Message-ID"], second["Message-ID"]) == ("<t-1@localhost>", "<t-2@localhost>")
    assert first["Subject"] == "سلام"
    assert first["Auto-Submitted"] == "auto-generated"
    assert {part.get_content_type() for part in first.walk()} >= {"text/plain", "text/html"}


@pytest.mark.parametrize(
    ("answer", "outcome", "reason", "wrong"),
    [
        ("550 5.1.1 <sara@example.org> unknown here", Outcome.NEVER, "address_refused", True),
        ("450 4.2.0 greylisted", Outcome.LATER, "busy", False),
    ],
)
def test_a_recipient_is_refused(server: SmtpServer, answer: str, outcome: Outcome, reason: str, wrong: bool) -> None:
    server.refuse["sara@example.org"] = answer
    with Mailer() as mailer:
        result = send(mailer)
        assert send(mailer, to="ali@example.org").outcome is Outcome.SENT
    assert (result.outcome, result.reason, result.address_wrong) == (outcome, reason, wrong)
    assert "sara" not in result.detail


@pytest.mark.parametrize(
    ("answer", "outcome", "reason"),
    [("554 spam", Outcome.NEVER, "rejected"), ("451 disk full", Outcome.LATER, "busy")],
)
def test_the_text_is_refused(server: SmtpServer, answer: str, outcome: Outcome, reason: str) -> None:
    server.answer_to_data = answer
    with Mailer() as mailer:
        result = send(mailer)
    assert (result.outcome, result.reason, result.address_wrong) == (outcome, reason, False)


def test_no_answer_after_the_text_is_unsure(server: SmtpServer, settings: object) -> None:
    settings.EMAIL_TIMEOUT = 0.3  # type: ignore[attr-defined]
    server.hold = True
    with Mailer() as mailer:
        assert send(mailer).outcome is Outcome.UNSURE
    assert len(server.taken) == 1


def test_nobody_listening_took_nothing(settings: object) -> None:
    for name, value in mail.django_settings("smtp://127.0.0.1:9", outbox=None).items():  # type: ignore[arg-type]
        setattr(settings, name, value)
    with Mailer() as mailer:
        assert (send(mailer).outcome, send(mailer).reason) == (Outcome.LATER, "unreachable")


def test_a_connection_that_went_stale_is_made_again(server: SmtpServer) -> None:
    with Mailer() as mailer:
        send(mailer)
        mailer._connection.connection.sock.close()
        assert send(mailer, token="t-2").outcome is Outcome.SENT
    assert len(server.taken) == 2


def test_an_address_that_is_none_is_wrong(server: SmtpServer) -> None:
    with Mailer() as mailer:
        assert send(mailer, to="sara@example.org\nBcc: all@example.org").address_wrong
    assert server.taken == []
