"""Two desks at one moment, made certain: the first is stopped before one of its statements until the second has ended.

With their locks the second waits for the first, so the first goes on after a moment; a control takes the locks out of what they say to the
database, and then the second does all its work while the first still believes what it has read.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from django.db import DatabaseError, connection

from khaneh.kernel.refusal import Refusal
from tests.domains.circulation.impossible import impossible

_LOCKS = re.compile(r'\s+FOR (?:(?:NO KEY )?UPDATE|SHARE)(?: OF [\w".]+)?(?: SKIP LOCKED)?')
_ADVISORY = re.compile(r"pg_advisory_xact_lock(?:_shared)?\(key\)")
# How long the first waits for a second that cannot go on before it: long enough for the second to come to the lock.
_MOMENT = 1.0
_LONGEST = 30.0

Act = Callable[[], Any]


def meanwhile(first: Act, second: Act, *, before: str, locked: bool = True) -> tuple[Any, Any]:
    """What each act gave or raised, when `second` is done after `first` has looked and before its first statement that has `before` in it.

    Raises AssertionError where `first` never says such a statement: then nothing was tried.
    """
    stopped, ended = threading.Event(), threading.Event()

    def stop(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if before.replace('"', "") in sql.replace('"', "") and not stopped.is_set():
            stopped.set()
            if not ended.wait(_MOMENT if locked else _LONGEST):
                assert locked, "without locks nobody waits"
        return execute(sql, params, many, context)

    answers: list[Any] = [None, None]

    def run(turn: int, act: Act, *wrappers: Any) -> None:
        try:
            with _wrapped(*wrappers, *(() if locked else (_unlocked,))):
                answers[turn] = act()
        except (Refusal, DatabaseError, AssertionError) as failure:
            answers[turn] = failure
        finally:
            connection.close()

    one = threading.Thread(target=run, args=(0, first, stop))
    one.start()
    assert stopped.wait(_LONGEST), f"nothing was stopped before {before}: {answers[0]!r}"
    other = threading.Thread(target=run, args=(1, second))
    other.start()
    # A second that waits for the first ends after it.
    threading.Thread(target=lambda: (other.join(), ended.set()), daemon=True).start()
    for thread in (one, other):
        thread.join(_LONGEST)
        assert not thread.is_alive(), "one waits for the other for ever"
    return answers[0], answers[1]


def kinds(answers: tuple[Any, Any]) -> tuple[str, str]:
    """What the two answers are."""
    return type(answers[0]).__name__, type(answers[1]).__name__


def sound() -> bool:
    """Whether nothing impossible is true (CIRC-INV); raises AssertionError naming what is."""
    assert impossible() == []
    return True


def _unlocked(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    return execute(_ADVISORY.sub("key", _LOCKS.sub("", sql)), params, many, context)


def _wrapped(*wrappers: Any) -> ExitStack:
    stack = ExitStack()
    for wrapper in wrappers:
        stack.enter_context(connection.execute_wrapper(wrapper))
    return stack
