"""EMAIL_URL, and what becomes of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from khaneh.infrastructure import mail
from khaneh.infrastructure.mail import EmailUrlWrong, django_settings


def test_without_a_server_mail_stays_in_files(tmp_path: Path) -> None:
    found = django_settings("", outbox=tmp_path)
    assert found == {
        "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
        "EMAIL_FILE_PATH": str(tmp_path),
    }


@pytest.mark.parametrize(
    ("url", "port", "starttls", "tls"),
    [
        ("smtp://mail.example", 25, False, False),
        ("smtp+tls://mail.example", 587, True, False),
        ("smtps://mail.example", 465, False, True),
        ("smtps://mail.example:2465", 2465, False, True),
    ],
)
def test_each_scheme(url: str, port: int, starttls: bool, tls: bool, tmp_path: Path) -> None:
    found = django_settings(url, outbox=tmp_path)
    assert (found["EMAIL_HOST"], found["EMAIL_PORT"]) == ("mail.example", port)
    assert (found["EMAIL_USE_TLS"], found["EMAIL_USE_SSL"]) == (starttls, tls)


def test_user_and_password_are_decoded(tmp_path: Path) -> None:
    found = django_settings("smtp+tls://a%40b.example:p%3Aw%2F%40@mail.example:587", outbox=tmp_path)
    assert (found["EMAIL_HOST_USER"], found["EMAIL_HOST_PASSWORD"]) == ("a@b.example", "p:w/@")


@pytest.mark.parametrize("url", ["mail.example", "http://u:secret@mail.example", "smtp://", "smtp://u:secret@h:port"])
def test_a_wrong_address_is_refused_and_not_repeated(url: str, tmp_path: Path) -> None:
    with pytest.raises(EmailUrlWrong) as refused:
        django_settings(url, outbox=tmp_path)
    assert "secret" not in str(refused.value)


def test_letters_of_one_file_go_one_by_one(tmp_path: Path) -> None:
    def letter(receiver: str) -> str:
        return f"Subject: Hello\nFrom: khaneh@localhost\nTo: Somebody <{receiver}>\n\nHello\n{'-' * 79}\n"

    both, alone = tmp_path / "both.log", tmp_path / "sub" / "alone.log"
    alone.parent.mkdir()
    both.write_text(letter("a@example.org") + letter("b@example.org"))
    alone.write_text(letter("A@example.org"))
    assert mail.forget(tmp_path, set()) == 0
    assert mail.forget(tmp_path, {"a@example.ORG"}) == 2
    assert both.read_text() == letter("b@example.org")
    assert not alone.exists()
