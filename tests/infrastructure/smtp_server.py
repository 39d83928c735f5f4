"""A mail server for tests: real SMTP on a real port, that keeps what it takes, refuses whom it is told to, and can fall silent."""

from __future__ import annotations

import contextlib
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import Message
from email.policy import default


class SmtpServer:
    """What the server took, and how it behaves. `refuse` maps a recipient to the answer it gets."""

    def __init__(self) -> None:
        self.port = 0
        self.taken: list[Message] = []
        self.refuse: dict[str, str] = {}
        self.answer_to_data = "250 taken"
        # With `hold`, the text is taken, `holding` is set, and no answer goes out until `release`.
        self.hold = False
        self.holding = threading.Event()
        self.release = threading.Event()

    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def subjects(self) -> list[str]:
        return [str(mail["Subject"]) for mail in self.taken]


@contextmanager
def smtp_server() -> Iterator[SmtpServer]:
    """Run a server for a while."""
    state = SmtpServer()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.say("220 test")
            while line := self.rfile.readline():
                words = line.decode().strip()
                verb = words[:4].upper()
                if verb == "EHLO":
                    self.say("250-test\r\n250 8BITMIME")
                elif verb == "RCPT":
                    address = words[words.index("<") + 1 : words.index(">")]
                    self.say(state.refuse.get(address, "250 ok"))
                elif verb == "DATA":
                    self.say("354 go on")
                    self.take()
                elif verb == "QUIT":
                    self.say("221 bye")
                    return
                else:
                    self.say("250 ok")

        def take(self) -> None:
            lines = []
            while (line := self.rfile.readline()) not in (b".\r\n", b""):
                lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
            if state.answer_to_data.startswith("2"):
                state.taken.append(message_from_bytes(b"".join(lines), policy=default))
            if state.hold:
                state.holding.set()
                state.release.wait(30)
            self.say(state.answer_to_data)

        def say(self, words: str) -> None:
            with contextlib.suppress(OSError):  # the other side is dead, which is what some tests are about
                self.wfile.write(f"{words}\r\n".encode())

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = True
        daemon_threads = True

    with Server(("127.0.0.1", 0), Handler) as server:
        state.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield state
        finally:
            state.release.set()
            server.shutdown()
            thread.join()
