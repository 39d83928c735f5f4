"""Two people who publish one draft at the same moment: one of them does, the other is told. Without the lock it is only PostgreSQL's
trigger that stops the second, as a fault of the program."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import DatabaseError, connection

from khaneh.domains.policies import queries, registry, services
from khaneh.domains.policies.errors import DraftChanged
from khaneh.domains.policies.models import Version
from khaneh.domains.policies.queries import current
from khaneh.domains.policies.services import drafting
from khaneh.domains.policies.types import Question, Rule, Scope
from khaneh.infrastructure import db
from khaneh.kernel.actor import SYSTEM
from tests.domains.policies.conftest import NOW, make_world
from tests.domains.policies.sample import BORROW

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _tools_are_lent() -> Iterator[None]:
    registry.register(BORROW)
    current.forget()
    yield
    registry.forget(BORROW.code)
    current.forget()


def draft_of_one_rule() -> int:
    draft_id = services.open_draft(actor=SYSTEM, act=BORROW.code, scope=Scope("network"), now=NOW)
    services.save_rule(actor=SYSTEM, draft_id=draft_id, revision=0, rule=Rule(0, (), terms={"days": 11}), now=NOW)
    return draft_id


def publish_twice(draft_id: int, meet: Callable[[], object]) -> list[BaseException | int]:
    """What becomes of two publications; each calls `meet` once it has read the draft."""
    outcomes: list[BaseException | int] = []
    original = drafting._latest

    def latest(rule_set: drafting.RuleSet) -> Version | None:
        meet()
        return original(rule_set)

    def publish() -> None:
        try:
            outcomes.append(services.publish(actor=SYSTEM, draft_id=draft_id, revision=1, note="mine", now=NOW))
        except BaseException as failure:
            outcomes.append(failure)
        finally:
            connection.close()

    drafting._latest = latest
    try:
        threads = [threading.Thread(target=publish) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
    finally:
        drafting._latest = original
    return outcomes


@contextmanager
def unlocked() -> Iterator[None]:
    """Publishing without its lock."""
    original = db.lock
    db.lock = lambda *_things: None
    try:
        yield
    finally:
        db.lock = original


def test_one_of_two_publications_wins(transactional_db: None) -> None:
    house_id = make_world().network.houses["LIB"]
    draft_id = draft_of_one_rule()
    gate = threading.Barrier(2)

    def meet() -> None:
        # With the lock the other never comes: whoever is in goes on alone.
        try:
            gate.wait(timeout=1)
        except threading.BrokenBarrierError:
            return

    outcomes = publish_twice(draft_id, meet)
    assert sorted(type(one).__name__ for one in outcomes) == ["DraftChanged", "int"]
    assert [one for one in outcomes if isinstance(one, DraftChanged)]
    published = queries.set_at(act=BORROW.code, scope=Scope("network"))
    assert published is not None
    assert [one.number for one in queries.history(published)] == [1]
    assert services.decide(Question(BORROW.code, house_id, {}, NOW), store=False).terms["days"] == 11


def test_without_the_lock_only_the_database_stops_the_second(transactional_db: None) -> None:
    make_world()
    draft_id = draft_of_one_rule()
    gate = threading.Barrier(2, timeout=30)
    with unlocked():
        outcomes = publish_twice(draft_id, gate.wait)
    refused = [one for one in outcomes if isinstance(one, DatabaseError)]
    assert len(refused) == 1, "both had read the draft as one: this test can see the race"
    assert Version.objects.filter(number__isnull=False).count() == 1
