"""One machine's line: who it is, in which characters it speaks, what it was answered last. One message at a time, in any thread."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from khaneh.domains.circulation import services
from khaneh.domains.circulation.queries.terminals import TerminalRow, terminal_in_use
from khaneh.domains.network import queries as network
from khaneh.domains.network.queries import HouseFacts
from khaneh.formats import sip2
from khaneh.formats.sip2 import messages as m
from khaneh.interfaces.protocols.sip2 import readers, wording
from khaneh.interfaces.protocols.sip2.readers import NotIdentified, Reader
from khaneh.interfaces.protocols.sip2.throttle import Throttle
from khaneh.kernel.labels import Label
from khaneh.kernel.refusal import Refusal

log = logging.getLogger(__name__)

Handler = Callable[["Session", Any, datetime], m.Message]
MOST_STRIKES = 10  # messages in a row that are none, before the line is cut
MOST_LOGINS = 3  # wrong ones on a line
LOOK_AGAIN = timedelta(seconds=30)  # a machine that was disabled is cut off after so long
_ADDRESSES = Throttle(tries=20, within=timedelta(minutes=5))
_SCREEN_LINES = 4
_PLAIN = {"0", " "}  # the algorithms of names and passwords that are sent as they are

ANSWERED_BY: dict[type[m.Message], type[m.Message]] = {
    m.PatronStatus: m.PatronStatusAnswer, m.CheckOut: m.CheckOutAnswer, m.CheckIn: m.CheckInAnswer,
    m.BlockPatron: m.PatronStatusAnswer, m.MachineStatus: m.ServerStatus, m.Login: m.LoginAnswer,
    m.PatronInformation: m.PatronInformationAnswer, m.EndSession: m.EndSessionAnswer, m.FeePaid: m.FeePaidAnswer,
    m.ItemInformation: m.ItemInformationAnswer, m.ItemStatusUpdate: m.ItemStatusUpdateAnswer, m.PatronEnable: m.PatronEnableAnswer,
    m.Hold: m.HoldAnswer, m.Renew: m.RenewAnswer, m.RenewAll: m.RenewAllAnswer,
}  # fmt: skip
# What an answer says again of what was asked.
_ECHOED = ("institution", "patron", "item", "language", "transaction")


@dataclass(frozen=True, slots=True)
class Reply:
    """Bytes to send, and whether the line ends with them."""

    data: bytes
    closes: bool = False


class Session:
    """The state of one connection. `handlers` has what each kind of message does, `once` the kinds that change something;
    `late` tells what happened without a line, and takes it.
    """

    def __init__(
        self,
        handlers: dict[type[m.Message], Handler],
        once: frozenset[type[m.Message]],
        permitted: Callable[[TerminalRow, type[m.Message]], bool],
        late: tuple[Callable[[m.Message], bool], Callable[..., m.Message]],
        *,
        address: str = "",
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._handlers = handlers
        self._once = once
        self._permitted = permitted
        self._is_late, self._take_late = late
        self._clock = clock
        self._address = address
        self._line = uuid4()
        self._strikes = self._logins = 0
        self._told: tuple[bytes, int] | None = None  # the last message that had a number
        self._answer = b""
        self._looked_at: datetime | None = None
        self._is_checked = False
        self._digest = b""
        self.terminal: TerminalRow | None = None
        self.reader: Reader | None = None
        self.print_width = 0

    @property
    def machine(self) -> TerminalRow:
        """The machine, once it has signed in."""
        if self.terminal is None:
            raise RuntimeError("nobody has signed in")
        return self.terminal

    @property
    def house(self) -> HouseFacts:
        """The machine's house."""
        return network.house_facts(self.machine.house.id)

    @property
    def zone(self) -> str:
        """The zone of the house's clocks."""
        return self.house.calendar.zone

    @property
    def language(self) -> str:
        """The reader's language where one is known and the machine has the letters for it, else the machine's."""
        own = self.terminal.language if self.terminal else "en"
        if self.reader is None or self.reader.standing.language == own:
            return own
        wanted = self.reader.standing.language
        return wanted if sip2.can_show(wording.UNAVAILABLE.pick(wanted), self._encoding) else own

    @property
    def digest(self) -> bytes:
        """What the message being answered is known by."""
        return self._digest

    def say(self, label: Label, **facts: object) -> str:
        """A sentence in the language of whoever stands there."""
        return wording.say(label, self.language, **facts)

    def identify(
        self, card: str, pin: str | None, now: datetime, *, fresh: bool = False, offline: bool = False
    ) -> Reader:
        """The reader of a message. Raises NotIdentified."""
        asks = self.machine.asks_pin and not offline
        self.reader = readers.identify(card, pin, asks_pin=asks, present=self.reader, now=now, fresh=fresh)
        return self.reader

    def forget_reader(self) -> None:
        """The reader has gone."""
        self.reader = None
        services.forget_line(line=self._line)

    def answer_to(self, message: m.Message, now: datetime, **values: Any) -> m.Message:
        """The answer to a message, with what it repeats of it; what is not given refuses."""
        kind = ANSWERED_BY[type(message)]
        names = {one.name for one in fields(kind)}
        echoed = {
            name: getattr(message, name)
            for name in _ECHOED
            if name in names and getattr(message, name, None) is not None
        }
        if "at" in names:
            echoed["at"] = sip2.show_instant(now, self.zone)
        if "institution" in names and not echoed.get("institution"):
            echoed["institution"] = self.machine.house.code
        return kind(**{**echoed, **values})

    def handle(self, line: bytes, end: bytes = b"\r") -> Reply:
        """The answer to one line. Never raises for what a machine may send."""
        try:
            decoded = sip2.decode(line, encoding=self._encoding)
        except sip2.Sip2Error as error:
            return self._ask_again(line, end, type(error).__name__)
        self._is_checked = decoded.is_checked
        if isinstance(decoded.message, m.ResendToServer):
            return Reply(self._answer) if self._answer else self._ask_again(line, end, "NothingToResend")
        digest = hashlib.sha256(decoded.body).digest()
        told = (digest, decoded.sequence) if decoded.sequence is not None else None
        if told is not None and told == self._told:
            return Reply(self._answer)
        if type(decoded.message) not in ANSWERED_BY:
            return self._ask_again(line, end, "AnswerFromMachine")
        closes = False
        try:
            self._digest = digest
            answer, closes = self._answer_of(decoded)
        except Exception as error:
            # Whatever fails, the machine is answered, and other machines go on.
            _log_failure(decoded.message, error)
            answer = self._refused(decoded.message, (self.say(wording.UNAVAILABLE),), self._clock())
        self._strikes = 0
        self._told = told
        self._answer = self._encode(answer, decoded.sequence, end)
        return Reply(self._answer, closes)

    @property
    def _encoding(self) -> str:
        return self.terminal.encoding if self.terminal else "utf-8"

    def _encode(self, answer: m.Message, sequence: int | None, end: bytes) -> bytes:
        return sip2.encode(answer, encoding=self._encoding, sequence=sequence, checksum=self._is_checked, end=end)

    def _ask_again(self, line: bytes, end: bytes, why: str) -> Reply:
        """Message 96. What is wrong again and again is no machine."""
        self._strikes += 1
        if self._strikes >= MOST_STRIKES:
            log.warning("sip2 line cut", extra={"address": self._address, "why": why})
            return Reply(b"", closes=True)
        return Reply(sip2.encode(m.ResendToMachine(), checksum=b"AZ" in line[-6:], end=end))

    def _answer_of(self, decoded: sip2.Decoded) -> tuple[m.Message, bool]:
        now = self._clock()
        message = decoded.message
        if isinstance(message, m.Login):
            return self._sign_in(message, now)
        if not self._is_still_welcome(now):
            if isinstance(message, m.MachineStatus):
                closed: dict[str, Any] = dict.fromkeys(("online", "check_in", "check_out", "renewal", "offline"), "N")
                at = sip2.show_instant(now, "UTC")
                return m.ServerStatus(**closed, at=at, supported="N" * 6 + "Y" + "N" * 9), False
            self._strikes += 1
            return m.LoginAnswer(ok="0"), True
        if not self._permitted(self.machine, type(message)):
            return self._refused(message, (self.say(wording.NOT_FOR_THIS_MACHINE),), now), False
        handler = self._handlers[type(message)]
        try:
            if type(message) not in self._once:
                return handler(self, message, now), False
            return self._once_only(handler, message, decoded.sequence, now), False
        except NotIdentified as error:
            return self._refused(message, (self.say(error.words),), now), False
        except Refusal as refusal:
            return self._refused(message, wording.refusal(refusal, self.language)[:_SCREEN_LINES], now), False

    def _once_only(self, handler: Handler, message: m.Message, sequence: int | None, now: datetime) -> m.Message:
        """What changes something is done once, however often a dropped line makes the machine tell it.

        Who it is for is found out before the transaction begins: a wrong PIN is counted also when nothing else happens.
        """
        late = self._is_late(message)
        if hasattr(message, "patron") and not isinstance(message, m.BlockPatron) and not late:
            offline = getattr(message, "no_block", "N") == "Y"
            self.identify(message.patron, None if offline else getattr(message, "pin", None), now, offline=offline)

        def act() -> dict[str, Any]:
            answer = self._take_late(self, handler, message, now) if late else handler(self, message, now)
            return {"code": answer.code, "fields": asdict(answer)}

        kept, _told_before = services.answer_once(
            terminal_id=self.machine.id, digest=self._digest, line=self._line, sequence=sequence, now=now, act=act
        )
        values = {name: tuple(value) if isinstance(value, list) else value for name, value in kept["fields"].items()}
        return m.MESSAGES[kept["code"]](**values)

    def _refused(self, message: m.Message, words: tuple[str, ...], now: datetime) -> m.Message:
        """The answer that refuses: every answer's own first fields say no unless they are told otherwise."""
        if self.terminal is None:
            return m.LoginAnswer(ok="0")
        values: dict[str, Any] = {"screen": words}
        if isinstance(message, m.PatronStatus | m.PatronInformation | m.BlockPatron | m.PatronEnable):
            values |= {"flags": "YYYY".ljust(14), "valid": "N"}
        if isinstance(message, m.EndSession):
            values |= {"ended": "Y"}
        return self.answer_to(message, now, **values)

    def _sign_in(self, message: m.Login, now: datetime) -> tuple[m.Message, bool]:
        self.terminal = self.reader = None
        if (
            not _ADDRESSES.is_shut(self._address, now)
            and {message.user_algorithm, message.password_algorithm} <= _PLAIN
        ):
            self.terminal = services.sign_terminal_in(name=message.user, password=message.password, now=now)
        if self.terminal is not None:
            self._looked_at = now
            _ADDRESSES.right(self._address)
            return m.LoginAnswer(ok="1"), False
        _ADDRESSES.wrong(self._address, now)
        self._logins += 1
        log.warning("sip2 sign-in refused", extra={"address": self._address})
        return m.LoginAnswer(ok="0"), self._logins >= MOST_LOGINS

    def _is_still_welcome(self, now: datetime) -> bool:
        """Whether the machine has signed in and was not disabled since."""
        if self.terminal is not None and (self._looked_at is None or now - self._looked_at > LOOK_AGAIN):
            self.terminal = terminal_in_use(self.terminal.id)
            self._looked_at = now
        return self.terminal is not None


def _log_failure(message: m.Message, error: Exception) -> None:
    """Where it failed. The error's own words may hold a card or a barcode, so they are left out."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace is not None else ""
    log.error("sip2 message failed", extra={"kind": message.code, "error": type(error).__name__, "where": where})
