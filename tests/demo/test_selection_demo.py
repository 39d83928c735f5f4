"""The demonstration's selections are played through the services: one call is ranked and waits for decisions, one has its contracts, once."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import demo
from khaneh.domains.people import queries as people
from khaneh.domains.programmes import queries as programmes
from khaneh.domains.programmes.types import ApplicationState, CallStage
from khaneh.domains.selection import queries
from khaneh.interfaces.cli import demo_programmes, demo_selection, demonstration
from khaneh.interfaces.cli.demo_spaces import account_ids
from khaneh.kernel.actor import SYSTEM
from tests.demonstration import load_network

FOLDER = Path(str(demo.__file__)).parent
NOW = datetime(2026, 11, 24, 7, 30, tzinfo=UTC)


@pytest.mark.django_db
def test_selections_are_played_once(tmp_path: Path, settings: object) -> None:
    settings.KHANEH_HOME = tmp_path  # type: ignore[attr-defined]
    load_network(tmp_path)
    demonstration._load_accounts(FOLDER / "accounts.csv", since=NOW)
    demo_programmes.load(FOLDER / "programmes", now=NOW)
    done = demo_selection.load(FOLDER / "selection", now=NOW)
    assert done["rounds"] == 2

    seed, craft = (demo_selection._first_call(code) for code in ("kr-seed", "yz-craft"))
    board = queries.board(queries.round_of_call(seed, actor=SYSTEM).id, actor=SYSTEM)  # type: ignore[union-attr]
    ((run, _),) = queries.rankings(queries.round_of_call(seed, actor=SYSTEM).id, actor=SYSTEM)  # type: ignore[union-attr]
    ranking = queries.ranking(run, actor=SYSTEM)
    assert ranking.is_current
    assert queries.recompute(run, actor=SYSTEM).same
    # Whoever withdrew is on the board, and not ranked.
    assert (len(ranking.lines), len(board)) == (15, 16)
    # Worth looking at: reviews that disagree, equity that moves somebody, too few reviews.
    assert sum(line.disagreed for line in ranking.lines) == 1
    assert any(line.equity for line in ranking.lines)
    assert any(line.rank != line.rank_without for line in ranking.lines)
    (judge,) = account_ids({"reviewer@demo.example.org"}).values()
    tasks = Counter(one.state for one in queries.tasks(people.actor(judge, now=NOW)))
    assert tasks == {"submitted": 7, "drafted": 1, "assigned": 1}

    # Decisions follow the ranking, and the programme's call is decided.
    assert programmes.call(craft).stage(NOW) is CallStage.DECIDED
    states = Counter(row.state for row in programmes.applications_of(craft))
    assert states == {
        ApplicationState.CONTRACTED: 3, ApplicationState.ACCEPTED: 1, ApplicationState.WAITING_LIST: 2,
        ApplicationState.DECLINED: 3, ApplicationState.INELIGIBLE: 1,
    }  # fmt: skip
    lines = queries.board(queries.round_of_call(craft, actor=SYSTEM).id, actor=SYSTEM)  # type: ignore[union-attr]
    assert not any(line.decision and line.decision.departs for line in lines)
    assert not demo_selection.load(FOLDER / "selection", now=NOW + timedelta(days=1))
