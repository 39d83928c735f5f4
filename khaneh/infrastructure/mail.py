"""How mail leaves: by SMTP where EMAIL_URL names a server, else into files in the home folder's `outbox`, one a message."""

from __future__ import annotations

from collections.abc import Collection
from email.utils import getaddresses
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

# scheme: (STARTTLS, TLS from the first byte, default port); RFC 6409 and RFC 8314
_SCHEMES = {"smtp": (False, False, 25), "smtp+tls": (True, False, 587), "smtps": (False, True, 465)}


class EmailUrlWrong(ValueError):
    """EMAIL_URL is not one of smtp://, smtp+tls://, smtps:// with a host. The message never repeats the password."""


def django_settings(url: str, *, outbox: Path) -> dict[str, Any]:
    """Django's EMAIL_ settings for `smtp+tls://user:password@host:port`, or for files in `outbox` where `url` is empty.

    User and password are percent-encoded. Raises EmailUrlWrong.
    """
    if not url:
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "EMAIL_FILE_PATH": str(outbox),
        }
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise EmailUrlWrong("EMAIL_URL: the port is not a number") from error
    if parts.scheme not in _SCHEMES or not parts.hostname:
        raise EmailUrlWrong(
            "EMAIL_URL must be smtp://, smtp+tls:// or smtps:// with a host, e.g. smtp+tls://user:pass@host:587"
        )
    starttls, tls, default_port = _SCHEMES[parts.scheme]
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": port or default_port,
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": starttls,
        "EMAIL_USE_SSL": tls,
        "EMAIL_TIMEOUT": 20,
    }


# What Django's backend of files writes after each letter; letters of one second may come to lie in one file.
_AFTER_LETTER = b"-" * 79 + b"\n"


def forget(outbox: Path, addresses: Collection[str]) -> int:
    """Take the letters to any of these addresses out of the outbox folder's files, others stay; gives their number."""
    wanted = {address.lower() for address in addresses}
    gone = 0
    for path in sorted(outbox.rglob("*")) if wanted else ():
        if not path.is_file():
            continue
        letters = path.read_bytes().split(_AFTER_LETTER)
        kept = [letter for letter in letters if not _receivers(letter) & wanted]
        gone += len(letters) - len(kept)
        if not any(letter.strip() for letter in kept):
            path.unlink(missing_ok=True)
        elif len(kept) < len(letters):
            path.write_bytes(_AFTER_LETTER.join(kept))
    return gone


def _receivers(letter: bytes) -> set[str]:
    """Every address to which a letter says it goes."""
    lines = letter.decode("utf-8", "replace").splitlines()
    named = [line.partition(":")[2] for line in lines if line.lower().startswith(("to:", "cc:", "bcc:"))]
    return {address.lower() for _name, address in getaddresses(named)}
