"""SMS_URL, the file outbox, and the HTTP gateway against a real server on the loopback."""

from __future__ import annotations

import base64
import contextlib
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from khaneh.infrastructure.outgoing import Outcome
from khaneh.infrastructure.sms import FileGateway, HttpGateway, SmsUrlWrong, gateway


class Provider:
    """What came, and what is answered: a status and a body, or None for a line that goes dead after the request."""

    def __init__(self) -> None:
        self.port = 0
        self.requests: list[tuple[str, dict[str, str], bytes]] = []
        self.answer: tuple[int, bytes] | None = (202, b"{}")


@pytest.fixture
def provider() -> Iterator[Provider]:
    state = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            state.requests.append((self.path, dict(self.headers), body))
            if state.answer is None:
                self.connection.close()
                return
            status, said = state.answer
            self.send_response(status)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *given: Any) -> None:
            pass

        def finish(self) -> None:
            with contextlib.suppress(OSError, ValueError):  # the line that a test cut
                super().finish()

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.handle_error = lambda *given: None  # type: ignore[method-assign]
        state.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield state
        server.shutdown()
        thread.join()


def carrier(provider: Provider, path: str = "/send") -> HttpGateway:
    found = gateway(f"smshttp://lib%40qom:p%3Aw@127.0.0.1:{provider.port}{path}", outbox=Path("unused"))
    assert isinstance(found, HttpGateway)
    return found


def test_a_message_is_posted_with_its_number_and_token(provider: Provider) -> None:
    result = carrier(provider, "/send?from=3000").send(to="+989121234567", text="سلام {name} Chào", token="t-1")
    assert result.outcome is Outcome.SENT
    ((path, headers, body),) = provider.requests
    assert path == "/send"
    assert json.loads(body) == {"to": "+989121234567", "text": "سلام {name} Chào", "from": "3000", "id": "t-1"}
    assert headers["Idempotency-Key"] == "t-1"
    assert base64.b64decode(headers["Authorization"].removeprefix("Basic ")) == b"lib@qom:p:w"


def test_a_provider_that_calls_its_fields_otherwise(provider: Provider) -> None:
    path = "/v1/sms.json?body=form&fields=to:receptor,text:message,from:sender,id:&from=1000&line=public"
    assert carrier(provider, path).send(to="+84912345678", text="à & b", token="t").outcome is Outcome.SENT
    _, headers, body = provider.requests[0]
    assert headers["Content-Type"].startswith("application/x-www-form-urlencoded")
    assert parse_qs(body.decode()) == {
        "receptor": ["+84912345678"], "message": ["à & b"], "sender": ["1000"], "line": ["public"]
    }  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "outcome", "reason", "wrong"),
    [
        ((200, b""), Outcome.SENT, "", False),
        ((409, b"had it"), Outcome.SENT, "", False),
        ((429, b"slower"), Outcome.LATER, "busy", False),
        ((503, b""), Outcome.LATER, "busy", False),
        ((422, b'{"error": "number"}'), Outcome.NEVER, "address_refused", True),
        ((422, b'{"error": "text"}'), Outcome.NEVER, "rejected", False),
        ((404, b"[]"), Outcome.NEVER, "rejected", False),
        ((401, b"who?"), Outcome.NEVER, "rejected", False),
        ((500, b"oops"), Outcome.UNSURE, "no_answer", False),
        ((504, b""), Outcome.UNSURE, "no_answer", False),
        (None, Outcome.UNSURE, "no_answer", False),
    ],
)
def test_what_each_answer_means(
    provider: Provider, answer: tuple[int, bytes] | None, outcome: Outcome, reason: str, wrong: bool
) -> None:
    provider.answer = answer
    result = carrier(provider).send(to="+989121234567", text="x", token="t")
    assert (result.outcome, result.reason, result.address_wrong) == (outcome, reason, wrong)


@pytest.mark.parametrize("answer", [(502, b""), None])
def test_a_provider_that_sends_a_token_once_is_asked_again(
    provider: Provider, answer: tuple[int, bytes] | None
) -> None:
    provider.answer = answer
    found = carrier(provider, "/send?once=gateway")
    assert found.sends_once
    assert found.send(to="+989121234567", text="x", token="t").outcome is Outcome.LATER


def test_a_server_that_is_not_there_took_nothing(provider: Provider) -> None:
    found = gateway("smshttp://127.0.0.1:9/", outbox=Path("unused"))
    assert found.send(to="+989121234567", text="x", token="t").outcome is Outcome.LATER


def test_the_number_is_not_repeated_in_what_is_kept(provider: Provider) -> None:
    provider.answer = (422, b'{"error": "number", "message": "+989121234567 is no subscriber"}')
    assert "989121234567" not in carrier(provider).send(to="+989121234567", text="x", token="t").detail


def test_without_a_gateway_messages_are_files_and_a_token_is_one(tmp_path: Path) -> None:
    found = gateway("", outbox=tmp_path / "sms")
    assert isinstance(found, FileGateway)
    for text in ("first", "second"):
        assert found.send(to="+989121234567", text=text, token="t").outcome is Outcome.SENT
    (file,) = (tmp_path / "sms").iterdir()
    assert file.read_text(encoding="utf-8") == "To: +989121234567\n\nfirst\n"


@pytest.mark.parametrize(
    "url",
    ["http://u:secret@h", "smshttp://", "smshttps://u:secret@h:port", "smshttp://u:secret@h/?fields=who:x", "smshttp://u:secret@h/?body=xml"],
)  # fmt: skip
def test_a_wrong_address_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(SmsUrlWrong) as refused:
        gateway(url, outbox=Path("unused"))
    assert "secret" not in str(refused.value)


def test_the_password_is_not_shown() -> None:
    assert "secret" not in repr(gateway("smshttp://u:secret@h/", outbox=Path("unused")))
