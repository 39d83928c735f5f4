"""What came of handing a message to a server, and mail handed over so that this is known.

The one thing that must never be guessed is whether the server took the message: whatever breaks after the text was handed over and
before an answer came is `UNSURE`.
"""

from __future__ import annotations

import smtplib
from dataclasses import dataclass
from email.utils import parseaddr
from enum import StrEnum
from types import TracebackType
from typing import Any, Self

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection


class Outcome(StrEnum):
    """SENT: the server took it. LATER: it surely did not, another try may succeed. NEVER: it surely did not and will not. UNSURE: nobody knows."""

    SENT = "sent"
    LATER = "later"
    NEVER = "never"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Handed:
    """What came of it. `reason` is a stable word, `detail` what the server said, without the address; `address_wrong`: nobody lives there."""

    outcome: Outcome
    reason: str = ""
    detail: str = ""
    address_wrong: bool = False


def handed(outcome: Outcome, reason: str, said: object, address: str, *, address_wrong: bool = False) -> Handed:
    """An outcome with the server's words, shortened, one line, and the address blotted out wherever the server repeats it."""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    blotted = " ".join(text.split())
    for part in {address, parseaddr(address)[1]} - {""}:
        blotted = blotted.replace(part, "…")
    return Handed(outcome, reason, blotted[:300], address_wrong)


class Mailer:
    """A connection to the mail server for as long as there is mail: `with Mailer() as mailer: mailer.send(…)`."""

    def __init__(self) -> None:
        self._connection: Any = get_connection()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._drop()

    def send(self, *, to: str, subject: str, plain: str, html: str, token: str, leave: str = "") -> Handed:
        """Hand over one mail. Its Message-ID is made of `token`, so that a second sending is known as the same mail.

        `leave` is an address at which a POST without signing in ends such mail: mail programs offer it as a button.
        """
        host = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
        mail = EmailMultiAlternatives(
            subject=subject,
            body=plain,
            to=[to],
            connection=self._connection,
            headers={
                "Message-ID": f"<{token}@{host}>",
                "Auto-Submitted": "auto-generated",  # RFC 3834: no holiday answers to this
                "Precedence": "bulk",
                # RFC 8058
                **(
                    {"List-Unsubscribe": f"<{leave}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
                    if leave
                    else {}
                ),
            },
        )
        mail.attach_alternative(html, "text/html")
        try:
            mail.message()
        except ValueError as error:
            return handed(Outcome.NEVER, "address_refused", error, to, address_wrong=True)
        if (trouble := self._ready(to)) is not None:
            return trouble
        try:
            self._connection.send_messages([mail])
        except smtplib.SMTPRecipientsRefused as error:
            code, said = next(iter(error.recipients.values()), (550, b""))
            if 400 <= code < 500:
                return handed(Outcome.LATER, "busy", said, to)
            return handed(Outcome.NEVER, "address_refused", said, to, address_wrong=True)
        except smtplib.SMTPResponseException as error:
            self._drop()
            temporary = 400 <= error.smtp_code < 500
            return handed(
                Outcome.LATER if temporary else Outcome.NEVER,
                "busy" if temporary else "rejected",
                error.smtp_error,
                to,
            )
        except smtplib.SMTPNotSupportedError as error:
            return handed(Outcome.NEVER, "rejected", error, to)
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            return handed(Outcome.UNSURE, "no_answer", type(error).__name__, to)
        return Handed(Outcome.SENT)

    def _ready(self, to: str) -> Handed | None:
        """Make sure that the server listens, so that what breaks afterwards broke with the text on its way. None when it does."""
        talking = getattr(self._connection, "connection", None)
        if talking is not None:
            try:
                if talking.noop()[0] == 250:
                    return None
            except (OSError, smtplib.SMTPException):
                pass
            self._drop()
        try:
            self._connection.open()
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            return handed(Outcome.LATER, "unreachable", error, to)
        return None

    def _drop(self) -> None:
        """Close, or forget, what may be broken."""
        try:
            self._connection.close()
        except (OSError, smtplib.SMTPException):
            self._connection = get_connection()
