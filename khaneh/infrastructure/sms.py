"""Text messages: the port that a gateway fills, and what SMS_URL names.

A gateway is whatever has `sends_once` and `send(to, text, token) -> Handed`: `to` is a number with its country (`+989121234567`), `token` names the message
and is the same at every try. Two are here:

* files: without SMS_URL each message is a file in the home folder's `outbox/sms`;
* HTTP: `smshttps://user:password@host[:port]/path?options` (`smshttp://` without TLS) POSTs each message to that address.

The HTTP gateway's protocol. The body is JSON `{"to": …, "text": …, "from": …, "id": token}`, or a form with `body=form`; `fields` renames
them for a provider that calls them otherwise (`fields=to:receptor,text:message,from:sender,id:localid`; one renamed to nothing is left
out); `from` is the sender's number or name; every further option is sent as it stands. User and password go as HTTP Basic, the token also
as `Idempotency-Key`. Answers: 2xx took it; 409 had it already; 400, 404, 410, 422 refuse the number when the body says
`{"error": "number"}`, else the message; 408, 429, 503 want it later; any other refuses the message; 500, 502, 504, and no answer, leave
unsure whether it went, except with `once=gateway`, by which the provider promises to send a token once: then it is simply tried again.
"""

from __future__ import annotations

import base64
import http.client
import json
import ssl
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from khaneh.infrastructure.outgoing import Handed, Outcome, handed

TIMEOUT = 20.0  # seconds
_LARGEST_ANSWER = 10_000
_SCHEMES = {"smshttp": False, "smshttps": True}
_NUMBER_REFUSALS = {400, 404, 410, 422}
_LATER = {408, 429, 503}
_UNSURE = {500, 502, 504}


class SmsUrlWrong(ValueError):
    """SMS_URL is not one of smshttp://, smshttps:// with a host. The message never repeats the password."""


class Gateway(Protocol):
    """Whoever carries text messages. `sends_once`: the same token again is the same message, so that a doubtful one may be tried again."""

    @property
    def sends_once(self) -> bool:
        """Whether it promises that."""

    def send(self, *, to: str, text: str, token: str) -> Handed:
        """Hand over one message."""


def gateway(url: str, *, outbox: Path) -> Gateway:
    """The gateway that SMS_URL names, or files in `outbox` where it is empty. Raises SmsUrlWrong."""
    if not url:
        return FileGateway(outbox)
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise SmsUrlWrong("SMS_URL: the port is not a number") from error
    if parts.scheme not in _SCHEMES or not parts.hostname:
        raise SmsUrlWrong("SMS_URL must be smshttps:// or smshttp:// with a host, e.g. smshttps://user:pass@host/path")
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    names = {"to": "to", "text": "text", "from": "from", "id": "id"}
    for pair in filter(None, options.pop("fields", "").split(",")):
        ours, colon, theirs = pair.partition(":")
        if ours not in names or not colon:
            raise SmsUrlWrong("SMS_URL: fields is a list like to:receptor,text:message")
        names[ours] = theirs
    body = options.pop("body", "json")
    if body not in {"json", "form"}:
        raise SmsUrlWrong("SMS_URL: body is json or form")
    return HttpGateway(
        host=parts.hostname,
        port=port,
        tls=_SCHEMES[parts.scheme],
        path=parts.path or "/",
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        names=names,
        as_form=body == "form",
        sender=options.pop("from", ""),
        sends_once=options.pop("once", "") == "gateway",
        more=options,
    )


@dataclass(frozen=True, slots=True)
class FileGateway:
    """Messages as files, one each, named by their token: a second sending finds the first."""

    folder: Path
    sends_once: bool = True

    def send(self, *, to: str, text: str, token: str) -> Handed:
        """Write the file."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with (self.folder / f"{token}.txt").open("x", encoding="utf-8") as file:
                file.write(f"To: {to}\n\n{text}\n")
        except FileExistsError:
            return Handed(Outcome.SENT)
        except OSError as error:
            return handed(Outcome.LATER, "unreachable", error.strerror, to)
        return Handed(Outcome.SENT)


@dataclass(frozen=True, slots=True)
class HttpGateway:
    """A provider over HTTP, as the module says."""

    host: str
    port: int | None
    tls: bool
    path: str
    user: str = ""
    password: str = field(default="", repr=False)
    names: dict[str, str] = field(default_factory=dict)
    as_form: bool = False
    sender: str = ""
    sends_once: bool = False
    more: dict[str, str] = field(default_factory=dict, repr=False)

    def send(self, *, to: str, text: str, token: str) -> Handed:
        """POST it. A connection that cannot be made is LATER; one that breaks after the text was written is UNSURE."""
        connection = self._connection()
        try:
            try:
                connection.connect()
            except OSError as error:
                return handed(Outcome.LATER, "unreachable", error, to)
            try:
                connection.request("POST", self.path, self._body(to, text, token), self._headers(token))
                answer = connection.getresponse()
                said = answer.read(_LARGEST_ANSWER)
            except (OSError, http.client.HTTPException) as error:
                return self._unknown(type(error).__name__, to)
        finally:
            connection.close()
        return self._judge(answer.status, said, to)

    def _judge(self, status: int, said: bytes, to: str) -> Handed:
        if 200 <= status < 300 or status == 409:
            return Handed(Outcome.SENT)
        words = f"{status} {said.decode('utf-8', 'replace')}"
        if status in _LATER:
            return handed(Outcome.LATER, "busy", words, to)
        if status in _UNSURE:
            return self._unknown(words, to)
        if status in _NUMBER_REFUSALS and _error(said) == "number":
            return handed(Outcome.NEVER, "address_refused", words, to, address_wrong=True)
        return handed(Outcome.NEVER, "rejected", words, to)

    def _unknown(self, words: str, to: str) -> Handed:
        if self.sends_once:
            return handed(Outcome.LATER, "unreachable", words, to)
        return handed(Outcome.UNSURE, "no_answer", words, to)

    def _connection(self) -> http.client.HTTPConnection:
        if self.tls:
            return http.client.HTTPSConnection(
                self.host, self.port, timeout=TIMEOUT, context=ssl.create_default_context()
            )
        return http.client.HTTPConnection(self.host, self.port, timeout=TIMEOUT)

    def _body(self, to: str, text: str, token: str) -> bytes:
        values = {"to": to, "text": text, "from": self.sender, "id": token}
        facts = {self.names[name]: value for name, value in values.items() if self.names[name] and value} | self.more
        if self.as_form:
            return urlencode(facts).encode()
        return json.dumps(facts, ensure_ascii=False).encode()

    def _headers(self, token: str) -> dict[str, str]:
        kind = "application/x-www-form-urlencoded" if self.as_form else "application/json"
        headers = {"Content-Type": f"{kind}; charset=utf-8", "Accept": "application/json", "Idempotency-Key": token}
        if self.user or self.password:
            pair = base64.b64encode(f"{self.user}:{self.password}".encode()).decode()
            headers["Authorization"] = f"Basic {pair}"
        return headers


def _error(said: bytes) -> str:
    try:
        body = json.loads(said)
    except ValueError:
        return ""
    return str(body.get("error", "")) if isinstance(body, dict) else ""
