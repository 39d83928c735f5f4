"""Asking within an act: a permitted decision is kept with the act, a refused one although the act is undone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from khaneh.domains.policies.services.deciding import decide, keep
from khaneh.domains.policies.types import Answer, PolicyRefused, Question
from khaneh.infrastructure import db
from khaneh.kernel.refusal import Refusal


class Asked:
    """What an act asks of the policies within its transaction. A call gives the answer, its decision kept; raises PolicyRefused."""

    def __init__(self) -> None:
        self._refused: list[tuple[Question, Answer]] = []

    def __call__(self, question: Question, rights: frozenset[str]) -> Answer:
        answer = self.unkept(question, rights)
        return replace(answer, decision_id=keep(question, answer))

    def unkept(self, question: Question, rights: frozenset[str]) -> Answer:
        """The same, and the caller keeps the decision with what else it writes (`decision`)."""
        answer = decide(question, store=False)
        try:
            return answer.or_refuse(rights)
        except PolicyRefused:
            self._refused.append((question, answer))
            raise

    def keep_refused(self) -> None:
        """Keep what was refused, after its act was undone."""
        if len(self._refused) == 1:
            # One statement needs no transaction around it.
            keep(*self._refused[0])
        elif self._refused:
            with db.transaction():
                for question, answer in self._refused:
                    keep(question, answer)


@contextmanager
def asked() -> Iterator[Asked]:
    """Ask the policies within an act's transaction: `with asked() as ask, db.transaction(): … ask(question, rights)`.

    A permitted decision is kept in that transaction; a refused one undoes the act and is kept after it, so that it can be explained and
    tried again.
    """
    ask = Asked()
    try:
        yield ask
    except Refusal:
        ask.keep_refused()
        raise
